"""What a person at a prompt sees when a scan is done: coverage, verdicts and the most urgent decisions.

`render` gives text without colour or cursor movement, for a file or a log; `show` writes to the terminal that is there.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scanner.reports.model import Bounds
from scanner.reports.view import view
from scanner.reports.wording import Tone, count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from rich.console import RenderableType

    from scanner.reports.few import Few
    from scanner.reports.model import DecisionView, Evidence, ReportView, SystemView
    from scanner.result import ScanResult

_BOUNDS: Final = Bounds(rows=30, evidence=1)
_URGENT: Final = 3
_WIDTH: Final = 110
"""Where nobody says how wide the screen is."""

_STYLES: Final = {
    Tone.CONTRADICTED: "bold red",
    Tone.OPEN: "yellow",
    Tone.CHANGED: "magenta",
    Tone.UPKEEP: "blue",
    Tone.SETTLED: "green",
}


def render(result: ScanResult) -> str:
    """The report as plain text."""
    stream = io.StringIO()
    _print(result, Console(file=stream, width=_WIDTH, color_system=None, force_terminal=False, legacy_windows=False))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def show(result: ScanResult, stream: TextIO | None = None) -> None:
    """Writes the report: in colour and as wide as the screen on a terminal, else (or with NO_COLOR) as plain text."""
    stream = stream or sys.stdout
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        # A stream that cannot carry a character gets its escape, never an error.
        encoding = stream.encoding or "utf-8"
        stream.write(render(result).encode(encoding, "backslashreplace").decode(encoding))
    else:
        _print(result, Console(file=stream))


def _print(result: ScanResult, console: Console) -> None:
    report = view(result, _BOUNDS)
    for part in _parts(report):
        console.print(part, soft_wrap=False, highlight=False)


def _parts(report: ReportView) -> Iterator[RenderableType]:
    yield from _coverage(report)
    yield Text()
    yield Text(report.found, style="bold")
    if report.judged:
        yield _statuses(report)
        yield from _urgent(report)
    elif report.systems.total:
        yield _systems(report.systems)
        yield Text("No scope document was given, so nobody can tell what was decided: `aimscope init` writes one.")
    if not report.judged and report.candidates.total:
        yield Text()
        yield Text("Candidates: only hints, tests, examples or documents speak for them", style="bold")
        yield _systems(report.candidates)


def _coverage(report: ReportView) -> Iterator[RenderableType]:
    coverage = report.coverage
    yield Text(coverage.headline, style="" if coverage.complete else "yellow")
    for gap in coverage.gaps.shown[:_URGENT]:
        where = f"{gap.source}, {gap.scope}" if gap.scope else gap.source
        yield Padding(Text(f"- {where}: {gap.outcome}. {gap.reason}"), (0, 0, 0, 2))
    if coverage.gaps.total > _URGENT:
        yield Text(f"  - and {count(coverage.gaps.total - _URGENT, 'more gap')}")


def _statuses(report: ReportView) -> RenderableType:
    table = _table("", "Status", "Subjects")
    table.columns[0].justify = "right"
    for group in report.statuses:
        named = [one.name for one in _of_status(report, group.status)]
        more = group.count - len(named)
        subjects = ", ".join(named) + (f" and {more:,} more" if named and more else "")
        table.add_row(
            Text(f"{group.count:,}"), Text(group.words.title, style=_STYLES[group.words.tone]), Text(subjects)
        )
    return table


def _of_status(report: ReportView, status: str) -> Sequence[DecisionView]:
    return [one for group in report.groups if group.status == status for one in group.decisions.shown[:_URGENT]]


def _urgent(report: ReportView) -> Iterator[RenderableType]:
    if not report.asks:
        seen = "" if report.coverage.complete else ", as far as was seen"
        yield Text(f"Nothing asks for a decision{seen}.", style="green")
        return
    urgent = [(group, one) for group in report.groups for one in group.decisions.shown][:_URGENT]
    yield Text("Most urgent", style="bold")
    for group, decision in urgent:
        yield Text()
        yield Text.assemble(
            f"{decision.number}. ", (decision.name, "bold"), ": ", (group.words.title, _STYLES[group.words.tone])
        )
        yield Padding(_decision(decision), (0, 0, 0, 3))
    if report.asks > len(urgent):
        yield Text()
        yield Text(f"And {count(report.asks - len(urgent), 'more subject asks', 'more subjects ask')}: aimscope review")


def _decision(decision: DecisionView) -> RenderableType:
    lines = [Text(decision.reasons[0])] if decision.reasons else []
    lines += [Text(f"at {_place(one)}") for one in decision.proof.shown]
    if decision.suggestion:
        lines.append(Text(f"Suggested: {decision.suggestion}. {decision.because}"))
    if decision.owner:
        lines.append(Text(f"Likely owner: {decision.owner}"))
    if decision.command:
        # A command that is broken over two lines cannot be copied.
        lines.append(Text(decision.command, style="cyan", no_wrap=True, overflow="ignore"))
    return Group(*lines)


def _place(one: Evidence) -> str:
    return f"{one.where} ({one.what}, {one.strength})"


def _systems(rows: Few[SystemView]) -> RenderableType:
    table = _table("System", "Kind", "Providers and models", "Where")
    for one in rows.shown:
        uses = ", ".join((*one.providers, *one.models[:_URGENT]))
        table.add_row(Text(one.name), Text(one.kind), Text(uses), Text(", ".join(one.where)))
    if rows.more:
        table.add_row(Text(f"and {rows.more:,} more"))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
