"""Compares two scans of the same estate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.coverage import CoverageIndex, Place, place_of
from inventory.facts import definition, facts_of, material_values
from inventory.model import Origin
from scanner.changes import ChangedFact, ChangedVerdict, Changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model import AISystem
    from inventory.verdict import Status, SubjectKind, Verdict
    from scanner.result import ScanResult


def compare(previous: ScanResult | None, current: ScanResult) -> Changes | None:
    """What changed since the last scan; none where there is no last scan.

    Nothing counts as gone where it was not looked for. A system that was merged into another lives on in it.
    """
    if previous is None:
        return None
    before = {system.id: system for system in previous.systems}
    now = {known: system for system in current.systems for known in (*system.aliases, system.id)}
    coverage = CoverageIndex(current.coverage)
    missing = [system for system in previous.systems if system.id not in now]
    gone = {system.id for system in missing if _looked_for(system, coverage)}
    raised, settled = _verdicts(previous, current)
    return Changes(
        scan=previous.scan.id,
        since=previous.scan.started,
        new=tuple(one for one in current.systems if not before.keys() & {one.id, *one.aliases}),
        gone=tuple(system for system in missing if system.id in gone),
        unseen=tuple(system for system in missing if system.id not in gone),
        facts=tuple(_facts(before, current, newer=previous.scan.catalog != current.scan.catalog)),
        raised=raised,
        settled=settled,
    )


def _looked_for(system: AISystem, coverage: CoverageIndex) -> bool:
    anchored = [place for anchor in system.anchors if (place := place_of(anchor))]
    places = anchored or [Place(source) for source in system.sources]
    return bool(places) and all(coverage.fully(place) for place in places)


def _facts(before: dict[str, AISystem], current: ScanResult, *, newer: bool) -> Iterator[ChangedFact]:
    for system in current.systems:
        if system.id in before:
            old = before[system.id]
            known, stated = material_values(facts_of(old)), facts_of(system)
            same = newer and old.findings == system.findings
            for fact, value in material_values(stated).items():
                if value != known.get(fact):
                    row = definition(fact)
                    reclassified = (
                        same and row is not None and row.classified and stated[fact][0].origin is Origin.OBSERVED
                    )
                    yield ChangedFact(system.id, system.name, fact, known.get(fact), value, reclassified)


def _verdicts(
    previous: ScanResult, current: ScanResult
) -> tuple[tuple[ChangedVerdict, ...], tuple[ChangedVerdict, ...]]:
    """Verdicts that were raised and those that settled, most urgent first."""
    before, now = _by_subject(previous), _by_subject(current)
    raised = [
        ChangedVerdict(verdict.subject, verdict.name, _status(before.get(key)), verdict.status)
        for key, verdict in now.items()
        if verdict.asks and verdict.status is not _status(before.get(key))
    ]
    settled = [
        ChangedVerdict(verdict.subject, verdict.name, verdict.status, _status(now.get(key)))
        for key, verdict in before.items()
        if verdict.asks and not (key in now and now[key].asks)
    ]
    return tuple(raised), tuple(settled)


def _by_subject(result: ScanResult) -> dict[tuple[SubjectKind, str], Verdict]:
    return {(verdict.subject_kind, verdict.subject): verdict for verdict in result.verdicts}


def _status(verdict: Verdict | None) -> Status | None:
    return verdict.status if verdict else None
