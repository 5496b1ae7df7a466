"""One frozen view of the scope statement, from a stored scan, the scope document and the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from classifiers.model import SystemKind
from inventory.decision import EventKind
from inventory.denominator import PartKind, covered_parts
from inventory.facts import FACTS
from inventory.ledger import standing
from inventory.reconcile.world import document_due
from inventory.scope.document import EntryStatus
from inventory.scope.review import CHANGE
from inventory.verdict import Status, SubjectKind
from scanner.reports.coverage_view import coverage_view
from scanner.reports.plain import plain
from scanner.reports.wording import DECISION, SHARE, STATUS, count, listing
from scanner.session import SessionError
from scanner.statement.entries import ANSWERED, DECLARED, Entries, text
from scanner.statement.model import (
    Basis,
    BoundaryView,
    ContextView,
    Control,
    EntryView,
    InterfaceView,
    OpenPoint,
    PartyView,
    PolicyView,
    RecordView,
    ReviewView,
    Revision,
    Statement,
    WatchedFact,
)
from scanner.told import SHOWN, decided_by, standings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.denominator import CoveredPart
    from inventory.ledger import History, RecordedEvent
    from inventory.scope.context import Interface
    from inventory.scope.document import Boundary, Policy, Record
    from inventory.scope.load import LoadedScope
    from inventory.scope.review import Review
    from inventory.verdict import Verdict
    from scanner.session import Session

_ALL: Final = 1_000_000
"""A statement leaves nothing out."""


def statement(session: Session, ledger: History) -> Statement:
    """The scope as it is declared, decided and observed.

    Raises:
        SessionError: There is no scope document.
    """
    if session.declared.scope is None:
        raise SessionError(
            "there is no scope document to make a statement of. "
            "Write one to start from with `aimscope init`, or name it with --scope."
        )
    return _Builder(session, session.declared.scope, ledger).build()


class _Builder:
    def __init__(self, session: Session, scope: LoadedScope, ledger: History) -> None:
        self._session = session
        self._scope = scope
        self._document = scope.document
        self._ledger = ledger
        self._today = session.today
        self._entries = Entries(session, ledger)
        self._titles = {entry.id: entry.title for entry in scope.document.entries}
        self._parts = covered_parts(scope.document, session.scanned.coverage)

    def build(self) -> Statement:
        head = self._document.document
        by_status = {status: tuple(self._entries_with(status)) for status in EntryStatus}
        bound = [entry.id for entry in self._document.entries]
        known = {system.id for entry in bound for system in self._session.bound(entry)}
        undecided = [
            system
            for system in self._session.systems
            if system.id not in known and not self._dismissed(self._entries.verdict(system))
        ]
        undecided.sort(key=lambda system: (system.kind is SystemKind.CANDIDATE, system.name.casefold(), system.id))
        return Statement(
            basis=self._basis(),
            control=self._control(),
            text=_paragraphs(head.statement or ""),
            context=ContextView(
                _paragraphs(head.context.text or ""),
                tuple(map(text, head.context.internal)),
                tuple(map(text, head.context.external)),
            ),
            parties=tuple(
                PartyView(text(one.party), tuple(map(text, one.requirements)), text(one.addressed))
                for one in head.interested_parties
            ),
            activities=tuple(map(text, head.activities)),
            interfaces=tuple(map(self._interface, head.interfaces)),
            records=tuple(map(self._record, self._document.records)),
            policies=tuple(map(_policy, self._document.policy)),
            boundaries=tuple(self._boundaries()),
            in_scope=by_status[EntryStatus.IN_SCOPE],
            excluded=by_status[EntryStatus.EXCLUDED],
            ended=(
                *by_status[EntryStatus.DECOMMISSIONED], *by_status[EntryStatus.REJECTED], *by_status[EntryStatus.NOT_AI],
            ),
            undecided=tuple(map(self._entries.observed, undecided)),
            open=tuple(map(self._open, self._asking())),
            review=_review(self._document.review),
            revisions=tuple(self._revisions()),
        )  # fmt: skip

    def _entries_with(self, status: EntryStatus) -> Iterator[EntryView]:
        yield from (self._entries.view(entry) for entry in self._document.entries if entry.status is status)

    def _asking(self) -> list[Verdict]:
        return [verdict for verdict in self._session.verdicts if verdict.asks and verdict.counted]

    @staticmethod
    def _dismissed(verdict: Verdict | None) -> bool:
        return verdict is not None and verdict.status is Status.DISMISSED

    def _basis(self) -> Basis:
        scan = self._session.scanned.scan
        return Basis(
            day=self._today,
            scan=text(scan.id),
            scanned=text(scan.finished),
            version=text(scan.version),
            catalog=text(scan.catalog),
            scope=self._scope.hash,
            scope_then=text(scan.scope),
            heads=self._ledger.heads,
            events=len(self._ledger),
            coverage=coverage_view(replace(self._session.scanned, denominator=self._parts), _ALL),
            found=self._found(),
            asks=len(self._asking()),
        )

    def _found(self) -> str:
        kinds = Counter(
            SystemKind.AI_SYSTEM if system.kind.holds_ai else system.kind
            for system in self._session.systems
            if not self._dismissed(self._entries.verdict(system))
        )
        words = {
            SystemKind.AI_SYSTEM: ("AI system", ""),
            SystemKind.DEV_ASSISTANT: ("coding assistant", ""),
            SystemKind.CANDIDATE: (
                "candidate that a person must look at", "candidates that a person must look at",
            ),
        }  # fmt: skip
        found = [count(kinds[kind], one, many) for kind, (one, many) in words.items() if kinds[kind]]
        return f"The scan found {listing(found)}." if found else "The scan found no AI."

    def _control(self) -> Control:
        head = self._document.document
        review_due = document_due(head, self._document.review)
        return Control(
            organisation=text(head.organisation),
            version=text(head.version),
            owner=text(head.owner),
            sponsor=text(head.sponsor),
            approved_by=text(head.approved_by),
            approved_on=head.approved_on,
            review_due=review_due,
            overdue=bool(review_due and review_due < self._today),
            requires_approval=tuple(DECLARED[status] for status in head.requires_approval),
            approved_heads=tuple(map(text, head.ledger_head)),
            missing_heads=tuple(text(one) for one in head.ledger_head if one not in self._ledger),
        )

    def _interface(self, interface: Interface) -> InterfaceView:
        return InterfaceView(
            outside=text(interface.outside),
            kind=interface.kind.value if interface.kind else "",
            what=text(interface.what),
            entries=tuple(text(self._titles[entry]) for entry in interface.entries),
            reference=text(interface.reference),
        )

    def _record(self, record: Record) -> RecordView:
        return RecordView(
            kind=text(record.kind).replace("_", " "),
            title=text(record.title),
            component=text(record.component),
            reference=text(record.reference),
            approved_by=text(record.approved_by),
            made=record.date,
            next_due=record.next_due,
            overdue=bool(record.next_due and record.next_due < self._today),
        )

    def _boundaries(self) -> Iterator[BoundaryView]:
        parts = {part.name: part for part in self._parts if part.kind is PartKind.BOUNDARY}
        inside = Counter(
            boundary.id
            for system in self._session.systems
            for boundary in self._session.view(system.id).boundaries
        )  # fmt: skip
        for boundary in self._document.boundaries:
            yield _boundary(boundary, parts[boundary.id], inside[boundary.id])

    def _open(self, verdict: Verdict) -> OpenPoint:
        words = STATUS[verdict.status]
        suggestion = verdict.suggestion
        return OpenPoint(
            name=text(self._titles.get(verdict.entry, verdict.name)),
            subject="" if verdict.subject_kind is SubjectKind.DOCUMENT else text(verdict.subject),
            words=words.title,
            tone=words.tone,
            reason=text(verdict.reasons[0].text) if verdict.reasons else "",
            suggestion=DECISION.get(suggestion.decision, text(suggestion.decision)) if suggestion else "",
        )

    def _revisions(self) -> Iterator[Revision]:
        stands = standings(standing(self._ledger).state)
        for event in sorted(self._ledger.order, key=lambda event: event.at):
            yield _revision(event, self._titles.get(event.entry, event.entry), stands.get(event.id, ""))


def _paragraphs(written: str) -> tuple[str, ...]:
    """The paragraphs of a text; an empty line ends one."""
    paragraphs: list[list[str]] = [[]]
    for line in written.splitlines():
        if line.strip():
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    return tuple(plain(" ".join(lines), 20_000) for lines in paragraphs if lines)


def _review(review: Review) -> ReviewView:
    watched = review.watched
    return ReviewView(
        every=review.every.days,
        watched=tuple(WatchedFact(row.name, row.meaning, CHANGE[row.trigger]) for row in watched),
        unwatched=tuple(row.name for row in FACTS if row.material and row not in watched),
        owners=len(review.owners) if review.watches_owners else None,
    )


def _policy(policy: Policy) -> PolicyView:
    target = policy.forbid or policy.allow
    named = {"provider": (), "model": (), "feature": (), "use": ()} if target is None else target.model_dump()
    return PolicyView(
        forbids=policy.forbid is not None,
        names=tuple(text(f"{sort} {value.replace('_', ' ')}") for sort, values in named.items() for value in values),
        boundary=text(policy.boundary),
        because=text(policy.because),
    )


def _boundary(boundary: Boundary, part: CoveredPart, systems: int) -> BoundaryView:
    match = boundary.match
    tags = ", ".join(f"{key} = {' or '.join(values)}" for key, values in match.tags.items())
    takes = (
        *(f"repository {name}" for name in match.repositories),
        *(f"account {name}" for name in match.accounts),
        *(f"tenant {name}" for name in match.tenants),
        *([f"tags {tags}"] if tags else []),
    )
    return BoundaryView(
        id=text(boundary.id),
        entity=text(boundary.entity),
        unit=text(boundary.unit),
        geography=tuple(map(text, boundary.geography)),
        takes=tuple(map(text, takes)),
        covered=SHARE[part.share],
        gaps=tuple(map(text, part.gaps)),
        systems=systems,
    )


_DID: Final = {
    EventKind.PROPOSED: "proposed",
    EventKind.APPROVED: "decided",
    EventKind.REJECTED: "not approved",
    EventKind.ADOPTED: "adopted",
    EventKind.SUPERSEDED: "decided anew",
}


def _revision(event: RecordedEvent, title: str, stands: str) -> Revision:
    approves = event.kind is EventKind.APPROVED and event.refers
    answers = f" {event.refers[:SHOWN]}" if event.refers and event.kind is not EventKind.SUPERSEDED else ""
    return Revision(
        id=event.id[:SHOWN],
        at=event.at,
        did=("approved" if approves else _DID[event.kind]) + answers,
        answer=ANSWERED[event.answer],
        about=text(title),
        subject="" if event.subject == event.entry else text(event.subject),
        by=decided_by(event),
        stands=stands,
        until=text(event.until),
        because=text(event.because),
    )
