"""What reconciling looks at: everything known and declared, indexed, and the view of one system in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from classifiers.model import SystemKind
from inventory.attestation import AttestationIndex
from inventory.binding import BoundaryIndex, EntryIndex, named_by
from inventory.coverage import CoverageIndex, Place, place_of
from inventory.decision import Answer
from inventory.decision_state import Decisions
from inventory.facts import KnownFacts, facts_of, with_facts
from inventory.model import Fact, Origin
from inventory.scope.review import USUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connectors.model import Coverage
    from inventory.attestation import Attestation
    from inventory.decision import Event
    from inventory.decision_state import DecisionState
    from inventory.model import AISystem
    from inventory.scope.document import Boundary, Entry, Head, ScopeDocument
    from inventory.scope.review import Review


@dataclass(frozen=True, slots=True)
class SystemView:
    """One system and all that concerns it.

    Attributes:
        system: The system.
        entries: The entries that bind it, by id.
        boundaries: The boundaries that it is in, by id.
        known: What is known about it.
        decisions: The decisions in force on it, by time.
        conflicting: Whether these say different things.
        proposals: The proposals on it that wait for an approval, by time.
        attested: Attestations about it that count.
        ending: Those of them that count only for some days more.
        expired: Attestations about it that no longer count.
    """

    system: AISystem
    entries: tuple[Entry, ...]
    boundaries: tuple[Boundary, ...]
    known: KnownFacts
    decisions: tuple[Event, ...]
    conflicting: bool
    proposals: tuple[Event, ...]
    attested: tuple[Attestation, ...]
    ending: tuple[Attestation, ...]
    expired: tuple[Attestation, ...]

    @property
    def dismissed(self) -> bool:
        """Whether somebody, or the knowledge base, says that it is no AI."""
        statuses = {entry.status.answer for entry in self.entries} or {event.answer for event in self.decisions}
        return statuses == {Answer.NOT_AI} or self.system.kind is SystemKind.NOT_AI


class World:
    """Everything that reconciling is given, indexed once."""

    def __init__(
        self,
        scope: ScopeDocument | None,
        decisions: DecisionState,
        coverage: Iterable[Coverage],
        attestations: Iterable[Attestation],
        *,
        today: date,
        catalog_hash: str,
    ) -> None:
        self.scope = scope
        self.review = scope.review if scope else USUAL
        self.today = today
        self.catalog_hash = catalog_hash
        self.coverage = CoverageIndex(coverage)
        self.decisions = Decisions(decisions)
        self.attestations = AttestationIndex(attestations, today)
        self._entries = EntryIndex(scope.entries if scope else (), self.decisions)
        self._boundaries = BoundaryIndex(scope.boundaries if scope else ())
        self.named = _named(scope.boundaries if scope else ())

    def entries_of(self, system: AISystem) -> tuple[Entry, ...]:
        """The entries that bind a system, by id."""
        return self._entries.of(system)

    def view(self, system: AISystem, entries: tuple[Entry, ...]) -> SystemView:
        """All that concerns one system, with the entries that bind it."""
        facts = facts_of(system, *self.attestations.facts(system))
        attested = self.attestations.in_force(system)
        boundaries = self._boundaries.of(system, facts)
        gaps = self._gaps(system, entries)
        decisions = self.decisions.on_system(system)
        return SystemView(
            system=system,
            entries=entries,
            boundaries=boundaries,
            known=KnownFacts(
                with_facts(facts, _declared(boundaries)), covered=not gaps, gaps=gaps, sources=system.sources
            ),
            decisions=decisions,
            conflicting=self.decisions.conflict(decisions),
            proposals=self.decisions.proposed(system, ""),
            attested=attested,
            ending=tuple(one for one in attested if one.ends_soon(self.today)),
            expired=self.attestations.expired(system),
        )

    def passed(self, day: date | None) -> bool:
        """Whether a day is over."""
        return day is not None and day < self.today

    def _gaps(self, system: AISystem, entries: tuple[Entry, ...]) -> tuple[str, ...]:
        """What was not covered of the sources that would show a fact about the system."""
        places = {Place(source) for source in system.sources}
        places |= {place for entry in entries for anchor in entry.bind if (place := place_of(anchor))}
        if not places:
            return ("nothing says which source shows it",)
        return tuple(dict.fromkeys(gap for place in sorted(places) for gap in self.coverage.gaps(place)))


def runs(system: AISystem) -> bool:
    """Whether more than hints speak for a system."""
    return system.kind.holds_ai or system.kind is SystemKind.DEV_ASSISTANT


def day_of(text: str) -> date | None:
    """The day of an ISO 8601 date or time; none of an empty text."""
    return date.fromisoformat(text[:10]) if text else None


def due(event: Event, review: Review = USUAL) -> date | None:
    """The day by which a decision is looked at again: the one that it names, or as long after it as a review may wait.

    The earlier of the two counts; a deferral ends on the day that it names.
    """
    made, named = day_of(event.at), day_of(event.until)
    if event.answer is Answer.DEFER and named:
        return named
    return _earlier(named, made + review.every if made else None)


def entry_due(entry: Entry, decisions: Decisions, review: Review = USUAL) -> date | None:
    """The day of the next review of an entry: the one that it names, or that of the decision that it carries."""
    if entry.status.answer not in {Answer.IN, Answer.OUT}:
        return entry.review_due
    decided = [event for event in decisions.on_entry(entry.id) if event.answer is entry.status.answer]
    return _earlier(entry.review_due, due(decided[-1], review) if decided else None)


def document_due(head: Head, review: Review = USUAL) -> date | None:
    """The day of the next review of the scope document: the one that it names, or as long after its approval as may be."""
    return _earlier(head.review_due, head.approved_on + review.every if head.approved_on else None)


def _earlier(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _named(boundaries: Iterable[Boundary]) -> Mapping[str, frozenset[str]]:
    """The entities, units and geographies that the scope names, in lower case."""
    named: dict[str, set[str]] = {}
    for boundary in boundaries:
        for fact, values in named_by(boundary).items():
            named.setdefault(fact, set()).update(value.casefold() for value in values)
    return {fact: frozenset(values) for fact, values in named.items() if values}


def _declared(boundaries: Iterable[Boundary]) -> Iterator[Fact]:
    """What a system's boundaries say about it."""
    for boundary in boundaries:
        place = (f"boundary {boundary.id}",)
        yield Fact("boundary", (boundary.id,), Origin.DECLARED, place)
        for name in ("entity", "unit"):
            if value := getattr(boundary, name):
                yield Fact(name, value, Origin.DECLARED, place)
        if boundary.geography:
            yield Fact("geography", tuple(sorted(boundary.geography)), Origin.DECLARED, place)
