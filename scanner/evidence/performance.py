"""Component 7: indicators of the inventory and of the decisions, scan by scan and by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Final

from inventory.decision import EventKind
from inventory.denominator import PartKind, Share
from inventory.verdict import Status, SubjectKind
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, table
from scanner.evidence.months import HEADINGS, by_month
from scanner.evidence.risk import completeness
from scanner.reports.wording import STATUS, Tone, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.denominator import CoveredPart
    from inventory.verdict import Verdict
    from scanner.evidence.ground import Ground
    from scanner.evidence.history import Series

_DECIDES: Final = frozenset({EventKind.APPROVED, EventKind.ADOPTED, EventKind.SUPERSEDED})
_HEADINGS: Final = {
    "day": "Day", "scan": "Scan", "systems": "Systems", "decided": "Decided", "decided_share": "Share decided, %",
    "days_to_decision": "Days from first seen to decision, median", "waiting_longest": "Longest without a decision, days",
    "overdue": "Overdue reviews", "contradictions": "Contradictions open", "covered_share": "Sources covered, %",
    "register_share": "Register complete, %",
}  # fmt: skip

_DRAWN: Final = {"decided_share": 100, "covered_share": 100, "waiting_longest": 0, "overdue": 0, "contradictions": 0}


@dataclass(frozen=True, slots=True)
class _Indicators:
    """The indicators of one day. None is not known."""

    systems: int
    decided: int
    days_to_decision: float | None
    waiting_longest: int | None
    overdue: int
    contradictions: int
    covered: float | None


def section(ground: Ground, past: Series) -> Section:
    """The indicators of each stored scan, as it was judged then, and of today."""
    clock = _Clock(ground, past.first_seen)
    rows = []
    for one in past.scans:
        day = date.fromisoformat(one.scan.started[:10])
        rows.append(_row(day, one.scan.id, clock.indicators(one.verdicts, one.denominator, day), None))
    now = ground.as_of_today
    today = clock.indicators(now.verdicts, now.denominator, ground.session.today)
    done, all_rows = completeness(ground)
    rows.append(_row(ground.session.today, "as of today", today, _percent(done, all_rows)))
    indicators = table("indicators", "Indicators over time", _HEADINGS, rows, "No scan is stored.")
    months = table("indicators-by-month", "Indicators by month", HEADINGS, by_month(list(_HEADINGS), rows), "")
    return Section(
        components()["performance"],
        tuple(_points(today, past)),
        (replace(indicators, drawn=_DRAWN), months),
    )


def _points(today: _Indicators, past: Series) -> Iterable[Point]:
    if today.systems:
        undecided = today.systems - today.decided
        yield Point(
            f"{today.decided:,} of {count(today.systems, 'system')} that were found are decided.", open=undecided > 0
        )
    if today.days_to_decision is not None:
        yield Point(
            f"Median from the first scan that saw a system to its decision: {count(round(today.days_to_decision), 'day')}. "
            "A system that was decided before a scan saw it counts as 0."
        )
    if today.waiting_longest is not None:
        yield Point(f"The longest without a decision has waited for {count(today.waiting_longest, 'day')}.", open=True)
    if today.covered is not None and today.covered < 100:  # noqa: PLR2004 - percent
        yield Point(f"{today.covered} % of the places that the scope names were covered.", open=True)
    if past.older:
        yield Point(f"{count(past.older, 'older scan')} stored and not shown.")
    yield Point("How complete the register was on earlier days is in the version control history of the register.")


class _Clock:
    """When systems were first seen and first decided about."""

    def __init__(self, ground: Ground, first_seen: Mapping[str, str]) -> None:
        self._seen = {system: date.fromisoformat(time[:10]) for system, time in first_seen.items()}
        self._decided: dict[str, date] = {}
        for event in ground.ledger.order:
            if event.kind in _DECIDES:
                day = date.fromisoformat(event.at[:10])
                self._decided[event.subject] = min(day, self._decided.get(event.subject, day))

    def indicators(self, verdicts: Sequence[Verdict], parts: Sequence[CoveredPart], day: date) -> _Indicators:
        systems = [one for one in verdicts if one.subject_kind is SubjectKind.SYSTEM and one.counted]
        waiting = [one for one in systems if any(reason.status is Status.UNDECLARED for reason in one.reasons)]
        took = [self._took(one.subject) for one in systems if self._decided.get(one.subject, date.max) <= day]
        waited = [(day - self._seen[one.subject]).days for one in waiting if one.subject in self._seen]
        return _Indicators(
            systems=len(systems),
            decided=len(systems) - len(waiting),
            days_to_decision=_median([days for days in took if days is not None]),
            waiting_longest=max(waited, default=None),
            overdue=sum(reason.status is Status.REVIEW_DUE for one in verdicts for reason in one.reasons),
            contradictions=sum(one.counted and STATUS[one.status].tone is Tone.CONTRADICTED for one in verdicts),
            covered=_covered(parts),
        )

    def _took(self, system: str) -> int | None:
        """Days from first seen to first decided; 0 where it was decided before a scan saw it."""
        seen = self._seen.get(system)
        return max(0, (self._decided[system] - seen).days) if seen else None


def _median(days: Sequence[int]) -> float | None:
    if not days:
        return None
    middle = median(days)
    return int(middle) if middle == int(middle) else middle


def _covered(parts: Sequence[CoveredPart]) -> float | None:
    places = [part for part in parts if part.kind is not PartKind.BOUNDARY]
    return _percent(sum(part.share is Share.COVERED for part in places), len(places))


def _row(day: date, scan: str, one: _Indicators, register: float | str | None) -> tuple[object, ...]:
    return (
        day, scan, one.systems, one.decided, _percent(one.decided, one.systems), one.days_to_decision,
        one.waiting_longest, one.overdue, one.contradictions, one.covered, register,
    )  # fmt: skip


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
