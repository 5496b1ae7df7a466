"""The components of an AI management system that the pack serves, as data, with the clauses that each answers."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from pydantic import Field

from inventory.validation import Strict, Text, Texts
from inventory.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDARD: Final = "ISO/IEC 42001:2023"

Row = TypeVar("Row", bound=Strict)


class Reference(Strict):
    """A place in a standard or a law, and who says what it asks for.

    Attributes:
        clauses: Clauses, controls or articles.
        read: Whether the text itself was read for it; else it follows practice.
        source: Who says so.
        checked: When that was looked at.
    """

    clauses: Texts
    read: bool
    source: Text
    checked: datetime.date

    @property
    def practice(self) -> str:
        """What says that the text itself was not read; empty where it was."""
        return "" if self.read else " (practice)"


class Component(Reference):
    """A component: a section of the pack.

    Attributes:
        id: Its name for programs, and of its folder.
        number: Its place.
        title: Its heading.
        about: What the pack holds on it.
    """

    id: Text
    number: Annotated[int, Field(ge=1)]
    title: Text
    about: Text

    @property
    def folder(self) -> str:
        """Its folder in the pack."""
        return f"{self.number}-{self.id}"

    @property
    def clause(self) -> str:
        """The clauses in words."""
        noun = "clause" if len(self.clauses) == 1 else "clauses"
        return f"{STANDARD}, {noun} {', '.join(self.clauses)}{self.practice}"


@cache
def components() -> Mapping[str, Component]:
    """The components by id, in their order."""
    return {row.id: row for row in rows_of("components.yaml", Component)}


def rows_of(name: str, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of one of our own files of data."""
    rows = read_yaml(Path(__file__).with_name(name)).value
    return tuple(map(kind.model_validate, rows))
