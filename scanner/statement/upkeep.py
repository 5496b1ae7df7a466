"""What asks for a review, and what was decided so far."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scanner.reports.wording import count
from scanner.statement.blocks import Content, Mark, Paragraph
from scanner.statement.cells import MARK, NOT_STATED, cell, due, lines, note, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.statement.blocks import Block, Table
    from scanner.statement.model import Revision, Statement
    from scanner.statement.outline import OutlineRow


def review(statement: Statement, _: OutlineRow) -> Content:
    """The days and the changes that ask for a review, and what asks for a decision today."""
    day = statement.basis.day
    said = (
        "The scope is reviewed on the days below, a year after the last look at most (by practice), "
        "and at once on each of the changes below."
    )
    parts = (("Days", (_days(statement),)), ("Changes", _changes(statement)), (f"Open on {day}", (_open(statement),)))
    return Content((Paragraph(said),), parts)


def _changes(statement: Statement) -> tuple[Block, ...]:
    said = (
        "A system that is observed and not declared, a system in scope that is gone, a broken condition of an exclusion "
        "or a broken rule asks for a decision. So does another value of one of these facts than the one that the "
        "decision rests on:"
    )
    rows = [(cell(fact.name), cell(fact.meaning)) for fact in statement.material]
    return Paragraph(said), table(("Fact", "What it says"), (26, 74), rows)


def _open(statement: Statement) -> Block:
    if not statement.open:
        return Paragraph("Nothing asks for a decision.")
    rows = [
        (lines(one.name, one.subject), cell(one.words, MARK[one.tone]), cell(one.reason), cell(one.suggestion))
        for one in statement.open
    ]
    return table(("Subject", "Status", "Because", "Suggested"), (22, 20, 40, 18), rows)


def _days(statement: Statement) -> Table:
    rows = sorted(_due(statement), key=lambda row: (row[0] is None, row[0] or date.max, row[1], row[2]))
    told = [(cell(what), cell(kind), due(day, overdue=overdue)) for day, what, kind, overdue in rows]
    return table(("What", "Sort", "Review due"), (54, 22, 24), told)


def _due(statement: Statement) -> Iterator[tuple[date | None, str, str, bool]]:
    control = statement.control
    yield control.review_due, "This scope statement", "document", control.overdue
    for entry in (*statement.in_scope, *statement.excluded):
        yield entry.review_due, entry.name, entry.status, entry.overdue
    for record in statement.records:
        yield record.next_due, record.title, record.kind or "record", record.overdue


def revisions(statement: Statement, _: OutlineRow) -> Content:
    """The version that holds, and every event of the ledger."""
    control = statement.control
    version = f"Version {control.version}" if control.version else "This version"
    if control.approved_by:
        on = f" on {control.approved_on}" if control.approved_on else ""
        approval: Block = Paragraph(f"{version} of the scope document was approved by {control.approved_by}{on}.")
    else:
        approval = note(f"{version} of the scope document names nobody who approved it.")
    if not statement.revisions:
        return Content((approval, note("The ledger holds no decision.")))
    told = Paragraph(
        f"{count(len(statement.revisions), 'event')} of the decision ledger, the oldest first. "
        "An identity is asserted where nothing but the person's own word shows it."
    )
    rows = [
        (
            lines(one.at[:10], one.id),
            lines(one.about, one.subject),
            lines(f"{one.answer}: {one.did}", f"until {one.until}" if one.until else "", one.stands, mark=_stands(one)),
            cell(one.by),
            cell(one.because or NOT_STATED, Mark.PLAIN if one.because else Mark.MUTED),
        )
        for one in statement.revisions
    ]
    heads = ("Day, event", "About", "Decision", "By", "Because")
    return Content((approval, told, table(heads, (15, 20, 18, 22, 25), rows)))


def _stands(revision: Revision) -> Mark:
    return Mark.OPEN if revision.stands == "open" else Mark.PLAIN
