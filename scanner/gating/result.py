"""What a gate hands to its reports: only what a change adds or alters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.model import Finding, SystemKind
    from connectors.model import Coverage
    from inventory.model import AISystem
    from inventory.verdict import Verdict
    from scanner.result import ScanResult


@dataclass(frozen=True, slots=True)
class ChangedSystem:
    """A system that the change adds, or of which it makes another kind.

    Attributes:
        system: The system after the change.
        was: What it was before; none where it was not there.
    """

    system: AISystem
    was: SystemKind | None = None


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A finding that the change adds or alters.

    Attributes:
        finding: The finding after the change.
        system: Id of its system.
        was: For each field that is another than before, its name and its value before; empty for a finding that is new.
        known: Whether its system showed the same elsewhere before, so that only a place is new.
    """

    finding: Finding
    system: str
    was: tuple[tuple[str, str], ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class ChangedVerdict:
    """A verdict that the change causes.

    Attributes:
        verdict: The verdict after the change, with only the reasons that it did not have before.
        updated: Whether it asked for something before that a change can cause.
    """

    verdict: Verdict
    updated: bool = False


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a change adds or alters.

    Attributes:
        base: The base as the user names it.
        ancestor: The commit where the change began.
        files: How many files differ.
        systems: Systems added or of another kind, by name.
        findings: Findings added or altered, by place.
        verdicts: Verdicts that the change causes, most urgent first.
        documents: Paths of what governs and is altered itself: the base's was used, and the change needs its own review.
        unseen: What could not be seen, or was left out, of the files that differ.
        after: All that was seen of the checkout, for reports to name and place things.
    """

    base: str
    ancestor: str
    files: int
    systems: tuple[ChangedSystem, ...]
    findings: tuple[ChangedFinding, ...]
    verdicts: tuple[ChangedVerdict, ...]
    documents: tuple[str, ...]
    unseen: tuple[Coverage, ...]
    after: ScanResult

    @property
    def incomplete(self) -> bool:
        """Whether something of the change was not seen that might matter."""
        return any(part.outcome.incomplete for part in self.unseen)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.systems or self.findings or self.verdicts or self.documents or self.unseen)
