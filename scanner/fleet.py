"""Scans many repositories that lie elsewhere: each is one task, and one that has not changed costs one question."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from connectors.code import connector, remote
from connectors.code.checkout import is_url, normalised_url
from connectors.code.remote import Remote
from connectors.model import Coverage, Outcome, Result
from inventory.assemble import Repository
from scanner import engine
from scanner.collecting import keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from classifiers.catalog import Catalog
    from connectors.code.files import Limits
    from scanner.collecting import Collected, Journal, Progress
    from scanner.workspace import SourceSpec

_FEW: Final = 4
"""Up to so many are better cut into batches of files, for then all processes work on each."""

_QUESTIONS: Final = 16
_NAME: Final = "repositories"


def split(specs: Sequence[SourceSpec]) -> tuple[list[SourceSpec], list[SourceSpec]]:
    """Sources that are opened together, and repositories that are scanned one by one."""
    elsewhere = [spec for spec in specs if is_url(spec.location) and (spec.repo_id or normalised_url(spec.location))]
    if len(elsewhere) <= _FEW:
        return list(specs), []
    return [spec for spec in specs if spec not in elsewhere], elsewhere


def collect_fleet(
    specs: Sequence[SourceSpec],
    catalog: Catalog,
    limits: Limits,
    workers: int,
    progress: Progress,
    journal: Journal | None,
    collected: Collected,
) -> None:
    """Scans repositories one by one on all processes, and classifies what they gave."""
    remotes = _distinct(specs, limits, collected)
    if not remotes:
        return
    progress.planned(_NAME, len(remotes))
    if journal is not None:
        with ThreadPoolExecutor(_QUESTIONS) as pool:
            remotes = [
                replace(one, commit=commit) for one, commit in zip(remotes, pool.map(remote.head, remotes), strict=True)
            ]
    results: dict[str, Result] = {}
    todo = []
    for one in remotes:
        kept = journal.recall(one.key) if journal is not None and one.key else None
        if kept is None:
            todo.append(one)
        else:
            results[one.source] = kept
            progress.advanced(_NAME, 1)
    with engine.executor(workers, len(todo), connector.prepare, (catalog.matchers, len(todo))) as executor:
        for one, result in _run(todo, executor):
            if one.key:
                keep(journal, one.key, result)
            results[one.source] = result
            progress.advanced(_NAME, 1)
    for one in remotes:
        result = results[one.source]
        title = one.source.rpartition("/")[2]
        collected.add(Repository(one.source, title), result.observations, result.coverage, catalog)


def _distinct(specs: Sequence[SourceSpec], limits: Limits, collected: Collected) -> list[Remote]:
    found: dict[str, Remote] = {}
    for spec in specs:
        one = Remote(spec.location, spec.repo_id, spec.token_env, limits)
        if one.source in found or one.source in collected.repositories:
            reason = f"{spec.location}: the same repository stands twice in the sources; give one of them another `id`"
            collected.coverage.append(Coverage(one.source, spec.location, Outcome.SKIPPED, reason))
        else:
            found[one.source] = one
    return list(found.values())


def _run(todo: Sequence[Remote], executor: Executor | None) -> Iterator[tuple[Remote, Result]]:
    if executor is None:
        for one in todo:
            yield one, remote.scan(one)
        return
    futures = {executor.submit(remote.scan, one): one for one in todo}
    for future in as_completed(futures):
        one = futures.pop(future)
        try:
            yield one, future.result()
        except Exception as error:  # whatever a worker died of, the rest of the scan goes on and says so
            reason = f"{type(error).__name__} while scanning it; scan again, and report it if it stays"
            yield one, Result(coverage=[Coverage(one.source, "", Outcome.FAILED, reason)])
