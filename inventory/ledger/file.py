"""Reading the ledger: line by line, every fault with its line and its mend."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

from inventory.ledger.event import MAX_LINE_BYTES, DamagedEventError, EditedEventError, RecordedEvent, decode
from inventory.ledger.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
_FROM_HISTORY = "put the line back as it was from the version control history, and decide anew instead of editing"


class FaultKind(StrEnum):
    """What can be wrong with a ledger."""

    UNREADABLE = "unreadable"
    CONFLICT_MARKER = "conflict_marker"
    TOO_LONG = "too_long"
    DAMAGED = "damaged"
    DUPLICATE = "duplicate"
    GAP = "gap"
    CYCLE = "cycle"
    SELF_APPROVAL = "self_approval"
    WITHOUT_EFFECT = "without_effect"
    HEAD_MISSING = "head_missing"

    @property
    def harmless(self) -> bool:
        """Whether the decisions are the same with and without it: a merge may leave the same line twice."""
        return self is FaultKind.DUPLICATE


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a ledger: where, what is wrong and how to mend it; line 0 stands for the whole file."""

    path: Path
    line: int
    kind: FaultKind
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.what}. To mend it: {self.mend}."


class LedgerError(Exception):
    """A ledger that cannot be relied on, with all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a ledger file.

    Attributes:
        history: The events that could be read, edited ones included.
        lines: The line of each event, by its id.
        faults: What is wrong with the lines and the chain they make, in the order of the lines.
    """

    history: History
    lines: dict[str, int]
    faults: tuple[Fault, ...]


def load(path: Path) -> History:
    """The events of a ledger; a file that does not exist is a ledger without events.

    Raises:
        LedgerError: A line was edited, is missing or cannot be read. A line that stands twice is no error.
    """
    reading = read(path)
    faults = [fault for fault in reading.faults if not fault.kind.harmless]
    if faults:
        raise LedgerError(faults)
    return reading.history


def read(path: Path) -> Reading:
    """Everything that can be read of a ledger, and every fault of its lines and of the chain that they make."""
    reader = _Reader(path)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_bounded_lines(file), start=1):
                reader.take(number, line)
    except FileNotFoundError:
        pass
    except OSError as error:
        mend = "make it a file that you may read"
        reader.fault(0, FaultKind.UNREADABLE, f"the ledger cannot be read: {error.strerror}", mend)
    return reader.finish()


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of a line that is too long only so much that it can be told."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)


@dataclass(slots=True)
class _Reader:
    """Collects events and faults."""

    path: Path
    events: dict[str, RecordedEvent] = field(default_factory=dict)
    edited: dict[str, RecordedEvent] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, kind: FaultKind, what: str, mend: str) -> None:
        self.faults.append(Fault(self.path, line, kind, what, mend))

    def take(self, number: int, line: bytes) -> None:
        if line.startswith(_MARKERS):
            what = f"an unresolved merge: {line[:7].decode()}"
            mend = (
                "delete the marker lines and keep every event of both sides; "
                f"`{self.path.name} merge=union` in .gitattributes lets git do so"
            )
            self.fault(number, FaultKind.CONFLICT_MARKER, what, mend)
        elif len(line) > MAX_LINE_BYTES:
            self.fault(number, FaultKind.TOO_LONG, f"a line longer than {MAX_LINE_BYTES} bytes", _FROM_HISTORY)
        else:
            self._take_event(number, line)

    def _take_event(self, number: int, line: bytes) -> None:
        try:
            event = decode(line)
        except DamagedEventError as error:
            self.fault(number, FaultKind.DAMAGED, f"not an event as it was written: {error}", _FROM_HISTORY)
            if isinstance(error, EditedEventError):
                self.edited[error.claimed.id] = error.claimed
                self.lines.setdefault(error.claimed.id, number)
            return
        if event.id in self.events:
            what = f"the same event as in line {self.lines[event.id]}"
            self.fault(number, FaultKind.DUPLICATE, what, "delete the second of the two lines; it changes nothing")
            return
        self.events[event.id] = event
        self.lines[event.id] = number

    def finish(self) -> Reading:
        # An edited event keeps its place in the chain, so that one edit is one fault and not also a gap.
        history = History({**self.edited, **self.events}.values())
        for event_id, parents in history.gaps.items():
            what = f"the event before it is missing: {', '.join(parents)}"
            self.fault(
                self.lines[event_id], FaultKind.GAP, what, "put the missing line back from the version control history"
            )
        for event_id in history.cyclic:
            what = "it stands before itself: its parents lead back to it"
            self.fault(self.lines[event_id], FaultKind.CYCLE, what, _FROM_HISTORY)
        return Reading(history, self.lines, tuple(sorted(self.faults, key=lambda fault: fault.line)))
