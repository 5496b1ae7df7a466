"""What was covered and what was not, as people read it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from connectors.model import Outcome
from inventory.denominator import PartKind, Share
from scanner.reports.few import Few, few
from scanner.reports.plain import plain
from scanner.reports.wording import OUTCOME, SHARE, count, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.model import Coverage
    from inventory.denominator import CoveredPart
    from scanner.result import ScanResult


class Seen(StrEnum):
    """How much of a source was seen, the least first."""

    NOT = "not seen"
    PARTLY = "seen in part"
    FULLY = "seen in full"


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source, how much of it was seen, and how many files that was."""

    name: str
    seen: Seen
    files: int
    reason: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One thing that the scope names, and how much of it was covered."""

    name: str
    kind: str
    share: Share
    words: str
    sources: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a source that was not seen, or that was left out by choice."""

    source: str
    scope: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What was covered.

    Attributes:
        complete: Whether everything that was asked was seen.
        headline: Coverage in one sentence.
        parts: Of what the scope names, the boundaries and every place that was not wholly covered.
        covered: The places that it names and that were.
        unasked: How many places it names that no source was asked for.
        sources: What was asked, the least seen first.
        gaps: Parts that were not seen.
        left_out: Parts that were skipped by rule; they do not make a scan incomplete.
        files: How many files were looked at.
    """

    complete: bool
    headline: str
    parts: Few[PartView]
    covered: Few[str]
    unasked: int
    sources: Few[SourceView]
    gaps: Few[Gap]
    left_out: Few[Gap]
    files: int


def coverage_view(result: ScanResult, rows: int) -> CoverageView:
    """What was covered, with so many rows at most in each list."""
    records: defaultdict[str, list[Coverage]] = defaultdict(list)
    for record in result.coverage:
        records[record.source].append(record)
    sources = [_source(source, records[source]) for source in sorted({*result.scan.sources, *records})]
    sources.sort(key=lambda source: _LEAST_FIRST[source.seen])
    gaps = [gap for source in sorted(records) for gap in _gaps(records[source])]
    covered = [part for part in _places(result.denominator) if part.share is Share.COVERED]
    left_out = [record for record in result.coverage if record.outcome is Outcome.SKIPPED]
    return CoverageView(
        complete=not result.incomplete,
        headline=f"{_seen(sources)}{_named(result.denominator)}.",
        parts=few(
            [part for part in result.denominator if part.kind is PartKind.BOUNDARY or part.share is not Share.COVERED],
            rows,
            _part,
        ),
        covered=few(covered, rows, lambda part: short(part.name)),
        unasked=sum(part.share is Share.NO_SOURCE for part in _places(result.denominator)),
        sources=Few(tuple(sources[:rows]), max(0, len(sources) - rows)),
        gaps=few(gaps, rows, _gap),
        left_out=few(left_out, rows, _gap),
        files=sum(source.files for source in sources),
    )


def short(source: str) -> str:
    """A source or anchor as people say it: without the scheme of a repository, its folder set apart."""
    if not source.startswith("repo:"):
        return plain(source)
    repository, _, folder = source.removeprefix("repo:").partition("#")
    return plain(f"{repository} / {folder}" if folder else repository)


_LEAST_FIRST: Final = {seen: rank for rank, seen in enumerate(Seen)}


def _source(source: str, records: Sequence[Coverage]) -> SourceView:
    """How much of a source was seen. A source without a record was not."""
    lost = [one for one in records if one.outcome.incomplete or (one.outcome is Outcome.SKIPPED and not one.scope)]
    whole = [one for one in lost if not one.scope]
    if not records or any(one.outcome is not Outcome.PARTIAL for one in whole):
        seen = Seen.NOT
    else:
        seen = Seen.PARTLY if lost else Seen.FULLY
    reason = next((one.reason for one in (*whole, *lost) if one.reason), "" if records else "it was never asked")
    return SourceView(short(source), seen, sum(one.counts.get("files", 0) for one in records), plain(reason, _REASON))


def _gaps(records: Sequence[Coverage]) -> list[Coverage]:
    """Parts that were not seen; the source as a whole only where nothing says which part of it."""
    lost = [record for record in records if record.outcome.incomplete]
    parts = [record for record in lost if record.scope]
    return [record for record in lost if record.scope or not parts or record.outcome is not Outcome.PARTIAL]


def _gap(record: Coverage) -> Gap:
    return Gap(short(record.source), plain(record.scope), OUTCOME[record.outcome], plain(record.reason, _REASON))


def _part(part: CoveredPart) -> PartView:
    return PartView(
        name=short(part.name),
        kind=part.kind.value,
        share=part.share,
        words=SHARE[part.share],
        sources=tuple(short(source) for source in part.sources[:_FEW])
        + ((f"and {len(part.sources) - _FEW:,} more",) if len(part.sources) > _FEW else ()),
        gaps=tuple(plain(gap, _PHRASE) for gap in part.gaps[:_FEW])
        + ((f"and {len(part.gaps) - _FEW:,} more",) if len(part.gaps) > _FEW else ()),
    )


def _seen(sources: Sequence[SourceView]) -> str:
    """The first half of the headline: what was asked, and how much of it was seen."""
    totals = Counter(source.seen for source in sources)
    full, partly, unseen = (totals[seen] for seen in (Seen.FULLY, Seen.PARTLY, Seen.NOT))
    if not sources:
        return "No source was scanned, so nothing is known"
    if len(sources) == 1:
        return f"The one source was {sources[0].seen}"
    if full == len(sources):
        return f"All {full:,} sources were seen in full"
    said = [f"{full:,} of {len(sources):,} sources {'was' if full == 1 else 'were'} seen in full"]
    said += [f"{partly:,} in part"] if partly else []
    said += [f"{unseen:,} not at all"] if unseen else []
    return listing(said)


def _places(parts: Iterable[CoveredPart]) -> list[CoveredPart]:
    return [part for part in parts if part.kind is not PartKind.BOUNDARY]


def _named(parts: Sequence[CoveredPart]) -> str:
    """The rest of the headline: how much that is of what the scope names."""
    boundaries = [part for part in parts if part.kind is PartKind.BOUNDARY]
    places = _places(parts)
    said = _shares(boundaries, "boundary", "boundaries") or _shares(places, "place", "places")
    unasked = sum(part.share is Share.NO_SOURCE for part in places)
    if boundaries and unasked:
        said += f"; no source is configured for {unasked:,} of the {count(len(places), 'place')} that it names"
    return said


def _shares(parts: Sequence[CoveredPart], one: str, many: str) -> str:
    totals = Counter(part.share for part in parts)
    if not parts:
        return ""
    what = count(len(parts), one, many)
    if totals[Share.COVERED] == len(parts):
        return f"; everything in the {what} that the scope names was covered"
    said = [f"{totals[share]:,} {words[totals[share] > 1]}" for share, words in _SHARES.items() if totals[share]]
    return f"; of the {what} that the scope names, {listing(said)}"


_SHARES: Final = {
    Share.COVERED: ("was covered", "were covered"),
    Share.PARTLY: ("was covered in part", "were covered in part"),
    Share.NO_SOURCE: ("has no source", "have no source"),
}
"""For one and for many."""
_FEW: Final = 4
_REASON: Final = 400
_PHRASE: Final = 140
