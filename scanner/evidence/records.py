"""Component 9: evidence that is kept elsewhere. The scope document points to it; no content of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from inventory.decision import Identity
from inventory.identity import same_person
from inventory.validation import Text, Texts  # noqa: TC001 - pydantic reads the annotations
from scanner.evidence.components import Reference, components, rows_of
from scanner.evidence.model import Point, Section, table
from scanner.reports.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.scope.document import Record
    from scanner.evidence.ground import Ground


class Wanted(Reference):
    """A record that a management system keeps.

    Attributes:
        id: Its name for programs.
        title: Its name for people.
        kinds: What it may be called in the scope document.
        each: Whether there is one for the organisation, or one for each system in scope.
    """

    id: Text
    title: Text
    kinds: Texts
    each: Literal["organisation", "system"]


def section(ground: Ground) -> Section:
    """Which records there are, and which are missing, overdue, or checked by who is responsible for what they are about."""
    headings = {
        "record": "Record", "about": "About", "state": "State", "title": "Title", "reference": "Where it is",
        "approved_by": "Approved by", "date": "Date", "next_due": "Next due", "clauses": "Clauses", "read": "Standard's text read",
        "source": "Source", "checked": "Checked",
    }  # fmt: skip
    rows = [*_wanted_rows(ground), *_further_rows(ground)]
    return Section(
        components()["records"],
        tuple(_points([str(row[2]) for row in rows])),
        (table("records", "Records kept elsewhere", headings, rows, "No record is named."),),
    )


def _points(states: list[str]) -> Iterator[Point]:
    words = {
        "missing": ("record is", "records are", "missing"),
        "overdue": ("record is", "records are", "overdue"),
        "checked by its own owner": (
            "record is",
            "records are",
            "approved or audited by the owner of what it is about",
        ),
        "not dated": ("record has", "records have", "no date and no approval"),
    }
    found = False
    for state, (one, many, says) in words.items():
        if number := sum(state in listed for listed in states):
            found = True
            yield Point(f"{count(number, one, many)} {says}.", open=True)
    if not found:
        yield Point("Every record is there, in time, and checked by somebody else than its owner.")


def _wanted_rows(ground: Ground) -> Iterator[tuple[object, ...]]:
    entries = {one.entry.id: one.entry.title for one in ground.in_scope if one.entry}
    for wanted in rows_of("records.yaml", Wanted):
        abouts = entries if wanted.each == "system" else {"": "the management system"}
        for component, about in abouts.items():
            held = [
                one
                for one in ground.scope.records
                if one.kind in wanted.kinds and (not component or one.component == component)
            ]
            missing: list[Record | None] = [None]
            for record in held or missing:
                yield _row(ground, wanted.title, about, record, wanted)


def _further_rows(ground: Ground) -> Iterator[tuple[object, ...]]:
    """Records that the data does not ask for: they are kept all the same, and fall due."""
    asked = {kind for wanted in rows_of("records.yaml", Wanted) for kind in wanted.kinds}
    for record in ground.scope.records:
        if record.kind not in asked:
            yield _row(ground, (record.kind or "record").replace("_", " "), record.component or "", record, None)


def _row(ground: Ground, title: str, about: str, record: Record | None, wanted: Wanted | None) -> tuple[object, ...]:
    said = (wanted.clauses, wanted.read, wanted.source, wanted.checked) if wanted else ("", "", "", "")
    if record is None:
        return (title, about, "missing", "", "", "", "", "", *said)
    state = ", ".join(_states(ground, record)) or "there"
    return (
        title,
        about,
        state,
        record.title,
        record.reference,
        record.approved_by,
        record.date,
        record.next_due,
        *said,
    )


def _states(ground: Ground, record: Record) -> Iterator[str]:
    if record.next_due and record.next_due < ground.session.today:
        yield "overdue"
    if not record.date and not record.approved_by:
        yield "not dated"
    owner = _owner(ground, record)
    if owner and record.approved_by and same_person(Identity(owner), Identity(record.approved_by)):
        yield "checked by its own owner"


def _owner(ground: Ground, record: Record) -> str:
    """Who is responsible for what a record is about: of the entry that it names, else of the scope document."""
    entry = next((one for one in ground.scope.entries if one.id == record.component), None)
    return (entry.owner if entry else ground.scope.document.owner) or ""
