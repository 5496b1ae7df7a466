"""The outline of the statement: its sections as data, with the clauses that they answer and who says so."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Final

from inventory.validation import Strict, Text, Texts
from inventory.yaml_file import read_yaml

STANDARD: Final = "ISO/IEC 42001:2023"


class OutlineRow(Strict):
    """A section.

    Attributes:
        id: What it is about.
        title: Its heading.
        clauses: Clauses of the standard that it answers.
        read: Whether the standard's own text was read for it; else it follows practice.
        source: Who says so.
        checked: When that was looked at.
        records: Kinds of records in the scope document that belong to it.
    """

    id: Text
    title: Text
    clauses: Texts
    read: bool
    source: Text
    checked: datetime.date
    records: Texts = ()

    @property
    def clause(self) -> str:
        """The clauses in words."""
        noun = "clause" if len(self.clauses) == 1 else "clauses"
        return f"{STANDARD}, {noun} {', '.join(self.clauses)}{'' if self.read else ' (practice)'}"


@cache
def outline() -> tuple[OutlineRow, ...]:
    """The sections in their order."""
    rows = read_yaml(Path(__file__).with_name("sections.yaml")).value
    return tuple(map(OutlineRow.model_validate, rows))
