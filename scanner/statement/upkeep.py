"""What asks for a review, and what was decided so far."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from inventory.scope.review import REVIEW_EVERY
from scanner.reports.wording import count, listing
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
    year = statement.review.every == REVIEW_EVERY.days
    span = "a year" if year else count(statement.review.every, "day")
    said = (
        f"The scope is reviewed on the days below, {span} after the last look at most{' (by practice)' if year else ''}, "
        "and at once on each of the changes below."
    )
    parts = (("Days", (_days(statement),)), ("Changes", _changes(statement)), (f"Open on {day}", (_open(statement),)))
    return Content((Paragraph(said),), parts)


def _changes(statement: Statement) -> tuple[Block, ...]:
    said = (
        "A system that is observed and not declared, a system in scope that is gone, a broken condition of an exclusion, "
        "a broken rule, and new evidence for what was dismissed ask for a decision. So does a change of one of these facts "
        "from what the decision rests on:"
    )
    rows = [(cell(fact.name), cell(fact.meaning), cell(fact.change)) for fact in statement.review.watched]
    blocks: list[Block] = [Paragraph(said), table(("Fact", "What it says", "Which change"), (20, 58, 22), rows)]
    if statement.review.unwatched:
        blocks.append(Paragraph(f"A change of {listing(list(statement.review.unwatched))} asks for nothing."))
    blocks.append(Paragraph(_owners(statement.review.owners)))
    return tuple(blocks)


def _owners(listed: int | None) -> str:
    if listed is None:
        return "An owner who no longer resolves asks for nothing."
    by = (
        f"the list of {count(listed, 'owner')} in the scope document"
        if listed
        else "CODEOWNERS, a catalog file or a tag"
    )
    return f"An owner whom {by} no longer names asks for a decision."


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
