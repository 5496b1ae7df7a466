"""A scan as the inventory keeps it: who ran it over what, what its tasks gave, and what came out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifiers import model as classified
from connectors import model as observed
from connectors.codec import Codec
from inventory import denominator, model, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifiers.model import Finding
    from connectors.model import Coverage, Observation
    from inventory.denominator import CoveredPart
    from inventory.model import AISystem
    from inventory.verdict import Verdict

CODEC: Final = Codec(observed, classified, model, verdict, denominator)
"""Reads back every type that a scan consists of."""


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
class TaskRecord:
    """What one task of a scan gave.

    Attributes:
        observations: What it saw.
        coverage: What it could not see.
        counts: Numbers for the coverage of the whole source.
    """

    observations: tuple[Observation, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """A scan with all that reports tell about it.

    Attributes:
        info: About the scan.
        coverage: What was asked of each source and how it ended.
        findings: Sorted by id.
        systems: Sorted by id.
        verdicts: Most urgent first.
        names: Catalog id to name.
        denominator: How much was covered of each thing that the scope document names.
    """

    info: ScanInfo
    coverage: tuple[Coverage, ...] = ()
    findings: tuple[Finding, ...] = ()
    systems: tuple[AISystem, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    denominator: tuple[CoveredPart, ...] = ()


@dataclass(frozen=True, slots=True)
class UnfinishedScan:
    """A scan that was cut off.

    Attributes:
        number: What the database calls it.
        info: About it; `finished` is empty.
    """

    number: int
    info: ScanInfo
