"""What a scan means for the non-conformities: new ones, ones that it shows corrected, ones that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inventory.register.document import FaultKind, NonConformity, Observed, Sight, Stage, mint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from inventory.register.document import Register


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not conform now.

    Attributes:
        kind: What.
        subject: Id of the system or entry, or `document`.
        name: What people call it.
        rule: What says so, in words that no edit elsewhere in the scope document changes.
        what: In a sentence, with the evidence.
        former: Further ids that the subject had.
    """

    kind: FaultKind
    subject: str
    name: str
    rule: str
    what: str
    former: tuple[str, ...] = ()


def follow(
    register: Register, faults: Iterable[Fault], correction: Callable[[NonConformity], str], *, scan: str, today: date
) -> tuple[NonConformity, ...]:
    """The non-conformities that this scan adds or adds to; what it leaves as it is is not among them.

    Args:
        register: The register.
        faults: What does not conform now.
        correction: What shows that something conforms again, in a sentence; empty where that cannot be told, because
            what would show it was not covered.
        scan: Id of the scan.
        today: The day for which it is judged.
    """
    found: set[str] = set()
    changed = []
    for fault in faults:
        base, latest = _latest(register, fault)
        if latest:
            found.add(latest.id)
        step = Observed(on=today, scan=scan, shows=Sight.FOUND, what=fault.what)
        if latest is None or _came_back(latest, today):
            changed.append(_new(fault, _next_id(register, base), step))
        elif latest.stage is Stage.CORRECTION_OBSERVED:
            changed.append(_with(latest, step))
    changed += _corrected(register, found, correction, scan=scan, today=today)
    return tuple(changed)


def fields(row: NonConformity) -> dict[str, Any]:
    """The row as the register writes it, without what people fill in: that stays as it stands."""
    history = [{"on": one.on, "scan": one.scan, "shows": one.shows.value, "what": one.what} for one in row.history]
    ours = {"id": row.id, "kind": row.kind.value, "subject": row.subject, "name": row.name, "rule": row.rule}
    return {**ours, "history": history}


def _corrected(
    register: Register, found: set[str], correction: Callable[[NonConformity], str], *, scan: str, today: date
) -> Iterator[NonConformity]:
    for row in register.nonconformities.values():
        if row.stage is Stage.OPEN and row.id not in found and (what := correction(row)):
            yield _with(row, Observed(on=today, scan=scan, shows=Sight.CORRECTION_OBSERVED, what=what))


def _latest(register: Register, fault: Fault) -> tuple[str, NonConformity | None]:
    """The id that a fault goes by, and its latest row, under whichever id its subject had."""
    ids = [mint(fault.kind, subject, fault.rule) for subject in (fault.subject, *fault.former)]
    base = next((one for one in ids if one in register.nonconformities), ids[0])
    rows = [register.nonconformities[one] for one in _chain(register, base)]
    return base, rows[-1] if rows else None


def _chain(register: Register, base: str) -> list[str]:
    """The ids of the times that something was found, oldest first."""
    ids, number = [], 1
    while (one := _numbered(base, number)) in register.nonconformities:
        ids.append(one)
        number += 1
    return ids


def _next_id(register: Register, base: str) -> str:
    return _numbered(base, len(_chain(register, base)) + 1)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _came_back(row: NonConformity, today: date) -> bool:
    """Whether it was closed, and is there on a later day."""
    return row.closed_on is not None and today > row.closed_on


def _new(fault: Fault, row_id: str, step: Observed) -> NonConformity:
    return NonConformity(
        id=row_id, kind=fault.kind, subject=fault.subject, name=fault.name or None, rule=fault.rule, history=(step,)
    )


def _with(row: NonConformity, step: Observed) -> NonConformity:
    return row.model_copy(update={"history": (*row.history, step)})
