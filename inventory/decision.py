"""Events of the decision ledger: who decided what about which system, when, why and on which facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model import FactValue


class Answer(StrEnum):
    """What can be decided about a system."""

    IN = "in"
    OUT = "out"
    NOT_AI = "not-ai"
    DEFER = "defer"
    DECOMMISSIONED = "decommissioned"
    REJECTED = "rejected"


class EventKind(StrEnum):
    """What an event of the ledger does."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


class IdentityProof(StrEnum):
    """How it is known who acted."""

    SIGNED_COMMIT = "signed_commit"
    OIDC = "oidc"
    ASSERTED = "asserted"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acted and how that is known."""

    name: str
    proof: IdentityProof = IdentityProof.ASSERTED


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger.

    Attributes:
        id: SHA-256 (hexadecimal) over the canonical JSON of all other fields, `parents` included.
        parents: Ids of the heads that the writer knew, sorted; the first event has none.
        kind: What it does. A decision that needs no approval is one `approved` event.
        subject: Id of the system.
        anchors: Anchors of the system at the time, so that the decision survives the loss of the database.
        entry: Id of the entry in the scope document that carries the decision, or the empty string.
        answer: What is decided.
        because: Justification.
        facts: Material facts that it was decided on, by name; sets as sorted tuples.
        catalog: Hash of the catalog that the facts were read with.
        evidence: Hash over what was found, so that what was dismissed returns only with new evidence.
        by: Who.
        at: ISO 8601 time in UTC.
        until: ISO 8601 date of the next review, or of the end of a deferral; empty when none was set.
        refers: Id of the event that this one approves, rejects or supersedes.
    """

    kind: EventKind
    subject: str
    anchors: tuple[str, ...]
    answer: Answer
    because: str
    by: Identity
    at: str
    entry: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    catalog: str = ""
    evidence: str = ""
    until: str = ""
    refers: str = ""
    parents: tuple[str, ...] = ()
    id: str = ""
