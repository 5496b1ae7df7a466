"""Which table of a file is the export: the only one, the sheet that was asked for, or the one that is understood best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.imports.columns import Understood, understand, worth
from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.imports.rows import TableRow
    from connectors.imports.tables import Table


@dataclass(frozen=True, slots=True)
class Chosen:
    """The table that is read.

    Attributes:
        table: It.
        understood: What its columns say.
        also: Names of other sheets that people see and that are exports too.
        others: Names of the further sheets, with the mark of hidden ones.
    """

    table: Table
    understood: Understood
    also: Sequence[str] = ()
    others: Sequence[str] = ()

    @property
    def missed(self) -> str:
        """What of the file was not read though it says something, and the mend; empty where nothing was."""
        sheet = self.table.sheet
        problems = [self.table.problem] if self.table.problem else []
        if self.also:
            problems.append(
                f"sheets that are exports too were not read: {', '.join(self.also)}; import each with --sheet"
            )
        if sheet and sheet.layout.valueless:
            problems.append(
                f"{sheet.layout.valueless} formulas have no saved value; open the file, save it, and import it again"
            )
        return "; ".join(problems)

    @property
    def counts(self) -> dict[str, int]:
        """Numbers that a reader may want."""
        sheet = self.table.sheet
        return {} if sheet is None else {
            "formulas": sheet.layout.formulas,
            "formulas without a value": sheet.layout.valueless,
            "cells with an error": sheet.errors,
            "merged ranges in the header": len(self._merged_above()),
            "sheets not read": len(self.also) + len(self.others),
        }  # fmt: skip

    def notes(self) -> Iterator[str]:
        """What a reader should know about the sheet."""
        sheet = self.table.sheet
        if sheet is None:
            return
        yield f"sheet: {sheet.name}" + (" (hidden)" if sheet.hidden else "")
        if others := (*self.also, *self.others):
            yield f"sheets not read: {', '.join(others)}"
        if merged := self._merged_above():
            yield f"merged in the header: {', '.join(merged)}; a text counts for all rows below it, not for columns beside it"
        if sheet.layout.formulas:
            yield f"formulas: {sheet.layout.formulas}, read as the values saved with them"
        if self.missed:
            yield self.missed

    def _merged_above(self) -> list[str]:
        sheet, header = self.table.sheet, self.table.first[self.understood.header].number
        return [str(one) for one in sheet.layout.merged if one.first_row <= header] if sheet else []


def choose(tables: Sequence[Table], rows: Sequence[tuple[str, TableRow]], sheet: str = "") -> Chosen:
    """The table that is the export. A hidden sheet is read only where it is asked for.

    Args:
        tables: The tables of a file.
        rows: Rows of the knowledge base that may understand it.
        sheet: Name of the sheet that the user asks for; empty for none.

    Raises:
        ImportProblem: There is no such sheet, or no table is understood.
    """
    asked = [table for table in tables if not sheet or table.name.casefold() == sheet.casefold()]
    if not asked:
        raise ImportProblem(f"has no sheet `{sheet}`; name one of {_listed(tables) or 'none: it is no spreadsheet'}")
    readings = [(table, understand([row.cells for row in table.first], rows)) for table in asked]
    understood = [(table, reading) for table, reading in readings if reading is not None]
    seen = [(table, reading) for table, reading in understood if sheet or not table.hidden]
    if not seen:
        raise ImportProblem(_why_not(asked, [table for table, _ in understood]))
    table, best = max(seen, key=lambda one: worth(one[1]))
    also = [] if sheet else [other.name for other, _ in seen if other is not table]
    others = [_named(other) for other in tables if other is not table and other.name not in also]
    return Chosen(table, best, also, others)


def _why_not(asked: Sequence[Table], hidden: Sequence[Table]) -> str:
    if broken := next((table.problem for table in asked if table.problem), ""):
        return broken
    if hidden:
        return f"only hidden sheets are understood: {', '.join(table.name for table in hidden)}; name one with --sheet"
    sheets = f" in any of its sheets ({_listed(asked)})" if asked[0].sheet else ""
    return (
        f"nothing in it is understood{sheets}: no format of a log, no bill of materials, and no column that names a product. "
        "See docs/import.md for what can be read, and say with --as what it is"
    )


def _listed(tables: Sequence[Table]) -> str:
    return ", ".join(_named(table) for table in tables if table.sheet)


def _named(table: Table) -> str:
    return f"{table.name} (hidden)" if table.hidden else table.name
