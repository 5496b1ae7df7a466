"""Component 6: changes that ask for a new look, and how far what was decommissioned is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.decision import Answer
from inventory.scope.document import EntryStatus
from inventory.validation import Strict, Text, Texts
from inventory.verdict import Status
from scanner.evidence.components import components, rows_of
from scanner.evidence.model import Point, Section, table
from scanner.reports.wording import STATUS, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.scope.document import Entry, Record
    from inventory.verdict import Reason, Verdict
    from scanner.evidence.ground import Ground
    from scanner.evidence.model import Table

_TRIGGERS: Final = (
    Status.EXCLUSION_CONTRADICTED, Status.ATTESTATION_CONTRADICTED, Status.OUTSIDE_BOUNDARY, Status.UNDECLARED,
    Status.CHANGED, Status.NOT_OBSERVED,
)  # fmt: skip
"""Reasons that say that something has happened; the others say that somebody has to look after the records."""


class Task(Strict):
    """Something that has to be done when a system is decommissioned.

    Attributes:
        id: Its name.
        title: What has to be done.
        shown_by: What shows that it was: the ledger (`decision`), the sources (`scan`) or a `record`.
        kinds: Kinds of records that show it.
    """

    id: Text
    title: Text
    shown_by: Text
    kinds: Texts = ()


def section(ground: Ground) -> Section:
    """Change triggers and the state of decommissioning."""
    triggers, ended = _triggers(ground), _decommissioning(ground)
    unfinished = sum(row[3] != "done" for row in ended.rows)
    points = [
        Point(f"{count(len(triggers.rows), 'change asks', 'changes ask')} for a new look.", open=True)
        if triggers.rows
        else Point("No change asks for a new look."),
        Point(f"{count(unfinished, 'task')} of decommissioning not shown as done.", open=True)
        if unfinished
        else Point("Nothing is left to show of what was decommissioned."),
    ]
    return Section(components()["operation"], tuple(points), (triggers, ended, _watched(ground)))


def _triggers(ground: Ground) -> Table:
    headings = {
        "subject": "Subject",
        "name": "Name",
        "trigger": "Trigger",
        "what": "What has changed",
        "rule": "Because of",
    }
    rows = [
        (verdict.subject, verdict.name, STATUS[reason.status].title, reason.text, reason.rule)
        for verdict, reason in _reasons(ground)
        if reason.status in _TRIGGERS
    ]
    return table("triggers", "Changes that ask for a new look", headings, rows, "No change asks for a new look.")


def _reasons(ground: Ground) -> Iterator[tuple[Verdict, Reason]]:
    for verdict in ground.session.verdicts:
        if verdict.counted:
            for reason in verdict.reasons:
                yield verdict, reason


def _watched(ground: Ground) -> Table:
    headings = {"fact": "Fact", "meaning": "What it says", "question": "Asked of a person where it is not known"}
    rows = [(row.name, row.meaning, row.question) for row in ground.session.review.watched]
    return table("watched", "Facts whose change asks for a new look", headings, rows, "")


def _decommissioning(ground: Ground) -> Table:
    headings = {"entry": "Entry", "name": "Name", "task": "Task", "state": "State", "shown_by": "Shown by"}
    rows = [
        (entry.id, entry.title, task.title, *_state(ground, entry, task))
        for entry in ground.scope.entries
        if entry.status is EntryStatus.DECOMMISSIONED
        for task in rows_of("decommissioning.yaml", Task)
    ]
    return table("decommissioning", "What was decommissioned", headings, rows, "Nothing is declared decommissioned.")


def _state(ground: Ground, entry: Entry, task: Task) -> tuple[str, str]:
    """Whether a task is shown as done, and by what."""
    shown = {"decision": _by_decision, "scan": _by_scan}.get(task.shown_by)
    if shown:
        return shown(ground, entry)
    record = next((one for one in ground.scope.records if _is_about(one, entry, task)), None)
    if record is None:
        return "not shown", f"no record of `{entry.id}` of the kind {' or '.join(task.kinds)}"
    return "done", " ".join(filter(None, (record.title, record.reference, str(record.date or ""))))


def _is_about(record: Record, entry: Entry, task: Task) -> bool:
    return record.component == entry.id and record.kind in task.kinds


def _by_decision(ground: Ground, entry: Entry) -> tuple[str, str]:
    for event in reversed(ground.session.decisions.on_entry(entry.id)):
        if event.answer is Answer.DECOMMISSIONED:
            return "done", f"{event.by.name}, {event.at[:10]}, event {event.id[:12]}"
    return "not shown", "no decision in the ledger"


def _by_scan(ground: Ground, entry: Entry) -> tuple[str, str]:
    if bound := ground.session.bound(entry.id):
        return "still there", ", ".join(f"{system.id} in {', '.join(system.sources)}" for system in bound)
    gaps = ground.seen.gaps(entry.bind)
    return (
        ("not shown", "; ".join(gaps[:3]))
        if gaps
        else ("done", f"{ground.session.scanned.scan.id} covered it, and it is not there")
    )
