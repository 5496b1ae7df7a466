"""The Markdown report: what fits a CI job summary, an issue or a wiki page.

GitHub takes a summary of one MiB and no more; the report tells less before it gets there. Everything from a source is
escaped so that it is neither markup nor a link, and mentions nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scanner.reports.model import Bounds
from scanner.reports.view import view
from scanner.reports.wording import Tone, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scanner.reports.changes_view import ChangesView
    from scanner.reports.coverage_view import CoverageView, Gap
    from scanner.reports.few import Few
    from scanner.reports.model import DecisionView, EntryView, Evidence, Group, ReportView, SystemView
    from scanner.result import ScanResult

LARGEST: Final = 900_000
"""Bytes; GitHub cuts a job summary at 1,048,576."""

_BOUNDS: Final = Bounds(rows=200, evidence=3)
_CHANGES: Final = 20

_MARKS: Final = {
    Tone.CONTRADICTED: "🛑",
    Tone.OPEN: "⚠️",
    Tone.CHANGED: "🔶",
    Tone.UPKEEP: "▫️",
    Tone.SETTLED: "✅",
}
"""Beside the words, never instead of them."""

_ACTIVE: Final = re.compile(r"([\\`*_{}\[\]()<>|~!$&])")
_LINKS: Final = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=www)\.|@(?=\w)|#(?=\w)")
_AT_THE_START: Final = re.compile(r"^([-+=#>]|\d+(?=[.)]))")
_BREAK: Final = "&#8203;"
"""A zero-width space: GitHub looks for mentions and addresses in what a reader sees, so that escaping does not stop it."""


def render(result: ScanResult) -> str:
    """The report as GitHub-flavoured Markdown, shorter than a job summary may be."""
    lines: list[str] = []
    size = 0
    for line in _lines(view(result, _BOUNDS)):
        size += len(line.encode()) + 1
        if size > LARGEST:
            lines.append("\n\n**This summary ends here, for its size; the JSON and HTML reports have the rest.**")
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no link, no mention, no table cell, no formula."""
    # Backslashes first: what breaks up links and mentions must itself stay live.
    escaped = _ACTIVE.sub(r"\\\1", text)
    escaped = _LINKS.sub(lambda match: f"{match[0]}{_BREAK}", escaped)
    return _AT_THE_START.sub(rf"{_BREAK}\1", escaped)


def code(text: str) -> str:
    """Text as a code span that it cannot leave; the empty string where there is none.

    A pipe ends the cell of a table even inside a span, and no escape for it is read alike everywhere: such text is
    escaped instead.
    """
    if not text or "|" in text:
        return escape(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text: str) -> str:
    """A sentence of ours about something from a source: what it sets between backticks is code, the rest escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(code(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))


def _lines(report: ReportView) -> Iterator[str]:
    yield f"# AI systems{' of ' + escape(report.organisation) if report.organisation else ''}"
    yield from _coverage(report.coverage)
    yield ""
    yield f"**{report.found}**" + (
        f" {count(report.asks, 'subject asks', 'subjects ask')} for a decision." if report.judged else ""
    )
    yield from _decisions(report)
    if report.changes is not None:
        yield from _changes(report.changes)
    yield from _systems("AI systems", report.systems)
    yield from _folded("Candidates: a person must look", report.candidates)
    yield from _folded("Coding assistants", report.assistants)
    yield from _folded("Dismissed as no AI", report.dismissed)
    yield from _entries(report.entries)
    yield from _gaps(report.coverage)
    yield from _about(report)


def _coverage(coverage: CoverageView) -> Iterator[str]:
    yield from ("", "## What was covered, and what was not", "", escape(coverage.headline))
    if not coverage.complete:
        yield from ("", "⚠️ **Incomplete.** What was not seen may hold AI that this report does not know of, and nothing there counts as gone.")  # fmt: skip
    if coverage.parts.total:
        rows = [
            (escape(part.name), part.kind, part.words, escape(", ".join(part.sources)), escape("; ".join(part.gaps)))
            for part in coverage.parts.shown
        ]
        yield from _table(("The scope names", "Kind", "Covered", "By", "Missing"), rows)
        yield from _more(coverage.parts)
    if coverage.covered.total:
        yield from (
            "",
            f"<details><summary>{count(coverage.covered.total, 'place')} that the scope names, covered</summary>",
            "",
        )
        yield from (f"- {escape(name)}" for name in coverage.covered.shown)
        yield from _more(coverage.covered)
        yield from ("", "</details>")


def _decisions(report: ReportView) -> Iterator[str]:
    yield from ("", "## What needs a decision first")
    if not report.groups:
        nothing = "Nothing asks for a decision." if report.declared else (
            "No scope document was given, so nothing could be held against it. `aimscope init` writes one to start from."
        )  # fmt: skip
        yield from ("", nothing)
    for group in report.groups:
        yield from _group(group)


def _group(group: Group) -> Iterator[str]:
    mark = _MARKS[group.words.tone]
    yield from ("", f"### {mark} {group.words.title} ({group.decisions.total:,})", "", group.words.meaning)
    for decision in group.decisions.shown:
        yield from _decision(decision)
    if group.decisions.more:
        yield from ("", f"And {group.decisions.more:,} more: `aimscope review` has them all.")


def _decision(decision: DecisionView) -> Iterator[str]:
    where = f" in {code(', '.join(decision.where))}" if decision.where else ""
    uses = f", uses {', '.join(map(code, decision.uses))}" if decision.uses else ""
    yield from ("", f"#### {escape(decision.name)}", "", f"{decision.what}{where}{uses}", "")
    yield from (f"- {prose(reason)}" for reason in decision.reasons)
    if decision.suggestion:
        yield f"- Suggested: **{escape(decision.suggestion)}.** {prose(decision.because)}"
    if decision.command:
        yield f"- Run: {code(decision.command)}"
    yield f"- Likely owner: {escape(decision.owner) or 'not known'}"
    if decision.proof.total:
        yield f"- Evidence, the strongest of {decision.proof.total:,}:" if decision.proof.more else "- Evidence:"
        yield from map(_evidence, decision.proof.shown)
    if decision.questions:
        yield "- Open questions:"
        yield from (f"  - {prose(question)}" for question in decision.questions)


def _evidence(one: Evidence) -> str:
    source = f" of {code(one.source)}" if one.source else ""
    context = f", in {one.context}" if one.context else ""
    snippet = f": {code(one.snippet)}" if one.snippet else ""
    return f"  - {code(one.where)}{source}, {escape(one.what)}, {one.strength}{context}{snippet}"


def _changes(changes: ChangesView) -> Iterator[str]:
    yield from ("", "## What changed since the last scan", "")
    yield f"The last scan was on {escape(changes.since[:10])}." + (
        "" if changes.lists else " Nothing has changed since."
    )
    for title, found in changes.lists:
        yield from ("", f"**{title} ({found.total:,})**", "")
        yield from (f"- {escape(change.name)}: {escape(change.says)}" for change in found.shown[:_CHANGES])
        if found.total > _CHANGES:
            yield f"- and {found.total - _CHANGES:,} more"


def _systems(title: str, rows: Few[SystemView]) -> Iterator[str]:
    yield from ("", f"## {title} ({rows.total:,})")
    yield from _system_table(rows) if rows.total else ("", "None was found.")


def _folded(title: str, rows: Few[SystemView]) -> Iterator[str]:
    if rows.total:
        yield from ("", f"<details><summary>{title} ({rows.total:,})</summary>")
        yield from _system_table(rows)
        yield from ("", "</details>")


def _system_table(rows: Few[SystemView]) -> Iterator[str]:
    yield from _table(
        ("System", "Kind", "Providers", "Models", "Where", "Owner", "Status", "Id"), map(_row, rows.shown)
    )
    yield from _more(rows)


def _row(system: SystemView) -> Sequence[str]:
    status = f"{_MARKS[system.words.tone]} {system.words.title}" if system.words else ""
    return (
        escape(system.name),
        system.kind,
        escape(", ".join(system.providers)),
        ", ".join(map(code, system.models)),
        code(", ".join(system.where)),
        escape(system.owner),
        status,
        code(system.id),
    )


def _entries(entries: Few[EntryView]) -> Iterator[str]:
    if entries.total:
        yield from ("", "## Declared entries, and how they stand")
        rows = [
            (
                code(one.id),
                f"{_MARKS[one.words.tone]} {one.words.title}",
                escape(", ".join(one.shown_by)),
                escape(one.owner),
            )
            for one in entries.shown
        ]
        yield from _table(("Entry", "Stands", "Shown by", "Owner"), rows)
        yield from _more(entries)


def _gaps(coverage: CoverageView) -> Iterator[str]:
    yield from ("", "## Coverage gaps")
    if coverage.gaps.total:
        yield from _gap_table(coverage.gaps)
    else:
        unasked = (
            f"; but no source is configured for {count(coverage.unasked, 'place')} that the scope names"
            if coverage.unasked
            else ""
        )
        yield from ("", f"None in what was asked{unasked}.")
    if coverage.left_out.total:
        yield from ("", f"<details><summary>{count(coverage.left_out.total, 'part')} left out by rule</summary>")
        yield from _gap_table(coverage.left_out)
        yield from ("", "</details>")


def _gap_table(gaps: Few[Gap]) -> Iterator[str]:
    rows = [(escape(gap.source), code(gap.scope) or "all of it", gap.outcome, escape(gap.reason)) for gap in gaps.shown]
    yield from _table(("Source", "Part", "How it ended", "Why, and the mend"), rows)
    yield from _more(gaps)


def _more(few: Few[object]) -> Iterator[str]:
    if few.more:
        yield from ("", f"And {few.more:,} more, all in the JSON report.")


def _about(report: ReportView) -> Iterator[str]:
    scan = report.scan
    scope = code(scan.scope) if report.declared else "none"
    yield from ("", "---", "")
    yield f"Scan {code(scan.id)}, {scan.started} to {scan.finished}, aimscope {scan.version}, knowledge base {code(scan.catalog)}, scope document {scope}."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |")
    for row in rows:
        yield f"| {' | '.join(cell or '-' for cell in row)} |"
