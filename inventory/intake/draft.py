"""What was read of one system, boundary or record before it is written: its fields, and where each comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from inventory.intake.blocks import Place


class Origin(NamedTuple):
    """Where a field comes from.

    Attributes:
        at: Which of the draft's places.
        column: The column or the heading that says it.
    """

    at: int
    column: str


@dataclass(slots=True)
class Draft:
    """One thing that was declared.

    Attributes:
        name: What people call it; empty where it has only an id.
        within: The part of the organisation whose ids and names are its own: an agency of a government.
        own: Its id in the source, or the empty string.
        places: Where it stands.
        fields: Fields of the grammar; `status` may be open.
        origins: Where each field comes from.
        left: Texts beside it that no field holds, by column.
        held: Why it cannot be written, as a question to a person; empty where it can.
    """

    name: str
    within: str
    own: str
    places: list[Place]
    fields: dict[str, Any]
    origins: dict[str, Origin]
    left: dict[str, str] = field(default_factory=dict)
    held: str = ""

    def said(self, name: str) -> str:
        """Where a field comes from, in words."""
        origin = self.origins.get(name)
        if origin is None:
            return ""
        if len(self.places) == 1:
            return origin.column
        return f"{self.places[origin.at].short}, {origin.column}" if origin.column else self.places[origin.at].short


@dataclass(frozen=True, slots=True)
class Left:
    """A text that was not understood, and is kept."""

    text: str
    why: str
    place: Place


def named(text: str) -> str:
    """A name as names are compared: without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))
