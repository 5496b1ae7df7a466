"""What docs/scope-import.md shows is as the program takes it and says it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.intake.importing import Imported, import_file
from inventory.intake.mapping import known_mappings, mapping_named
from inventory.intake.reader import read
from inventory.intake.report import as_lines
from inventory.transaction import Files

PAGE = (Path(__file__).parents[2] / "docs" / "scope-import.md").read_text("utf-8")


def example(language: str, containing: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return next(text for text in found if containing in text)


@pytest.fixture
def take(tmp_path: Path):
    def take(text: str) -> Imported:
        (tmp_path / "scope.md").write_text(text, "utf-8")
        taken = read(tmp_path / "scope.md", mapping=None, sheet="", status="")
        files = Files(Path(tmp_path / "aims-scope.yaml"), tmp_path / "aims-decisions.jsonl")
        return import_file(tmp_path / "scope.md", files, taken, clean=lambda text: text, write=True)

    return take


def test_the_worked_example_prints_and_writes_what_the_page_shows(take, tmp_path: Path) -> None:
    said = [*as_lines(take(example("markdown", "# AIMS scope")), written=True)]

    shown = example("console", "(new)").splitlines()[1:]
    assert len(shown) == len(said)
    for line, printed in zip(shown[:-1], said[:-1], strict=True):
        beginning, cut, _ = line.partition(" …")
        assert printed.startswith(beginning)
        assert cut or printed.rstrip("…").startswith(line.rstrip("…"))
    assert example("yaml", "- id: ai-001") in (tmp_path / "aims-scope.yaml").read_text("utf-8")


def test_a_new_version_of_the_file_prints_what_the_page_shows(take) -> None:
    text = example("markdown", "# AIMS scope")
    take(text)
    said = [*as_lines(take(text.replace("Claims team", "Claims office")), written=True)]

    for line in example("console", "1 changed").splitlines()[1:]:
        assert line in said


def test_the_mapping_is_one_and_every_one_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(example("yaml", "id: ours"), "utf-8")

    assert mapping_named(str(tmp_path / "ours.yaml")).id == "ours"
    assert all(f"`{one.id}`" in PAGE for one in known_mappings())
