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
    from inventory.verdict import Verdict
    from scanner.changes import Changes


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """About a scan.

    Attributes:
        id: Hash of the sources, catalog, scope and start.
        started: ISO 8601 time in UTC.
        finished: ISO 8601 time in UTC.
        version: Version of aimscope.
        catalog: Hash of the knowledge base.
        scope: Hash of the scope document, or the empty string where there is none.
        organisation: Its name in the scope document, or the empty string.
        sources: Identities of the sources, sorted.
    """

    id: str
    started: str
    finished: str
    version: str
    catalog: str
    scope: str
    organisation: str
    sources: tuple[str, ...]


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
    """

    scan: ScanInfo
    coverage: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    systems: tuple[AISystem, ...]
    verdicts: tuple[Verdict, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    denominator: tuple[CoveredPart, ...] = ()
    changes: Changes | None = None

    @property
    def incomplete(self) -> bool:
        """Whether something that might exist was not seen."""
        return any(part.outcome.incomplete for part in self.coverage)
