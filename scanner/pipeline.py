"""The run: collect from every source, classify, assemble, reconcile."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from connectors.code.files import DEFAULT_LIMITS, Limits
from connectors.model import ObservationKind
from inventory.assemble import Repository, assemble
from inventory.assets import LISTED
from inventory.denominator import covered_parts
from inventory.estate import DEFAULT_KEYS
from inventory.reconcile import reconcile
from inventory.scan import ScanInfo
from scanner import __version__, clock
from scanner.collecting import Collected, Progress, collect
from scanner.fleet import collect_fleet, split
from scanner.result import ScanResult

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from classifiers.catalog import Catalog
    from classifiers.model import Finding
    from inventory.model import AISystem
    from scanner.collecting import Journal
    from scanner.network import Estates
    from scanner.workspace import Declared, SourceSpec


_OF_ESTATES: Final = LISTED | {ObservationKind.ACCOUNT, ObservationKind.REPOSITORY}
"""What else an import holds, as the packages of an SBOM, is classified as if it stood in a repository."""


def scan(
    specs: Sequence[SourceSpec],
    catalog: Catalog,
    declared: Declared,
    limits: Limits = DEFAULT_LIMITS,
    workers: int = 0,
    progress: Progress | None = None,
    known: Mapping[str, str] | None = None,
    journal: Journal | None = None,
    leave_out: Collection[Path] = (),
    estates: Estates | None = None,
) -> ScanResult:
    """Scans sources and reconciles what was found.

    Args:
        specs: Sources.
        catalog: The knowledge base.
        declared: Scope document, decisions and attestations.
        limits: Bounds of what is read.
        workers: Processes at most; 0 for as many as there are processors.
        progress: Hears what the scan does.
        known: Anchor to system id from earlier scans; decisions go before it.
        journal: Keeps what each task gave; none where a scan need not survive a kill.
        leave_out: Files, by their whole path, that are not scanned.
        estates: What is asked over the network.
    """
    started = clock.now()
    progress = progress or Progress()
    collected = Collected()
    hosted = _ask(estates, catalog, collected, progress, journal) if estates is not None else ()
    together, fleet = split(specs)
    collect(together, catalog, limits, workers, progress, journal, leave_out, collected)
    collect_fleet([*fleet, *hosted], catalog, limits, workers, progress, journal, collected)
    systems = _systems(collected, catalog, {**(known or {}), **declared.known}, estates)
    scope = declared.scope.document if declared.scope else None
    verdicts = reconcile(
        systems, scope, declared.decisions, collected.coverage, declared.attestations,
        today=started.date(), catalog_hash=catalog.digest,
    )  # fmt: skip
    return ScanResult(
        scan=_info(started, catalog, declared, collected),
        coverage=tuple(sorted(collected.coverage, key=lambda part: (part.source, part.scope, part.reason))),
        findings=tuple(sorted(collected.findings, key=lambda finding: finding.id)),
        systems=tuple(systems),
        verdicts=verdicts,
        names=catalog.names,
        denominator=covered_parts(scope, collected.coverage) if scope else (),
    )


def _ask(
    estates: Estates, catalog: Catalog, collected: Collected, progress: Progress, journal: Journal | None
) -> list[SourceSpec]:
    """Asks the estates; what they gave is collected and classified. Gives the repositories that code hosts list."""
    from classifiers.resources import ResourceMeanings
    from scanner.hosts import leave_out, repositories
    from scanner.network import ask

    asked = ask(estates, progress, journal)
    observations = [observation for _, result in asked.results for observation in result.observations]
    listed = [one for one in observations if one.kind in _OF_ESTATES]
    collected.sources |= asked.sources
    collected.coverage += asked.summary()
    collected.observations += listed
    collected.findings += ResourceMeanings(estates.services, catalog, estates.apps).classify(listed)
    materials = [one for one in observations if one.kind not in _OF_ESTATES]
    for source in sorted({one.location.source for one in materials}):
        of_source = [one for one in materials if one.location.source == source]
        collected.add(Repository(source, source.partition(":")[2]), of_source, (), catalog)
    found = list(repositories(listed, asked.access, collected))
    return leave_out(found, collected) if estates.replayed else found


def _systems(
    collected: Collected, catalog: Catalog, known: Mapping[str, str], estates: Estates | None
) -> list[AISystem]:
    """Systems of code and of what estates list, joined where the code names what was listed."""
    of_code, of_estates = _parted(collected.findings)
    keys = estates.keys if estates else DEFAULT_KEYS
    systems = assemble(of_code, collected.observations, known, collected.repositories, catalog.names, keys)
    if estates is None:
        return systems
    from inventory.assemble_assets import assemble_assets, join_code

    names = {**estates.apps.names, **catalog.names}
    listed = assemble_assets(of_estates, collected.observations, known, names, estates.keys, estates.apps.data_use)
    return join_code(systems, listed, collected.findings, known)


def _parted(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    of_estates = [finding for finding in findings if finding.observation.kind in LISTED]
    return [finding for finding in findings if finding.observation.kind not in LISTED], of_estates


def _info(started: datetime, catalog: Catalog, declared: Declared, collected: Collected) -> ScanInfo:
    sources = tuple(sorted(collected.sources | set(collected.repositories)))
    scope = declared.scope
    begun = clock.iso(started)
    identity = "\0".join([begun, catalog.digest, scope.hash if scope else "", *sources])
    return ScanInfo(
        id="scan-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        started=begun,
        finished=clock.iso(clock.now()),
        version=__version__,
        catalog=catalog.digest,
        scope=scope.hash if scope else "",
        organisation=scope.document.document.organisation or "" if scope else "",
        sources=sources,
    )
