"""Small builders of blocks that all sections share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scanner.reports.plain import plain
from scanner.reports.wording import Tone
from scanner.statement.blocks import Cell, Mark, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from scanner.statement.model import RecordView

_HEADING: Final = 160

NOT_STATED: Final = "not stated"
"""What the scope document leaves out."""

NOT_KNOWN: Final = "not known"
"""What nothing states."""

MARK: Final = {
    Tone.CONTRADICTED: Mark.BAD,
    Tone.OPEN: Mark.OPEN,
    Tone.CHANGED: Mark.OPEN,
    Tone.UPKEEP: Mark.OPEN,
    Tone.SETTLED: Mark.GOOD,
}


def cell(line: str, mark: Mark = Mark.PLAIN) -> Cell:
    """A cell of one line."""
    return lines(line, mark=mark)


def lines(*several: str, mark: Mark = Mark.PLAIN) -> Cell:
    """A cell of several lines, without the empty ones."""
    shown = tuple(line for line in several if line)
    return Cell(shown, mark if shown else Mark.MUTED)


def said(value: str) -> Cell:
    """What the scope document says, or that it does not."""
    return cell(value) if value else cell(NOT_STATED, Mark.OPEN)


def note(text: str, mark: Mark = Mark.OPEN) -> Paragraph:
    """Something that is missing or wrong, set apart."""
    return Paragraph(text, mark)


def table(heads: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A table."""
    return Table(heads, widths, tuple(rows))


def heading(name: str) -> str:
    """A name as a heading; a longer one stands in full in the tables."""
    return plain(name, _HEADING)


def due(day: date | None, *, overdue: bool) -> Cell:
    """A day by which something is due."""
    if day is None:
        return cell("no day is set", Mark.OPEN)
    return cell(f"{day}, overdue", Mark.BAD) if overdue else cell(str(day))


def records_table(records: Iterable[RecordView]) -> Table:
    """Evidence that is kept elsewhere."""
    rows = [
        (
            lines(one.title, one.kind),
            cell(one.component),
            cell(one.reference or NOT_STATED, Mark.PLAIN if one.reference else Mark.OPEN),
            lines(one.approved_by, str(one.made or "")),
            due(one.next_due, overdue=one.overdue),
        )
        for one in records
    ]
    return table(("Record", "About", "Where", "Approved", "Next due"), (24, 12, 28, 23, 13), rows)
