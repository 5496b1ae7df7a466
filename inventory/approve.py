"""Answering proposals: `aimscope approve`, by somebody else than the proposer, and the refusal of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from inventory.decision import EventKind
from inventory.entry_draft import as_yaml
from inventory.identity import same_person
from inventory.recording import Act, Records, Refused, collect, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from inventory.decision import Identity
    from inventory.ledger import RecordedEvent
    from inventory.transaction import Files

_SHORTEST_PREFIX = 8


def approve(proposals: Sequence[str], files: Files, *, by: Identity, now: datetime) -> tuple[RecordedEvent, ...]:
    """Puts proposals in force and writes the entries that they carry, all or none.

    Args:
        proposals: Each an event id or its first characters, a system id, or an entry id.
        files: Scope document and ledger.
        by: Who approves.
        now: When.

    Raises:
        DecisionError: A proposal is not open, is the approver's own, or no longer fits the scope document.
        ScopeError, LedgerError, TransactionError: See `inventory.recording.opened`.
    """
    with opened(files) as records:
        act = Act(by, now)
        found = collect(proposals, str, lambda text: _open_proposals(records, text))
        unique = list({proposal.id: proposal for group in found for proposal in group}.values())
        events = collect(unique, _title, lambda proposal: _approval(records, proposal, act))
        entries = {event.entry: as_yaml(event.declares) for event in events if event.declares}
        return records.write(list(entries.values()), events)


def reject(
    proposals: Sequence[str], files: Files, *, because: str, by: Identity, now: datetime
) -> tuple[RecordedEvent, ...]:
    """Closes proposals; what held before still holds. A proposer may withdraw their own this way.

    Raises:
        DecisionError: A proposal is not open, or no reason is given.
        ScopeError, LedgerError, TransactionError: See `inventory.recording.opened`.
    """
    with opened(files) as records:
        act = Act(by, now)
        found = collect(proposals, str, lambda text: _open_proposals(records, text))
        unique = list({proposal.id: proposal for group in found for proposal in group}.values())
        return records.write([], collect(unique, _title, lambda proposal: _rejection(proposal, because, act)))


def _open_proposals(records: Records, text: str) -> list[RecordedEvent]:
    """The open proposals that a text names."""
    pending = cast("tuple[RecordedEvent, ...]", records.state.pending)
    named = [p for p in pending if text in {p.id, p.subject, p.entry}]
    if not named and len(text) >= _SHORTEST_PREFIX:
        named = [p for p in pending if p.id.startswith(text)]
    if not named:
        mend = "Choose one that `aimscope ledger show` lists as open"
        raise Refused("no open proposal has this id, system or entry", mend)
    if len({p.subject for p in named}) < len(named):
        ids = ", ".join(p.id[:12] for p in named)
        raise Refused("several open proposals are about the same system", f"Name one of {ids}")
    return named


def _approval(records: Records, proposal: RecordedEvent, act: Act) -> RecordedEvent:
    if same_person(act.by, proposal.by):
        what = f"{act.by.name} cannot approve what {proposal.by.name} proposed"
        raise Refused(what, "Let somebody else approve it")
    makes_it, is_there = "name" in proposal.declares, records.entry(proposal.entry) is not None
    if proposal.declares and makes_it == is_there:
        what = (
            f"the entry `{proposal.entry}` {'is in the scope document by now' if is_there else 'is not there any more'}"
        )
        raise Refused(what, "Reject the proposal, and decide again")
    return _answer(proposal, EventKind.APPROVED, act)


def _rejection(proposal: RecordedEvent, because: str, act: Act) -> RecordedEvent:
    if not because.strip():
        raise Refused("a rejection needs a reason", "Say why with --because")
    return replace(_answer(proposal, EventKind.REJECTED, act), because=because, declares={})


def _answer(proposal: RecordedEvent, kind: EventKind, act: Act) -> RecordedEvent:
    return replace(proposal, kind=kind, by=act.by, at=act.at, refers=proposal.id)


def _title(proposal: RecordedEvent) -> str:
    return f"{proposal.entry or proposal.subject} ({proposal.id[:12]})"
