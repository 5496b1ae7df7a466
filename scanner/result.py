"""What a scan hands to reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifiers.model import Finding
    from connectors.model import Coverage
    from inventory.denominator import CoveredPart
    from inventory.model import AISystem
    from inventory.scan import ScanInfo
    from inventory.verdict import Verdict
    from scanner.changes import Changes


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything that a report may tell.

    Attributes:
        scan: About the scan.
        coverage: What was asked of each source and how it ended, sorted by source and scope.
        findings: Sorted by id.
        systems: Sorted by id.
        verdicts: Most urgent first.
        names: Catalog id to name.
        denominator: How much was covered of each thing that the scope document names; empty without one.
        changes: What changed since the last scan; none where there is no last scan.
        before: The last scan, for reports that compare.
    """

    scan: ScanInfo
    coverage: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    systems: tuple[AISystem, ...]
    verdicts: tuple[Verdict, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    denominator: tuple[CoveredPart, ...] = ()
    changes: Changes | None = None
    before: ScanResult | None = None

    @property
    def incomplete(self) -> bool:
        """Whether something that might exist was not seen."""
        return any(part.outcome.incomplete for part in self.coverage)
