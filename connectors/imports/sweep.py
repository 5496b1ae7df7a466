"""Sweeps a log for hosts: one pass over big pieces of bytes, and only the lines that hit are read.

Almost no line of a log is about what is looked for, so the cost of a line must be that of its bytes. A small automaton of
a telling fragment of each host finds lines that may hit: it fits into a processor's nearest cache, and is several times as
fast as one of all hosts. The whole hosts are then looked for in those lines alone, and what is left is parsed. A large
plain file is swept in parts of fixed size, each by a process, so that the result does not depend on how many there are.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from connectors.imports.formats import Log, parser, passed_over
from connectors.imports.opening import is_packed, opened
from connectors.imports.problem import ImportProblem
from connectors.imports.tally import Tally, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

PIECE: Final = 1024 * 1024
MAX_LINE: Final = 256 * 1024
PART: Final = 64 * 1024 * 1024
_WORTH_PROCESSES: Final = 4
"""Parts from which on processes are worth their start."""

_FRAGMENT: Final = 8
_SHORT: Final = 2
_SHARED: Final = frozenset({
    b"api", b"apis", b"www", b"app", b"cloud", b"com", b"amazonaws", b"azure", b"microsoft", b"windows", b"googleapis", b"google", b"aliyuncs",
    b"oraclecloud", b"oci", b"ibm", b"appdomain", b"cloudflare", b"github", b"githubusercontent", b"myqcloud", b"baidubce", b"volces", b"huaweicloud",
})  # fmt: skip
"""Labels below which, or behind which, half the world stands."""

_PLACE: Final = re.compile(rb"-(?:north|south|east|west|central|northeast|southeast)|\d\Z")
"""Regions of clouds."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What to look for in a log.

    Attributes:
        log: The log.
        hosts: Hosts that are looked for.
        words: Expressions of what was not let through.
        today: The day of the scan.
        size: Bytes of a part.
    """

    log: Log
    hosts: Mapping[str, object]
    words: tuple[str, ...]
    today: date
    size: int = PART

    def file(self, path: Path, workers: int = 0) -> Tally:
        """What the whole file says.

        Raises:
            ImportProblem: It cannot be read to its end.
        """
        starts = [0] if is_packed(path) else list(range(0, max(1, path.stat().st_size), self.size))
        if len(starts) == 1:
            with opened(path) as stream:
                return self.stream(stream)
        tally = Tally(self.today, self.words)
        wanted = min(workers or _processors(), len(starts))
        if wanted == 1 or len(starts) < _WORTH_PROCESSES:
            for start in starts:
                tally.join(self.part(path, start))
            return tally
        # Spawned, not forked: the scan around this has threads.
        with ProcessPoolExecutor(wanted, mp_context=multiprocessing.get_context("spawn")) as pool:
            for part in pool.map(self.part, [path] * len(starts), starts):
                tally.join(part)
        return tally

    def part(self, path: Path, start: int) -> Tally:
        """What the lines say that begin in one part of a plain file."""
        header = self._header_before(path, start)
        with opened(path) as stream:
            return self._pieces(_pieces(stream, start, start + self.size), header)

    def stream(self, stream: BinaryIO) -> Tally:
        """What a stream says."""
        return self._pieces(_pieces(stream, 0, 0), self.log.header)

    def _pieces(self, pieces: Iterator[tuple[bytes, int]], header: bytes) -> Tally:
        form = self.log.format
        mark = form.directive.encode()
        parse, silent = parser(form, header), passed_over(form)
        wanted, tally = Wanted(self.hosts), Tally(self.today, self.words)
        finder = _Finder(wanted.texts + ([mark.lower()] if mark else []))
        try:
            for piece, too_long in pieces:
                tally.counts["lines"] += piece.count(b"\n") + bool(piece and not piece.endswith(b"\n"))
                tally.counts["dropped: too long"] += too_long
                for line in finder.lines(piece):
                    if mark and line.startswith(mark):
                        parse = parser(form, line)
                    elif said := parse(line):
                        tally.add(said, wanted)
                    elif not silent(line):
                        tally.counts["dropped: not understood"] += 1
        except ImportProblem as problem:
            tally.cut = str(problem)  # what was read before stands
        return tally

    def _header_before(self, path: Path, start: int) -> bytes:
        """The line that names the columns of the lines of a part: a log that went on under a new version has several."""
        mark = self.log.format.directive.encode()
        if not mark or not start:
            return self.log.header
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
            place = view.rfind(b"\n" + mark, 0, start + len(mark)) + 1
            end = view.find(b"\n", place, place + MAX_LINE)
            line = view[place:end]
        return line if line.startswith(mark) else self.log.header


class _Finder:
    """Finds the lines in which any of several texts stands, in whatever case."""

    def __init__(self, texts: list[bytes]) -> None:
        self._fragments = BytesAhoCorasick(sorted(set(map(fragment, texts))), implementation=Implementation.DFA)
        self._whole = BytesAhoCorasick(texts, implementation=Implementation.DFA)

    def lines(self, piece: bytes) -> Iterator[bytes]:
        low, end = piece.lower(), 0
        for _, place, _ in self._fragments.find_matches_as_indexes(low):
            if place < end:
                continue
            begin = piece.rfind(b"\n", end, place) + 1 or end
            end = piece.find(b"\n", place)
            end = len(piece) if end < 0 else end
            if self._whole.find_matches_as_indexes(low[begin:end]):
                yield piece[begin:end]


def fragment(host: bytes) -> bytes:
    """A short part of a host that hardly anything else has: its domain, or where half the world is below that, the service."""
    *labels, _ = [label for label in host.split(b".") if label]
    telling = [
        label for label in reversed(labels) if len(label) > _SHORT and label not in _SHARED and not _PLACE.search(label)
    ]
    place = host.find((telling or labels or [host])[0])
    return host[max(0, min(place, len(host) - _FRAGMENT)) :][:_FRAGMENT]


def _pieces(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines in big pieces, each with the number of lines that were too long to keep.

    Args:
        stream: Where they come from.
        start: Lines that begin before are left to the part before; only for a stream that can seek.
        end: Lines that begin from here on are left to the next part; 0 for none.
    """
    place = start
    if start:
        stream.seek(start - 1)
        place += _skip_line(stream) - 1
    kept = b""
    too_long = 0
    while not end or place < end:
        block = stream.read(min(PIECE, end - place) if end else PIECE)
        if not block:
            break
        place += len(block)
        cut = block.rfind(b"\n") + 1
        if cut:
            yield kept + block[:cut], too_long
            kept, too_long = block[cut:], 0
        else:
            kept += block
        if len(kept) > MAX_LINE:
            if not kept.endswith(b"\n"):
                place += _skip_line(stream)
            kept, too_long = b"", too_long + 1
    if kept and end:
        rest = stream.readline(MAX_LINE)
        if len(rest) == MAX_LINE:
            kept, rest, too_long = b"", b"", too_long + 1
        kept += rest
    if kept or too_long:
        yield kept, too_long


def _skip_line(stream: BinaryIO) -> int:
    """Reads to the end of a line, and gives how many bytes that took."""
    read = 0
    while part := stream.readline(MAX_LINE):
        read += len(part)
        if part.endswith(b"\n"):
            break
    return read


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
