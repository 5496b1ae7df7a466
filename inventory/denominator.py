"""How much of what the scope names was covered: each boundary, account, repository and tenant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from inventory.binding import source_patterns
from inventory.coverage import CoverageIndex, Place, place_of
from inventory.patterns import PatternIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.model import Coverage
    from inventory.scope.document import Boundary, ScopeDocument


class Share(StrEnum):
    """How much was covered."""

    COVERED = "covered"
    PARTLY = "partly"
    NO_SOURCE = "no_source_configured"


class PartKind(StrEnum):
    """What sort of thing the scope names."""

    BOUNDARY = "boundary"
    ACCOUNT = "account"
    REPOSITORY = "repository"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True, order=True)
class CoveredPart:
    """One thing that the scope names, and how much of it was covered.

    Attributes:
        kind: What it is.
        name: Id of the boundary; of a source its identity or the pattern in the scope document.
        share: How much was covered.
        sources: The sources that were asked for it.
        gaps: What is missing, a phrase each.
    """

    kind: PartKind
    name: str
    share: Share
    sources: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def covered_parts(scope: ScopeDocument, coverage: Iterable[Coverage]) -> tuple[CoveredPart, ...]:
    """The denominator of coverage: everything that the scope names, boundaries first, then by kind and name.

    A pattern counts as covered when every source was that it names and that was asked; what an organisation has beside
    them, only its own list can tell.
    """
    patterns = {pattern for boundary in scope.boundaries for pattern in source_patterns(boundary)}
    bound = {place.source for entry in scope.entries for anchor in entry.bind if (place := place_of(anchor))}
    seen = _Seen(CoverageIndex(coverage), sorted(patterns | bound))
    sources = sorted(seen.part(pattern) for pattern in patterns | bound)
    order = {kind: rank for rank, kind in enumerate(PartKind)}
    parts = [*(seen.boundary(boundary) for boundary in scope.boundaries), *sources]
    return tuple(sorted(parts, key=lambda part: (order[part.kind], part.name)))


class _Seen:
    """What was seen of each thing that the scope names. Every source is looked at once, however many name it."""

    def __init__(self, index: CoverageIndex, patterns: Sequence[str]) -> None:
        self._index = index
        self._sources: dict[str, list[str]] = {pattern: [] for pattern in patterns}
        naming = PatternIndex((pattern.partition("#")[0], number) for number, pattern in enumerate(patterns))
        for source in index.sources:
            for number in set(naming.find(source)):
                self._sources[patterns[number]].append(source)
        self._parts: dict[str, CoveredPart] = {}

    def boundary(self, boundary: Boundary) -> CoveredPart:
        parts = [self.part(pattern) for pattern in source_patterns(boundary)]
        shares = {part.share for part in parts}
        if not parts or shares == {Share.NO_SOURCE}:
            share = Share.NO_SOURCE
        else:
            share = Share.COVERED if shares == {Share.COVERED} else Share.PARTLY
        return CoveredPart(
            PartKind.BOUNDARY,
            boundary.id,
            share,
            tuple(sorted({source for part in parts for source in part.sources})),
            tuple(dict.fromkeys(gap for part in parts for gap in part.gaps)),
        )

    def part(self, pattern: str) -> CoveredPart:
        if pattern not in self._parts:
            self._parts[pattern] = self._look_at(pattern)
        return self._parts[pattern]

    def _look_at(self, pattern: str) -> CoveredPart:
        path = pattern.partition("#")[2]
        path = "" if "*" in path else path
        sources = tuple(self._sources[pattern])
        gaps = tuple(gap for source in sources for gap in self._index.gaps(Place(source, path)))
        kind = _KINDS.get(pattern.partition(":")[0], PartKind.REPOSITORY)
        if not sources:
            return CoveredPart(kind, pattern, Share.NO_SOURCE, (), (f"no source is configured for {pattern}",))
        return CoveredPart(kind, pattern, Share.PARTLY if gaps else Share.COVERED, sources, gaps)


_KINDS = {"repo": PartKind.REPOSITORY, "account": PartKind.ACCOUNT, "tenant": PartKind.TENANT}
