"""Reasons that come from the scope document itself: entries that nothing shows, that nobody recorded or reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.coverage import place_of
from inventory.decision import Answer
from inventory.reconcile.contradictions import ENDED
from inventory.reconcile.owners import unlisted_owner_of, unlisted_owners_of
from inventory.reconcile.standing import decided_by, settled_by_entry
from inventory.reconcile.world import document_due, entry_due, runs
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.model import AISystem
    from inventory.reconcile.world import World
    from inventory.scope.document import Entry, ScopeDocument


def upkeep(entry: Entry, bound: Sequence[AISystem], world: World) -> Iterator[Reason]:
    """What an entry asks for whatever the facts: adoption, review. One that expects nothing and shows nothing asks nothing."""
    seen = any(runs(system) for system in bound) if entry.status.answer in ENDED else bool(bound)
    if entry.bind and not entry.status.expects_to_be_seen and not seen:
        return
    if not entry.bind:
        text = f"Entry `{entry.id}` has no `bind`: nothing can show whether it is there."
        yield Reason(Status.UNBOUND, text, f"entries.{entry.id}.bind")
    yield from _unrecorded(entry, world)
    end = entry_due(entry, world.decisions, world.review)
    yield from unlisted_owner_of(entry, world.review)
    if world.passed(end):
        yield Reason(
            Status.REVIEW_DUE, f"The review of entry `{entry.id}` was due on {end}.", f"entries.{entry.id}.review_due"
        )


def unseen(entry: Entry, world: World) -> Iterator[Reason]:
    """What it means that no system shows an entry: gone, or not looked for."""
    yield settled_by_entry(entry)
    if not entry.bind or not entry.status.expects_to_be_seen:
        return
    rule = f"entries.{entry.id}.bind"
    gaps = list(dict.fromkeys(gap for anchor in entry.bind for gap in _gaps(anchor, world)))
    if gaps:
        text = f"Entry `{entry.id}` was not seen, and may be where nobody looked: {'; '.join(gaps[:3])}"
        text += f"; and {len(gaps) - 3} more." if len(gaps) > 3 else "."  # noqa: PLR2004 - as many as are named
        yield Reason(Status.UNVERIFIED, text, rule)
    else:
        text = (
            f"Entry `{entry.id}` is in scope, every source that would show it was fully covered, and it is not there."
        )
        yield Reason(Status.NOT_OBSERVED, text, rule)


def document_upkeep(scope: ScopeDocument, world: World) -> Iterator[Reason]:
    """The reviews of the document and of the records that it names, where they are overdue."""
    head = scope.document
    end = document_due(head, world.review)
    if world.passed(end):
        yield Reason(Status.REVIEW_DUE, f"The review of the scope document was due on {end}.", "document.review_due")
    yield from unlisted_owners_of(head, world.review)
    for number, record in enumerate(scope.records):
        if world.passed(record.next_due):
            text = f"The record `{record.title}` was to be renewed by {record.next_due}."
            yield Reason(Status.REVIEW_DUE, text, f"records[{number}].next_due")


def _unrecorded(entry: Entry, world: World) -> Iterator[Reason]:
    """Whether the ledger carries what the entry says. A deferral leaves standing what was decided before."""
    carried = world.decisions.on_entry(entry.id)
    if any(event.answer in {entry.status.answer, Answer.DEFER} for event in carried):
        return
    proposals = [one for one in world.decisions.proposed(None, entry.id) if one.answer is entry.status.answer]
    rule = "proposal" if proposals else f"entries.{entry.id}"
    if proposals:
        said = f"it is proposed ({decided_by(proposals[-1])}) and waits for the approval of somebody else"
    elif carried:
        said = f"the ledger carries `{carried[-1].answer}` ({decided_by(carried[-1])})"
    else:
        said = "no decision in the ledger carries it"
    yield Reason(Status.UNRECORDED, f"Entry `{entry.id}` says {entry.status}: {said}.", rule)


def _gaps(anchor: str, world: World) -> tuple[str, ...]:
    place = place_of(anchor)
    if place is None:
        return (f"`{anchor}` does not say which source would show it: bind an exact anchor to be able to tell",)
    return world.coverage.gaps(place)
