"""Reasons that come from time: facts that differ from those decided on, new evidence, a newer catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.decision import Answer
from inventory.decision_state import evidence_hash
from inventory.facts import known_value, show, value_set
from inventory.model import Origin
from inventory.scope.conditions import among, evidence
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.decision import Event
    from inventory.model import Fact, FactValue
    from inventory.reconcile.world import SystemView

_ASSESSED = frozenset({Answer.IN, Answer.OUT})
"""Answers that rest on the facts of the day."""


@dataclass(frozen=True, slots=True)
class _DecidedOn:
    """A value that a decision rests on, and where it is written."""

    value: FactValue
    source: str
    rule: str


def changed_facts(view: SystemView, catalog_hash: str) -> Iterator[Reason]:
    """Facts with another known value than those decided on.

    A fact that becomes known, or that is known no longer, has not changed. What a newer catalog reads out of the same
    evidence is reclassified: a note, that asks for nothing.
    """
    for name, decided in sorted(_decided_on(view).items()):
        stated = view.known.of(name)
        current = known_value(stated)
        if current is None or not _differs(decided.value, current, complete=_complete(view, stated)):
            continue
        text = f"{name} was {show(decided.value)} in {decided.source}, and is now {show(current)}"
        observed = stated[0].origin is Origin.OBSERVED
        if observed and _only_the_catalog_is_newer(view, catalog_hash):
            yield Reason(_settled(view), f"Reclassified by a newer catalog: {text}.", "reclassified")
        else:
            yield Reason(Status.CHANGED, f"{text}.", decided.rule, evidence(stated))


def new_evidence(view: SystemView) -> Iterator[Reason]:
    """New evidence for what was dismissed as no AI."""
    if not view.dismissed:
        return
    for event in _latest(view, {Answer.NOT_AI}):
        if event.evidence and event.evidence != evidence_hash(view.system):
            text = f"It was dismissed as no AI {_by(event)}, and its evidence has changed since."
            yield Reason(Status.CHANGED, text, "ledger.evidence", view.system.findings[:5])


def _decided_on(view: SystemView) -> dict[str, _DecidedOn]:
    """What the ledger says, and where it says nothing the baselines of the entries."""
    decided: dict[str, _DecidedOn] = {}
    for entry in view.entries:
        if entry.status.answer in _ASSESSED:
            for name, value in entry.baseline.items():
                decided[name] = _DecidedOn(value, "the baseline", f"entries.{entry.id}.baseline.{name}")
    for event in _latest(view, _ASSESSED):
        for name, value in event.facts.items():
            decided[name] = _DecidedOn(value, f"the decision {_by(event)}", f"ledger.facts.{name}")
    return {name: one for name, one in decided.items() if one.value not in {"", ()}}


def _latest(view: SystemView, answers: frozenset[Answer] | set[Answer]) -> Sequence[Event]:
    """The latest decision in force with one of the answers, if any."""
    return [event for event in view.decisions if event.answer in answers][-1:]


def _differs(decided: FactValue, current: FactValue, *, complete: bool) -> bool:
    """Whether a value is another one. That something is gone shows only where everything was seen."""
    if isinstance(decided, bool) and isinstance(current, bool):
        return decided != current and (current or complete)
    added = any(not among(value, value_set(decided)) for value in value_set(current))
    gone = any(not any(among(value, (old,)) for value in value_set(current)) for old in value_set(decided))
    return added or (gone and complete)


def _complete(view: SystemView, stated: Sequence[Fact]) -> bool:
    return view.known.covered or any(fact.origin is not Origin.OBSERVED for fact in stated)


def _only_the_catalog_is_newer(view: SystemView, catalog_hash: str) -> bool:
    return any(
        event.catalog and event.catalog != catalog_hash and event.evidence == evidence_hash(view.system)
        for event in _latest(view, _ASSESSED)
    )


def _settled(view: SystemView) -> Status:
    excluded = any(entry.status.answer is Answer.OUT for entry in view.entries) or any(
        event.answer is Answer.OUT for event in view.decisions
    )
    return Status.EXCLUDED if excluded else Status.IN_SCOPE


def _by(event: Event) -> str:
    return f"of {event.by.name}, {event.at[:10]}"
