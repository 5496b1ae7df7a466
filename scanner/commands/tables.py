"""Tables of commands: drawn on a terminal, and elsewhere one line a row with tabs between, for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from scanner.reports.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table; a drawn one leaves out columns without content.

    Whatever stands in a cell is text: nothing in it acts on a screen or is taken for markup.
    """
    cells = [[plain(cell, _LONGEST) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(headings), *cells]:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    filled = [number for number in range(len(headings)) if any(row[number] for row in cells)]
    for number in filled:
        table.add_column(headings[number], overflow="fold", no_wrap=all(_is_word(row[number]) for row in cells))
    for row in cells:
        table.add_row(*(Text(row[number]) for number in filled))
    Console().print(table)


def _is_word(cell: str) -> bool:
    """Whether a cell is an id, a date or the like, that nobody can copy when it is broken over two lines."""
    return " " not in cell and len(cell) <= _WORD


_LONGEST: Final = 600
_WORD: Final = 24
