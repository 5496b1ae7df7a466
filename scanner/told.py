"""Events of the ledger in words: what was decided, what was written where, and what has still to happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.decision import EventKind
from scanner.reports.plain import plain

if TYPE_CHECKING:
    from inventory.decision import Event
    from inventory.decision_state import DecisionState
    from inventory.ledger import RecordedEvent
    from inventory.transaction import Files

SHOWN: Final = 12
"""So many characters of an event's id tell it from all others, and `aimscope approve` takes them."""

_DONE: Final = {
    EventKind.PROPOSED: "Proposed",
    EventKind.APPROVED: "Decided",
    EventKind.SUPERSEDED: "Decided anew",
    EventKind.ADOPTED: "Adopted",
    EventKind.REJECTED: "Not approved",
}


def told(event: RecordedEvent, files: Files) -> str:
    """The event as lines for the one who recorded it."""
    approves = event.kind is EventKind.APPROVED and event.refers
    until = f", until {event.until}" if event.until else ""
    lines = [
        f"{'Approved' if approves else _DONE[event.kind]}: {event.answer} for {subject(event)}{until}",
        f"  by {decided_by(event)}",
        f"  {files.ledger.name}: event {event.id[:SHOWN]}",
        f"  {files.scope.name}: {_written(event)}",
    ]
    if event.kind is EventKind.PROPOSED:
        lines.append(f"  it waits for the approval of somebody else: aimscope approve {event.id[:SHOWN]}")
    return "\n".join(lines)


def standings(state: DecisionState) -> dict[str, str]:
    """For each event that counts, whether it is in force or still open."""
    in_force = {event.id: "in force" for events in state.by_system.values() for event in events}
    return in_force | {event.id: "open" for event in state.pending}


def decided_by(event: Event) -> str:
    """Who acted, and how that is known."""
    return f"{plain(event.by.name)} ({event.by.proof.replace('_', ' ')})"


def subject(event: Event) -> str:
    """Whom an event is about: the system, and the entry that carries what is decided."""
    if not event.entry or event.entry == event.subject:
        return plain(event.subject)
    return f"{plain(event.subject)} (entry {plain(event.entry)})"


def _written(event: RecordedEvent) -> str:
    if event.kind is EventKind.PROPOSED:
        return "unchanged until it is approved"
    if not event.declares:
        return "unchanged"
    return f"entry {plain(event.entry)} {'added' if 'name' in event.declares else 'changed'}"
