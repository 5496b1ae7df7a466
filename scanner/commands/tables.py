"""Tables of commands: drawn on a terminal, and elsewhere one line a row with tabs between, for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from scanner.reports.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table. Whatever stands in a cell is text: nothing in it acts on a screen or is taken for markup."""
    cells = [[plain(cell, _LONGEST) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(headings), *cells]:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)


_LONGEST = 600
