"""Prints the scores and writes them as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.eval_code.score import CATEGORIES, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.eval_code.labels import Package

RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "eval_code.json"


def show(scores: Sequence[Score], packages: Sequence[Package], *, all_faults: bool) -> None:
    """Prints the table, then every fault: of the first scanner, or of all."""
    console = Console(soft_wrap=True, highlight=False)
    with_ai = sum(package.ai for package in packages)
    console.print(f"{len(packages)} packages, {with_ai} with AI and {len(packages) - with_ai} without")
    console.print(_table(scores))
    for score in scores if all_faults else scores[:1]:
        _faults(console, score)
    for score in scores:
        for package, reason in score.failures.items():
            console.print(f"{score.scanner} gave no answer for {package}: {reason}", markup=False)


def write(scores: Sequence[Score], packages: Sequence[Package], path: Path = RESULTS) -> None:
    """Writes counts, precision, recall, time and faults of every scanner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {
        "packages": [f"{package.key}@{package.version}" for package in packages],
        "scanners": {score.scanner: _document(score) for score in scores},
    }
    path.write_text(json.dumps(document, indent=2) + "\n")


def _table(scores: Sequence[Score]) -> Table:
    table = Table(title="precision / recall (right, missed, false)")
    table.add_column("scanner")
    for category in CATEGORIES:
        table.add_column(category, justify="right")
    table.add_column("seconds", justify="right")
    for score in scores:
        table.add_row(score.scanner, *(_cell(score, category) for category in CATEGORIES), f"{score.seconds:.1f}")
    return table


def _cell(score: Score, category: str) -> str:
    count = score.counts[category]
    return f"{count.precision:.3f} / {count.recall:.3f} ({count.right}, {count.missed}, {count.false})"


def _faults(console: Console, score: Score) -> None:
    console.print(f"\n{score.scanner}: every miss and false alarm")
    if not score.faults:
        console.print("  none")
    for fault in sorted(score.faults, key=lambda fault: (CATEGORIES.index(fault.category), fault.kind, fault.package)):
        place = f"  at {fault.where}" if fault.where else ""
        console.print(f"  {fault.category:12} {fault.kind:11} {fault.package}: {fault.name}{place}", markup=False)


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
