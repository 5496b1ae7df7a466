"""The XLSX report: a workbook with a sheet a table, coverage first. The same result gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from inventory.cells import MAX_CELL
from scanner.reports.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from scanner.reports.tables import Cell, Table
    from scanner.result import ScanResult

MOST_ROWS: Final = 1_048_575
"""Rows that a sheet can have below its heading."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a member of a ZIP file can have."""

_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What spreadsheets take for the code of a character, `_x003D_` for an equals sign."""


def render(result: ScanResult) -> bytes:
    """The report as a workbook."""
    workbook = Workbook(write_only=True)
    for table in _fitting(tables(result)):
        _add_sheet(workbook, table)
    properties = workbook.properties
    properties.creator, properties.title = "aimscope", "AI systems and decisions"
    properties.created = properties.modified = datetime.fromisoformat(result.scan.finished).replace(tzinfo=None)
    core = tostring(properties.to_tree())
    file = io.BytesIO()
    workbook.save(file)
    return _without_clock(file, core)


def _fitting(told: tuple[Table, ...]) -> Iterator[Table]:
    """The tables, each cut to what a sheet can have; the last one tells of those that were cut."""
    *sheets, about = told
    cut = [(f"{table.title} beyond what a sheet can have", len(table.rows) - MOST_ROWS) for table in sheets]
    for table in sheets:
        yield replace(table, rows=table.rows[:MOST_ROWS])
    yield replace(about, rows=(*about.rows, *(row for row in cut if row[1] > 0)))


def _add_sheet(workbook: Workbook, table: Table) -> None:
    sheet = workbook.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    for number, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    body = _model(sheet)
    head = copy(body)
    head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="E8EAF6")
    sheet.append([_cell(head, column.heading) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(body, value) for value in row])


def _model(sheet: WriteOnlyWorksheet) -> SheetCell:
    """A cell to copy: setting the style of every cell anew takes longer than all the rest."""
    cell: SheetCell = WriteOnlyCell(sheet, "")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(model: SheetCell, value: Cell) -> SheetCell | None:
    """A cell like the model; a text stays one whatever it looks like, and an empty one needs no cell."""
    if value == "":
        return None
    cell = copy(model)
    if isinstance(value, str):
        cell.value = _CODE.sub("_x005F_", value)[:MAX_CELL]
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _without_clock(file: io.BytesIO, core: bytes) -> bytes:
    """The workbook without the time at which it was saved: in its members, and in its properties, which are `core`."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(file) as saved, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in saved.namelist():
            content = core if name == "docProps/core.xml" else saved.read(name)
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
