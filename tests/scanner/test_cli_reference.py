from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from classifiers.catalog import bundled_files, read_rows
from classifiers.model import SystemKind
from classifiers.rows import Row
from inventory.condition_text import read_condition
from inventory.facts import FACTS
from scanner.cli import COMMANDS
from scanner.reference import PUBLISHED, cli_reference, publish, settings_schema, stale
from scanner.reference_catalog import catalog_reference
from scanner.reference_facts import facts_reference
from scanner.reference_page import cell, table
from scanner.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def known() -> list[Row]:
    """The bundled rows."""
    return read_rows(bundled_files())


def test_the_published_reference_is_current() -> None:
    assert stale(ROOT) == [], "run: python -m scanner.reference"


def test_it_is_written_where_it_is_looked_for(tmp_path: Path) -> None:
    assert stale(tmp_path) == list(PUBLISHED)
    publish(tmp_path)
    assert stale(tmp_path) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_that_somebody_edited_or_deleted_is_not_current(name: str, tmp_path: Path) -> None:
    publish(tmp_path)
    with (tmp_path / name).open("a") as file:
        file.write("\nBy hand.\n")
    assert stale(tmp_path) == [name]
    (tmp_path / name).unlink()
    assert stale(tmp_path) == [name]


def test_every_command_and_option_is_in_the_page() -> None:
    page = cli_reference()
    for command in COMMANDS:
        assert f"## aimscope {command}\n" in page
    assert "| `--condition 'FACT OP VALUE'` |" in page
    assert "`--format terminal\\|json`" in page


def test_the_schema_describes_every_key_and_takes_what_init_writes() -> None:
    schema = json.loads(settings_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(Settings.model_fields)
    assert all(key["description"] for key in schema["properties"].values())
    starter = YAML(typ="safe").load(ROOT / "scanner" / "starters" / "aimscope.yaml")
    jsonschema.validate(starter, schema)


def rows_below(heading: str, page: str) -> list[list[str]]:
    """The cells of the table below a heading, without the head of the table."""
    _, _, below = page.partition(f"\n{heading}\n")
    lines = [line for line in below.partition("\n#")[0].splitlines() if line.startswith("| ")]
    return [[one.strip() for one in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_fact_is_in_the_page_with_a_condition_that_can_be_typed() -> None:
    rows = rows_below("# Facts", facts_reference())
    assert [row[0] for row in rows] == [*(f"`{fact.name}`" for fact in FACTS), "`tag:<key>`"]
    for name, *_, example in rows:
        assert read_condition(example.strip("`"))["fact"] == name.strip("`")


def test_every_provider_and_platform_is_in_the_page_once_and_the_page_stays_readable(known: list[Row]) -> None:
    page = catalog_reference()
    answering = [row.id for row in known if row.provider == row.id or row.kind is SystemKind.AI_PLATFORM]
    assert [row[0] for row in rows_below("## Providers and platforms", page)] == [
        f"`{one}`" for one in sorted(answering)
    ]
    assert len(page.encode()) < 250_000


def test_a_provider_is_counted_with_all_rows_that_name_it_and_the_themes_add_up(known: list[Row]) -> None:
    page = catalog_reference()
    (bedrock,) = (row for row in rows_below("## Providers and platforms", page) if row[0] == "`amazon-bedrock`")
    of_bedrock = [row for row in known if row.provider == "amazon-bedrock"]
    assert bedrock[2:5] == [
        str(len(of_bedrock)),
        str(sum(len(names) for row in of_bedrock for names in row.packages.values())),
        str(sum(len(row.hosts) for row in of_bedrock)),
    ]
    assert sum(int(row[2]) for row in rows_below("## Themes", page)) == len(known)


def test_a_table_keeps_its_columns_whatever_stands_in_a_cell() -> None:
    assert table(("a", "b"), [(cell("x | y\nz"), "1")], numbers=1) == "| a | b |\n|---|--:|\n| x \\| y z | 1 |\n"
