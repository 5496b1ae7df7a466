from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML

from scanner.cli import COMMANDS
from scanner.reference import PUBLISHED, cli_reference, publish, settings_schema, stale
from scanner.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_published_reference_is_current() -> None:
    assert stale(ROOT) == [], "run: python -m scanner.reference"


def test_it_is_written_where_it_is_looked_for(tmp_path: Path) -> None:
    assert stale(tmp_path) == list(PUBLISHED)
    publish(tmp_path)
    assert stale(tmp_path) == []


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
