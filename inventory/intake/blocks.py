"""What readers make of a file, whatever its format: headings, texts, pairs and tables, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    Attributes:
        file: Name of the file, without folders: the same file elsewhere is the same source.
        number: Line of a text, row of a table, paragraph of a document; from 1.
        unit: What is counted.
        under: Headings above it, outermost first, or the sheet.
    """

    file: str
    number: int
    unit: str = "line"
    under: tuple[str, ...] = ()

    def at(self, number: int) -> Place:
        """The same place, further down."""
        return replace(self, number=number)

    @property
    def heading(self) -> str:
        """The headings above it, but for the title of the whole document."""
        return " / ".join(self.under[1:] or self.under)

    @property
    def short(self) -> str:
        """The place within its file."""
        return f"{self.unit} {self.number}"

    def __str__(self) -> str:
        return f"{self.file} {self.short}" + (f", {self.heading}" if self.under else "")


def places(of: Sequence[Place]) -> str:
    """Places of one file in words, the first few of many."""
    first = of[0]
    if len(of) == 1:
        return str(first)
    shown = ", ".join(str(place.number) for place in of[:_SHOWN])
    more = f" and {len(of) - _SHOWN} more" if len(of) > _SHOWN else ""
    under = dict.fromkeys(place.heading for place in of if place.under)
    return f"{first.file} {first.unit}s {shown}{more}" + (f", {'; '.join(under)}" if under else "")


_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its text is the last of `place.under`."""

    place: Place


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, or an item of a list.

    Attributes:
        text: What it says, with its markup.
        item: Whether it is an item.
        place: Where it stands.
        depth: How deep the item is nested; 0 for the outermost.
    """

    text: str
    item: bool
    place: Place
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value, as front matter has them."""

    key: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table."""

    cells: list[str]
    number: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are read as they are asked for.

    Attributes:
        first: Its first rows; one of them is the header.
        rest: All further rows.
        place: Where it stands; rows have their own number.
    """

    first: list[Cells]
    rest: Iterator[Cells]
    place: Place

    def below(self, header: int) -> Iterator[Cells]:
        """The rows after the header."""
        yield from self.first[header + 1 :]
        yield from self.rest


Block = Heading | Text | Pair | Table
