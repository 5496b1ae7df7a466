"""No text becomes a formula in a spreadsheet."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inventory.cells import MAX_CELL, inert

BEGINNINGS = "=+-@\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\tplain", "'\tplain"),
        ("\rplain", "'\rplain"),
        ("\nplain", "'\nplain"),
        ("\n=1", "'\n'=1"),
        ("\u00a0\u200b\ufeff=1", "'\u00a0\u200b\ufeff=1"),
        ("\uff1d1", "'\uff1d1"),
        ("name;=1", "name;'=1"),
        ('name; "=1', "name;' \"=1"),
        ("\x00=1", "'=1"),
        ("a\x00\x1b\ufffe\ud800b", "ab"),
        ("first\nsecond", "first\nsecond"),
        ("a=b, c-d, e@f", "a=b, c-d, e@f"),
        ("", ""),
    ],
)
def test_what_a_cell_holds(text: str, safe: str) -> None:
    assert inert(text) == safe


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from(BEGINNINGS + " \t\r\n\x85;'\"\ufeff\x00"), max_size=30))
@example("\x85=")
def test_nothing_begins_a_formula(text: str) -> None:
    safe = inert(text)

    for cell in (part for line in safe.splitlines() for part in line.split(";")):
        assert cell.strip(" \t\u00a0\ufeff")[:1] not in set(BEGINNINGS)
    assert safe[:1] not in {"\t", "\r", "\n"}
    assert all(character in "\t\n\r" or character >= " " for character in safe)


@pytest.mark.parametrize("text", ["x" * 40_000, "=" * 40_000, "\U0001f600" * 40_000, "a" + "\U0001f600" * 40_000])
def test_a_long_text_is_cut_to_what_a_cell_holds(text: str) -> None:
    safe = inert(text)

    assert safe.endswith("…")
    assert MAX_CELL - 1 <= len(safe.encode("utf-16-le")) / 2 <= MAX_CELL


def test_a_hostile_text_takes_no_time() -> None:
    started = time.monotonic()
    for unit in (" ", "; ", ";\"'", "\n ", "=", "'"):
        inert(unit * 200_000)

    assert time.monotonic() - started < 30
