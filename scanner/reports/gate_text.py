"""The report of a gate for people: plain text for a terminal or a log, and Markdown for a comment or a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.reports.gate_view import gate_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.gating.result import GateResult


def render_text(gate: GateResult) -> str:
    """The report as plain text."""
    return "\n".join(_text(gate)) + "\n"


def render_markdown(gate: GateResult) -> str:
    """The report as GitHub-flavoured Markdown."""
    return "\n".join(_markdown(gate)) + "\n"


def _text(gate: GateResult) -> Iterator[str]:
    report = gate_view(gate)
    yield report.headline
    for title, items in report.sections:
        yield from ("", title)
        for item in items.shown:
            yield f"- {item.title}"
            yield from (f"    {line}" for line in (*item.says, *item.places, item.command) if line)
        if items.more:
            yield f"- and {items.more:,} more"


def _markdown(gate: GateResult) -> Iterator[str]:
    from scanner.reports.markdown import code, escape, prose

    report = gate_view(gate)
    yield from ("# What this change does to AI systems", "", f"**{escape(report.headline)}**")
    for title, items in report.sections:
        yield from ("", f"## {title} ({items.total:,})", "")
        for item in items.shown:
            yield f"- {escape(item.title)}"
            yield from (f"  - {prose(line)}" for line in item.says)
            yield from (f"  - {escape(line)}" for line in item.places)
            if item.command:
                yield f"  - Run: {code(item.command)}"
        if items.more:
            yield f"- and {items.more:,} more"
