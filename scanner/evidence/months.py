"""The indicators by month: nightly scans hide a trend that a management review looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HOW: Final = {
    "systems": "last", "decided": "last", "decided_share": "last", "days_to_decision": "last", "waiting_longest": "max",
    "overdue": "max", "contradictions": "max", "covered_share": "min", "register_share": "last",
}  # fmt: skip
"""For each indicator, what it was in a month: at its end, or at its worst."""


def by_month(keys: Sequence[str], rows: Iterable[Sequence[object]]) -> list[tuple[object, ...]]:
    """For each month its first day, how many rows it has, and the indicators in the order of `HEADINGS`.

    Args:
        keys: Keys of the columns, `day` among them.
        rows: A value a key; none is not known, and does not count.
    """
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(keys), dtype=object)
    months = pd.to_datetime(frame["day"]).dt.to_period("M").rename("month")
    summed = frame.groupby(months).agg(scans=("day", "size"), **{key: (key, how) for key, how in _HOW.items()})
    known = summed.astype(object).where(summed.notna(), None)
    return [(str(month), *values) for month, *values in known.itertuples(name=None)]


HEADINGS: Final = {
    "month": "Month", "scans": "Scans", "systems": "Systems, at its end", "decided": "Decided, at its end",
    "decided_share": "Share decided at its end, %", "days_to_decision": "Days to decision, median at its end",
    "waiting_longest": "Longest without a decision, days", "overdue": "Overdue reviews, at most",
    "contradictions": "Contradictions open, at most", "covered_share": "Sources covered at least, %",
    "register_share": "Register complete at its end, %",
}  # fmt: skip
"""Headings of the table, by key."""
