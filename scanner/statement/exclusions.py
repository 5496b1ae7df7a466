"""What is left out of the scope, why, on which conditions, and what testing these gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.scope.conditions import Truth
from scanner.reports.wording import count
from scanner.statement.blocks import Content, Fields, Mark, Paragraph
from scanner.statement.cells import MARK, cell, heading, note, said, table
from scanner.statement.conditions import conditions_table
from scanner.statement.systems import bound_by, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.statement.blocks import Block, Table
    from scanner.statement.model import EntryView, Statement
    from scanner.statement.outline import OutlineRow


def exclusions(statement: Statement, _: OutlineRow) -> Content:
    """Every exclusion by itself, and what has ended, was rejected or is no AI."""
    parts = [(heading(entry.name), tuple(_exclusion(entry))) for entry in statement.excluded]
    if statement.ended:
        parts.append(("Ended, rejected, or no AI", (_ended(statement.ended),)))
    return Content(tuple(_told(statement)), tuple(parts))


def _told(statement: Statement) -> Iterator[Block]:
    truths = [one.truth for entry in statement.excluded for one in entry.conditions]
    if not statement.excluded:
        yield Paragraph("Nothing is excluded.")
        return
    broken, open_ = truths.count(Truth.BROKEN), truths.count(Truth.NOT_KNOWN)
    yield Paragraph(
        f"{count(len(statement.excluded), 'system is', 'systems are')} excluded, under {count(len(truths), 'condition')} "
        "that facts can test; each was held against what is known today."
    )
    if broken:
        yield note(f"{count(broken, 'condition is', 'conditions are')} broken by what is known.", Mark.BAD)
    if open_:
        yield note(f"{count(open_, 'condition is', 'conditions are')} not known to hold.")


def _exclusion(entry: EntryView) -> Iterator[Block]:
    yield Fields(
        (
            ("Justification", said(entry.justification)),
            ("Owner", said(entry.owner)),
            bound_by(entry),
            *standing(entry),
        )
    )
    if entry.conditions:
        yield conditions_table(entry.conditions)
    else:
        yield note("The exclusion has no condition, so that no fact can contradict it.")


def _ended(entries: tuple[EntryView, ...]) -> Table:
    rows = [
        (cell(one.name), cell(one.status), said(one.justification), cell(one.stands.words, MARK[one.stands.tone]))
        for one in entries
    ]
    return table(("System", "Declared", "Justification", "Stands today"), (22, 18, 36, 24), rows)
