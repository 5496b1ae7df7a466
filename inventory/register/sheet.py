"""The register as a sheet to fill in: one tab of risks, one of non-conformities.

Each row carries, in hidden columns, its id and a hash over what it was shown with, facts and earlier answers included. A
row that somebody has filled in is taken back only where all that is still so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from inventory.ledger.event import canonical
from inventory.register.document import Treatment
from inventory.sheet import SheetWriteError, cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from inventory.register.document import NonConformity, Risk


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        heading: Its heading.
        width: In characters.
        field: The field of the register that people fill in here; empty where it is shown only.
        choices: What may be filled in; anything where there is none.
        hidden: Whether it is ours.
    """

    heading: str
    width: int
    field: str = ""
    choices: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the sheet; its last columns are those of `OURS`."""

    title: str
    columns: tuple[Column, ...]

    @property
    def fields(self) -> dict[str, str]:
        """Heading to field of the columns that people fill in."""
        return {column.heading: column.field for column in self.columns if column.field}


OURS = (Column("Row", 20, hidden=True), Column("Check", 20, hidden=True))

RISKS = Tab(
    "Risks",
    (
        Column("System", 28),
        Column("Category", 24),
        Column("Facts", 45),
        Column("Open questions", 55),
        Column("Risk", 45, "risk"),
        Column("Treatment", 14, "treatment", tuple(Treatment)),
        Column("Controls", 40, "controls"),
        Column("Risk acceptor", 26, "acceptor"),
        Column("Residual rating", 18, "residual"),
        Column("Review again when", 36, "review_when"),
        *OURS,
    ),
)
NONCONFORMITIES = Tab(
    "Non-conformities",
    (
        Column("Name", 28),
        Column("What", 24),
        Column("State", 20),
        Column("What scans have shown", 60),
        Column("Cause", 40, "cause"),
        Column("Corrective action", 40, "corrective_action"),
        Column("Responsible", 26, "responsible"),
        Column("Due", 14, "due"),
        Column("Effect of the action", 40, "effectiveness"),
        Column("Closed by", 26, "closed_by"),
        Column("Closed on", 14, "closed_on"),
        *OURS,
    ),
)
TABS = (RISKS, NONCONFORMITIES)


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A row of the register with what it is shown with.

    Attributes:
        risk: What people have written so far.
        system: What people call the system.
        category: Title of the category.
        facts: The facts that bear on it.
        questions: What they leave open.
    """

    risk: Risk
    system: str
    category: str
    facts: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a tab: the id of its row, what is shown, and what is filled in, each by heading."""

    id: str
    shown: dict[str, str]
    filled: dict[str, str]

    @property
    def check(self) -> str:
        """A hash over all of it."""
        text = canonical({"id": self.id, "shown": self.shown, "filled": self.filled})
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def lines(risks: Iterable[RiskRow], nonconformities: Iterable[NonConformity]) -> dict[str, list[Line]]:
    """The lines of each tab, by its title."""
    return {
        RISKS.title: [_line(RISKS, row.risk, (row.system, row.category, _lines(row.facts), _lines(row.questions))) for row in risks],
        NONCONFORMITIES.title: [
            _line(NONCONFORMITIES, row, (row.name or row.subject, row.kind.replace("_", " "), row.stage.replace("_", " "), _seen(row)))
            for row in nonconformities
        ],
    }  # fmt: skip


def write_sheet(path: Path, risks: Iterable[RiskRow], nonconformities: Iterable[NonConformity]) -> None:
    """Writes the register as a sheet.

    Raises:
        SheetWriteError: The file cannot be written.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    made = lines(risks, nonconformities)
    for tab in TABS:
        sheet = workbook.create_sheet(tab.title)
        sheet.append([column.heading for column in tab.columns])
        for line in made[tab.title]:
            sheet.append([*line.shown.values(), *line.filled.values(), cell_text(line.id), line.check])
        _dress(sheet, tab)
    try:
        workbook.save(path)
    except OSError as error:
        what = f"{path}: cannot be written: {error.strerror}. Name a file in a folder that you may write to."
        raise SheetWriteError(what) from error


def _line(tab: Tab, row: Risk | NonConformity, shown: Sequence[str]) -> Line:
    headings = [column.heading for column in tab.columns if not (column.field or column.hidden)]
    filled = {heading: cell_text(_written(getattr(row, name))) for heading, name in tab.fields.items()}
    return Line(row.id, dict(zip(headings, map(cell_text, shown), strict=True)), filled)


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return _lines(value)
    return "" if value is None else str(value)


def _lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def _seen(row: NonConformity) -> str:
    return _lines(f"{one.on} {one.shows.replace('_', ' ')}: {one.what}" for one in row.history)


def _dress(sheet: Worksheet, tab: Tab) -> None:
    for number, column in enumerate(tab.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.hidden
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=not column.hidden, vertical="top")
            cell.number_format = "@"
            if column.field:
                cell.fill = PatternFill("solid", start_color="FFF8E1")
        sheet[f"{letter}1"].font = Font(bold=True)
        if column.choices:
            _offer(sheet, letter, column.choices)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions


def _offer(sheet: Worksheet, letter: str, choices: Sequence[str]) -> None:
    offered = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    offered.error = f"Choose one of: {', '.join(choices)}"
    offered.showErrorMessage = True
    offered.add(f"{letter}2:{letter}{max(sheet.max_row, 2)}")
    sheet.add_data_validation(offered)
