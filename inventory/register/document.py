"""The register as people write it: the whole grammar."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from inventory.validation import Day, Strict, Text, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping


class Treatment(StrEnum):
    """What is done about a risk."""

    MITIGATE = "mitigate"
    AVOID = "avoid"
    TRANSFER = "transfer"
    ACCEPT = "accept"


def _risk_id(value: str) -> str:
    if not all(part.strip() for part in value.rpartition("/")):
        raise ValueError(f"the id `{value}` does not name a system and a category. Write `sys-1234567890ab/security`")
    return value


class Risk(Strict):
    """What people say about one category of risk of one system. Every field but the id is theirs to fill in.

    Attributes:
        id: Id of the system and of the category, as `sys-1234567890ab/security`.
        name: What people call the system; it confers nothing.
        risk: What could happen.
        treatment: What is done about it.
        controls: What keeps it small, one each.
        acceptor: Who accepts what is left of it.
        residual: What is left of it, in the scale that the organisation uses.
        review_when: What has to happen for it to be looked at again.
    """

    id: Annotated[Text, AfterValidator(_risk_id)]
    name: Text | None = None
    risk: Text | None = None
    treatment: Treatment | None = None
    controls: Texts = ()
    acceptor: Text | None = None
    residual: Text | None = None
    review_when: Text | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What a row needs and has not; a risk that is avoided or accepted needs no controls."""
        needed = ["risk", "treatment", "acceptor", "residual", "review_when"]
        if self.treatment not in {Treatment.AVOID, Treatment.ACCEPT}:
            needed.insert(2, "controls")
        return tuple(name for name in needed if not getattr(self, name))


class FaultKind(StrEnum):
    """What does not conform."""

    OVERDUE_DECISION = "overdue_decision"
    EXCLUSION_CONTRADICTED = "exclusion_contradicted"
    POLICY_VIOLATION = "policy_violation"


class Sight(StrEnum):
    """What a scan showed of a non-conformity."""

    FOUND = "found"
    CORRECTION_OBSERVED = "correction_observed"


class Observed(Strict):
    """What one scan showed.

    Attributes:
        on: The day for which the scan was judged.
        scan: Its id.
        shows: What it showed.
        what: In a sentence, with the evidence.
    """

    on: Day
    scan: Text
    shows: Sight
    what: Text


class Stage(StrEnum):
    """How far a non-conformity is dealt with."""

    OPEN = "open"
    CORRECTION_OBSERVED = "correction_observed"
    CLOSED = "closed"


class NonConformity(Strict):
    """Something that does not conform, from when a scan found it until a person closes it. It is never deleted.

    Attributes:
        id: See `mint`.
        kind: What does not conform.
        subject: Id of the system or entry, or `document`.
        name: What people call it.
        rule: What says so.
        history: What scans have shown, oldest first. A scan only ever adds to it.
        cause: Why it came to be.
        corrective_action: What is done so that it does not happen again.
        responsible: Who does it.
        due: By when.
        effectiveness: What the review of the action's effect found.
        closed_by: Who has closed it, after that review.
        closed_on: When.
    """

    id: Text
    kind: FaultKind
    subject: Text
    name: Text | None = None
    rule: Text
    history: Annotated[tuple[Observed, ...], Field(min_length=1)]
    cause: Text | None = None
    corrective_action: Text | None = None
    responsible: Text | None = None
    due: Day | None = None
    effectiveness: Text | None = None
    closed_by: Text | None = None
    closed_on: Day | None = None

    @model_validator(mode="after")
    def _a_person_closes_it_after_a_review(self) -> Self:
        if not (self.closed_by or self.closed_on):
            return self
        needed = ("cause", "corrective_action", "effectiveness", "closed_by", "closed_on")
        if missing := [name for name in needed if not getattr(self, name)]:
            raise ValueError(
                f"`{self.id}` is closed without {', '.join(missing)}. "
                "Fill that in: a named person closes it after reviewing whether the action was effective"
            )
        return self

    @property
    def stage(self) -> Stage:
        """How far it is dealt with."""
        if self.closed_by:
            return Stage.CLOSED
        corrected = self.history[-1].shows is Sight.CORRECTION_OBSERVED
        return Stage.CORRECTION_OBSERVED if corrected else Stage.OPEN


class RegisterDocument(Strict):
    """The register as a file."""

    risks: tuple[Risk, ...] = ()
    nonconformities: tuple[NonConformity, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The register, by id."""

    risks: Mapping[str, Risk] = field(default_factory=dict)
    nonconformities: Mapping[str, NonConformity] = field(default_factory=dict)

    def risk(self, subject: str, category: str) -> Risk | None:
        """What people say about a category of risk of a system, or none."""
        return self.risks.get(risk_id(subject, category))


def risk_id(subject: str, category: str) -> str:
    """The id of a row."""
    return f"{subject}/{category}"


def mint(kind: FaultKind, subject: str, rule: str) -> str:
    """The id of a non-conformity: the same for the same thing, whenever it is found."""
    return f"nc-{hashlib.sha256(chr(0).join((kind, subject, rule)).encode()).hexdigest()[:12]}"
