"""The scope document and the ledger, opened to record decisions: read under the lock, written together."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.decision_state import Decisions, DecisionState
from inventory.ledger import DamagedEventError, History, RecordedEvent, encode, load, seal, standing
from inventory.ledger.event import TIME_FORMAT
from inventory.scope.load import ScopeError, parse_scope
from inventory.scope_text import ScopeTextError, set_entries
from inventory.transaction import Files, Snapshot, commit, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from inventory.decision import Identity
    from inventory.scope.document import Entry, ScopeDocument

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one decision was not recorded.

    Attributes:
        subject: The system, entry or proposal that it is about.
        what: What is wrong.
        mend: What to do about it.
    """

    subject: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}. {self.mend}."


class Refused(Exception):  # noqa: N818 - control flow between us, never shown
    """One decision is not in order: what is wrong, and the mend."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


class DecisionError(Exception):
    """Nothing was recorded; `refusals` says why, for every decision that was not in order."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(map(str, self.refusals)))


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and on facts read with which catalog."""

    by: Identity
    now: datetime
    catalog: str = ""

    @property
    def today(self) -> date:
        """The day, in UTC."""
        return self.now.astimezone(UTC).date()

    @property
    def at(self) -> str:
        """The time as the ledger writes it."""
        return self.now.astimezone(UTC).strftime(TIME_FORMAT)


@dataclass(frozen=True)
class Records:
    """What is declared and what was decided, as it stands under the lock.

    Attributes:
        scope: The scope document.
        history: The events of the ledger.
        state: What they amount to.
    """

    snapshot: Snapshot
    scope: ScopeDocument
    history: History
    state: DecisionState

    @cached_property
    def decisions(self) -> Decisions:
        """The decisions by system and entry."""
        return Decisions(self.state)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, or none."""
        return next((entry for entry in self.scope.entries if entry.id == entry_id), None)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.scope.entries}

    def write(self, entries: Sequence[Mapping[str, Any]], events: Sequence[RecordedEvent]) -> tuple[RecordedEvent, ...]:
        """Writes entries and events together or not at all; gives the events as they stand in the ledger.

        Raises:
            DecisionError: They do not make a scope document or a ledger that can be read again.
            TransactionError: The files cannot be written, or somebody has changed them meanwhile.
        """
        recorded = self._chained(events)
        lines = b"".join(_line(event) for event in recorded)
        commit(self.snapshot, scope=self._edited(entries), ledger=(self.snapshot.ledger or b"") + lines)
        return recorded

    def _chained(self, events: Sequence[RecordedEvent]) -> tuple[RecordedEvent, ...]:
        """The events sealed, the first after the heads of the ledger and each after the one before."""
        chained: list[RecordedEvent] = []
        for event in events:
            parents = (chained[-1].id,) if chained else self.history.heads
            chained.append(seal(replace(event, parents=parents)))
        return tuple(chained)

    def _edited(self, entries: Sequence[Mapping[str, Any]]) -> bytes:
        name = str(self.snapshot.files.scope)
        try:
            edited = set_entries((self.snapshot.scope or b"").decode(), entries).encode()
            parse_scope(edited, name)
        except (ScopeTextError, ScopeError, UnicodeEncodeError) as error:
            what = f"the entry does not fit into the scope document ({error})"
            raise DecisionError([Refusal(name, what, "Change the decision, or write the entry by hand")]) from error
        return edited


@contextmanager
def opened(files: Files) -> Iterator[Records]:
    """Reads both files under the lock, so that nobody else decides until the block ends.

    Raises:
        DecisionError: There is no scope document.
        ScopeError: The scope document is faulty.
        LedgerError: The ledger is faulty.
        TransactionError: Somebody else is deciding, or an interrupted write cannot be finished.
    """
    with writing(files) as snapshot:
        if snapshot.scope is None:
            mend = "Write one to start from with `aimscope init`"
            raise DecisionError([Refusal(str(files.scope), "there is no scope document", mend)])
        history = load(snapshot.files.ledger)
        document = parse_scope(snapshot.scope, str(files.scope)).document
        yield Records(snapshot, document, history, standing(history).state)


def collect(items: Iterable[Item], title: Callable[[Item], str], make: Callable[[Item], Made]) -> list[Made]:
    """What is made of each item.

    Raises:
        DecisionError: Some were refused; it names them all.
    """
    made, refusals = [], []
    for item in items:
        try:
            made.append(make(item))
        except Refused as refused:
            refusals.append(Refusal(title(item), refused.what, refused.mend))
    if refusals:
        raise DecisionError(refusals)
    return made


def _line(event: RecordedEvent) -> bytes:
    try:
        return encode(event)
    except DamagedEventError as error:
        refusal = Refusal(event.subject, f"the decision cannot be written into the ledger: {error}", "Decide anew")
        raise DecisionError([refusal]) from error
