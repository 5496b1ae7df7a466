"""What reconciling finds: one status a subject, all reasons, and the decision it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Status of a subject. The order of the members is the order of precedence: the first that holds is the status."""

    EXCLUSION_CONTRADICTED = "exclusion_contradicted"
    POLICY_BROKEN = "policy_broken"
    ATTESTATION_CONTRADICTED = "attestation_contradicted"
    STILL_RUNNING = "still_running"
    AMBIGUOUS = "ambiguous"
    OUTSIDE_BOUNDARY = "outside_boundary"
    UNDECLARED = "undeclared"
    CHANGED = "changed"
    NOT_OBSERVED = "not_observed"
    UNBOUND = "unbound"
    UNRECORDED = "unrecorded"
    REVIEW_DUE = "review_due"
    UNVERIFIED = "unverified"
    DEFERRED = "deferred"
    DISMISSED = "dismissed"
    IN_SCOPE = "in_scope"
    EXCLUDED = "excluded"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _ORDER[self]

    @property
    def settled(self) -> bool:
        """Whether the subject is decided and nothing contradicts it, so that it asks for nothing."""
        return self in {Status.DEFERRED, Status.DISMISSED, Status.IN_SCOPE, Status.EXCLUDED}


_ORDER = {status: index for index, status in enumerate(Status)}


class SubjectKind(StrEnum):
    """What a verdict is about."""

    SYSTEM = "system"
    ENTRY = "entry"
    DOCUMENT = "document"
    ATTESTATION = "attestation"

    @property
    def decidable(self) -> bool:
        """Whether a decision can be recorded about it."""
        return self in {SubjectKind.SYSTEM, SubjectKind.ENTRY}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason behind a verdict.

    Attributes:
        status: The status that this reason alone would give.
        text: The reason in a sentence, with the fact before and after where there is one.
        rule: What says so: `conditions[0]` of an entry, `policy[1]`, `document.review_due`.
        findings: Ids of the findings that show it.
    """

    status: Status
    text: str
    rule: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The decision that a verdict suggests to a person, and why. It is never carried out by itself."""

    decision: str
    because: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reconciling found about one system or one declared entry.

    Attributes:
        subject: System id, entry id, `document`, or what an attestation names that no system is.
        subject_kind: What the subject is.
        name: A title for people.
        status: The first status, in the order of `Status`, that a reason gives.
        reasons: All reasons, most urgent first.
        counted: Whether it counts in the exit code; candidates and coding assistants do not by default.
        entry: Id of the entry that binds the system, or the empty string.
        suggestion: The suggested decision; none when settled.
        owner: The likely owner.
        questions: What the facts leave open.
    """

    subject: str
    subject_kind: SubjectKind
    name: str
    status: Status
    reasons: tuple[Reason, ...]
    counted: bool = True
    entry: str = ""
    suggestion: Suggestion | None = None
    owner: str = ""
    questions: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something."""
        return not self.status.settled
