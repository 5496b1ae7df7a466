"""Component 1: who leads, what is mandated, who approved it; and what is missing of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.decision import Identity
from inventory.identity import same_person
from inventory.reconcile.world import document_due
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, said, table
from scanner.reports.wording import count
from scanner.told import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.evidence.ground import Ground

_WANTED = {
    "organisation": "The scope document does not say whose management system it is.",
    "sponsor": "The scope document names no sponsor: nobody in top management is on record as answering for it.",
    "owner": "The scope document names nobody who keeps it.",
    "statement": "The scope document has no statement of the scope in words.",
    "version": "The scope document has no version.",
    "approved_by": "The scope document does not say who approved it.",
    "approved_on": "The scope document does not say when it was approved.",
}
"""Fields of the document's head, and what it means that one is missing."""


def section(ground: Ground) -> Section:
    """What the scope document and the ledger say about leadership."""
    head = ground.scope.document
    rows = [(name, getattr(head, name) or "", "recorded" if getattr(head, name) else "missing") for name in _WANTED]
    rows.append(("review_due", head.review_due or "", "recorded" if head.review_due else "a year after the approval"))
    rows.append(("requires_approval", tuple(head.requires_approval), "recorded" if head.requires_approval else "none"))
    headings = {"field": "What", "value": "As the scope document says", "state": "State"}
    pending = {"event": "Proposal", "at": "Proposed at", "by": "By", "answer": "Answer", "about": "About"}
    return Section(
        components()["leadership"],
        points=tuple(_points(ground)),
        tables=(
            table("mandate", "Sponsor, mandate and approval", headings, rows, ""),
            table(
                "waiting", "Proposals that wait for a second person", pending,
                [
                    (event.id[:SHOWN], event.at, event.by.name, event.answer.value, event.entry or event.subject)
                    for event in ground.session.declared.decisions.pending
                ],
                "No proposal waits for an approval.",
            ),
        ),
    )  # fmt: skip


def _points(ground: Ground) -> Iterator[Point]:
    if ground.session.declared.scope is None:
        yield Point(
            "There is no scope document, so nothing is mandated. `aimscope init` writes one to start from.", open=True
        )
        return
    head = ground.scope.document
    for name, missing in _WANTED.items():
        if not getattr(head, name):
            yield Point(missing, open=True)
    if head.approved_by and head.approved_on:
        yield Point(
            f"Version {said(head.version) or 'without a number'} was approved by {said(head.approved_by)} on {head.approved_on}."
        )
    if head.approved_by and head.owner and same_person(Identity(head.approved_by), Identity(head.owner)):
        yield Point(f"{said(head.owner)} keeps the scope document and approved it.", open=True)
    due = document_due(head, ground.scope.review)
    if due is not None and due < ground.session.today:
        yield Point(f"Its review was due on {due}.", open=True)
    if not head.ledger_head:
        yield Point(
            "The approval records no head of the ledger, so that a ledger that was cut off since would not show.",
            open=True,
        )
    elif missing_heads := [one for one in head.ledger_head if one not in ground.ledger]:
        yield Point(
            f"The ledger does not hold the head that the approval recorded: {', '.join(missing_heads)}.", open=True
        )
    if waiting := ground.session.declared.decisions.pending:
        yield Point(
            f"{count(len(waiting), 'proposal waits', 'proposals wait')} for the approval of a second person.", open=True
        )
