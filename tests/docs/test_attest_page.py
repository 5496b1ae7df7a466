"""What docs/attest.md shows is as the program takes it and says it."""

from __future__ import annotations

import re
from pathlib import Path

from classifiers.services import load_services
from connectors.imports.declared import declared
from connectors.imports.rows import Rows
from inventory.attestations import LONGEST, AttestationRow, FeatureState, load_attestations

PAGE = (Path(__file__).parents[2] / "docs" / "attest.md").read_text("utf-8")


def example(language: str, beginning: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return next(text for text in found if text.startswith(beginning))


def test_every_key_and_state_is_explained() -> None:
    keys = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`", PAGE))))
    assert set(AttestationRow.model_fields) <= keys
    assert {state.value for state in FeatureState} <= keys
    assert LONGEST.days == 13 * 365 // 12 + 1


def test_the_example_is_in_order(tmp_path: Path) -> None:
    file = tmp_path / "attestations.yaml"
    file.write_text(example("yaml", "attestations:\n"), "utf-8")
    notion, copy = load_attestations(file)
    assert notion.claim == "Notion AI is off since 2026-10-01"
    assert (copy.fact, copy.value) == ("exposure", "customers")


def test_the_table_is_one_of_attestations(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(example("csv", "Product"), "utf-8")
    assert [one.texts["product"] for one in declared(file, Rows(load_services("imports")).attested)] == [
        "notion",
        "chatgpt",
    ]
