"""Reads code sources on this machine's processors, and keeps what each task gave as it comes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from classifiers.classify import classify
from classifiers.context import of_path
from classifiers.model import Context
from connectors.code import connector
from connectors.code.checkout import SourceError, checkout, normalised_url
from connectors.code.local import mark_local
from connectors.model import Coverage, Observation, Outcome
from inventory.assemble import Repository
from scanner import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from classifiers.catalog import Catalog
    from classifiers.model import Finding
    from connectors.code.batch import Batch
    from connectors.code.files import Limits
    from connectors.model import Result
    from scanner.workspace import SourceSpec


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

    def add(
        self,
        repository: Repository,
        observations: Iterable[Observation],
        coverage: Iterable[Coverage],
        catalog: Catalog,
    ) -> None:
        """Adds what one repository gave, and classifies it."""
        found = sorted(observations, key=lambda one: (one.location, one.kind, one.name))
        self.repositories[repository.source] = repository
        self.coverage += [_weighed(part) for part in coverage]
        self.observations += found
        self.findings += classify(found, catalog)

    def add_unopened(self, spec: SourceSpec, error: SourceError) -> None:
        """Notes a source that could not be opened."""
        source = f"repo:{spec.repo_id or normalised_url(spec.location) or spec.location}"
        self.repositories[source] = Repository(source, spec.location)
        self.coverage.append(Coverage(source, "", error.outcome, str(error)))


class Journal(Protocol):
    """Keeps what each task gave as it comes, so that a killed scan loses at most the tasks in flight.

    What a task could not see is not kept: it is asked again.
    """

    @property
    def remembers(self) -> bool:
        """Whether there is anything to recall."""

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
    journal: Journal | None,
    leave_out: Collection[Path],
    collected: Collected,
) -> None:
    """Scans code sources, all open at once, and classifies what they gave.

    A source that cannot be opened becomes failed coverage.
    """
    with ExitStack() as stack:
        plans = [plan for spec in specs if (plan := _plan(spec, limits, leave_out, stack, collected))]
        for plan in plans:
            progress.planned(plan.source, sum(len(batch.paths) for batch in plan.batches))
        results: dict[str, list[Result]] = {plan.source: [] for plan in plans}
        todo = list(_recalled(plans, journal, results, progress))
        with engine.executor(workers, len(todo), connector.prepare, (catalog.matchers, len(todo))) as pool:
            for batch, result in connector.submit(todo, pool):
                keep(journal, batch.key, result)
                results[batch.source].append(result)
                progress.advanced(batch.source, len(batch.paths))
        for plan in plans:
            given = results[plan.source]
            found = [observation for result in given for observation in result.observations]
            found = mark_local(found, (path for batch in plan.batches for path in batch.paths))
            collected.add(collected.repositories[plan.source], found, connector.summary(plan, given), catalog)


def keep(journal: Journal | None, key: str, result: Result) -> None:
    """Keeps what a task gave, unless there is something that it could not see."""
    if journal is not None and not any(part.outcome.incomplete for part in result.coverage):
        journal.keep(key, result)


def _plan(
    spec: SourceSpec, limits: Limits, leave_out: Collection[Path], stack: ExitStack, collected: Collected
) -> connector.Plan | None:
    try:
        opened = stack.enter_context(checkout(spec.location, limits, spec.repo_id, spec.access))
    except SourceError as error:
        collected.add_unopened(spec, error)
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


def _weighed(part: Coverage) -> Coverage:
    """A gap in tests, examples or docs is named, but hides no system: one broken fixture must not void a scan."""
    beside = part.scope and of_path(part.scope) in {Context.TEST, Context.EXAMPLE, Context.DOCS}
    return replace(part, outcome=Outcome.SKIPPED) if beside and part.outcome is Outcome.PARTIAL else part
