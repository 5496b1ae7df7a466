"""What was seen of the sources, so that absence can be told from blindness."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.model import Coverage

_ANCHOR_FORMS = (
    (("repo:", "import:"), re.compile(r"(?P<source>(?:repo|import):[^#!*]+)(?:#(?P<path>[^*!]*)|[#!].*)?"), "{source}"),
    (("tenant:", "account:"), re.compile(r"(?P<source>(?:tenant|account):[^:/*]+:[^/*]+)(?:/.*)?"), "{source}"),
    (("arn:",), re.compile(r"arn:[^:*]*:[^:*]*:(?P<path>[^:*]*):(?P<source>[0-9]+):.*"), "account:aws:{source}"),
    (("/",), re.compile(r"/subscriptions/(?P<source>[^/*]+)(?:/.*)?", re.IGNORECASE), "account:azure:{source}"),
    (("//",), re.compile(r"//[^/*]+\.googleapis\.com/projects/(?P<source>[^/*]+)(?:/.*)?"), "account:gcp:{source}"),
)
"""How an anchor names the source that would show it, and perhaps the folder or Region there, by how it begins."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A source, or the folder of one that a path names."""

    source: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.source}#{self.path}" if self.path else self.source


def place_of(anchor: str) -> Place | None:
    """Where a thing with this anchor would be seen.

    None where that cannot be told: the anchor has no form that names a source, or a `*` stands in the source's name, so
    that nobody knows which sources there are.
    """
    for beginnings, form, source in _ANCHOR_FORMS:
        if anchor.startswith(beginnings) and (match := form.fullmatch(anchor)):
            return Place(source.format(source=match["source"]), match.groupdict().get("path") or "")
    return None


_SLASH = re.compile("/")

LEFT_OUT = "left_out"
"""A count that says of a skipped part that what is there was left for another day, so that absence proves nothing."""


class CoverageIndex:
    """Answers whether a place was fully covered.

    A place was, when a record for it or for what contains it says complete (or that there is nothing to ask), and no
    record that touches it says partial, denied or failed.
    """

    def __init__(self, coverage: Iterable[Coverage]) -> None:
        self._records: dict[str, list[Coverage]] = defaultdict(list)
        for record in sorted(coverage, key=lambda record: (record.source, record.scope, record.outcome, record.reason)):
            self._records[record.source].append(record)
        self._gaps: dict[Place, tuple[str, ...]] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that were asked, sorted."""
        return tuple(self._records)

    def fully(self, place: Place) -> bool:
        """Whether nothing at the place can have stayed unseen."""
        return not self.gaps(place)

    def gaps(self, place: Place) -> tuple[str, ...]:
        """Why a place was not fully covered, a phrase each; empty where it was."""
        if place not in self._gaps:
            self._gaps[place] = tuple(self._find_gaps(place))
        return self._gaps[place]

    def _touching(self, place: Place) -> Iterator[Coverage]:
        """The records for what contains a place, for it, and for what is in it, by scope.

        The records of a source stand by scope, so that they are found and not searched for: a large repository has
        thousands of them, and thousands of places.
        """
        records = self._records.get(place.source, [])
        if not place.path:
            yield from records
            return
        folders = dict.fromkeys(["", *(place.path[: end.start()] for end in _SLASH.finditer(place.path)), place.path])
        spans = [(folder, f"{folder}\0") for folder in folders]
        for first, behind in (*spans, (f"{place.path}/", f"{place.path}0")):
            yield from records[bisect_left(records, first, key=_scope) : bisect_left(records, behind, key=_scope)]

    def _find_gaps(self, place: Place) -> list[str]:
        records = list(self._touching(place))
        gaps = [
            _phrase(record)
            for record in records
            if (
                record.outcome.incomplete
                and (_contains(record.scope, place.path) or _contains(place.path, record.scope))
            )
            or (record.outcome is Outcome.SKIPPED and _contains(record.scope, place.path))
            or (record.counts.get(LEFT_OUT) and _contains(place.path, record.scope))
        ]
        asked = any(
            record.outcome in {Outcome.COMPLETE, Outcome.NOT_APPLICABLE} and _contains(record.scope, place.path)
            for record in records
        )
        return gaps if gaps or asked else [f"{place} was not scanned"]


def _scope(record: Coverage) -> str:
    return record.scope


def _contains(folder: str, path: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _phrase(record: Coverage) -> str:
    where = f"{record.scope} of {record.source}" if record.scope else record.source
    return f"{where} was {_ENDED[record.outcome]}" + (f" ({record.reason})" if record.reason else "")


_ENDED = {
    Outcome.PARTIAL: "seen in part",
    Outcome.DENIED: "denied",
    Outcome.FAILED: "not read",
    Outcome.SKIPPED: "skipped",
}
