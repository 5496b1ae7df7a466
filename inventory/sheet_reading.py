"""Taking decisions back from a filled-in sheet: all of its rows or none."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from inventory.condition_text import read_condition
from inventory.decide import JUSTIFIED, Decision
from inventory.decision import Answer
from inventory.facts import show
from inventory.sheet import COLUMNS, TITLE, cell_text, check, rests_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inventory.decision_state import Decisions
    from inventory.model import AISystem
    from inventory.verdict import Verdict

MAX_BYTES = 100 * 1024 * 1024
"""A sheet may not unpack to more."""

_HEADINGS = [column.heading for column in COLUMNS]
_FILLED_IN = [column.heading for column in COLUMNS if column.fill_in]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One fault of a sheet: its row (0 for the whole sheet), what is wrong, and the mend."""

    row: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.what}. {self.mend}." if self.row else f"{self.what}. {self.mend}."


class SheetError(Exception):
    """Nothing is taken from the sheet; `faults` says why, row by row."""

    def __init__(self, path: Path, faults: Sequence[SheetFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}: {fault}" for fault in self.faults))


class _RowError(Exception):
    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def read_sheet(
    path: Path, verdicts: Iterable[Verdict], systems: Sequence[AISystem], decisions: Decisions
) -> list[Decision]:
    """The decisions of a sheet that `write_sheet` wrote and somebody filled in; rows without a decision are left out.

    Args:
        path: The XLSX file.
        verdicts: All present verdicts, settled ones included.
        systems: The present systems, attested facts included.
        decisions: The ledger's decisions in force.

    Raises:
        SheetError: The file is no such sheet, or rows are not in order, or what they rest on has changed since.
    """
    present = _Present({v.subject: v for v in verdicts}, {s.id: s for s in systems}, decisions)
    found, faults = [], []
    for number, cells in _rows(path):
        try:
            if decision := present.decision(cells):
                found.append(decision)
        except _RowError as error:
            faults.append(SheetFault(number, error.what, error.mend))
    if faults:
        raise SheetError(path, faults)
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows by heading, with their number; a cell without content is not among them."""
    mend = "Name a file that `aimscope review --xlsx` wrote"
    try:
        rows = _cells(path)
    except OSError as error:
        raise SheetError(path, [SheetFault(0, f"cannot be read: {error.strerror}", mend)]) from error
    except Exception as error:  # openpyxl raises whatever the broken part of a file leads it to
        raise SheetError(path, [SheetFault(0, f"is no sheet that can be read: {error}", mend)]) from error
    if not rows or rows[0][: len(_HEADINGS)] != _HEADINGS:
        raise SheetError(path, [SheetFault(1, "the headings are not those of the review sheet", mend)])
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(_HEADINGS, row, strict=False))
        yield number, {name: value for name, value in cells.items() if value is not None and str(value).strip()}


def _cells(path: Path) -> list[list[Any]]:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_BYTES} bytes")
    with warnings.catch_warnings():
        # What other programs add to a sheet (styles, extensions) is no matter of ours.
        warnings.simplefilter("ignore")
        workbook = load_workbook(path, read_only=True)
        try:
            return [list(row) for row in workbook[TITLE].iter_rows(values_only=True)]
        finally:
            workbook.close()


@dataclass(slots=True)
class _Present:
    """What holds now, for rows to be held against."""

    verdicts: Mapping[str, Verdict]
    systems: Mapping[str, AISystem]
    decisions: Decisions
    decided: set[str] = field(default_factory=set)

    def decision(self, cells: Mapping[str, Any]) -> Decision | None:
        """The decision of a row, or none where it is not filled in."""
        if not any(name in cells for name in _FILLED_IN):
            return None
        _refuse_formulas(cells)
        answer = _answer(cells)
        verdict, system = self._subject(cells)
        if answer in JUSTIFIED and "Justification" not in cells:
            raise _RowError(f"`{answer}` needs a justification", "Fill in the column Justification")
        return Decision(
            system or verdict.subject,
            answer,
            because=_text(cells, "Justification"),
            owner=_text(cells, "Owner"),
            conditions=tuple(_conditions(cells)),
            until=_day(cells),
            entry=_text(cells, "Entry"),
        )

    def _subject(self, cells: Mapping[str, Any]) -> tuple[Verdict, AISystem | None]:
        """Whom the row is about, if what it rests on still holds."""
        verdict = self.verdicts.get(_original(cells, "Subject"))
        if verdict is None:
            raise _RowError("what it is about is not there any more", "Write a new sheet with `aimscope review --xlsx`")
        if _text(cells, "System") != cell_text(verdict.name).strip():
            what = f"it says `{_text(cells, 'System')}`, and its hidden columns `{verdict.name}`"
            raise _RowError(what, "Sort and copy whole rows only, or write a new sheet")
        if verdict.subject in self.decided:
            raise _RowError("the same system stands in a row above", "Decide once on each system")
        self.decided.add(verdict.subject)
        system = self.systems.get(verdict.subject)
        self._refuse_if_changed(cells, verdict, rests_on(verdict, system, self.decisions))
        return verdict, system

    def _refuse_if_changed(self, cells: Mapping[str, Any], verdict: Verdict, now: Mapping[str, Any]) -> None:
        checked = _original(cells, "Check")
        if checked == check(verdict.subject, now):
            return
        try:
            before = json.loads(_original(cells, "Rests on"))
            genuine = checked == check(verdict.subject, before)
        except (ValueError, TypeError, RecursionError):
            genuine = False
        changes = "; ".join(_changes(before, now)) if genuine else "its hidden columns no longer say on what"
        raise _RowError(f"what the decision rests on has changed: {changes}", "Look at it anew, with a new sheet")


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if before["decision"] != now["decision"]:
        yield (
            f"it was decided since (event {now['decision'][:12]})" if now["decision"] else "a decision no longer holds"
        )
    if before["entry"] != now["entry"]:
        yield f"the entry `{now['entry']}` binds it now" if now["entry"] else "no entry binds it now"
    for name in sorted({*before["facts"], *now["facts"]}):
        old, new = before["facts"].get(name), now["facts"].get(name)
        if old != new:
            yield f"{name} was {_shown(old)} and is {_shown(new)}"


def _shown(value: Any) -> str:
    if value is None:
        return "not known"
    return show(tuple(value) if isinstance(value, list) else value)


def _refuse_formulas(cells: Mapping[str, Any]) -> None:
    for name in _FILLED_IN:
        if str(cells.get(name, "")).startswith("="):
            raise _RowError(f"{name} is a formula", "Write a text")


def _answer(cells: Mapping[str, Any]) -> Answer:
    written = _text(cells, "Decision")
    if not written:
        filled = ", ".join(name for name in _FILLED_IN if name in cells)
        raise _RowError(f"{filled} is filled in, and the decision is not", f"Write one of {', '.join(Answer)}")
    try:
        return Answer(written.lower().replace(" ", "-"))
    except ValueError as error:
        raise _RowError(f"`{written}` is no answer", f"Write one of {', '.join(Answer)}") from error


def _conditions(cells: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for line in _text(cells, "Conditions").splitlines():
        try:
            if line.strip():
                yield read_condition(line)
        except ValueError as error:
            what, _, mend = str(error).partition(". ")
            raise _RowError(f"the condition `{line.strip()}`: {what}", mend.rstrip(".") or "Correct it") from error


def _day(cells: Mapping[str, Any]) -> date | None:
    written = cells.get("Review by")
    if isinstance(written, datetime):
        return written.date()
    try:
        return date.fromisoformat(str(written).strip()) if written is not None else None
    except ValueError as error:
        raise _RowError(f"Review by `{written}` is no day", "Write a day as 2027-01-31") from error


def _text(cells: Mapping[str, Any], name: str) -> str:
    return str(cells.get(name, "")).strip()


def _original(cells: Mapping[str, Any], name: str) -> str:
    """The content of one of our own cells without the mark that made it inert."""
    text = str(cells.get(name, ""))
    return text[1:] if text.startswith("'") and cell_text(text[1:]) == text else text
