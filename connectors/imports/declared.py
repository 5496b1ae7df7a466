"""Finds tables of what people declare, as attestations, and gives their rows by name. What they mean is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.imports import cells
from connectors.imports.problem import ImportProblem
from connectors.imports.rows import plain_name
from connectors.imports.tables import opened_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from connectors.imports.rows import AttestedRow
    from connectors.imports.tables import Table

MAX_DECLARED: Final = 100_000
"""More than this nobody has declared by hand."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One row.

    Attributes:
        place: File and line, with the sheet where it has several.
        texts: What it says, by the names of the row of the knowledge base.
    """

    place: str
    texts: Mapping[str, str]


def declares(path: Path, row: AttestedRow) -> bool:
    """Whether a file is a table of such a row.

    Raises:
        ImportProblem: It cannot be read.
    """
    with opened_tables(path) as tables:
        return any(_header(table, row) is not None for table in tables)


def declared(path: Path, row: AttestedRow, sheet: str = "") -> tuple[Declared, ...]:
    """All rows of a table: of the sheet that is asked for, else of each that has its columns and that people see.

    Raises:
        ImportProblem: It cannot be read to its end, is no such table, or is larger than anybody writes.
    """
    with opened_tables(path) as tables:
        asked = [
            table for table in tables if (table.name.casefold() == sheet.casefold() if sheet else not table.hidden)
        ]
        read = [(table, found) for table in asked if (found := _header(table, row)) is not None]
        if not read:
            raise ImportProblem(
                f"has no {'such sheet' if sheet else 'table'} with the columns of {row.what}; see docs/attest.md"
            )
        rows = [one for table, found in read for one in _rows(path, table, *found, several=len(read) > 1)]
    return tuple(rows)


def _header(table: Table, row: AttestedRow) -> tuple[int, dict[str, int]] | None:
    """Which row is the header, and where its columns stand."""
    for number, first in enumerate(table.first):
        places: dict[str, int] = {}
        plain = [plain_name(cell) for cell in first.cells]
        for name, aliases in row.columns.items():
            if (
                place := next((plain.index(alias) for alias in map(plain_name, aliases) if alias in plain), None)
            ) is not None:
                places[name] = place
        if row.needs and all(any(name in places for name in group) for group in row.needs):
            return number, places
    return None


def _rows(path: Path, table: Table, header: int, places: Mapping[str, int], *, several: bool) -> Iterator[Declared]:
    file = f"{path.name}#{table.name}" if several else path.name
    for count, row in enumerate(table.below(header)):
        if count >= MAX_DECLARED:
            raise ImportProblem(f"has more than {MAX_DECLARED} rows; split it")
        texts = {name: text for name, place in places.items() if (text := _cell(row.cells, place))}
        if texts:
            yield Declared(f"{file}:{row.number}", texts)
    if table.problem or table.dropped:
        raise ImportProblem(
            table.problem or f"{sum(table.dropped.values())} of its rows cannot be read; export it again"
        )


def _cell(row: Sequence[str], place: int) -> str:
    return cells.written(row[place]) if place < len(row) else ""
