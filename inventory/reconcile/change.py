"""Reasons that come from time: facts that differ from those decided on, new evidence, a newer catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.decision import Answer
from inventory.decision_state import evidence_hash
from inventory.facts import Trigger, definition, known_value, show, value_set
from inventory.model import Origin
from inventory.scope.conditions import among, evidence
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.decision import Event
    from inventory.model import Fact, FactValue
    from inventory.reconcile.world import SystemView
    from inventory.scope.review import Review

ASSESSED = frozenset({Answer.IN, Answer.OUT})
"""Answers that rest on the facts of the day."""

_NONE = frozenset({0, "off", ()})
"""Values that say that there is none of it, or that it is off; false is 0."""

_NAMED = 8
"""So many members of a set stand in a sentence."""


@dataclass(frozen=True, slots=True)
class _DecidedOn:
    """A value that a decision rests on, and where it is written."""

    value: FactValue
    source: str
    rule: str


def changed_facts(view: SystemView, catalog_hash: str, review: Review) -> Iterator[Reason]:
    """Facts that say something new beside those decided on, where that asks for a review.

    A fact that becomes known, or that is known no longer, has not changed. What a newer catalog reads out of the same
    evidence is reclassified: a note, that asks for nothing. What a vendor states is no reading: the catalog only carries
    it, and a newer one carries news.
    """
    for name, decided in sorted(_decided_on(view, review).items()):
        stated = view.known.of(name)
        current = known_value(stated)
        if current is None or not _is_news(name, decided.value, current, complete=_complete(view, stated)):
            continue
        text = f"{name} was {_some(decided.value)} in {decided.source}, and {_now(name, decided.value, current)}"
        row = definition(name)
        read = row is not None and row.classified and stated[0].origin is Origin.OBSERVED
        if read and _only_the_catalog_is_newer(view, catalog_hash):
            yield Reason(_settled(view), f"Reclassified by a newer catalog: {text}.", "reclassified")
        else:
            said = "; ".join(stated[0].evidence) if stated[0].origin is Origin.DECLARED else ""
            yield Reason(Status.CHANGED, f"{text}{said and f' ({said})'}.", decided.rule, evidence(stated))


def new_evidence(view: SystemView) -> Iterator[Reason]:
    """New evidence for what was dismissed as no AI."""
    if not view.dismissed:
        return
    for event in latest(view, {Answer.NOT_AI}):
        if event.evidence and event.evidence != evidence_hash(view.system):
            text = f"It was dismissed as no AI {by(event)}, and its evidence has changed since."
            yield Reason(Status.CHANGED, text, "ledger.evidence", view.system.findings[:5])


def _decided_on(view: SystemView, review: Review) -> dict[str, _DecidedOn]:
    """What the ledger says, and where it says nothing the baselines of the entries, of the facts that ask for a review.

    `decide` writes both. What stands in a baseline alone somebody wrote there by hand, to have it watched.
    """
    decided: dict[str, _DecidedOn] = {}
    for entry in view.entries:
        if entry.status.answer in ASSESSED:
            for name, value in entry.baseline.items():
                decided[name] = _DecidedOn(value, "the baseline", f"entries.{entry.id}.baseline.{name}")
    by_hand = set(decided)
    for event in latest(view, ASSESSED):
        by_hand -= event.facts.keys()
        for name, value in event.facts.items():
            decided[name] = _DecidedOn(value, f"the decision {by(event)}", f"ledger.facts.{name}")
    return {
        name: one
        for name, one in decided.items()
        if one.value not in {"", ()} and review.asks(name, by_hand=name in by_hand)
    }


def latest(view: SystemView, answers: frozenset[Answer] | set[Answer]) -> Sequence[Event]:
    """The latest decision in force with one of the answers, if any."""
    return [event for event in view.decisions if event.answer in answers][-1:]


def _is_news(name: str, before: FactValue, now: FactValue, *, complete: bool) -> bool:
    """Whether a value is news, as the fact's trigger reads it. That something is gone shows only where all was seen."""
    row = definition(name)
    trigger = row.trigger if row else Trigger.ANY
    if trigger is Trigger.FROM_NONE:
        return before in _NONE and now not in _NONE
    if isinstance(before, bool) and isinstance(now, bool):
        return before != now and (now or complete)
    gone = any(not any(among(value, (old,)) for value in value_set(now)) for old in value_set(before))
    return bool(_added(before, now)) or (trigger is Trigger.ANY and gone and complete)


def _added(before: FactValue, now: FactValue) -> tuple[str | int | bool, ...]:
    return tuple(value for value in value_set(now) if not among(value, value_set(before)))


def _now(name: str, before: FactValue, now: FactValue) -> str:
    """What a fact says now; of one that only grows what has come to it."""
    row = definition(name)
    if row and row.trigger is Trigger.MORE:
        return f"now has {_some(tuple(map(str, _added(before, now))))} as well"
    return f"is now {_some(now)}"


def _some(value: FactValue) -> str:
    """A value in a sentence: of a long set the first members."""
    if isinstance(value, tuple) and len(value) > _NAMED:
        return f"{show(value[:_NAMED])} and {len(value) - _NAMED} more"
    return show(value)


def _complete(view: SystemView, stated: Sequence[Fact]) -> bool:
    return view.known.covered or any(fact.origin is not Origin.OBSERVED for fact in stated)


def _only_the_catalog_is_newer(view: SystemView, catalog_hash: str) -> bool:
    return any(
        event.catalog and event.catalog != catalog_hash and event.evidence == evidence_hash(view.system)
        for event in latest(view, ASSESSED)
    )


def _settled(view: SystemView) -> Status:
    excluded = any(entry.status.answer is Answer.OUT for entry in view.entries) or any(
        event.answer is Answer.OUT for event in view.decisions
    )
    return Status.EXCLUDED if excluded else Status.IN_SCOPE


def by(event: Event) -> str:
    """Which decision it is, in words."""
    return f"of {event.by.name}, {event.at[:10]}"
