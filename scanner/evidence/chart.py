"""Columns of numbers as lines that a page draws: small multiples, one a column, oldest row first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.evidence.model import Table

WIDTH: Final = 240
HEIGHT: Final = 56
_EDGE: Final = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A column as a line.

    Attributes:
        title: Heading of the column.
        first: Its first known value.
        last: Its last known value.
        top: What the top of the drawing stands for; the bottom is 0.
        points: Points of the line in a drawing of `WIDTH` by `HEIGHT`, as SVG writes them.
        end: The last of them.
    """

    title: str
    first: float
    last: float
    top: float
    points: str
    end: tuple[float, float]


def lines(table: Table) -> Iterator[Line]:
    """The columns of a table that are to be drawn and that have two known values or more."""
    keys = [column.key for column in table.columns]
    for key, top in table.drawn.items():
        number = keys.index(key)
        values = [(place, cell) for place, row in enumerate(table.rows) if isinstance(cell := row[number], int | float)]
        if len(values) > 1:
            yield _line(table.columns[number].heading, values, len(table.rows), top)


def _line(title: str, values: list[tuple[int, int | float]], rows: int, top: float) -> Line:
    top = top or max(value for _, value in values)
    drawn = [(_across(place, rows), _up(value, top)) for place, value in values]
    points = " ".join(f"{x},{y}" for x, y in drawn)
    return Line(title, values[0][1], values[-1][1], top, points, drawn[-1])


def _across(place: int, rows: int) -> float:
    return round(_EDGE + (WIDTH - 2 * _EDGE) * place / (rows - 1), 1)


def _up(value: float, top: float) -> float:
    return round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * (value / top if top else 0), 1)
