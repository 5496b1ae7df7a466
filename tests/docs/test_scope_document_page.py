"""The page about the scope document has the whole grammar, and its examples are in order."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from inventory.scope.context import Context, InterestedParty, Interface, InterfaceKind
from inventory.scope.document import (
    Boundary,
    Condition,
    Entry,
    EntryStatus,
    Head,
    Match,
    OrganisationRole,
    ScopeDocument,
)
from inventory.scope.load import ScopeError, parse_scope
from inventory.scope.op import Op
from inventory.scope.review import Review
from inventory.verdict import Status

PAGE = (Path(__file__).parents[2] / "docs" / "scope-document.md").read_text("utf-8")
EXAMPLES = re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)


def example(beginning: str) -> str:
    (found,) = (text for text in EXAMPLES if text.lstrip().startswith(beginning))
    return found


@pytest.mark.parametrize("words", [Status, EntryStatus, Op, OrganisationRole, InterfaceKind])
def test_every_word_of_the_grammar_is_explained(words: type[StrEnum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in PAGE] == []


@pytest.mark.parametrize(
    "part", [ScopeDocument, Head, Context, InterestedParty, Interface, Review, Boundary, Match, Entry, Condition]
)
def test_every_key_is_explained(part: type[BaseModel]) -> None:
    keys = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`", PAGE))))
    assert set(part.model_fields) <= keys


def test_the_example_of_rules_policy_and_records_is_in_order() -> None:
    text = example("rules:") + "boundaries: [{id: operations}]\n"
    declared = parse_scope(text.encode(), "the page").document
    assert (len(declared.rules), len(declared.policy), len(declared.records)) == (1, 2, 1)


def test_the_examples_of_document_and_review_are_in_order() -> None:
    declared = parse_scope((example("document:") + example("review:")).encode(), "the page").document
    assert declared.document.interested_parties[0].party == "Customers"
    assert declared.review.every.days == 182
    assert declared.review.asks("uses")


def test_the_example_of_an_entry_has_the_fault_that_the_page_shows_and_no_other() -> None:
    text = "entries:\n" + example("- id: product-copy")
    with pytest.raises(ScopeError) as refused:
        parse_scope(text.encode(), "the page")
    (problem,) = refused.value.problems
    assert f"{problem.what}. {problem.mend}" in PAGE.replace("entries[16]", "entries[0]")
    mended = text.replace("product-copy*", "repo:github.com/acme/product-copy")
    assert parse_scope(mended.encode(), "the page").document.entries[0].id == "product-copy"
