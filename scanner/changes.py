"""What changed between two scans of the same estate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inventory.model import AISystem, FactValue
    from inventory.verdict import Status


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A material fact with another value than before.

    Attributes:
        system: Id of the system.
        name: Title of the system.
        fact: Name of the fact.
        before: The value that was known, or none where it has become known.
        after: The value that is known now.
        reclassified: Whether only the knowledge base is newer, and the evidence is the same.
    """

    system: str
    name: str
    fact: str
    before: FactValue | None
    after: FactValue
    reclassified: bool = False


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A subject with another status than before.

    Attributes:
        subject: Id of the subject.
        name: Its title.
        before: The status that it had, or none where it had no verdict.
        after: The status that it has, or none where it has no verdict any more.
    """

    subject: str
    name: str
    before: Status | None
    after: Status | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the last scan.

    Attributes:
        scan: Id of the last scan.
        since: When the last scan started, ISO 8601 in UTC.
        new: Systems that the last scan did not show.
        gone: Systems that are not there any more, though all that would show them was covered.
        unseen: Systems that may still be there: what would show them was not covered this time.
        facts: Material facts with another value, or that became known.
        raised: Verdicts that ask for something, and did not, or asked for something else.
        settled: Verdicts that ask for nothing any more.
    """

    scan: str
    since: str
    new: tuple[AISystem, ...] = ()
    gone: tuple[AISystem, ...] = ()
    unseen: tuple[AISystem, ...] = ()
    facts: tuple[ChangedFact, ...] = ()
    raised: tuple[ChangedVerdict, ...] = ()
    settled: tuple[ChangedVerdict, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the two scans tell the same."""
        return not (self.new or self.gone or self.unseen or self.facts or self.raised or self.settled)
