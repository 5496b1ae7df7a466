"""The run: open sources, scan them, classify, assemble, reconcile."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from classifiers.classify import classify
from connectors.code import connector
from connectors.code.checkout import SourceError, checkout
from connectors.code.files import DEFAULT_LIMITS, Limits
from connectors.code.local import mark_local
from connectors.model import Coverage, Observation, Outcome
from inventory.assemble import Repository, assemble
from inventory.denominator import covered_parts
from inventory.reconcile import reconcile
from scanner import __version__, clock, engine
from scanner.result import ScanInfo, ScanResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import datetime

    from classifiers.catalog import Catalog
    from classifiers.model import Finding
    from scanner.workspace import Declared, SourceSpec


@dataclass(slots=True)
class Progress:
    """Hears what a scan does; the default hears nothing."""

    planned: Callable[[str, int], None] = field(default=lambda _source, _files: None)
    advanced: Callable[[str, int], None] = field(default=lambda _source, _files: None)


@dataclass(slots=True)
class Collected:
    """What all sources gave."""

    coverage: list[Coverage] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    repositories: dict[str, Repository] = field(default_factory=dict)


def collect(
    specs: Sequence[SourceSpec], catalog: Catalog, limits: Limits, workers: int, progress: Progress
) -> Collected:
    """Scans code sources and classifies what they gave. A source that cannot be opened becomes failed coverage."""
    collected = Collected()
    with ExitStack() as stack:
        plans = []
        for spec in specs:
            try:
                opened = stack.enter_context(checkout(spec.location, limits, spec.repo_id))
            except SourceError as error:
                source = f"repo:{spec.repo_id or spec.location}"
                collected.repositories[source] = Repository(source, spec.location)
                collected.coverage.append(Coverage(source, "", Outcome.FAILED, str(error)))
                continue
            plan = connector.plan(opened, limits)
            progress.planned(plan.source, sum(len(batch.paths) for batch in plan.batches))
            plans.append(plan)
        tasks = sum(len(plan.batches) for plan in plans)
        with engine.executor(workers, tasks, connector.prepare, (catalog.matchers,)) as pool:
            for plan in plans:
                _scan(plan, pool, catalog, progress, collected)
    return collected


def _scan(
    plan: connector.Plan, pool: Executor | None, catalog: Catalog, progress: Progress, collected: Collected
) -> None:
    results = list(connector.results(plan, pool, lambda files: progress.advanced(plan.source, files)))
    found = [observation for result in results for observation in result.observations]
    found = mark_local(found, (path for batch in plan.batches for path in batch.paths))
    found.sort(key=lambda observation: (observation.location, observation.kind, observation.name))
    collected.repositories[plan.source] = Repository(plan.source, plan.title, plan.prefix)
    collected.coverage += connector.summary(plan, results)
    collected.observations += found
    collected.findings += classify(found, catalog)


def scan(
    specs: Sequence[SourceSpec],
    catalog: Catalog,
    declared: Declared,
    limits: Limits = DEFAULT_LIMITS,
    workers: int = 0,
    progress: Progress | None = None,
    known: Mapping[str, str] | None = None,
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
    """
    started = clock.now()
    collected = collect(specs, catalog, limits, workers, progress or Progress())
    systems = assemble(
        collected.findings, collected.observations, {**(known or {}), **declared.known}, collected.repositories
    )
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


def _info(started: datetime, catalog: Catalog, declared: Declared, collected: Collected) -> ScanInfo:
    sources = tuple(sorted(collected.repositories))
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
