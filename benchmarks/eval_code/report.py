"""Prints the scores and writes them as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.eval_code.score import CATEGORIES, Fault, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.eval_code.labels import Package

RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "eval_code.json"
COLUMNS: Final = f"{'':<14}{'':<17}{'precision':>9}{'recall':>9}{'right':>8}{'missed':>8}{'false':>8}"


def show(scores: Sequence[Score], packages: Sequence[Package], *, all_faults: bool) -> None:
    """Prints the table, then every fault: of the first scanner, or of all."""
    with_ai = sum(package.ai for package in packages)
    print(f"{len(packages)} packages, {with_ai} with AI and {len(packages) - with_ai} without\n")
    print(COLUMNS)
    for category in CATEGORIES:
        for score in scores:
            print(_row(category, score))
        print()
    for score in scores:
        print(f"{score.scanner:<17}{score.seconds:>8.1f} s for all packages")
    for score in scores if all_faults else scores[:1]:
        _faults(score)
    for score in scores:
        for package, reason in score.failures.items():
            print(f"{score.scanner} gave no answer for {package}: {reason}")


def write(scores: Sequence[Score], packages: Sequence[Package], path: Path = RESULTS) -> None:
    """Writes counts, precision, recall, time and faults of every scanner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {
        "packages": [f"{package.key}@{package.version}" for package in packages],
        "scanners": {score.scanner: _document(score) for score in scores},
    }
    path.write_text(json.dumps(document, indent=2) + "\n")


def _row(category: str, score: Score) -> str:
    count = score.counts[category]
    figures = f"{count.precision:>9.3f}{count.recall:>9.3f}{count.right:>8}{count.missed:>8}{count.false:>8}"
    return f"{category:<14}{score.scanner:<17}{figures}"


def _faults(score: Score) -> None:
    print(f"\n{score.scanner}: every miss and false alarm")
    for fault in sorted(score.faults, key=_order):
        place = f"  at {fault.where}" if fault.where else ""
        print(f"  {fault.category:<13}{fault.kind:<12} {fault.package}: {fault.name}{place}")


def _order(fault: Fault) -> tuple[int, str, str]:
    return CATEGORIES.index(fault.category), fault.kind, fault.package


def _document(score: Score) -> dict[str, Any]:
    return {
        "seconds": round(score.seconds, 3),
        "categories": {
            category: asdict(count) | {"precision": round(count.precision, 4), "recall": round(count.recall, 4)}
            for category, count in score.counts.items()
        },
        "faults": [asdict(fault) for fault in score.faults],
        "failures": score.failures,
    }
