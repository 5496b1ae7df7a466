"""What an import would take, shown before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.model import Coverage, Observation


SHOWN: Final = 10
"""How many things a preview shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file is understood.

    Attributes:
        reads: Id of the row or format that reads it.
        what: What it is, for people.
        columns: Pairs of a column or field as the file calls it, and what it is understood as.
        ignored: Columns that are not read.
        first: The first things as they would be taken.
        suggested: The names among them that may mean a product of the catalog, each with product and score.
        coverage: What was read and dropped so far.
        whole: Whether the whole file was read for it.
        notes: What else a reader should know: other sheets, merged cells, formulas.
    """

    reads: str
    what: str
    columns: Sequence[tuple[str, str]] = ()
    ignored: Sequence[str] = ()
    first: Sequence[Observation] = ()
    suggested: Sequence[tuple[str, str, float]] = ()
    coverage: Sequence[Coverage] = ()
    whole: bool = True
    notes: Sequence[str] = ()
