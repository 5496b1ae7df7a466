"""The run: open sources, scan them, classify, assemble, reconcile."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from classifiers.classify import classify
from classifiers.context import of_path
from classifiers.model import Context
from connectors.code import connector
from connectors.code.checkout import SourceError, checkout, normalised_url
from connectors.code.files import DEFAULT_LIMITS, Limits
from connectors.code.local import mark_local
from connectors.model import Coverage, Observation, Outcome
from inventory.assemble import Repository, assemble
from inventory.denominator import covered_parts
from inventory.reconcile import reconcile
from inventory.scan import ScanInfo
from scanner import __version__, clock, engine
from scanner.result import ScanResult

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from classifiers.catalog import Catalog
    from classifiers.model import Finding
    from connectors.code.batch import Batch
    from connectors.model import Result
    from inventory.model import AISystem
    from scanner.network import Estates
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
    sources: set[str] = field(default_factory=set)


class Journal(Protocol):
    """Keeps what each task gave as it comes, so that a killed scan loses at most the tasks in flight.

    What a task could not see is not kept: it is asked again.
    """

    def recall(self, key: str) -> Result | None:
        """What a task gave before the scan was cut off, or in the last scan where it would give the same; or none."""

    def keep(self, key: str, result: Result) -> None:
        """Keeps what a task gave."""


def collect(
    specs: Sequence[SourceSpec],
    catalog: Catalog,
    limits: Limits,
    workers: int,
    progress: Progress,
    journal: Journal | None = None,
    leave_out: Collection[Path] = (),
) -> Collected:
    """Scans code sources and classifies what they gave. A source that cannot be opened becomes failed coverage."""
    collected = Collected()
    with ExitStack() as stack:
        plans = [plan for spec in specs if (plan := _plan(spec, limits, leave_out, stack, collected))]
        for plan in plans:
            progress.planned(plan.source, sum(len(batch.paths) for batch in plan.batches))
        results: dict[str, list[Result]] = {plan.source: [] for plan in plans}
        todo = list(_recalled(plans, journal, results, progress))
        with engine.executor(workers, len(todo), connector.prepare, (catalog.matchers, len(todo))) as pool:
            for batch, result in connector.submit(todo, pool):
                if journal is not None and not any(part.outcome.incomplete for part in result.coverage):
                    journal.keep(batch.key, result)
                results[batch.source].append(result)
                progress.advanced(batch.source, len(batch.paths))
        for plan in plans:
            _classify(plan, results[plan.source], catalog, collected)
    return collected


def _plan(
    spec: SourceSpec, limits: Limits, leave_out: Collection[Path], stack: ExitStack, collected: Collected
) -> connector.Plan | None:
    try:
        opened = stack.enter_context(checkout(spec.location, limits, spec.repo_id))
    except SourceError as error:
        source = f"repo:{spec.repo_id or normalised_url(spec.location) or spec.location}"
        collected.repositories[source] = Repository(source, spec.location)
        collected.coverage.append(Coverage(source, "", Outcome.FAILED, str(error)))
        return None
    if opened.source in collected.repositories:
        reason = f"{spec.location}: the same repository stands twice in the sources; give one of them another `id`"
        collected.coverage.append(Coverage(opened.source, spec.location, Outcome.SKIPPED, reason))
        return None
    collected.repositories[opened.source] = Repository(opened.source, opened.title, opened.prefix)
    return connector.plan(opened, limits, leave_out)


def _recalled(
    plans: Iterable[connector.Plan],
    journal: Journal | None,
    results: dict[str, list[Result]],
    progress: Progress,
) -> Iterator[Batch]:
    """Batches still to run; what a cut-off scan has kept of the others goes to the results."""
    for plan in plans:
        for batch in plan.batches:
            kept = journal.recall(batch.key) if journal is not None else None
            if kept is None:
                yield batch
            else:
                results[plan.source].append(kept)
                progress.advanced(plan.source, len(batch.paths))


def _classify(plan: connector.Plan, results: list[Result], catalog: Catalog, collected: Collected) -> None:
    found = [observation for result in results for observation in result.observations]
    found = mark_local(found, (path for batch in plan.batches for path in batch.paths))
    found.sort(key=lambda observation: (observation.location, observation.kind, observation.name))
    collected.coverage += [_weighed(part) for part in connector.summary(plan, results)]
    collected.observations += found
    collected.findings += classify(found, catalog)


def _weighed(part: Coverage) -> Coverage:
    """A gap in tests, examples or docs is named, but hides no system: one broken fixture must not void a scan."""
    beside = part.scope and of_path(part.scope) in {Context.TEST, Context.EXAMPLE, Context.DOCS}
    return replace(part, outcome=Outcome.SKIPPED) if beside and part.outcome is Outcome.PARTIAL else part


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
    collected = collect(specs, catalog, limits, workers, progress, journal, leave_out)
    named = {**(known or {}), **declared.known}
    systems = assemble(collected.findings, collected.observations, named, collected.repositories, catalog.names)
    if estates is not None:
        systems = _with_estates(systems, estates, catalog, named, collected, progress, journal)
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


def _with_estates(
    systems: list[AISystem],
    estates: Estates,
    catalog: Catalog,
    known: Mapping[str, str],
    collected: Collected,
    progress: Progress,
    journal: Journal | None,
) -> list[AISystem]:
    """Asks the estates, adds what they gave to what was collected, and joins it with the systems of code."""
    from classifiers.resources import ResourceMeanings
    from inventory.assemble_assets import assemble_assets, join_code
    from scanner.network import ask

    asked = ask(estates, progress, journal)
    observations = [observation for _, result in asked.results for observation in result.observations]
    findings = ResourceMeanings(estates.services, catalog).classify(observations)
    collected.sources |= asked.sources
    collected.coverage += asked.summary()
    collected.observations += observations
    collected.findings += findings
    listed = assemble_assets(findings, observations, known, catalog.names, estates.keys)
    return join_code([*systems, *listed], collected.findings, known)


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
