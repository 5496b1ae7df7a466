"""The figures as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks.bench_code.stages import APART, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.bench_code.cases import Figures, TreeFigures
    from benchmarks.bench_code.limits import Limit
    from benchmarks.bench_code.measure import Cost


def tables(figures: Figures, limits: list[Limit]) -> Iterator[Table]:
    """All tables, the judgement last."""
    if figures.start_up:
        yield _start_up(figures)
    if figures.trees or figures.small:
        yield _trees([*figures.small, *figures.trees])
    if figures.linear:
        yield _linear(figures)
    if figures.stages:
        yield _stages(figures)
    yield _limits(limits)


def table(title: str, *columns: str) -> Table:
    """An empty table with a title; all columns but the first are numbers."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        made.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return made


def _spread(cost: Cost) -> str:
    return f"{cost.fastest:.2f} to {cost.slowest:.2f}"


def _start_up(figures: Figures) -> Table:
    made = table("Start-up", "command", "ms (median)", "fastest to slowest", "processor ms")
    for name, cost in figures.start_up.items():
        spread = f"{cost.fastest * 1000:.0f} to {cost.slowest * 1000:.0f}"
        made.add_row(name, f"{cost.wall * 1000:.0f}", spread, f"{cost.processor * 1000:.0f}")
    return made


def _trees(trees: list[TreeFigures]) -> Table:
    made = table(
        "Scanning", "tree", "tool", "seconds (median)", "fastest to slowest", "processor s", "files/s", "times rg",
        "largest process MB", "together MB",
    )  # fmt: skip
    for tree in trees:
        ripgrep = tree.tools.get("rg")
        for number, (name, cost) in enumerate(tree.tools.items()):
            title = f"{tree.title}, {tree.megabytes:.0f} MB" if number == 0 else ""
            times = f"{cost.wall / ripgrep.wall:.1f}" if ripgrep else "no rg"
            together = "not known" if cost.together_mb is None else f"{cost.together_mb:,.0f}"
            made.add_row(
                title, name, f"{cost.wall:.2f}", _spread(cost), f"{cost.processor:.2f}",
                f"{tree.files / cost.wall:,.0f}", times, f"{cost.largest_mb:,.0f}", together,
                end_section=number == len(tree.tools) - 1,
            )  # fmt: skip
    return made


def _linear(figures: Figures) -> Table:
    made = table(
        "The same files, longer", "tree", "MB", "seconds (median)", "processor s", "ms of processor a further MB"
    )
    for linear in figures.linear:
        title = f"{linear.files:,} files {'full of' if linear.ai else 'without'} AI"
        further = ["", *(f"{step * 1000:.1f}" for step in linear.steps)]
        for number, (size, cost, step) in enumerate(zip(linear.megabytes, linear.costs, further, strict=True)):
            row = (title if number == 0 else "", f"{size:.0f}", f"{cost.wall:.2f}", f"{cost.processor:.2f}", step)
            made.add_row(*row, end_section=number == len(further) - 1)
    return made


def _stages(figures: Figures) -> Table:
    heads = [f"{title}: {what}" for title in figures.stages for what in ("s", "processor s")]
    made = table("Stages, in one process", "stage", *heads)
    for stage in (*STAGES, APART):
        measured = [seconds for stages in figures.stages.values() for seconds in stages[stage]]
        made.add_row(stage, *(f"{seconds:.3f}" for seconds in measured), end_section=stage == STAGES[-1])
    return made


def _limits(limits: list[Limit]) -> Table:
    made = table("Limits of DESIGN.md, section 3", "what", "limit", "measured", "")
    words = {True: "[green]reached[/]", False: "[red]not reached[/]", None: "not judged"}
    for limit in limits:
        made.add_row(limit.what, limit.limit, limit.measured, words[limit.reached])
    return made
