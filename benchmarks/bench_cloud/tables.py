"""The figures as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.bench_cloud.cases import FAULTS
from benchmarks.bench_code.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from benchmarks.bench_cloud.cases import Figures, Simulated
    from benchmarks.bench_cloud.moto import Found
    from benchmarks.bench_cloud.operations import Operation

AIM = 0.8
"""The share of the bound that a scan of a whole organisation is meant to reach."""

_NAMES = {
    "sweep": "aimscope, everything",
    "night": "aimscope, rotate_days: 7",
    "lists": "aimscope",
    "naive": "list + describe + tags",
}


def tables(figures: Figures) -> Iterator[Table]:
    """All tables of what was measured."""
    if figures.complete:
        yield _complete(figures.complete)
    if figures.operations:
        yield _operations(figures.operations)
    if figures.beside:
        yield _beside(figures.beside)
    if figures.faults:
        yield _faults(figures.faults)
    if figures.speed:
        yield _speed(figures.speed)


def _complete(found: Found) -> Table:
    title = (
        f"moto: {found.accounts} accounts, {found.regions} Regions, {found.requests:,} requests, {found.seconds:.0f} s"
    )
    made = table(title, "resource", "seeded", "found", "recall", "with its model")
    for kind, seeded in sorted(found.seeded.items()):
        there, model = found.found.get(kind, 0), found.models.get(kind, 0)
        made.add_row(kind, f"{seeded:,}", f"{there:,}", f"{there / seeded:.2%}", f"{model:,}")
    seeded, there, model = (sum(part.values()) for part in (found.seeded, found.found, found.models))
    made.add_section()
    made.add_row("together", f"{seeded:,}", f"{there:,}", f"{there / seeded:.2%}", f"{model:,}")
    made.caption = f"missing: {', '.join(found.missing[:3]) or 'none'}; twice: {', '.join(found.twice[:3]) or 'none'}"
    return made


def _operations(rows: Sequence[Operation]) -> Table:
    made = table("Fake under botocore's models", "tier", "operations", "right", "listed", "found", "twice")
    for tier in sorted({row.tier for row in rows}):
        of = [row for row in rows if row.tier == tier]
        listed, found, twice = (sum(getattr(row, name) for row in of) for name in ("listed", "found", "twice"))
        right = sum(row.right for row in of)
        made.add_row(tier, f"{len(of)}", f"{right}", f"{listed:,}", f"{found:,}", f"{twice}")
    for row in rows:
        if not row.right or row.choosy:
            name = f"{row.operation} ({'wants some' if row.choosy else 'differs'})"
            made.add_row(name, "1", f"{int(row.right)}", f"{row.listed:,}", f"{row.found:,}", f"{row.twice}")
    return made


def _speed(runs: Sequence[Simulated]) -> Table:
    made = table(
        _simulation(runs[0]), "way", "requests", "a account", "s", "least s", "share", "processor s", "ms a request",
        "MB before", "MB peak", "connections", "open", "not asked today",
    )  # fmt: skip
    for run in runs:
        made.add_row(
            _NAMES[run.way], f"{run.requests:,}", f"{run.requests / run.accounts:,.0f}", f"{run.wall:,.1f}",
            f"{run.bound:,.1f}", f"{'[green]' if run.share >= AIM else '[red]'}{run.share:.0%}[/]",
            f"{run.processor:,.1f}", f"{run.processor * 1000 / run.requests:.2f}", f"{run.before_mb:,.0f}",
            f"{run.peak_mb:,.0f}", f"{run.connections:,}", f"{run.open_at_once:,}", f"{run.outcomes.get('skipped', 0):,}",
        )  # fmt: skip
    return made


def _beside(runs: Sequence[Simulated]) -> Table:
    made = table(
        f"The same lists, {_simulation(runs[0])}", "way", "requests", "things", "requests a thing", "s", "processor s",
        "ms a request", "MB peak",
    )  # fmt: skip
    for run in runs:
        made.add_row(
            _NAMES[run.way], f"{run.requests:,}", f"{run.resources:,}", f"{run.requests / run.resources:.2f}",
            f"{run.wall:,.1f}", f"{run.processor:,.1f}", f"{run.processor * 1000 / run.requests:.2f}",
            f"{run.peak_mb:,.0f}",
        )  # fmt: skip
    return made


def _faults(runs: dict[str, Simulated]) -> Table:
    first = next(iter(runs.values()))
    made = table(f"Faults, {_simulation(first)}", "fault", "s", "requests", "things", "parts by outcome")
    for fault, run in runs.items():
        outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(run.outcomes.items()))
        made.add_row(FAULTS[fault], f"{run.wall:.1f}", f"{run.requests:,}", f"{run.resources:,}", outcomes)
    return made


def _simulation(run: Simulated) -> str:
    return (
        f"simulated: {run.accounts} accounts, {run.regions} Regions, {run.latency * 1000:.0f} ms, "
        f"{run.concurrency} at once"
    )
