"""Which entries and boundaries of the scope document a system belongs to: by explicit identifiers, never by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.coverage import place_of
from inventory.facts import TAG_PREFIX, value_set
from inventory.patterns import PatternIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.decision_state import Decisions
    from inventory.model import AISystem, Fact
    from inventory.scope.document import Boundary, Entry


class EntryIndex:
    """Finds the entries that bind a system.

    Args:
        entries: Entries of the scope document.
        decisions: Decisions in force; none where only what is declared counts.
    """

    def __init__(self, entries: Sequence[Entry], decisions: Decisions | None = None) -> None:
        self._decisions = decisions
        self._entries = sorted(entries, key=lambda entry: entry.id)
        self._patterns = PatternIndex(
            (anchor, number) for number, entry in enumerate(self._entries) for anchor in entry.bind
        )

    def of(self, system: AISystem) -> tuple[Entry, ...]:
        """The entries that name one of the system's anchors, its id or an alias, by id.

        Where none does, the system may have moved since it was decided: then the entry that carries the decision binds
        it by an anchor that it had at the time.
        """
        names = (*system.anchors, system.id, *system.aliases)
        found = {number for name in names for number in self._patterns.find(name)} or self._as_decided(system)
        return tuple(self._entries[number] for number in sorted(found))

    def _as_decided(self, system: AISystem) -> set[int]:
        return {
            number
            for event in (self._decisions.on_system(system) if self._decisions else ())
            for anchor in event.anchors
            for number in self._patterns.find(anchor)
            if self._entries[number].id == event.entry
        }


class BoundaryIndex:
    """Finds the boundaries that a system is in."""

    def __init__(self, boundaries: Sequence[Boundary]) -> None:
        self._boundaries = sorted(boundaries, key=lambda boundary: boundary.id)
        self._patterns = PatternIndex(
            (pattern, number)
            for number, boundary in enumerate(self._boundaries)
            for pattern in source_patterns(boundary)
        )
        self._tagged = [(number, boundary) for number, boundary in enumerate(self._boundaries) if boundary.match.tags]
        self._described = [
            (number, boundary)
            for number, boundary in enumerate(self._boundaries)
            if boundary.match.empty and (boundary.entity or boundary.unit or boundary.geography)
        ]

    def of(self, system: AISystem, facts: Mapping[str, Sequence[Fact]]) -> tuple[Boundary, ...]:
        """The boundaries that name a source or an anchor of the system, or its tags, by id."""
        found = {number for name in _places(system) for number in self._patterns.find(name)}
        found |= {number for number, boundary in self._tagged if _carries_tags(boundary, facts)}
        found |= {number for number, boundary in self._described if _is_described(boundary, facts)}
        return tuple(self._boundaries[number] for number in sorted(found))


def source_patterns(boundary: Boundary) -> Iterator[str]:
    """The patterns of a boundary in the form of source identities."""
    for repository in boundary.match.repositories:
        yield f"repo:{repository.removeprefix('repo:')}"
    for kind, names in (("account", boundary.match.accounts), ("tenant", boundary.match.tenants)):
        for name in names:
            bare = name.removeprefix(f"{kind}:")
            yield f"{kind}:{bare}" if ":" in bare else f"{kind}:*:{bare}"


def _places(system: AISystem) -> set[str]:
    places = {place.source for anchor in system.anchors if (place := place_of(anchor))}
    return places | set(system.sources) | set(system.anchors)


def _carries_tags(boundary: Boundary, facts: Mapping[str, Sequence[Fact]]) -> bool:
    return all(
        _values(facts, f"{TAG_PREFIX}{key}") & {value.casefold() for value in wanted}
        for key, wanted in boundary.match.tags.items()
    )


def _is_described(boundary: Boundary, facts: Mapping[str, Sequence[Fact]]) -> bool:
    return all(
        _values(facts, name) & {value.casefold() for value in named}
        for name, named in named_by(boundary).items()
        if named
    )


def named_by(boundary: Boundary) -> dict[str, tuple[str, ...]]:
    """What a boundary names of the organisation, by the name of the fact."""
    return {
        "entity": (boundary.entity,) if boundary.entity else (),
        "unit": (boundary.unit,) if boundary.unit else (),
        "geography": boundary.geography,
    }


def _values(facts: Mapping[str, Sequence[Fact]], name: str) -> set[str]:
    return {str(member).casefold() for fact in facts.get(name, ()) for member in value_set(fact.value)}
