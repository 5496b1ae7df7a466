"""The shape of what reports for people show: plain data, grouped, worded and bounded, without markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scanner.reports.wording import StatusWords, count, listing

if TYPE_CHECKING:
    from inventory.scan import ScanInfo
    from inventory.verdict import Status
    from scanner.reports.changes_view import ChangesView
    from scanner.reports.coverage_view import CoverageView
    from scanner.reports.few import Few


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a report tells before it says how much more there is.

    Attributes:
        rows: Systems, decisions, entries or gaps in one list.
        evidence: Findings of one subject.
    """

    rows: int = 1500
    evidence: int = 6


USUAL: Final = Bounds()
"""What a person may want to read."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding, as a person would quote it.

    Attributes:
        what: The part it plays and its name.
        source: The source, where the evidence of one subject comes from several.
        where: Path and line; the source where there is no path.
        strength: How much it proves, in words.
        context: The setting, where it is not production.
        snippet: The redacted syntax node.
        times: How often it stands in that file.
    """

    what: str
    source: str
    where: str
    strength: str
    context: str
    snippet: str
    times: int


@dataclass(frozen=True, slots=True)
class SystemView:
    """A system.

    Attributes:
        id: Its id.
        name: Its title.
        kind: What it is, in words.
        providers: Names, sorted.
        models: Identifiers, sorted.
        techniques: Sorted.
        where: Where it stands: the folder of a repository, or the sources.
        owner: The likely owner.
        status: Its status, or none where it has no verdict.
        words: The status in words.
        reason: The most urgent reason.
        command: The command that answers it.
        decision: Number of its decision in the queue, or 0.
        first_seen: Day of the first scan that saw it.
        proof: Its evidence.
    """

    id: str
    name: str
    kind: str
    providers: tuple[str, ...]
    models: tuple[str, ...]
    techniques: tuple[str, ...]
    where: tuple[str, ...]
    owner: str
    status: Status | None
    words: StatusWords | None
    reason: str
    command: str
    decision: int
    first_seen: str
    proof: Few[Evidence]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A verdict that asks for something.

    Attributes:
        number: Its place in the queue, from 1.
        subject: Id of the system or entry.
        name: Its title.
        what: What the subject is, in words.
        where: Where it stands.
        uses: Providers and models.
        reasons: Why, most urgent first.
        suggestion: The suggested decision in words, or the empty string.
        because: Why that is suggested.
        owner: The likely owner.
        questions: What the facts leave open.
        command: The command that answers it, or the empty string.
        proof: Findings behind the reasons, else the strongest of the system.
    """

    number: int
    subject: str
    name: str
    what: str
    where: tuple[str, ...]
    uses: tuple[str, ...]
    reasons: tuple[str, ...]
    suggestion: str
    because: str
    owner: str
    questions: tuple[str, ...]
    command: str
    proof: Few[Evidence]


@dataclass(frozen=True, slots=True)
class Group:
    """The decisions of one status."""

    status: Status
    words: StatusWords
    decisions: Few[DecisionView]


@dataclass(frozen=True, slots=True)
class EntryView:
    """A declared entry and how it stands."""

    id: str
    status: Status
    words: StatusWords
    shown_by: tuple[str, ...]
    owner: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many systems have something in common."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class StatusTally:
    """How many counted verdicts have a status."""

    status: Status
    words: StatusWords
    count: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A scan as people read it.

    Attributes:
        scan: About the scan.
        organisation: Its name, or the empty string.
        declared: Whether a scope document was given.
        coverage: What was covered and what was not.
        asks: How many counted verdicts ask for something.
        statuses: Counted verdicts by status, most urgent first.
        groups: Decisions by status, most urgent first.
        systems: AI systems of every kind that counts as one.
        candidates: Systems for which only hints speak.
        assistants: Coding assistants.
        dismissed: What was looked at and is no AI.
        entries: Declared entries and how they stand.
        providers: AI systems by provider.
        techniques: AI systems by technique.
        changes: What changed since the last scan.
        holding_ai: How many sources hold AI.
    """

    scan: ScanInfo
    organisation: str
    declared: bool
    coverage: CoverageView
    asks: int
    statuses: tuple[StatusTally, ...]
    groups: tuple[Group, ...]
    systems: Few[SystemView]
    candidates: Few[SystemView]
    assistants: Few[SystemView]
    dismissed: Few[SystemView]
    entries: Few[EntryView]
    providers: tuple[Tally, ...]
    techniques: tuple[Tally, ...]
    changes: ChangesView | None
    holding_ai: int

    @property
    def judged(self) -> bool:
        """Whether there was anything to hold the findings against; without it, no question says nothing."""
        return self.declared or bool(self.asks)

    @property
    def decisions(self) -> tuple[DecisionView, ...]:
        """The queue, most urgent first."""
        return tuple(decision for group in self.groups for decision in group.decisions.shown)

    @property
    def found(self) -> str:
        """What was found, in a sentence."""
        parts = [
            count(self.systems.total, "AI system"),
            count(
                self.candidates.total, "candidate that a person must look at", "candidates that a person must look at"
            ),
            count(self.assistants.total, "coding assistant"),
        ]
        numbers = [self.systems.total, self.candidates.total, self.assistants.total]
        named = [part for part, number in zip(parts, numbers, strict=True) if number]
        return f"Found: {listing(named)}." if named else "Found: no AI."
