"""What the events of a ledger amount to: the decisions in force, the proposals still open, the events without effect."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.decision import EventKind
from inventory.decision_state import DecisionState
from inventory.identity import same_person
from inventory.ledger.file import FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.ledger.event import RecordedEvent
    from inventory.ledger.history import History


@dataclass(frozen=True, slots=True)
class Effectless:
    """Why an event changes nothing."""

    kind: FaultKind
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds after all events.

    Attributes:
        state: The decisions in force and the open proposals.
        effectless: Events that change nothing, by their id.
    """

    state: DecisionState
    effectless: Mapping[str, Effectless]


def standing(history: History) -> Standing:
    """Follows the events, parents before children, and keeps what stands.

    A decision replaces those on the same system or anchor that its writer knew, and closes the proposals on the system
    that its writer knew. The result is the same for every order of the lines.
    """
    walk = _Walk(history)
    for event in history.order:
        walk.take(event)
    return walk.finish()


def answers_proposal(event: RecordedEvent) -> bool:
    """Whether the event approves or rejects a proposal, rather than decide on its own."""
    return event.kind is EventKind.REJECTED or (event.kind is EventKind.APPROVED and bool(event.refers))


class _Walk:
    def __init__(self, history: History) -> None:
        self._history = history
        self._by_system: dict[str, list[RecordedEvent]] = defaultdict(list)
        self._by_anchor: dict[str, list[RecordedEvent]] = defaultdict(list)
        self._proposals: dict[str, list[RecordedEvent]] = defaultdict(list)
        self._closed_by: dict[str, list[RecordedEvent]] = defaultdict(list)
        self._effectless: dict[str, Effectless] = {}

    def take(self, event: RecordedEvent) -> None:
        if effectless := self._effectless_because(event):
            self._effectless[event.id] = effectless
            return
        if answers_proposal(event):
            self._closed_by[event.refers].append(event)
        if event.kind is not EventKind.REJECTED:
            self._close_proposals_known_to(event)
        if event.kind is EventKind.PROPOSED:
            self._proposals[event.subject].append(event)
        elif event.kind is not EventKind.REJECTED:
            self._put_in_force(event)

    def finish(self) -> Standing:
        proposals = [event for events in self._proposals.values() for event in events]
        state = DecisionState(
            by_system=_sorted_by_time(self._by_system),
            by_anchor=_sorted_by_time(self._by_anchor),
            pending=_by_time(event for event in proposals if not self._closed_by[event.id]),
            disputed=frozenset(approval for event in proposals for approval in self._disputed_approvals(event)),
        )
        return Standing(state, self._effectless)

    def _effectless_because(self, event: RecordedEvent) -> Effectless | None:
        if event.kind is EventKind.SUPERSEDED and self._known(event) is None:
            return Effectless(FaultKind.WITHOUT_EFFECT, "it replaces a decision that its writer cannot have known")
        return self._no_answer_because(event) if answers_proposal(event) else None

    def _no_answer_because(self, event: RecordedEvent) -> Effectless | None:
        proposal = self._known(event)
        if proposal is None or proposal.kind is not EventKind.PROPOSED:
            return Effectless(FaultKind.WITHOUT_EFFECT, "it answers no proposal that its writer can have known")
        if any(self._history.precedes(closing.id, event.id) for closing in self._closed_by[proposal.id]):
            return Effectless(FaultKind.WITHOUT_EFFECT, "the proposal that it answers was no longer open")
        if event.kind is EventKind.REJECTED:
            return None
        if same_person(event.by, proposal.by):
            return Effectless(FaultKind.SELF_APPROVAL, f"{event.by.name} approves what {proposal.by.name} proposed")
        if _decided(event) != _decided(proposal):
            return Effectless(FaultKind.WITHOUT_EFFECT, "it approves something else than was proposed")
        return None

    def _known(self, event: RecordedEvent) -> RecordedEvent | None:
        known = event.refers in self._history and self._history.precedes(event.refers, event.id)
        return self._history.get(event.refers) if known else None

    def _close_proposals_known_to(self, event: RecordedEvent) -> None:
        for proposal in self._proposals[event.subject]:
            if proposal.id != event.refers and self._history.precedes(proposal.id, event.id):
                self._closed_by[proposal.id].append(event)

    def _put_in_force(self, event: RecordedEvent) -> None:
        self._replace(self._by_system, event.subject, event)
        for anchor in event.anchors:
            self._replace(self._by_anchor, anchor, event)

    def _replace(self, decisions: dict[str, list[RecordedEvent]], key: str, event: RecordedEvent) -> None:
        decisions[key] = [e for e in decisions[key] if not self._history.precedes(e.id, event.id)] + [event]

    def _disputed_approvals(self, proposal: RecordedEvent) -> Iterator[str]:
        answers = [event for event in self._closed_by[proposal.id] if event.refers == proposal.id]
        if any(event.kind is EventKind.REJECTED for event in answers):
            yield from (event.id for event in answers if event.kind is EventKind.APPROVED)


def _decided(event: RecordedEvent) -> tuple[object, ...]:
    """What a proposal and its approval must have in common."""
    e = event
    return (e.subject, e.anchors, e.entry, e.answer, e.facts, e.catalog, e.evidence, e.until, e.declares)


def _sorted_by_time(decisions: Mapping[str, list[RecordedEvent]]) -> dict[str, tuple[RecordedEvent, ...]]:
    return {key: _by_time(events) for key, events in decisions.items() if events}


def _by_time(events: Iterable[RecordedEvent]) -> tuple[RecordedEvent, ...]:
    return tuple(sorted(events, key=lambda event: (event.at, event.id)))
