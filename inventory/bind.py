"""Recording which system an entry is about: `aimscope review --bind`.

An entry that was imported says what it is about by name only. Once a person has confirmed the system, the entry names its
anchor, and the ledger says who confirmed it and on which facts; both are written, or neither. Where the status of the
entry needs a second person, the binding is proposed like any other decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.binding import EntryIndex
from inventory.decision import EventKind
from inventory.decision_state import evidence_hash
from inventory.entry_draft import as_yaml, present_facts
from inventory.ledger import RecordedEvent
from inventory.recording import Act, Records, Refused, collect, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from inventory.decision import Event, Identity
    from inventory.model import AISystem
    from inventory.scope.document import Entry
    from inventory.transaction import Files


@dataclass(frozen=True, slots=True)
class Binding:
    """That an entry is about a system.

    Attributes:
        entry: Id of the entry.
        system: The system with all that is known about it.
        because: What speaks for it.
    """

    entry: str
    system: AISystem
    because: str = ""

    def __str__(self) -> str:
        return f"{self.entry}={self.system.id}"


def bind(
    bindings: Sequence[Binding], files: Files, *, by: Identity, now: datetime, catalog: str = ""
) -> tuple[RecordedEvent, ...]:
    """Records bindings, all or none; those whose status needs an approval are proposed.

    What an entry declares as its baseline is not taken for seen: a fact that differs from it is reported as changed.

    Args:
        bindings: At most one for each entry and each system.
        files: Scope document and ledger.
        by: Who confirms.
        now: When.
        catalog: Hash of the catalog that the facts were read with.

    Returns:
        The events as recorded.

    Raises:
        DecisionError: Bindings are not in order; it names them all, and nothing is recorded.
        ScopeError, LedgerError, TransactionError: See `inventory.recording.opened`.
    """
    with opened(files) as records:
        desk = _Desk(records, Act(by, now, catalog))
        made = [event for events in collect(bindings, str, desk.bound) for event in events]
        holding = {event.entry: event.declares for event in made if event.kind is not EventKind.PROPOSED}
        return records.write([as_yaml(fields) for fields in holding.values()], made)


class _Desk:
    """Turns bindings into events that carry what they write."""

    def __init__(self, records: Records, act: Act) -> None:
        self._records = records
        self._act = act
        self._entries = EntryIndex(records.scope.entries, records.decisions)
        self._seen: set[str] = set()

    def bound(self, binding: Binding) -> list[RecordedEvent]:
        """What a binding writes: the event on the system, and where the entry was decided unseen, one that ends that."""
        entry = self._entry(binding)
        self._require_free(binding, entry)
        fields = {"id": entry.id, "bind": [*entry.bind, binding.system.anchors[0]]}
        kind = EventKind.ADOPTED
        if entry.status in self._records.scope.document.requires_approval:
            kind = EventKind.PROPOSED
        facts = {name: value for name, value in present_facts(binding.system).items() if name not in entry.baseline}
        unseen = [event for event in self._records.decisions.on_entry(entry.id) if event.subject == entry.id]
        on_system = RecordedEvent(
            kind=kind, subject=binding.system.id, anchors=binding.system.anchors, answer=entry.status.answer,
            because=_because(binding, entry), by=self._act.by, at=self._act.at, entry=entry.id, facts=facts,
            catalog=self._act.catalog, evidence=evidence_hash(binding.system), until=_until(entry, unseen), declares=fields,
        )  # fmt: skip
        return [on_system, *(self._ended(event, on_system) for event in unseen[-1:])]

    def _entry(self, binding: Binding) -> Entry:
        entry = self._records.entry(binding.entry)
        if entry is None:
            what = f"there is no entry `{binding.entry}` in the scope document"
            raise Refused(what, "Name an entry by its id, as `aimscope review --bind` shows it")
        return entry

    def _require_free(self, binding: Binding, entry: Entry) -> None:
        """That each is bound once, and that nothing else binds the system already."""
        named = {f"entry {entry.id}", f"system {binding.system.id}"}
        if named & self._seen:
            raise Refused("it is bound twice", "Bind each entry and each system once")
        self._seen |= named
        if not binding.system.anchors:
            raise Refused("the system has no anchor to bind it by", "Scan again, and bind what that scan shows")
        if found := self._entries.of(binding.system):
            names = ", ".join(f"`{one.id}`" for one in found)
            raise Refused(f"the system is bound by {names} already", "Take it out of that `bind` first")

    def _ended(self, unseen: Event, by: RecordedEvent) -> RecordedEvent:
        """The same event on the entry itself, which was decided when no system showed it."""
        return RecordedEvent(
            kind=by.kind, subject=unseen.subject, anchors=unseen.anchors, answer=by.answer, because=by.because, by=by.by,
            at=by.at, entry=by.entry, catalog=by.catalog, until=by.until, declares=by.declares,
        )  # fmt: skip


def _because(binding: Binding, entry: Entry) -> str:
    confirmed = "Confirmed: this is the system that the entry is about"
    reason = f"{confirmed} ({binding.because})." if binding.because else f"{confirmed}."
    return f"{reason} {entry.justification}" if entry.justification else reason


def _until(entry: Entry, decided: Sequence[Event]) -> str:
    """The day of the next review: the entry's, else that of the decision on it."""
    if entry.review_due:
        return entry.review_due.isoformat()
    return decided[-1].until if decided else ""
