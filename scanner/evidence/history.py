"""Earlier scans, as far as indicators need them: verdicts and coverage, without the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from inventory.database.engine import Database
from inventory.database.schema import SCANS, SYSTEMS_SEEN, VERDICTS
from inventory.denominator import CoveredPart
from inventory.scan import CODEC, ScanInfo
from inventory.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 60
"""So many scans, the newest, make a series that people read."""


@dataclass(frozen=True, slots=True)
class Past:
    """One finished scan.

    Attributes:
        scan: About it.
        verdicts: What it found.
        denominator: How much it covered of what the scope names.
    """

    scan: ScanInfo
    verdicts: tuple[Verdict, ...]
    denominator: tuple[CoveredPart, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The newest scans, oldest first, and when each system was first seen, by id.

    Attributes:
        scans: The scans.
        older: How many scans there are before them.
        first_seen: ISO 8601 time of the first scan that saw a system.
    """

    scans: tuple[Past, ...]
    older: int
    first_seen: dict[str, str]


def series(database: Path) -> Series:
    """The scans of an inventory database.

    Raises:
        inventory.database.InventoryError: The database cannot be used.
    """
    with Database(database).reading() as connection:
        rows = connection.execute(select(SCANS).where(SCANS.c.finished).order_by(SCANS.c.number.desc())).all()
        seen = connection.execute(select(SYSTEMS_SEEN.c.id, SYSTEMS_SEEN.c.first_seen))
        first_seen = {row.id: row.first_seen for row in seen}
        scans = []
        for row in reversed(rows[:MOST]):
            stored = select(VERDICTS.c.data).where(VERDICTS.c.scan == row.number).order_by(VERDICTS.c.position)
            verdicts = tuple(CODEC.loads(Verdict, data) for data in connection.execute(stored).scalars())
            parts = CODEC.loads(tuple[CoveredPart, ...], row.denominator)
            scans.append(Past(CODEC.loads(ScanInfo, row.info), verdicts, parts))
        return Series(tuple(scans), max(0, len(rows) - MOST), first_seen)
