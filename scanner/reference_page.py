"""What the pages of the generated reference share: the mark that they are generated, and how a table is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENERATED: Final = "<!-- Written by `python -m scanner.reference`; change the code, not this file. -->"
"""The first line of every page."""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> str:
    """A Markdown table with a line end after it; the last `numbers` columns are aligned to the right."""
    rules = ["---"] * (len(headings) - numbers) + ["--:"] * numbers
    lines = [_row(headings), "|" + "|".join(rules) + "|", *map(_row, rows)]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Text that stays in its cell: on one line, and without a pipe that would end it."""
    return " ".join(text.split()).replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
