"""What the CSV and the XLSX report tell: the same tables, in the words of the JSON report.

Values are those of the JSON report, so that what is filtered here can be looked up there. Every text is inert: no
spreadsheet takes it for a formula.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.cells import MAX_CELL, inert
from scanner.reports.plain import plain
from scanner.reports.wording import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifiers.model import Finding
    from connectors.model import Coverage
    from inventory.denominator import CoveredPart
    from inventory.model import AISystem
    from inventory.verdict import Verdict
    from scanner.result import ScanResult

Cell = str | int | float
"""A value in a cell. A text is inert; what is not known is the empty text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        key: Its name for programs; columns that tell the same have the same in every table.
        heading: Its name for people.
        width: In characters.
    """

    key: str
    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: Its name.
        record: What each row is, in a word.
        columns: Its columns.
        rows: A cell a column.
    """

    title: str
    record: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(result: ScanResult) -> tuple[Table, ...]:
    """What was covered, first; then what has to be decided, the systems, the findings, and the scan itself."""
    return (_coverage(result), _decisions(result), _systems(result), _findings(result), _about(result))


def _coverage(result: ScanResult) -> Table:
    columns = (
        Column("kind", "What", 14),
        Column("name", "Name", 44),
        Column("path", "Part", 36),
        Column("status", "Seen", 20),
        Column("because", "Why, and the mend", 70),
        Column("files", "Files", 10),
    )
    rows = [*map(_covered_row, result.denominator), *map(_coverage_row, result.coverage)]
    return Table("Coverage", "coverage", columns, tuple(rows))


def _covered_row(part: CoveredPart) -> tuple[Cell, ...]:
    return (part.kind.value, _text(part.name), "", part.share.value, _lines(part.gaps), "")


def _coverage_row(part: Coverage) -> tuple[Cell, ...]:
    kind = "part" if part.scope else "source"
    files = part.counts.get("files", "")
    return (kind, _text(part.source), _text(part.scope), part.outcome.value, _text(part.reason), files)


def _decisions(result: ScanResult) -> Table:
    columns = (
        Column("status", "Status", 24),
        Column("asks", "Asks for a decision", 12),
        Column("name", "Subject", 30),
        Column("because", "Why", 70),
        Column("suggested", "Suggested", 18),
        Column("suggested_because", "Suggested because", 45),
        Column("owner", "Likely owner", 24),
        Column("questions", "Open questions", 45),
        Column("entry", "Entry", 18),
        Column("kind", "Subject is a", 12),
        Column("id", "Subject id", 22),
        Column("counted", "Counts in the exit code", 12),
    )
    return Table("Decisions", "decision", columns, tuple(map(_decision_row, result.verdicts)))


def _decision_row(verdict: Verdict) -> tuple[Cell, ...]:
    suggestion = verdict.suggestion
    return (
        verdict.status.value,
        _yes(verdict.asks),
        _text(verdict.name),
        _lines((f"{STATUS[verdict.status].title}.", *(reason.text for reason in verdict.reasons))),
        _text(suggestion.decision if suggestion else ""),
        _text(suggestion.because if suggestion else ""),
        _text(verdict.owner),
        _lines(verdict.questions),
        _text(verdict.entry),
        verdict.subject_kind.value,
        _text(verdict.subject),
        _yes(verdict.counted),
    )


def _systems(result: ScanResult) -> Table:
    columns = (
        Column("name", "Name", 30),
        Column("kind", "Kind", 16),
        Column("status", "Status", 24),
        Column("owner", "Likely owner", 24),
        Column("providers", "Providers", 24),
        Column("models", "Models", 30),
        Column("techniques", "Techniques", 22),
        Column("stage", "Stage", 14),
        Column("source", "Sources", 36),
        Column("anchors", "Anchors", 44),
        Column("confidence", "Confidence", 12),
        Column("findings", "Findings", 10),
        Column("first_seen", "First seen", 22),
        Column("last_seen", "Last seen", 22),
        Column("id", "Id", 22),
    )
    status = {verdict.subject: verdict.status.value for verdict in result.verdicts}
    rows = tuple(_system_row(system, status.get(system.id, "")) for system in result.systems)
    return Table("Systems", "system", columns, rows)


def _system_row(system: AISystem, status: str) -> tuple[Cell, ...]:
    return (
        _text(system.name),
        system.kind.value,
        status,
        _text(system.owner),
        _lines(system.providers),
        _lines(system.models),
        _lines(technique.value for technique in system.techniques),
        _text(system.stage),
        _lines(system.sources),
        _lines(system.anchors),
        system.confidence,
        len(system.findings),
        system.first_seen,
        system.last_seen,
        _text(system.id),
    )


def _findings(result: ScanResult) -> Table:
    columns = (
        Column("role", "Role", 16),
        Column("name", "Name", 30),
        Column("providers", "Provider", 18),
        Column("models", "Model", 28),
        Column("model_family", "Model family", 18),
        Column("strength", "Strength", 16),
        Column("context", "Context", 14),
        Column("source", "Source", 36),
        Column("path", "Path", 44),
        Column("line", "Line", 8),
        Column("occurrences", "Times", 8),
        Column("snippet", "Evidence", 60),
        Column("systems", "Systems", 22),
        Column("purl", "Package URL", 30),
        Column("confidence", "Confidence", 12),
        Column("rule", "Rule", 24),
        Column("id", "Id", 24),
    )
    systems: defaultdict[str, list[str]] = defaultdict(list)
    for system in result.systems:
        for finding in system.findings:
            systems[finding].append(system.id)
    rows = tuple(_finding_row(finding, systems.get(finding.id, [])) for finding in result.findings)
    return Table("Findings", "finding", columns, rows)


def _finding_row(finding: Finding, systems: list[str]) -> tuple[Cell, ...]:
    return (
        finding.role.value,
        _text(finding.name),
        _text(finding.provider),
        _text(finding.model),
        _text(finding.model_family),
        finding.strength.value,
        finding.context.value,
        _text(finding.location.source),
        _text(finding.location.path),
        finding.location.line or "",
        finding.observation.occurrences,
        _text(finding.snippet),
        _lines(systems),
        _text(finding.purl),
        finding.confidence,
        _text(finding.rule),
        _text(finding.id),
    )


def _about(result: ScanResult) -> Table:
    scan = result.scan
    rows = (
        ("Organisation", _text(scan.organisation)),
        ("Scan", _text(scan.id)),
        ("Complete", _yes(not result.incomplete)),
        ("Started", scan.started),
        ("Finished", scan.finished),
        ("aimscope", scan.version),
        ("Knowledge base", scan.catalog),
        ("Scope document", scan.scope or "none"),
        ("Sources", len(scan.sources)),
        ("Systems", len(result.systems)),
        ("Findings", len(result.findings)),
        ("Verdicts that ask for a decision", sum(verdict.asks for verdict in result.verdicts)),
    )
    return Table("About", "scan", (Column("name", "About this scan", 34), Column("value", "Value", 70)), rows)


def _text(value: str) -> str:
    return inert(plain(value, MAX_CELL))


def _lines(values: Iterable[str]) -> str:
    return inert("\n".join(plain(value, MAX_CELL) for value in values))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
