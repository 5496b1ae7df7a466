"""What rows rely on is what published packages know: `make_contracts` looked, and a row that changes must be looked up again."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from connectors.saas.rows import Row, Vendor
from tests.connectors.saas.contracts import (
    DOCUMENTATION,
    IN_PART,
    SPECIFICATION,
    TYPES,
    asks,
    contracts,
    fields,
    grounds,
    parameters,
)
from tests.connectors.saas.test_answers import VENDORS

ROWS = [(vendor, row) for vendor in VENDORS.values() for row in vendor.rows]
LOOKED_UP = [
    pytest.param(vendor, row, id=f"{vendor.name}/{row.id}") for vendor, row in ROWS if row.id in contracts().get(vendor.name, {})
]  # fmt: skip
PAGE = Path(__file__).parents[3] / "docs" / "scan-saas.md"


@pytest.mark.parametrize(("vendor", "row"), LOOKED_UP)
def test_a_row_is_as_it_was_when_it_was_looked_up(vendor: Vendor, row: Row) -> None:
    told = contracts()[vendor.name][row.id]

    assert told["asks"] == asks(row)
    relied = {*parameters(row, vendor), *fields(row, vendor)}
    assert relied == {*told["parameters"], *told["fields"], *told["unknown"]}, "run make_contracts again"


def test_nothing_is_remembered_of_rows_that_are_gone() -> None:
    known = {(vendor.name, row.id) for vendor, row in ROWS}

    assert {(vendor, row) for vendor, rows in contracts().items() for row in rows} <= known


def test_what_a_specification_describes_it_describes_whole() -> None:
    """Values of Cloud Identity's policies are free-form in the discovery document; its reference names their fields."""
    unknown = {
        (vendor, row): told["unknown"]
        for vendor, rows in contracts().items() for row, told in rows.items()
        if told["by"] == "specification" and told["unknown"]
    }  # fmt: skip

    assert unknown == {("google-workspace", "service-status"): ["serviceState"]}


def test_the_page_says_what_each_vendor_is_held_against() -> None:
    said = {
        cells[0].strip("` "): tuple(int(cell) for cell in cells[1:5])
        for line in PAGE.read_text().splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6 and re.fullmatch(r"\d+", cells[1])
    }
    counted = {
        vendor.name: tuple(Counter(grounds(row, vendor) for row in vendor.rows)[one] for one in (SPECIFICATION, TYPES, IN_PART, DOCUMENTATION))
        for vendor in VENDORS.values()
    }  # fmt: skip

    assert said == counted


@pytest.mark.parametrize(("vendor", "row", "read"), [
    ("zoom", "lock", {"in_meeting", "meeting_summary_with_ai_companion"}), ("github", "repository", {"full_name"}),
    ("okta", "sign-in", {"actor", "id"}), ("google-workspace", "user", {"users", "nextPageToken"}),
])  # fmt: skip
def test_names_are_read_out_of_expressions(vendor: str, row: str, read: set[str]) -> None:
    (found,) = [one for one in VENDORS[vendor].rows if one.id == row]

    names = set(fields(found, VENDORS[vendor]))
    assert read <= names
    assert not names & {"_up", "locked"}
