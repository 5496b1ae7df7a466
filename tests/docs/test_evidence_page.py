"""The page on the evidence pack names what there is."""

from pathlib import Path

from inventory.register.document import FaultKind, Treatment
from scanner.evidence.asking import articles, categories
from scanner.evidence.components import components, rows_of
from scanner.evidence.records import Wanted

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")


def test_every_component_has_its_row() -> None:
    for row in components().values():
        assert f"| {row.number} {row.title.partition(' ')[0]}" in PAGE


def test_every_record_stands_there_with_its_kinds() -> None:
    for row in rows_of("records.yaml", Wanted):
        assert f"| {row.title}" in PAGE
        assert ", ".join(f"`{kind}`" for kind in row.kinds) in PAGE


def test_the_words_of_the_register_are_explained() -> None:
    for word in (*Treatment, *(row.title.lower() for row in categories())):
        assert word in PAGE
    assert len(FaultKind) == 3
    assert "Three things are non-conformities" in PAGE


def test_what_was_not_read_is_not_said_to_be() -> None:
    for row in (*components().values(), *categories(), *articles(), *rows_of("records.yaml", Wanted)):
        assert row.source.startswith("https://")
        assert row.read or row.practice
