"""Recording decisions: `aimscope decide`, `approve` and `--adopt`.

The scope document says what holds. A decision that needs a second person is therefore written into the ledger only, as
a proposal that carries the entry it would make; the entry is written when somebody else approves. A deferral declares
nothing: it stands in the ledger alone. Many decisions are one transaction: all are recorded, or none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from inventory.binding import EntryIndex
from inventory.condition_text import plain_condition
from inventory.decision import Answer, EventKind
from inventory.decision_state import evidence_hash
from inventory.entry_draft import (
    STATUSES,
    Fields,
    as_yaml,
    binds_others,
    decided_fields,
    exact_anchors,
    new_entry,
    new_entry_id,
    present_facts,
)
from inventory.ledger import RecordedEvent
from inventory.model import AISystem
from inventory.recording import Act, Records, Refused, collect, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from inventory.decision import Identity
    from inventory.model import FactValue
    from inventory.scope.document import Entry
    from inventory.transaction import Files

JUSTIFIED = frozenset({Answer.OUT, Answer.NOT_AI, Answer.REJECTED})
"""Answers that need a justification."""

LONGEST = timedelta(days=366)
"""No decision holds longer than a year without a review."""

DEFAULTS = {Answer.IN: timedelta(days=365), Answer.OUT: timedelta(days=365), Answer.DEFER: timedelta(days=30)}
"""How long an answer holds where no day is named; the others hold until new evidence."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides about a system, or about a declared entry that no system shows.

    Attributes:
        subject: The system with all that is known about it, attested facts included; or the id of the entry.
        answer: What is decided.
        because: Justification.
        owner: Who answers for the system; where none is named, the entry's, else the likely one.
        conditions: What must stay true, each as the scope document writes it.
        until: Day of the next review, or of the end of a deferral; where none is named, a year or thirty days from now.
        entry: Id of the entry to carry it, where it is not the one that binds the system.
    """

    subject: AISystem | str
    answer: Answer
    because: str = ""
    owner: str = ""
    conditions: tuple[Mapping[str, object], ...] = ()
    until: date | None = None
    entry: str = ""

    @property
    def system(self) -> AISystem | None:
        """The system, where there is one."""
        return self.subject if isinstance(self.subject, AISystem) else None

    @property
    def changes_terms(self) -> bool:
        """Whether it says more than its answer."""
        return bool(self.because or self.owner or self.conditions or self.until)

    @property
    def title(self) -> str:
        """How messages call the subject."""
        return f"{self.subject.name} ({self.subject.id})" if isinstance(self.subject, AISystem) else self.subject


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whom an event is about, on which facts, and the decision in force that it replaces."""

    id: str
    anchors: tuple[str, ...]
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    evidence: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one decision writes."""

    fields: Fields
    events: tuple[RecordedEvent, ...]


def decide(
    decisions: Sequence[Decision], files: Files, *, by: Identity, now: datetime, catalog: str = ""
) -> tuple[RecordedEvent, ...]:
    """Records decisions, all or none; those that need an approval are proposed.

    Args:
        decisions: At most one on each subject.
        files: Scope document and ledger.
        by: Who decides.
        now: When.
        catalog: Hash of the catalog that the facts were read with.

    Returns:
        The events as recorded.

    Raises:
        DecisionError: Decisions are not in order; it names them all, and nothing is recorded.
        ScopeError, LedgerError, TransactionError: See `inventory.recording.opened`.
    """
    with opened(files) as records:
        desk = _Desk(records, Act(by, now, catalog))
        return _written(records, collect(decisions, lambda decision: decision.title, desk.decided))


def adopt(
    entries: Sequence[str], systems: Sequence[AISystem], files: Files, *, by: Identity, now: datetime, catalog: str = ""
) -> tuple[RecordedEvent, ...]:
    """Records entries that somebody wrote by hand, with the present facts; the scope document stays as it is.

    An entry whose status needs an approval is proposed: nobody gets round a second person by writing the entry.

    Args:
        entries: Ids of the entries.
        systems: The systems of the last scan; those that an entry binds are recorded with it.
        files: Scope document and ledger.
        by: Who adopts.
        now: When.
        catalog: Hash of the catalog that the facts were read with.

    Raises:
        DecisionError: There is no such entry, or it is recorded already.
        ScopeError, LedgerError, TransactionError: See `inventory.recording.opened`.
    """
    with opened(files) as records:
        desk = _Desk(records, Act(by, now, catalog))
        bound = desk.bound(systems)
        return _written(records, collect(entries, str, lambda entry_id: desk.adopted(entry_id, bound)))


def _written(records: Records, drafts: Sequence[_Draft]) -> tuple[RecordedEvent, ...]:
    holding = [d.fields for d in drafts if d.fields and all(e.kind is not EventKind.PROPOSED for e in d.events)]
    return records.write([as_yaml(fields) for fields in holding], [event for d in drafts for event in d.events])


class _Desk:
    """Turns what is decided into entries and events."""

    def __init__(self, records: Records, act: Act) -> None:
        self._records = records
        self._decisions = records.decisions
        self._entries = EntryIndex(records.scope.entries, records.decisions)
        self._act = act
        self._seen: set[str] = set()
        self._taken = {entry.id for entry in records.scope.entries} | {event.entry for event in records.history.order}

    def decided(self, decision: Decision) -> _Draft:
        """What a decision writes."""
        _require_reasons(decision)
        entry = self._entry_of(decision)
        until = self._until(decision)
        fields = self._fields(decision, entry, until)
        entry_id = fields["id"] if fields else entry.id if entry else ""
        self._once(decision.system.id if decision.system else "", entry_id if fields else "")
        subjects = self._subjects(decision.system, entry)
        return _Draft(
            fields,
            tuple(
                self._event(
                    subject,
                    EventKind.SUPERSEDED if subject.replaces else EventKind.APPROVED,
                    answer=decision.answer,
                    because=decision.because,
                    entry=entry_id,
                    until=until,
                    declares=fields,
                )
                for subject in subjects
            ),
        )

    def bound(self, systems: Sequence[AISystem]) -> dict[str, list[AISystem]]:
        """The systems that each entry binds, by its id."""
        bound: dict[str, list[AISystem]] = {}
        for system in systems:
            for entry in self._entries.of(system):
                bound.setdefault(entry.id, []).append(system)
        return bound

    def adopted(self, entry_id: str, bound: Mapping[str, Sequence[AISystem]]) -> _Draft:
        """What adopting an entry writes, given the systems that each entry binds."""
        entry = self._entry(entry_id)
        self._once(entry_id)
        recorded = self._decisions.on_entry(entry_id)
        if any(event.answer is entry.status.answer for event in recorded):
            raise Refused("it is recorded already", "Leave it out, or decide on it")
        found = [subject for system in bound.get(entry_id, ()) for subject in self._subjects(system, entry)]
        subjects = {subject.id: subject for subject in found or self._subjects(None, entry)}
        return _Draft(
            {},
            tuple(
                self._event(
                    subject,
                    EventKind.ADOPTED,
                    answer=entry.status.answer,
                    because=entry.justification or "",
                    entry=entry_id,
                    until=entry.review_due,
                )
                for subject in subjects.values()
            ),
        )

    def _once(self, *subjects: str) -> None:
        named = {subject for subject in subjects if subject}
        if named & self._seen:
            raise Refused("it is decided twice", "Decide once on each system and each entry")
        self._seen |= named

    def _entry(self, entry_id: str) -> Entry:
        entry = self._records.entry(entry_id)
        if entry is None:
            what = f"there is no entry `{entry_id}` in the scope document"
            raise Refused(what, "Name a system of the last scan, or an entry by its id")
        return entry

    def _entry_of(self, decision: Decision) -> Entry | None:
        """The entry that the decision is about: the one named, else the one that binds the system."""
        if decision.entry or decision.system is None:
            return self._entry(decision.entry or str(decision.subject))
        if not decision.system.anchors:
            raise Refused("the system has no anchor to bind it by", "Scan again, and decide on what that scan shows")
        bound = self._entries.of(decision.system)
        if len(bound) > 1:
            what = f"it is bound by {', '.join(entry.id for entry in bound)}"
            raise Refused(what, "Sharpen one of the bindings, or name the entry with --entry")
        return bound[0] if bound else None

    def _fields(self, decision: Decision, entry: Entry | None, until: date | None) -> Fields:
        """The entry, or the fields of one, that the decision makes; nothing where it declares nothing new."""
        if decision.answer not in STATUSES:
            return {}
        system = decision.system
        decided = decided_fields(
            entry,
            system,
            answer=decision.answer,
            because=decision.because,
            owner=decision.owner,
            conditions=_plain_conditions(decision),
            until=until,
        )
        if entry is None:
            assert system is not None  # noqa: S101 - tells mypy what `_entry_of` has checked
            return new_entry(self._new_id(system), system) | decided
        if system is None or decision.entry or not binds_others(entry, system):
            return {"id": entry.id, **self._bound_to(entry, system), **decided}
        if entry.status is STATUSES[decision.answer] and not decision.changes_terms:
            return {}
        what = f"the entry `{entry.id}` that binds it may bind other systems as well: {', '.join(entry.bind)}"
        mend = f"Sharpen that binding, or decide about all that it binds with --entry {entry.id}"
        raise Refused(what, mend)

    def _bound_to(self, entry: Entry, system: AISystem | None) -> Fields:
        """The binding of an entry that is to carry one more system; nothing where it does already."""
        if system is None or entry in self._entries.of(system):
            return {}
        return {"bind": [*entry.bind, system.anchors[0]]}

    def _new_id(self, system: AISystem) -> str:
        """An id for a new entry: the one that an earlier decision on the system meant to make, or one of the name."""
        declared = {entry.id for entry in self._records.scope.entries}
        earlier = [*self._decisions.on_system(system), *self._decisions.proposed(system, "")]
        meant = [event.entry for event in earlier if event.entry and event.entry not in declared]
        entry_id = meant[-1] if meant else new_entry_id(system.name, self._taken)
        self._taken.add(entry_id)
        return entry_id

    def _until(self, decision: Decision) -> date | None:
        """The day that the decision holds until."""
        today, until = self._act.today, decision.until
        if until is None:
            return today + DEFAULTS[decision.answer] if decision.answer in DEFAULTS else None
        if until <= today:
            raise Refused(f"{until} has passed", "Name a day to come")
        if until > today + LONGEST:
            raise Refused(f"{until} is more than a year from now", f"Name a day until {today + LONGEST}")
        return until

    def _subjects(self, system: AISystem | None, entry: Entry | None) -> list[_Subject]:
        """Whom a decision is about: the system, or all that the ledger knows under the entry, or the entry itself.

        What was decided about an entry before any system showed it is decided anew with the first system.
        """
        on_entry = self._decisions.on_entry(entry.id) if entry else ()
        if system is None:
            assert entry is not None  # noqa: S101 - tells mypy what the callers have checked
            known = {event.subject: _Subject(event.subject, event.anchors, replaces=event.id) for event in on_entry}
            return list(known.values()) or [_Subject(entry.id, exact_anchors(entry))]
        in_force = self._decisions.on_system(system)
        replaces = in_force[-1].id if in_force else ""
        facts, evidence = present_facts(system), evidence_hash(system)
        unseen = [event for event in on_entry if entry and event.subject == entry.id]
        return [
            _Subject(system.id, system.anchors, facts, evidence, replaces),
            *(_Subject(event.subject, event.anchors, replaces=event.id) for event in unseen[-1:]),
        ]

    def _event(
        self,
        subject: _Subject,
        kind: EventKind,
        *,
        answer: Answer,
        because: str,
        entry: str,
        until: date | None,
        declares: Fields | None = None,
    ) -> RecordedEvent:
        if STATUSES.get(answer) in self._records.scope.document.requires_approval:
            kind = EventKind.PROPOSED
        return RecordedEvent(
            kind=kind,
            subject=subject.id,
            anchors=subject.anchors,
            answer=answer,
            because=because,
            by=self._act.by,
            at=self._act.at,
            entry=entry,
            facts=subject.facts,
            catalog=self._act.catalog,
            evidence=subject.evidence,
            until=until.isoformat() if until else "",
            refers=subject.replaces if kind is EventKind.SUPERSEDED else "",
            declares=declares or {},
        )


def _require_reasons(decision: Decision) -> None:
    if decision.answer in JUSTIFIED and not decision.because.strip():
        raise Refused(f"`{decision.answer}` needs a justification", "Say why with --because")


def _plain_conditions(decision: Decision) -> tuple[Mapping[str, object], ...]:
    try:
        return tuple(plain_condition(condition) for condition in decision.conditions)
    except ValueError as error:
        what, _, mend = str(error).partition(". ")
        raise Refused(f"a condition cannot be tested: {what}", mend or "Correct it") from error
