"""The shape of the evidence pack: sections of points and tables, plain and frozen, without markup.

A text from a source has been through `plain` when it gets in here: it stands on one line, and nothing in it acts on a
screen. Escaping it for a format is left to the format.
"""

from __future__ import annotations

import datetime  # noqa: TC003 - part of the public types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scanner.reports.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scanner.evidence.components import Component

Cell = str | int | float | tuple[str, ...]
"""A value in a table. What is not known is the empty text."""

_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, and its name for people."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, which is a CSV file of its own.

    Attributes:
        key: Name of the file, without its ending.
        title: Its name for people.
        columns: Its columns.
        rows: A cell a column.
        empty: What it says that there is no row.
        drawn: Keys of the columns of numbers that a page also draws, and what the top of the drawing stands for; 0 for
            the highest value.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    drawn: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a reader has to know.

    Attributes:
        text: It, in a sentence or two.
        open: Whether somebody has to do something about it.
    """

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What the scanner gives to one component of the management system.

    Attributes:
        component: Which one, with the clauses that it answers.
        points: What to know, in the order in which to read it.
        tables: The evidence.
        files: Further files by name, as they are.
    """

    component: Component
    points: tuple[Point, ...] = ()
    tables: tuple[Table, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many points ask somebody to do something."""
        return sum(point.open for point in self.points)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the pack rests on.

    Attributes:
        organisation: Whose management system; empty where it is not named.
        day: The day for which everything is judged.
        scan: Id of the scan.
        scanned: When the scan ended, ISO 8601 in UTC.
        version: Version of aimscope that scanned.
        catalog: Hash of the knowledge base.
        scope: Hash of the scope document, or the empty string where there is none.
        heads: Heads of the ledger.
        covered: What the scan covered, in a sentence.
        complete: Whether everything that was asked was seen.
        gaps: What was not covered, a phrase each.
    """

    organisation: str
    day: datetime.date
    scan: str
    scanned: str
    version: str
    catalog: str
    scope: str
    heads: tuple[str, ...]
    covered: str
    complete: bool
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole pack, before it is written down.

    Attributes:
        basis: What it rests on.
        sections: The components in their order.
    """

    basis: Basis
    sections: tuple[Section, ...]

    @property
    def open(self) -> int:
        """How many points ask somebody to do something."""
        return sum(section.open for section in self.sections)


def table(key: str, title: str, headings: Mapping[str, str], rows: Iterable[Iterable[object]], empty: str) -> Table:
    """A table with its cells made plain.

    Args:
        key: Name of its file, without the ending.
        title: Its name for people.
        headings: Key of each column to its name for people.
        rows: Values a column; a list or tuple becomes the members of one cell, and none the empty text.
        empty: What it says that there is no row.
    """
    columns = tuple(Column(name, heading) for name, heading in headings.items())
    return Table(key, title, columns, tuple(tuple(map(_cell, row)) for row in rows), empty)


def said(value: object) -> str:
    """A text from a source, on one line; empty where there is none."""
    return "" if value is None else plain(str(value), _LONGEST)


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    return tuple(map(said, value)) if isinstance(value, list | tuple) else said(value)
