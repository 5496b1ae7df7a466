"""A document as sections of blocks: what is said, in which order, and nothing of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a reader should notice of a text; the words say it as well."""

    PLAIN = "plain"
    GOOD = "good"
    OPEN = "open"
    BAD = "bad"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a line, or several."""

    lines: tuple[str, ...]
    mark: Mark = Mark.PLAIN

    @property
    def shown(self) -> tuple[str, ...]:
        """The lines; where there are none, that there are none."""
        return self.lines or ("none",)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. One that is `OPEN` or `BAD` is set apart as a note."""

    text: str
    mark: Mark = Mark.PLAIN
    kind = "paragraph"

    @property
    def lead(self) -> str:
        """The first word of a note; empty where it is none."""
        return _LEAD.get(self.mark, "")


_LEAD = {Mark.OPEN: "Open.", Mark.BAD: "Contradicted."}


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and what they are about, one pair a row."""

    rows: tuple[tuple[str, Cell], ...]
    kind = "fields"


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        heads: Headings of the columns.
        widths: Shares of the width.
        rows: As many cells as headings each.
    """

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind = "table"


Block = Paragraph | Fields | Table


@dataclass(frozen=True, slots=True)
class Content:
    """What stands under a heading: blocks, and then parts with headings of their own."""

    blocks: tuple[Block, ...] = ()
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document.

    Attributes:
        number: As `5.2`; empty for what stands before the first section and after the last.
        title: Its heading.
        blocks: What it says.
        parts: Sections in it.
        clause: Which clause of the standard it answers, in words; empty where none is named.
    """

    number: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    clause: str = ""

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}" if self.number else self.title

    @property
    def level(self) -> int:
        """1 for a section, 2 for a part of one."""
        return 2 if "." in self.number else 1

    @property
    def name(self) -> str:
        """What a link to it is called."""
        return f"section-{self.number.replace('.', '-')}" if self.number else self.title.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        title: What it is.
        organisation: Whose it is; empty where that is not named.
        subtitle: Version and day, in words.
        footer: What every page says of its origin.
        created: When what it rests on was known, ISO 8601 in UTC.
        sections: Its sections, in order.
    """

    title: str
    organisation: str
    subtitle: str
    footer: str
    created: str
    sections: tuple[Section, ...]

    @property
    def contents(self) -> tuple[Section, ...]:
        """What the table of contents lists; the parts as well, where they fit on a page with the sections."""
        every = tuple(one for section in self.sections for one in (section, *section.parts))
        return every if len(every) <= _ONE_PAGE else self.sections


_ONE_PAGE = 60
"""Entries of a table of contents on one page."""


def runs(text: str) -> tuple[tuple[str, bool], ...]:
    """A text in parts, and whether each is code: what stands between backticks, where they come in pairs."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return ((text, False),)
    return tuple((part, bool(odd % 2)) for odd, part in enumerate(parts) if part)
