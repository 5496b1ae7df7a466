"""The whole chain behind a system or an entry: evidence, facts, what is declared, what was decided, what holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifiers.model import Context
from inventory.ledger import standing
from inventory.scope.conditions import describe, evaluate
from scanner.reports import json_report
from scanner.result import ScanResult
from scanner.told import standings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifiers.model import Finding
    from inventory.ledger import History, RecordedEvent
    from inventory.model import AISystem
    from inventory.reconcile.world import SystemView
    from inventory.scope.conditions import Judgement
    from inventory.scope.document import Entry
    from inventory.verdict import Verdict
    from scanner.session import Session
    from scanner.subject import Subject


@dataclass(frozen=True, slots=True)
class TestedEntry:
    """What is declared, and each condition with its outcome; none where no one system is there to test it on."""

    entry: Entry
    conditions: tuple[tuple[str, Judgement | None], ...]


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event of the ledger, and whether it is in force or open."""

    event: RecordedEvent
    stands: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The chain behind one subject.

    Attributes:
        system: The system; none for an entry that binds none or several.
        view: All that concerns the system.
        findings: Its findings, the strongest first.
        entries: What is declared about it.
        bound: The systems that the entry binds, where it is about an entry.
        events: What was decided about it, in the order of the ledger.
        verdict: What reconciling finds, or none.
    """

    system: AISystem | None
    view: SystemView | None
    findings: tuple[Finding, ...]
    entries: tuple[TestedEntry, ...]
    bound: tuple[AISystem, ...]
    events: tuple[ToldEvent, ...]
    verdict: Verdict | None


def explain(subject: Subject, session: Session, history: History) -> Explanation:
    """The chain behind a system, or behind an entry that is about none or several."""
    system = subject.system
    view = session.view(system.id) if system else None
    declared = view.entries if view else (subject.entry,) if subject.entry else ()
    verdict = session.verdict(system.id) if system else None
    if verdict is None and subject.entry:
        verdict = session.verdict(subject.entry.id)
    return Explanation(
        system=system,
        view=view,
        findings=_findings(system, session) if system else (),
        entries=tuple(_tested(entry, view) for entry in declared),
        bound=() if system else subject.systems,
        events=tuple(_events(system, {entry.id for entry in declared}, history)),
        verdict=verdict,
    )


def document(explanation: Explanation, session: Session) -> dict[str, Any]:
    """The chain as plain data: `findings`, `systems` and `verdicts` as in the JSON report, and what only this tells."""
    system, verdict = explanation.system, explanation.verdict
    report = json_report.document(
        ScanResult(
            scan=session.scanned.scan,
            coverage=(),
            findings=explanation.findings,
            systems=(system,) if system else explanation.bound,
            verdicts=(verdict,) if verdict else (),
            names=session.scanned.names,
        )
    )
    return {
        **{part: report[part] for part in ("findings", "systems", "verdicts")},
        "entries": [_entry(tested) for tested in explanation.entries],
        "attestations": list(_attested(explanation.view)) if explanation.view else [],
        "decisions": [_event(told) for told in explanation.events],
    }


def _findings(system: AISystem, session: Session) -> tuple[Finding, ...]:
    own = set(system.findings)
    return tuple(sorted((finding for finding in session.scanned.findings if finding.id in own), key=_strongest_first))


def _strongest_first(finding: Finding) -> tuple[object, ...]:
    runs = finding.context is Context.PRODUCTION
    return (finding.strength.rank, not runs, -finding.confidence, finding.location, finding.id)


def _tested(entry: Entry, view: SystemView | None) -> TestedEntry:
    outcomes = ((describe(one), evaluate(one, view.known) if view else None) for one in entry.conditions)
    return TestedEntry(entry, tuple(outcomes))


def _events(system: AISystem | None, entries: set[str], history: History) -> Iterator[ToldEvent]:
    stands = standings(standing(history).state)
    names = {system.id, *system.aliases, *system.anchors} if system else set()
    for event in history.order:
        if names & {event.subject, *event.anchors} or (event.entry and event.entry in entries):
            yield ToldEvent(event, stands.get(event.id, ""))


def _attested(view: SystemView) -> Iterator[dict[str, Any]]:
    for stands, attestations in (("in_force", view.attested), ("expired", view.expired)):
        for one in attestations:
            yield {
                "stands": "ends_soon" if one in view.ending else stands,
                "fact": one.fact,
                "feature": one.feature or None,
                "value": list(one.value) if isinstance(one.value, tuple) else one.value,
                "tenant": one.tenant or None,
                "since": one.since.isoformat() if one.since else None,
                "by": one.by,
                "role": one.role,
                "date": one.date.isoformat(),
                "seen": one.seen,
                "expires": one.expires.isoformat() if one.expires else None,
                "place": one.place,
            }


def _entry(tested: TestedEntry) -> dict[str, Any]:
    declared = tested.entry.model_dump(mode="json", exclude_none=True, exclude={"conditions"})
    conditions = [
        {
            "condition": text,
            "outcome": judgement.truth.value if judgement else None,
            "because": judgement.text if judgement else None,
            "findings": list(judgement.findings) if judgement else [],
        }
        for text, judgement in tested.conditions
    ]
    return {**declared, "conditions": conditions}


def _event(told: ToldEvent) -> dict[str, Any]:
    event = told.event
    return {
        "id": event.id,
        "kind": event.kind.value,
        "answer": event.answer.value,
        "subject": event.subject,
        "entry": event.entry or None,
        "because": event.because,
        "by": {"name": event.by.name, "proof": event.by.proof.value},
        "at": event.at,
        "until": event.until or None,
        "stands": told.stands or None,
    }
