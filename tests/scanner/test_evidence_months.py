"""Indicators by month: at the month's end, or at their worst."""

from __future__ import annotations

from datetime import date

from scanner.evidence.months import HEADINGS, by_month

KEYS = (
    "day", "scan", "systems", "decided", "decided_share", "days_to_decision", "waiting_longest", "overdue",
    "contradictions", "covered_share", "register_share",
)  # fmt: skip


def told(*rows: tuple[object, ...]) -> list[dict[str, object]]:
    return [dict(zip(HEADINGS, row, strict=True)) for row in by_month(KEYS, rows)]


def test_a_month_is_told_by_its_last_scan_and_by_its_worst() -> None:
    (month,) = told(
        (date(2026, 11, 2), "a", 8, 4, 50.0, None, 30, 3, 1, 80.0, None),
        (date(2026, 11, 9), "b", 9, 9, 100.0, 2.5, None, 0, 0, 100.0, None),
    )
    assert month["month"] == "2026-11"
    assert month["scans"] == 2
    assert (month["systems"], month["decided_share"], month["days_to_decision"]) == (9, 100.0, 2.5)
    assert (month["waiting_longest"], month["overdue"], month["contradictions"]) == (30, 3, 1)
    assert month["covered_share"] == 80.0


def test_what_is_not_known_stays_so() -> None:
    (month,) = told((date(2026, 11, 2), "a", 0, 0, None, None, None, 0, 0, None, None))
    assert [key for key, value in month.items() if value is None] == [
        "decided_share", "days_to_decision", "waiting_longest", "covered_share", "register_share",
    ]  # fmt: skip


def test_months_are_in_order() -> None:
    rows = [
        (date(*day), "x", 1, 1, 100.0, 0, 0, 0, 0, 1.0, None) for day in ((2026, 12, 1), (2025, 12, 31), (2026, 1, 1))
    ]
    assert [month["month"] for month in told(*rows)] == ["2025-12", "2026-01", "2026-12"]
