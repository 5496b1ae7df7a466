"""Which columns of an export say what: the row of the knowledge base that understands a header best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.imports.rows import Column, TableRow, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Understood:
    """A header as a row of the knowledge base understands it.

    Attributes:
        key: Id of the row.
        row: The row.
        header: Which of the table's first rows is the header.
        columns: What a column says, to its position.
        names: The columns as the export calls them.
    """

    key: str
    row: TableRow
    header: int
    columns: Mapping[Column, int]
    names: Sequence[str]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that are not read."""
        taken = set(self.columns.values())
        return tuple(name for place, name in enumerate(self.names) if place not in taken)


_TELLING: Final = frozenset(Column) - {Column.TITLE, Column.STATUS, Column.OWNER, Column.PERSON, Column.CATEGORY}
"""Columns that tell one sort of export from another; the rest stand in all of them."""


def understand(first: Sequence[Sequence[str]], rows: Iterable[tuple[str, TableRow]]) -> Understood | None:
    """The best reading of a table's first rows; none where no row of the knowledge base understands any of them.

    The best understands the most columns, of these the most telling; of equals the first stands.
    """
    readings = [
        reading
        for key, row in rows
        for place, names in enumerate(first)
        if (reading := _reading(key, row, place, names)) is not None
    ]
    return max(readings, key=worth, default=None)


def worth(reading: Understood) -> tuple[int, int, int]:
    """How well a header is understood; the larger, the better."""
    columns = reading.columns
    return len(columns), len(_TELLING & columns.keys()), -reading.header


def _reading(key: str, row: TableRow, place: int, names: Sequence[str]) -> Understood | None:
    plain: dict[str, int] = {}
    for position, name in enumerate(names):
        plain.setdefault(plain_name(name), position)
    columns: dict[Column, int] = {}
    for column, aliases in row.columns.items():
        found = next((plain[name] for alias in aliases if (name := plain_name(alias)) in plain), None)
        if found is not None and found not in columns.values():
            columns[column] = found
    if all(any(column in columns for column in group) for group in row.needs):
        return Understood(key, row, place, columns, names)
    return None
