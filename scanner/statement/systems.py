"""The systems in scope: what is declared and known of each, what is done with them, which data they process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scanner.reports.wording import Tone, count
from scanner.statement.blocks import Content, Fields, Mark, Paragraph
from scanner.statement.cells import MARK, NOT_KNOWN, cell, due, heading, lines, note, said, table
from scanner.statement.conditions import conditions_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.statement.blocks import Block, Cell, Table
    from scanner.statement.model import EntryView, Observed, Statement
    from scanner.statement.outline import OutlineRow

NONE_IN_SCOPE: Final = "The scope document declares no system in scope."


def systems(statement: Statement, _: OutlineRow) -> Content:
    """All systems in scope in a table, then each by itself, and what was observed that nobody has decided about."""
    parts = [(heading(entry.name), tuple(_entry(entry))) for entry in statement.in_scope]
    if statement.undecided:
        parts.append(("Observed, and not decided", tuple(_undecided(statement.undecided))))
    if not statement.in_scope:
        return Content((note(NONE_IN_SCOPE),), tuple(parts))
    rows = [
        (
            cell(entry.name),
            said(entry.owner),
            said(entry.role),
            known(entry, "stage"),
            cell(entry.stands.words, MARK[entry.stands.tone]),
        )
        for entry in statement.in_scope
    ]
    total = count(len(rows), "entry of the scope document is", "entries of the scope document are")
    heads = ("System", "Owner", "Role of the organisation", "Life-cycle stage", "Stands today")
    return Content((Paragraph(f"{total} in scope."), table(heads, (24, 22, 14, 16, 24), rows)), tuple(parts))


def activities(statement: Statement, _: OutlineRow) -> Content:
    """What the organisation does with AI systems, with each of them, and at which stage of its life cycle it is."""
    named: Block = table(("Activity inside the scope",), (100,), [(cell(one),) for one in statement.activities])
    if not statement.activities:
        named = note("The scope document names no activities. Name them under `document.activities`.")
    if not statement.in_scope:
        return Content((named, note(NONE_IN_SCOPE)))
    rows = [
        (cell(one.name), said(one.role), known(one, "stage"), known(one, "uses"), _runs(one), known(one, "autonomy"))
        for one in statement.in_scope
    ]
    told = (
        "What the organisation does with each system, and at which stage of its life cycle it is. How something is known "
        "stands in brackets: observed by the scan, read from a tag, attested by a person, or declared."
    )
    heads = ("System", "Activity", "Life-cycle stage", "Used for", "Runs", "Acts without a person")
    return Content((named, Paragraph(told), table(heads, (22, 12, 16, 16, 16, 18), rows)))


def data(statement: Statement, _: OutlineRow) -> Content:
    """Which data the systems process, as far as somebody has said it."""
    if not statement.in_scope:
        return Content((note(NONE_IN_SCOPE),))
    told: list[Block] = [
        Paragraph("A scan does not show which data a system processes: people attest it, or tags of the source say it.")
    ]
    unknown = sum(not all(one.facts[name].values for name in _DATA[:2]) for one in statement.in_scope)
    if unknown:
        total = count(len(statement.in_scope), "system")
        told.append(note(f"For {unknown:,} of {total} in scope it is not known which data they process."))
    rows = [(cell(one.name), *(known(one, name) for name in _DATA)) for one in statement.in_scope]
    heads = ("System", "Data categories", "Personal data", "Who meets its output")
    return Content((*told, table(heads, (28, 28, 22, 22), rows)))


def known(entry: EntryView, fact: str) -> Cell:
    """What is known of a fact, and how."""
    return cell(entry.facts[fact].words, Mark.PLAIN if entry.facts[fact].values else Mark.OPEN)


def standing(entry: EntryView) -> Iterator[tuple[str, Cell]]:
    """Who decided about an entry, until when, and how it stands today."""
    yield "Decided", lines(*entry.decided) if entry.decided else cell("no decision in the ledger carries it", Mark.OPEN)
    yield "Next review", due(entry.review_due, overdue=entry.overdue)
    # What is settled has its reason in the other fields.
    reasons = () if entry.stands.tone is Tone.SETTLED else entry.stands.reasons
    yield "Stands today", lines(entry.stands.words, *reasons, mark=MARK[entry.stands.tone])


def bound_by(entry: EntryView) -> tuple[str, Cell]:
    """What binds systems to an entry."""
    return "Bound by", lines(*entry.binds) if entry.binds else cell("nothing", Mark.OPEN)


def _entry(entry: EntryView) -> Iterator[Block]:
    """A system in scope, as fields; the systems that the scan shows in a table where there are several."""
    several = len(entry.observed) > 1
    rows: list[tuple[str, Cell]] = [
        ("Purpose", said(entry.purpose)),
        ("Owner", said(entry.owner)),
        ("Role of the organisation", said(entry.role)),
        ("Life-cycle stage", known(entry, "stage")),
        *([] if several else _shown(entry)),
        *((label, known(entry, name)) for name, label in _LABELS.items() if entry.facts[name].values),
    ]
    if entry.boundaries:
        rows.append(("Boundaries", cell(", ".join(entry.boundaries))))
    yield Fields((*rows, bound_by(entry), ("Justification", said(entry.justification)), *standing(entry)))
    if several:
        yield _observed_table(entry.observed)
    if entry.conditions:
        yield conditions_table(entry.conditions)


def _shown(entry: EntryView) -> Iterator[tuple[str, Cell]]:
    """What the scan shows of an entry that binds one system, or none."""
    if not entry.observed:
        yield "Providers and models", cell("not known: no system of the scan shows it", Mark.OPEN)
    for one in entry.observed:
        yield "Providers", cell(", ".join(one.providers) or "none observed")
        yield "Models", lines(*one.models) if one.models else cell("none observed")
        yield "Observed as", lines(f"{one.kind} {one.name}", one.where, one.id)


def _undecided(systems: tuple[Observed, ...]) -> Iterator[Block]:
    yield note(
        f"{count(len(systems), 'system was', 'systems were')} observed that no entry of the scope document binds. "
        "Until somebody decides, this statement says nothing about them."
    )
    yield _observed_table(systems)


def _observed_table(systems: tuple[Observed, ...]) -> Table:
    rows = [
        (
            lines(one.name, one.id),
            cell(one.kind),
            cell(one.where),
            lines(", ".join(one.providers), *one.models),
            cell(one.stands.words, MARK[one.stands.tone]) if one.stands else cell(NOT_KNOWN),
        )
        for one in systems
    ]
    return table(("System", "Kind", "Where", "Providers and models", "Stands today"), (22, 14, 24, 22, 18), rows)


def _runs(entry: EntryView) -> Cell:
    deployed, environment = entry.facts["deployed"], entry.facts["environment"]
    words = _DEPLOYED.get(deployed.values, deployed.words)
    return lines(
        words, environment.words if environment.values else "", mark=Mark.PLAIN if deployed.values else Mark.OPEN
    )


_DEPLOYED: Final[dict[tuple[str, ...], str]] = {("yes",): "deployed", ("no",): "not deployed"}

_DATA: Final = ("data_categories", "personal_data", "exposure")

_LABELS: Final = {
    "techniques": "Techniques",
    "deployed": "Deployed",
    "environment": "Environments",
    "regions": "Regions",
    "exposure": "Who meets its output",
    "autonomy": "Acts without a person",
    "data_categories": "Data categories",
    "personal_data": "Personal data",
    "features": "Features that are on",
    "users": "Users",
}
