"""Taking the register back from a filled-in sheet: all of its rows or none."""

from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from pydantic import ValidationError

from inventory.register.document import NonConformity, Risk
from inventory.register.file import Rows
from inventory.register.sheet import NONCONFORMITIES, RISKS, TABS, lines
from inventory.sheet import cell_text
from inventory.sheet_reading import MAX_BYTES, SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from inventory.register.sheet import Line, RiskRow, Tab

_DAYS = frozenset({"due", "closed_on"})
_LISTS = frozenset({"controls"})
_ANEW = "Look at it anew, with a new sheet from `aimscope evidence --xlsx`"


class _RowError(Exception):
    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def read_sheet(path: Path, risks: Iterable[RiskRow], nonconformities: Mapping[str, NonConformity]) -> Rows:
    """What somebody has filled in or changed in a sheet that `write_sheet` wrote.

    Args:
        path: The XLSX file.
        risks: The present rows of the risk register.
        nonconformities: The present non-conformities, by id.

    Raises:
        SheetError: The file is no such sheet, or rows are not in order, or what they rest on has changed since.
    """
    risks = list(risks)
    present: dict[str, Mapping[str, Risk | NonConformity]] = {
        RISKS.title: {row.risk.id: row.risk for row in risks},
        NONCONFORMITIES.title: nonconformities,
    }
    found: dict[str, list[dict[str, Any]]] = {}
    faults: list[SheetFault] = []
    now = lines(risks, nonconformities.values())
    for tab, rows in _tabs(path):
        by_id = {line.id: line for line in now[tab.title]}
        found[tab.title] = []
        for number, cells in rows:
            try:
                if changed := _changed(tab, cells, by_id, present[tab.title]):
                    _require_valid(tab, changed, present[tab.title][changed["id"]])
                    found[tab.title].append(changed)
            except _RowError as error:
                faults.append(SheetFault(number, f"{tab.title}: {error.what}", error.mend))
    if faults:
        raise SheetError(path, faults)
    return Rows(risks=found[RISKS.title], nonconformities=found[NONCONFORMITIES.title])


def _tabs(path: Path) -> Iterator[tuple[Tab, list[tuple[int, dict[str, Any]]]]]:
    """Each tab with its rows by heading, and their numbers."""
    mend = "Name a file that `aimscope evidence --xlsx` wrote"
    try:
        read = _cells(path)
    except OSError as error:
        raise SheetError(path, [SheetFault(0, f"cannot be read: {error.strerror}", mend)]) from error
    except Exception as error:  # openpyxl raises whatever the broken part of a file leads it to
        raise SheetError(path, [SheetFault(0, f"is no sheet that can be read: {error}", mend)]) from error
    for tab in TABS:
        headings = [column.heading for column in tab.columns]
        rows = read[tab.title]
        if not rows or rows[0][: len(headings)] != headings:
            raise SheetError(path, [SheetFault(1, f"the headings of {tab.title} are not those of the register", mend)])
        yield tab, [(number, dict(zip(headings, row, strict=False))) for number, row in enumerate(rows[1:], start=2)]


def _cells(path: Path) -> dict[str, list[list[Any]]]:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_BYTES} bytes")
    with warnings.catch_warnings():
        # What other programs add to a sheet (styles, extensions) is no matter of ours.
        warnings.simplefilter("ignore")
        workbook = load_workbook(path, read_only=True)
        try:
            return {tab.title: [list(row) for row in workbook[tab.title].iter_rows(values_only=True)] for tab in TABS}
        finally:
            workbook.close()


def _changed(
    tab: Tab, cells: Mapping[str, Any], lines_now: Mapping[str, Line], present: Mapping[str, Risk | NonConformity]
) -> dict[str, Any] | None:
    """The fields of a row that differ from the register, with its id; none where none does."""
    row_id = _original(_text(cells, "Row"))
    filled = {heading: name for heading, name in tab.fields.items() if _text(cells, heading)}
    if not row_id and not filled:
        return None
    if row_id not in present:
        raise _RowError(f"`{row_id}` is not there any more", _ANEW)
    row = present[row_id]
    values = {name: _value(cells, heading, name) for heading, name in filled.items()}
    differs = {name: value for name, value in values.items() if value != getattr(row, name)}
    emptied = [heading for heading, name in tab.fields.items() if heading not in filled and getattr(row, name)]
    if not (differs or emptied):
        return None
    if _text(cells, "Check") != lines_now[row_id].check:
        raise _RowError(f"`{row_id}` rests on something else now: its facts or its answers have changed", _ANEW)
    if emptied:
        mend = "Empty it in the register by hand, where its history shows it"
        raise _RowError(f"{', '.join(emptied)} of `{row_id}` is emptied", mend)
    return {"id": row_id, **{name: list(value) if name in _LISTS else value for name, value in differs.items()}}


def _value(cells: Mapping[str, Any], heading: str, name: str) -> Any:
    text = _text(cells, heading)
    if text.startswith("="):
        raise _RowError(f"{heading} is a formula", "Write a text")
    text = _original(text)
    if name in _LISTS:
        return tuple(part.strip() for part in text.splitlines() if part.strip())
    if name in _DAYS:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise _RowError(f"{heading} `{text}` is no day", "Write a day as 2027-01-31") from error
    return text.lower() if name == "treatment" else text


def _require_valid(tab: Tab, changed: Mapping[str, Any], row: Risk | NonConformity) -> None:
    """Refuses what the register would not take, where the row stands."""
    kind = Risk if tab is RISKS else NonConformity
    try:
        kind.model_validate({**row.model_dump(), **changed})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        what, _, mend = str(first.get("ctx", {}).get("error", first["msg"])).partition(". ")
        raise _RowError(f"{changed['id']}: {what}", mend or "Choose what the column offers") from error


def _original(text: str) -> str:
    """The content of a cell without the mark that made it inert."""
    return text[1:] if text.startswith("'") and cell_text(text[1:]) == text else text


def _text(cells: Mapping[str, Any], heading: str) -> str:
    value = cells.get(heading)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
