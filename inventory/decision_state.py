"""What the ledger amounts to, as the reconciler needs it: the decisions in force and the proposals still open."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.decision import Event  # noqa: TC001 - part of the public type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.model import AISystem


@dataclass(frozen=True, slots=True)
class DecisionState:
    """The effective state of the ledger.

    Attributes:
        by_system: For a system id the decisions in force, several where their writers did not know of each other.
        by_anchor: The same for each anchor that a decision names.
        pending: Proposals that wait for an approval.
        disputed: Ids of decisions that somebody rejected without knowing that they were approved.
    """

    by_system: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    by_anchor: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    pending: tuple[Event, ...] = ()
    disputed: frozenset[str] = frozenset()


class Decisions:
    """Finds the decisions that concern a system or an entry."""

    def __init__(self, state: DecisionState) -> None:
        self._state = state
        by_entry: dict[str, list[Event]] = defaultdict(list)
        for events in state.by_system.values():
            for event in events:
                by_entry[event.entry].append(event)
        self._by_entry = {entry: _by_time(events) for entry, events in by_entry.items() if entry}
        self._pending: dict[str, list[Event]] = defaultdict(list)
        for proposal in state.pending:
            keys = {proposal.subject, *proposal.anchors, _entry_key(proposal.entry)} - {_entry_key("")}
            for key in keys:
                self._pending[key].append(proposal)

    def on_system(self, system: AISystem) -> tuple[Event, ...]:
        """The decisions in force on a system, on what was merged into it and on its anchors, by time.

        A decision on a merged system ends when a later one names all its anchors. A decision that an anchor still
        remembers has ended when its own subject was decided again.
        """
        found = [event for subject in (system.id, *system.aliases) for event in self._state.by_system.get(subject, ())]
        for anchor in system.anchors:
            found += [event for event in self._state.by_anchor.get(anchor, ()) if self._stands_for_subject(event)]
        return _by_time(event for event in found if self._stands_for_an_anchor(event))

    def on_entry(self, entry: str) -> tuple[Event, ...]:
        """The decisions in force that an entry of the scope document carries, by time."""
        return self._by_entry.get(entry, ())

    def proposed(self, system: AISystem | None, entry: str) -> tuple[Event, ...]:
        """The open proposals on a system or an entry, by time."""
        keys = [_entry_key(entry)] if entry else []
        if system is not None:
            keys += [system.id, *system.aliases, *system.anchors]
        return _by_time(proposal for key in keys for proposal in self._pending.get(key, ()))

    def conflict(self, events: tuple[Event, ...]) -> bool:
        """Whether decisions in force say different things, so that only a new decision tells which holds."""
        return len({event.answer for event in events}) > 1 or any(event.id in self._state.disputed for event in events)

    def _stands_for_subject(self, event: Event) -> bool:
        return event in self._state.by_system.get(event.subject, ())

    def _stands_for_an_anchor(self, event: Event) -> bool:
        if not event.anchors:
            return True
        return any(event in self._state.by_anchor.get(anchor, ()) for anchor in event.anchors)


def evidence_hash(system: AISystem) -> str:
    """What a decision keeps of a system's evidence, to tell later whether there is new evidence."""
    return system.evidence or hashlib.sha256("\n".join(sorted(system.findings)).encode()).hexdigest()


def _entry_key(entry: str) -> str:
    """Keeps the ids of entries apart from those of systems."""
    return f"entry\0{entry}"


def _by_time(events: Iterable[Event]) -> tuple[Event, ...]:
    events = tuple(events)
    if len(events) <= 1:
        return events
    unique = {(event.at, event.id, event.subject, event.answer): event for event in events}
    return tuple(unique[key] for key in sorted(unique))
