"""The shape of the scope statement: plain, frozen data that templates may lay out as they like.

Text from the scope document, the ledger and the scan has been through `plain` once when it gets in here: it stands on one
line, and nothing in it acts on a screen. Escaping it for a format is left to the format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from inventory.scope.conditions import Truth
    from scanner.reports.coverage_view import CoverageView
    from scanner.reports.wording import Tone


@dataclass(frozen=True, slots=True)
class Basis:
    """What the statement rests on.

    Attributes:
        day: The day for which it is judged.
        scan: Id of the scan.
        scanned: When the scan ended, ISO 8601 in UTC.
        version: Version of aimscope that scanned.
        catalog: Hash of the knowledge base.
        scope: Hash of the scope document as it is stated here.
        scope_then: Hash of the scope document that the scan was run with.
        heads: Heads of the ledger.
        events: Events in the ledger.
        coverage: What the scan covered and what it did not, held against the scope document as it is stated here.
        found: What was found, in a sentence.
        asks: Subjects that ask for a decision.
    """

    day: date
    scan: str
    scanned: str
    version: str
    catalog: str
    scope: str
    scope_then: str
    heads: tuple[str, ...]
    events: int
    coverage: CoverageView
    found: str
    asks: int


@dataclass(frozen=True, slots=True)
class Control:
    """Who declares the scope, who approved it and until when it holds.

    Attributes:
        organisation: Whose scope it is; empty where it is not named. The same goes for the other texts.
        version: Version of the declared scope.
        owner: Who keeps it.
        sponsor: Who in top management answers for it.
        approved_by: Who approved this version.
        approved_on: When.
        review_due: Day of the next review.
        overdue: Whether that day has passed.
        requires_approval: Statuses that hold only when a second person has approved them, in words.
        approved_heads: Heads of the ledger when this version was approved.
        missing_heads: Those of them that are not in the ledger: it was cut off or written anew.
    """

    organisation: str
    version: str
    owner: str
    sponsor: str
    approved_by: str
    approved_on: date | None
    review_due: date | None
    overdue: bool
    requires_approval: tuple[str, ...]
    approved_heads: tuple[str, ...]
    missing_heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContextView:
    """Issues that bear on the management system.

    Attributes:
        text: The context in words, paragraph by paragraph.
        internal: Internal issues.
        external: External issues.
    """

    text: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    external: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody whom the AI systems concern, what they require, and which of it the management system addresses."""

    party: str
    requirements: tuple[str, ...]
    addressed: str


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """An interface with what lies outside the scope, or a dependency on it.

    Attributes:
        outside: What lies outside.
        kind: `interface`, `dependency` or the empty string.
        what: What passes, or what is relied on.
        entries: Names of the entries that it concerns.
        reference: Where it is agreed.
    """

    outside: str
    kind: str
    what: str
    entries: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """Evidence that is kept elsewhere."""

    kind: str
    title: str
    component: str
    reference: str
    approved_by: str
    made: date | None
    next_due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What may not be used, or an exception.

    Attributes:
        forbids: Whether it forbids what it names; else it allows it.
        names: What it names, as `provider deepseek`.
        boundary: Id of the boundary where it holds, or the empty string for everywhere.
        because: Why.
    """

    forbids: bool
    names: tuple[str, ...]
    boundary: str
    because: str


@dataclass(frozen=True, slots=True)
class BoundaryView:
    """A part of the organisation that the scope names.

    Attributes:
        id: Its id.
        entity: Legal entity.
        unit: Organisational unit.
        geography: Countries or areas.
        takes: What belongs to it, a phrase each; none where entity, unit and geography decide.
        covered: How much of it the scan covered, in words.
        gaps: What the scan did not see of it.
        systems: How many systems were observed in it.
    """

    id: str
    entity: str
    unit: str
    geography: tuple[str, ...]
    takes: tuple[str, ...]
    covered: str
    gaps: tuple[str, ...]
    systems: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one fact over the systems that an entry binds.

    Attributes:
        values: The values in words, sorted; none where it is not known.
        origins: How they are known, the strongest first.
        unknown: Of how many systems it is not known; 0 where it is known of none.
    """

    values: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    unknown: int = 0

    @property
    def words(self) -> str:
        """The value and how it is known."""
        if not self.values:
            return "not known"
        partly = f"; not known of {self.unknown:,} more" if self.unknown else ""
        return f"{', '.join(self.values)} ({', '.join(self.origins)}{partly})"


@dataclass(frozen=True, slots=True)
class Stand:
    """How an entry or a system stands today.

    Attributes:
        words: The status in words.
        tone: What sort of attention it wants.
        reasons: Why, most urgent first.
    """

    words: str
    tone: Tone
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """A system that the scan shows."""

    id: str
    name: str
    kind: str
    where: str
    providers: tuple[str, ...]
    models: tuple[str, ...]
    stands: Stand | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A condition and what testing it gave.

    Attributes:
        condition: The condition in words.
        system: Name of the system that it was tested on; empty where none was there.
        truth: The answer; none where there was nothing to test.
        because: Why.
    """

    condition: str
    system: str
    truth: Truth | None
    because: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the scope document, what the scan shows of it, and how it stands.

    Attributes:
        id: Its id.
        name: What people call it.
        status: What is declared, in words.
        owner: Who answers for it, as declared.
        purpose: What it is used for.
        role: The organisation's part in it.
        justification: Why it is declared so.
        binds: Anchors and patterns that bind systems to it.
        observed: The systems that it binds.
        facts: What is known by name of the fact.
        boundaries: Ids of the boundaries that its systems are in.
        conditions: Its conditions, tested.
        decided: The decisions in force that carry it, in words.
        review_due: Day of its next review.
        overdue: Whether that day has passed.
        stands: How it stands.
    """

    id: str
    name: str
    status: str
    owner: str
    purpose: str
    role: str
    justification: str
    binds: tuple[str, ...]
    observed: tuple[Observed, ...]
    facts: dict[str, Known]
    boundaries: tuple[str, ...]
    conditions: tuple[Tested, ...]
    decided: tuple[str, ...]
    review_due: date | None
    overdue: bool
    stands: Stand


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A subject that asks for a decision."""

    name: str
    subject: str
    words: str
    tone: Tone
    reason: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class WatchedFact:
    """A fact whose change asks for a review.

    Attributes:
        name: Its name.
        meaning: What it says.
        change: Which change asks, in words.
    """

    name: str
    meaning: str
    change: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """When a review is due.

    Attributes:
        every: Days that a decision, and the document, hold without a look.
        watched: Facts whose change asks for one at once.
        unwatched: Names of the facts whose change asks for none.
        owners: How many owners the list of owners names, 0 where there is none; none where nobody watches owners.
    """

    every: int
    watched: tuple[WatchedFact, ...]
    unwatched: tuple[str, ...]
    owners: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """An event of the ledger.

    Attributes:
        id: The first characters of its id.
        at: When, ISO 8601 in UTC.
        did: What it did, in words.
        answer: What it says, in words.
        about: What people call the entry, or its id where it is not in the scope document any more.
        subject: Id of the system.
        by: Who, and how that is known.
        stands: `in force`, `open` or the empty string.
        until: Day until which it holds, or the empty string.
        because: Why.
    """

    id: str
    at: str
    did: str
    answer: str
    about: str
    subject: str
    by: str
    stands: str
    until: str
    because: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The scope of the AI management system, as it is declared, decided and observed.

    Attributes:
        basis: What it rests on.
        control: Document control.
        text: The scope in words, paragraph by paragraph.
        context: Internal and external issues.
        parties: Interested parties.
        activities: What the organisation does with AI systems inside the scope.
        interfaces: Interfaces with what is outside the scope, and dependencies on it.
        records: Evidence kept elsewhere.
        policies: What may not be used.
        boundaries: The parts of the organisation.
        in_scope: Entries in scope.
        excluded: Entries left out, with justification and conditions.
        ended: Entries that have ended, were rejected or are no AI.
        undecided: Systems that were observed and that no entry binds.
        open: What asks for a decision, most urgent first.
        review: When a review is due.
        revisions: The ledger, oldest first.
    """

    basis: Basis
    control: Control
    text: tuple[str, ...]
    context: ContextView
    parties: tuple[PartyView, ...]
    activities: tuple[str, ...]
    interfaces: tuple[InterfaceView, ...]
    records: tuple[RecordView, ...]
    policies: tuple[PolicyView, ...]
    boundaries: tuple[BoundaryView, ...]
    in_scope: tuple[EntryView, ...]
    excluded: tuple[EntryView, ...]
    ended: tuple[EntryView, ...]
    undecided: tuple[Observed, ...]
    open: tuple[OpenPoint, ...]
    review: ReviewView
    revisions: tuple[Revision, ...]
