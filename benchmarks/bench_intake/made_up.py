"""Writes a made-up inventory in the columns of the US federal one: its blanks, lists and duplicate names included."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_HEADER: Final = (
    "agency", "agency_name", "id", "use_case_name", "agency_bureau", "development_stage", "is_high_impact",
    "classification", "problem_solved", "benefits", "vendor_name", "contracting_usage", "has_pii", "demographic_features",
)  # fmt: skip
_STAGES: Final = ("Deployed", "Pilot", "Pre-deployment", "Retired", "")
_USAGE: Final = ("Vendor Purchased", "In-house Development", "Contracting and In House", "")
_WORDS: Final = (
    "claims", "documents", "images", "requests", "records", "sensors", "reports", "contracts", "letters", "forecasts",
)  # fmt: skip
_BLANK_ID: Final = 5
_AGENCIES: Final = 41


def write_inventory(path: Path, rows: int) -> None:
    """Writes that many rows; the same for the same number."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(_row(number) for number in range(rows))


def _row(number: int) -> tuple[str, ...]:
    agency = f"A{number % _AGENCIES:02}"
    what = _WORDS[number % len(_WORDS)]
    return (
        agency,
        f"Agency of Example {number % _AGENCIES}",
        "" if number % _BLANK_ID == 0 else f"{agency}-{number}",
        f"Sorting of {what} in office {number // 3}",
        f"Bureau {number % 97}",
        _STAGES[number % len(_STAGES)],
        "High-impact" if number % 11 == 0 else "Not High-impact",
        "Classical ML",
        f"People sort {what} by hand today, which takes days: number {number} of them waits, and is not found again when asked for.",
        f"Answers come sooner, and staff of office {number // 3} have time for what needs a person.",
        "" if number % 3 else "Example Vendor, Inc.",
        _USAGE[number % len(_USAGE)],
        "Yes" if number % 4 == 0 else "No",
        "['Age', 'Sex']" if number % 7 == 0 else "[]",
    )
