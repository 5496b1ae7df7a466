"""Whether a scan can vouch that something is not there: only where every source that would show it was covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.coverage import CoverageIndex, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.model import Coverage


class Seen:
    """What a scan saw."""

    def __init__(self, coverage: Iterable[Coverage]) -> None:
        self._index = CoverageIndex(coverage)

    def gaps(self, anchors: Iterable[str]) -> tuple[str, ...]:
        """Why the absence of these anchors proves nothing, a phrase each; none where it does."""
        named = tuple(anchors)
        gaps = (gap for anchor in named for gap in self._gaps(anchor))
        return tuple(dict.fromkeys(gaps)) if named else ("nothing says which source would show it",)

    def _gaps(self, anchor: str) -> Iterator[str]:
        place = place_of(anchor)
        if place is None:
            yield f"nothing says which source would show {anchor}"
        else:
            yield from self._index.gaps(place)
