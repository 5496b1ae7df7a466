"""What the statement says first, of what it rests on and who answers for it, and last, of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.denominator import Share
from scanner.reports.wording import count, listing
from scanner.statement.blocks import Content, Fields, Mark, Paragraph, Section
from scanner.statement.cells import cell, due, lines, note, records_table, said, table
from scanner.statement.outline import STANDARD, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.statement.blocks import Block, Cell
    from scanner.statement.model import Basis, Statement
    from scanner.statement.outline import OutlineRow


def basis(statement: Statement) -> Section:
    """What the scan covered and what it did not, and what identifies all that the statement rests on."""
    return Section("", "What this statement rests on", tuple(_basis(statement.basis)))


def _basis(basis: Basis) -> Iterator[Block]:
    coverage = basis.coverage
    yield Paragraph(f"{coverage.headline} {basis.found}")
    if not coverage.complete or coverage.unasked:
        yield note("What was not seen may hold AI systems that this statement does not know of.")
    if basis.asks:
        yield note(
            f"{count(basis.asks, 'subject asks', 'subjects ask')} for a decision on {basis.day}: the section on review triggers lists them."
        )
    yield Fields(tuple(_identity(basis)))
    if coverage.parts.total:
        rows = [
            (
                lines(part.name, part.kind),
                cell(part.words, Mark.PLAIN if part.share is Share.COVERED else Mark.OPEN),
                lines(*part.sources),
                lines(*part.gaps),
            )
            for part in coverage.parts.shown
        ]
        yield table(("The scope names", "Covered", "By", "Missing"), (28, 12, 29, 31), rows)
    if coverage.covered.total:
        names = listing(list(coverage.covered.shown))
        yield Paragraph(
            f"Of the places that the scope names, {coverage.covered.total:,} were covered in full: {names}."
        )
    if coverage.gaps.total:
        rows = [
            (cell(gap.source), cell(gap.scope or "all of it"), cell(gap.outcome, Mark.OPEN), cell(gap.reason))
            for gap in coverage.gaps.shown
        ]
        yield table(("Source", "Part", "How it ended", "Why"), (28, 22, 16, 34), rows)
    if coverage.left_out.total:
        yield Paragraph(
            f"{count(coverage.left_out.total, 'part of the sources was', 'parts of the sources were')} left out by rule, "
            "such as files that are too large; the scan's own report lists them."
        )


def _identity(basis: Basis) -> Iterator[tuple[str, Cell]]:
    yield (
        "Scan",
        lines(
            basis.scan, f"{basis.scanned}, aimscope {basis.version}, {count(basis.coverage.sources.total, 'source')}"
        ),
    )
    yield "Knowledge base", cell(basis.catalog)
    if basis.scope == basis.scope_then:
        yield "Scope document", cell(basis.scope)
    else:
        then = f"changed since the scan, which knew {basis.scope_then}" if basis.scope_then else "the scan knew none"
        yield "Scope document", lines(basis.scope, then)
    if basis.heads:
        yield "Head of the ledger", lines(*basis.heads, count(basis.events, "event"))
    else:
        yield "Head of the ledger", cell("the ledger holds no event", Mark.OPEN)


def control(statement: Statement, _: OutlineRow) -> Content:
    """Who declares the scope, who approved it, and which evidence is kept elsewhere."""
    head = statement.control
    rows: list[tuple[str, Cell]] = [
        ("Organisation", said(head.organisation)),
        ("Version", said(head.version)),
        ("Owner", said(head.owner)),
        ("Sponsor", said(head.sponsor)),
        ("Approved by", said(head.approved_by)),
        ("Approved on", said(str(head.approved_on or ""))),
        ("Next review", due(head.review_due, overdue=head.overdue)),
        ("Second approval for", cell(listing(list(head.requires_approval)) if head.requires_approval else "nothing")),
    ]
    blocks: list[Block] = [Fields(tuple(rows))]
    if head.missing_heads:
        blocks.append(
            note(
                f"The head that the approval recorded is not in the ledger: {', '.join(head.missing_heads)}. "
                "The ledger was cut off or written anew.",
                Mark.BAD,
            )
        )
    elif head.approved_heads:
        blocks.append(Paragraph("The ledger still holds the head that the approval recorded."))
    else:
        blocks.append(
            note(
                "The approval records no head of the ledger, so that nothing shows whether the ledger was cut off or written anew since."
            )
        )
    parts = (("Records kept elsewhere", (records_table(statement.records),)),) if statement.records else ()
    return Content(tuple(blocks), parts)


def about() -> Section:
    """Where order and clauses come from."""
    practice = [row for row in outline() if not row.read]
    blocks: list[Block] = [
        Paragraph(
            "Made by `aimscope scope render` from the scope document, the decision ledger and a stored scan. "
            "The same input gives the same bytes."
        )
    ]
    if practice:
        checked = max(row.checked for row in practice)
        blocks.append(
            Paragraph(
                f"Where a clause of {STANDARD} is called practice, the standard's own text was not read: "
                f"order and contents follow what those who work with it publish (checked {checked}).",
                Mark.MUTED,
            )
        )
        blocks += [Paragraph(source, Mark.MUTED) for source in dict.fromkeys(row.source for row in practice)]
    return Section("", "About this document", tuple(blocks))
