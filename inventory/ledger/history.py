"""The events of a ledger as a graph: which event knew which, in an order that no order of lines changes."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.ledger.event import RecordedEvent


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event stands: its chain, its position there, and how far it knows every chain."""

    chain: int
    position: int
    knows: Mapping[int, int]


class History:
    """A set of events, ordered by who knew whom and then by time and id.

    Attributes:
        order: The events, parents before children; an event that a cycle holds back is not among them.
        heads: Ids of the events that no other event has as its parent, sorted.
        gaps: For an event id the ids of its parents that are not there.
        cyclic: Ids of the events that stand on a cycle or behind one, sorted.
    """

    def __init__(self, events: Iterable[RecordedEvent]) -> None:
        self._by_id = {event.id: event for event in events}
        self.gaps = self._find_gaps()
        self.order = self._sort()
        self.cyclic = tuple(sorted(set(self._by_id) - {event.id for event in self.order}))
        known = {parent for event in self._by_id.values() for parent in event.parents}
        self.heads = tuple(sorted(set(self._by_id) - known))
        self._places = self._place()

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, event_id: object) -> bool:
        return event_id in self._by_id

    def get(self, event_id: str) -> RecordedEvent | None:
        """The event with this id, or none."""
        return self._by_id.get(event_id)

    def precedes(self, earlier: str, later: str) -> bool:
        """Whether the writer of `later` knew `earlier`: it is one of its ancestors."""
        before, after = self._places[earlier], self._places[later]
        return earlier != later and after.knows.get(before.chain, 0) >= before.position

    def _find_gaps(self) -> dict[str, tuple[str, ...]]:
        missing = {e.id: tuple(p for p in e.parents if p not in self._by_id) for e in self._by_id.values()}
        return {event_id: parents for event_id, parents in missing.items() if parents}

    def _sort(self) -> tuple[RecordedEvent, ...]:
        children: dict[str, list[RecordedEvent]] = defaultdict(list)
        waits_for: dict[str, int] = {}
        for event in self._by_id.values():
            parents = {parent for parent in event.parents if parent in self._by_id}
            waits_for[event.id] = len(parents)
            for parent in parents:
                children[parent].append(event)
        ready = [(event.at, event.id) for event in self._by_id.values() if not waits_for[event.id]]
        heapq.heapify(ready)
        order = []
        while ready:
            _, event_id = heapq.heappop(ready)
            order.append(self._by_id[event_id])
            for child in children[event_id]:
                waits_for[child.id] -= 1
                if not waits_for[child.id]:
                    heapq.heappush(ready, (child.at, child.id))
        return tuple(order)

    def _place(self) -> dict[str, _Place]:
        """Splits the events into chains, so that an ancestor is found in one look-up.

        A ledger is a line with a few branches that merge again: an event continues any chain whose last event it
        knows, so there are about as many chains as there ever were branches at one time.
        """
        places: dict[str, _Place] = {}
        ends: list[int] = []
        for event in self.order:
            knows: dict[int, int] = {}
            for parent in event.parents:
                if parent in places:
                    for chain, position in places[parent].knows.items():
                        knows[chain] = max(position, knows.get(chain, 0))
            chain = next((c for c, position in sorted(knows.items()) if position == ends[c]), len(ends))
            if chain == len(ends):
                ends.append(0)
            ends[chain] += 1
            knows[chain] = ends[chain]
            places[event.id] = _Place(chain, ends[chain], knows)
        return places
