"""Reasons that come from what was declared and decided about a system, or that nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifiers.model import SystemKind
from inventory.decision import Answer
from inventory.facts import value_set
from inventory.model import Origin
from inventory.reconcile.contradictions import ENDED
from inventory.reconcile.world import due, runs
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.decision import Event
    from inventory.reconcile.world import SystemView, World
    from inventory.scope.document import Entry

_SETTLED = {
    Answer.IN: Status.IN_SCOPE,
    Answer.OUT: Status.EXCLUDED,
    Answer.NOT_AI: Status.DISMISSED,
    Answer.DECOMMISSIONED: Status.EXCLUDED,
    Answer.REJECTED: Status.EXCLUDED,
}

_NEEDS_NO_ENTRY = frozenset({Answer.NOT_AI, Answer.DEFER})


def ambiguity(view: SystemView) -> Iterator[Reason]:
    """More than one entry, or decisions that say different things."""
    if len(view.entries) > 1:
        ids = ", ".join(f"`{entry.id}`" for entry in view.entries)
        yield Reason(Status.AMBIGUOUS, f"More than one entry binds it: {ids}.", "entries")
    if view.conflicting:
        said = "; ".join(f"{event.answer} ({decided_by(event)})" for event in view.decisions)
        text = f"Decisions in force on it, or on what was merged into it, do not agree: {said}."
        yield Reason(Status.AMBIGUOUS, text, "ledger")


def standing(view: SystemView, world: World) -> Iterator[Reason]:
    """What holds about a system: by its entries, else by the ledger, else nothing."""
    for entry in view.entries:
        yield settled_by_entry(entry)
    for event in view.decisions:
        if event.answer is Answer.DEFER:
            yield from _deferred(event, world)
        elif not view.entries:
            yield from _decided_without_entry(event, view, world)
    if world.scope is not None and not view.entries and not _decided(view, world):
        yield from _nobody_decided(view, world)


def settled_by_entry(entry: Entry) -> Reason:
    """What an entry says where nothing contradicts it."""
    text = f"Entry `{entry.id}` declares it {entry.status.replace('_', ' ')}."
    if entry.justification:
        text += f" {entry.justification}"
    return Reason(_SETTLED[entry.status.answer], text, f"entries.{entry.id}.status")


def decided_by(event: Event) -> str:
    """Who decided and when, in words."""
    return f"{event.by.name}, {event.at[:10]}"


def _decided(view: SystemView, world: World) -> bool:
    return any(
        event.answer is not Answer.DEFER or not world.passed(due(event, world.review)) for event in view.decisions
    )


def _deferred(event: Event, world: World) -> Iterator[Reason]:
    end = due(event, world.review)
    if not world.passed(end):
        yield Reason(Status.DEFERRED, f"Deferred until {end} ({decided_by(event)}): {event.because}", "ledger")


def _decided_without_entry(event: Event, view: SystemView, world: World) -> Iterator[Reason]:
    said = f"decided `{event.answer}` ({decided_by(event)}): {event.because}"
    ended = event.answer in ENDED
    if ended and runs(view.system):
        yield Reason(Status.STILL_RUNNING, f"It was {said}; and it is seen.", "ledger", view.system.findings[:5])
    if world.scope is not None and event.answer not in _NEEDS_NO_ENTRY:
        text = f"It was {said}; but no entry of the scope document binds it."
        yield Reason(Status.UNBOUND, text, f"entries.{event.entry}" if event.entry else "entries")
    if event.answer in {Answer.IN, Answer.OUT} and world.passed(due(event, world.review)):
        yield Reason(Status.REVIEW_DUE, f"Its review was due on {due(event, world.review)}.", "ledger.until")
    yield Reason(_SETTLED[event.answer], f"It was {said}", "ledger")


def _nobody_decided(view: SystemView, world: World) -> Iterator[Reason]:
    if view.system.kind is SystemKind.NOT_AI:
        yield Reason(Status.DISMISSED, "The knowledge base says that it is no AI.", "catalog")
        return
    yield from _outside_boundary(view, world)
    text = "No entry of the scope document binds it, and nobody has decided about it."
    for event in view.decisions:
        text = f"Its deferral ended on {due(event, world.review)} ({decided_by(event)}), and nobody has decided since."
    for proposal in view.proposals[-1:]:
        text = f"Proposed `{proposal.answer}` ({decided_by(proposal)}); it waits for the approval of somebody else."
    yield Reason(Status.UNDECLARED, text, "proposal" if view.proposals else "entries")


def _outside_boundary(view: SystemView, world: World) -> Iterator[Reason]:
    """What is known of the system's place in the organisation, and no boundary names. Boundaries do not count here."""
    for name, named in sorted(world.named.items()):
        for fact in view.known.of(name):
            strange = [str(value) for value in value_set(fact.value) if str(value).casefold() not in named]
            if strange and fact.origin is not Origin.DECLARED:
                text = f"Its {name} is {', '.join(strange)} ({fact.origin}), and no boundary of the scope names that."
                yield Reason(Status.OUTSIDE_BOUNDARY, text, f"boundaries.{name}")
