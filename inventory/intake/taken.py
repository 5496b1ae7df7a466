"""What was taken from a file, before it is held against the scope document that is there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from inventory.intake.remarks import Remarks

if TYPE_CHECKING:
    from inventory.intake.blocks import Place
    from inventory.intake.draft import Draft, Left


class Said(NamedTuple):
    """A field of the document: what it is, and where that is said."""

    value: str
    place: Place
    column: str


class ContextPart(NamedTuple):
    """A part of what the scope rests on.

    Attributes:
        path: Where in `document` it belongs: `context`, `internal`.
        draft: Its fields; a `text` alone where it is one of a list of texts.
    """

    path: tuple[str, ...]
    draft: Draft


@dataclass(slots=True)
class Taken:
    """Everything that a file declares.

    Attributes:
        mapping: Title of the mapping that read it, or how it was read.
        by_name: Whether systems of one name are one, as in statements.
        document: Fields of the document.
        context: Issues, interested parties, activities and interfaces.
        boundaries: Parts of the organisation, with their ids.
        entries: Systems, with their ids.
        records: Evidence that is kept elsewhere.
        left: What was not understood.
        remarks: What a person should know or must answer.
        rows: Rows and items that were read as systems: how many in all, and how many of them were blank.
    """

    mapping: str = "by its headings and columns"
    by_name: bool = True
    document: dict[str, Said] = field(default_factory=dict)
    context: list[ContextPart] = field(default_factory=list)
    boundaries: list[tuple[str, Draft]] = field(default_factory=list)
    entries: list[tuple[str, Draft]] = field(default_factory=list)
    records: list[Draft] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)
    rows: Counter[str] = field(default_factory=Counter)
