"""Whose scope it is: context and interested parties, the scope in words, the parts of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.denominator import Share
from scanner.reports.wording import SHARE, listing
from scanner.statement.blocks import Content, Mark, Paragraph
from scanner.statement.cells import NOT_KNOWN, NOT_STATED, cell, lines, note, records_table, table
from scanner.statement.entries import of_fact
from scanner.statement.model import ContextView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scanner.statement.blocks import Block, Table
    from scanner.statement.model import Statement
    from scanner.statement.outline import OutlineRow


def context(statement: Statement, row: OutlineRow) -> Content:
    """What the scope rests on: issues and interested parties, what is recorded of them elsewhere, what the entries say."""
    kept = [record for record in statement.records if record.kind.replace(" ", "_") in row.records]
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("Internal and external issues", tuple(_issues(statement.context, recorded=bool(kept)))),
        ("Interested parties", (_parties(statement, recorded=bool(kept)),)),
    ]
    if kept:
        parts.append(("Recorded elsewhere", (records_table(kept),)))
    if statement.in_scope:
        parts.append(("Roles of the organisation", (_grouped("The organisation", _roles(statement)),)))
        parts.append(("Who meets the output", (_grouped("Who", of_fact(statement.in_scope, "exposure")),)))
    if statement.policies:
        parts.append(("Rules that the organisation has set itself", (_policies(statement),)))
    missing = not (kept or statement.parties) or not (kept or statement.context != ContextView())
    told = "Issues and interested parties that the scope rests on, as the scope document names them, and what it declares of its systems."
    kinds = listing([f"`{kind}`" for kind in row.records])
    elsewhere = note(f"What is kept elsewhere can be named under `records`, with one of the kinds {kinds}.")
    return Content((Paragraph(told), *([elsewhere] if missing else ())), tuple(parts))


def _issues(context: ContextView, *, recorded: bool) -> Iterator[Block]:
    yield from (Paragraph(paragraph) for paragraph in context.text)
    rows = [
        *((cell("internal"), cell(issue)) for issue in context.internal),
        *((cell("external"), cell(issue)) for issue in context.external),
    ]
    if rows:
        yield table(("Sort", "Issue"), (16, 84), rows)
    missing = [sort for sort, named in (("internal", context.internal), ("external", context.external)) if not named]
    if context.text or not missing:
        return
    if recorded:
        yield Paragraph(f"The scope document names no {' and no '.join(missing)} issues itself; the records below may.")
        return
    keys = listing([f"`document.context.{sort}`" for sort in missing])
    yield note(f"The scope document names no {' and no '.join(missing)} issues. Name them under {keys}.")


def _parties(statement: Statement, *, recorded: bool) -> Block:
    if statement.parties:
        rows = [
            (
                cell(one.party),
                lines(*one.requirements) if one.requirements else cell(NOT_STATED, Mark.OPEN),
                cell(one.addressed) if one.addressed else cell(NOT_STATED, Mark.OPEN),
            )
            for one in statement.parties
        ]
        heads = ("Interested party", "Requires or expects", "Addressed by the management system")
        return table(heads, (24, 40, 36), rows)
    if recorded:
        return Paragraph("The scope document names no interested party itself; the records below may.")
    return note("The scope document names no interested party. Name them under `document.interested_parties`.")


def _roles(statement: Statement) -> dict[str, list[str]]:
    """Role to the names of the entries; those without one last."""
    roles: dict[str, list[str]] = {}
    for entry in sorted(statement.in_scope, key=lambda entry: (not entry.role, entry.role)):
        roles.setdefault(entry.role or NOT_STATED, []).append(entry.name)
    return roles


def _grouped(head: str, groups: Mapping[str, Sequence[str]]) -> Table:
    rows = [
        (cell(key, Mark.OPEN if key in {NOT_KNOWN, NOT_STATED} else Mark.PLAIN), cell(", ".join(names)))
        for key, names in groups.items()
    ]
    return table((head, "Systems in scope"), (26, 74), rows)


def _policies(statement: Statement) -> Table:
    rows = [
        (
            cell("forbidden" if one.forbids else "allowed"),
            lines(*one.names),
            cell(one.boundary or "everywhere"),
            cell(one.because),
        )
        for one in statement.policies
    ]
    return table(("Rule", "What", "Where", "Because"), (14, 28, 16, 42), rows)


def in_words(statement: Statement, _: OutlineRow) -> Content:
    """The scope in words."""
    if not statement.text:
        missing = "The scope document does not say the scope in words. Write it under `document.statement`."
        return Content((note(missing),))
    return Content(tuple(Paragraph(paragraph) for paragraph in statement.text))


def boundaries(statement: Statement, _: OutlineRow) -> Content:
    """The parts of the organisation that the scope names, what belongs to each, and how much of it was seen."""
    if not statement.boundaries:
        missing = "The scope document names no boundary: nothing says which parts of the organisation it covers."
        return Content((note(missing),))
    rows = [
        (
            cell(one.id),
            lines(one.entity, one.unit, ", ".join(one.geography)),
            lines(*one.takes) if one.takes else cell("what is of its entity, unit and geography"),
            cell(f"{one.systems:,}"),
            cell(one.covered, Mark.PLAIN if one.covered == SHARE[Share.COVERED] else Mark.OPEN),
        )
        for one in statement.boundaries
    ]
    heads = ("Boundary", "Entity, unit, geography", "What belongs to it", "Systems", "Covered")
    return Content((table(heads, (14, 24, 36, 10, 16), rows),))
