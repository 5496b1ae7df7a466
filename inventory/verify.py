"""Holding the ledger against itself, and against heads recorded elsewhere: `aimscope ledger verify`.

Every event hashes its content and its parents, so an edit, a gap or a cycle shows in the file alone. A ledger that was
cut off at its end, or written anew from the start, is whole in itself: that shows only against a head that somebody
recorded elsewhere. A head that is there proves that everything before it is there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.ledger.file import Fault, FaultKind, Reading, read
from inventory.ledger.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RecordedHead:
    """Heads of the ledger as they were recorded outside it.

    Attributes:
        where: The place in words: `the scope document`, `the last report`, `--head`.
        heads: Event ids; none where the place records none, so that it is named as not checked.
    """

    where: str
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found and what was looked at.

    Attributes:
        events: Number of events.
        heads: The present heads, to be recorded elsewhere.
        faults: What is wrong, in the order of the lines.
        notices: What is untidy and changes no decision, in the order of the lines.
        checked: Places whose recorded heads were looked for.
        not_checked: Places that record no head: truncation and rewriting do not show against them.
    """

    events: int
    heads: tuple[str, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    checked: tuple[str, ...]
    not_checked: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong, so far as it was checked."""
        return not self.faults


def verify(ledger: Path, recorded: Sequence[RecordedHead]) -> Verification:
    """Finds every edited line, gap, duplicate, cycle and self-approval, and every recorded head that is missing."""
    reading = read(ledger)
    found = sorted(
        [*reading.faults, *_effectless(ledger, reading), *_missing_heads(ledger, reading, recorded)], key=_place
    )
    return Verification(
        events=len(reading.history),
        heads=reading.history.heads,
        faults=tuple(fault for fault in found if not fault.kind.harmless),
        notices=tuple(fault for fault in found if fault.kind.harmless),
        checked=tuple(place.where for place in recorded if place.heads),
        not_checked=tuple(place.where for place in recorded if not place.heads),
    )


def _effectless(ledger: Path, reading: Reading) -> Iterator[Fault]:
    for event_id, effectless in standing(reading.history).effectless.items():
        what = f"the event has no effect: {effectless.why}"
        mend = "leave the line, and let somebody else decide anew with `aimscope decide` or `aimscope approve`"
        yield Fault(ledger, reading.lines[event_id], effectless.kind, what, mend)


def _missing_heads(ledger: Path, reading: Reading, recorded: Sequence[RecordedHead]) -> Iterator[Fault]:
    for place in recorded:
        for head in place.heads:
            if head not in reading.history:
                what = (
                    f"{place.where} records the head {head}, which is not here: the ledger was cut off or written anew"
                )
                yield Fault(
                    ledger, 0, FaultKind.HEAD_MISSING, what, "restore the ledger from the version control history"
                )


def _place(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.kind
