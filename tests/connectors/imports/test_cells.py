"""What a cell says, in whatever way it is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.imports import cells
from connectors.imports.distinct import Distinct

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20"),
        ("2026/1/2 03:04", "2026-01-02"),
        ("1767225600.123", "2026-01-01"),
        ("1767225600123", "2026-01-01"),
        ("[23/Nov/2026:10:00:00 +0100]", "2026-11-23"),
        ("23-Nov-2026 10:00:00.123", "2026-11-23"),
        ("Nov 3, 2026", "2026-11-03"),
        ("Mon Nov 23 10:00:00 2026", "2026-11-23"),
        ("Nov 23", "2026-11-23"),
        ("Dec 24", "2025-12-24"),
        ("23/11/2026", "2026-11-23"),
        ("11/23/2026", "2026-11-23"),
        ("05/05/2026", "2026-05-05"),
        ("2026-13-45", ""),
        ("never", ""),
        ("", ""),
    ],
)
def test_a_day_is_read_however_it_is_written(written: str, day: str) -> None:
    assert cells.day(written, TODAY) == day


def test_a_day_that_two_countries_read_differently_stays_unknown() -> None:
    assert cells.day("03/04/2026", TODAY) == ""


@given(st.dates(date(2001, 9, 10), date(2200, 1, 1)))
def test_every_day_in_iso_form_is_read_back(day: date) -> None:
    assert cells.day(day.isoformat(), TODAY) == day.isoformat()


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("20", 2000),
        ("$1,234.56", 123456),
        ("1.234,56 €", 123456),
        ("1'234.50 CHF", 123450),
        ("1,234", 123400),
        ("(20.00)", -2000),
        ("-$5.5", -550),
        ("n/a", None),
        ("", None),
    ],
)
def test_an_amount_is_read_however_it_is_written(written: str, cents: int | None) -> None:
    assert cells.cents(written) == cents


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://user:secret@API.OpenAI.com:443/v1?x=y", "api.openai.com"),
        ("api.openai.com.", "api.openai.com"),
        ("*.openai.com", "openai.com"),
        ("openai", ""),
        ("10.0.0.1", ""),
        ("ann@openai.com", "openai.com"),
    ],
)
def test_a_host_is_found_in_what_names_one(written: str, host: str) -> None:
    assert cells.host(written) == host


@given(st.text(max_size=200))
def test_no_cell_breaks_reading(text: str) -> None:
    cells.day(text, TODAY)
    cells.cents(text)
    cells.hosts(text)
    cells.written(text)


def test_few_are_counted_exactly_and_many_nearly() -> None:
    for number, error in ((0, 0), (1, 0), (256, 0), (5000, 0.2)):
        people = Distinct()
        for one in range(number):
            people.add(b"person %d" % one)
        assert abs(len(people) - number) <= number * error


@given(st.lists(st.integers(0, 2000), max_size=1500), st.integers(0, 1500))
def test_parts_count_what_the_whole_does(members: list[int], cut: int) -> None:
    whole, first, second = Distinct(), Distinct(), Distinct()
    for place, member in enumerate(members):
        whole.add(b"%d" % member)
        (first if place < cut else second).add(b"%d" % member)
    first.join(second)
    assert len(first) == len(whole)
