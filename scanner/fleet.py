"""Scans many repositories that lie elsewhere: each is one task, and one that has not changed costs one question.

Clones wait for the network and scans for a processor, so they overlap: threads clone a few repositories ahead of the
processes that scan them. So many clones are on disk at once, and no more.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from connectors.code import connector, remote
from connectors.code.checkout import is_url, normalised_url
from connectors.code.errors import SourceError
from connectors.code.remote import Remote, Scanned
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

_CLONES: Final = 8
"""Repositories that are cloned at once."""

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
    results = _recalled(remotes, journal)
    progress.advanced(_NAME, len(results))
    todo = [one for one in remotes if one.source not in results]
    with engine.executor(workers, len(todo), connector.prepare, (catalog.matchers, len(todo))) as executor:
        for scanned in _run(todo, executor, workers or engine.processors()):
            if scanned.remote.key:
                keep(journal, scanned.remote.key, scanned.result)
            results[scanned.remote.source] = scanned.result
            progress.advanced(_NAME, 1)
    for one in remotes:
        result = results[one.source]
        title = one.source.rpartition("/")[2]
        collected.add(Repository(one.source, title), result.observations, result.coverage, catalog)


def _distinct(specs: Sequence[SourceSpec], limits: Limits, collected: Collected) -> list[Remote]:
    found: dict[str, Remote] = {}
    for spec in specs:
        one = Remote(spec.location, spec.repo_id, spec.access, limits)
        if one.source in found or one.source in collected.repositories:
            reason = f"{spec.location}: the same repository stands twice in the sources; give one of them another `id`"
            collected.coverage.append(Coverage(one.source, spec.location, Outcome.SKIPPED, reason))
        else:
            found[one.source] = one
    return list(found.values())


def _recalled(remotes: Sequence[Remote], journal: Journal | None) -> dict[str, Result]:
    """What is known of repositories whose head has not moved since they were scanned, by source."""
    if journal is None or not journal.remembers:
        return {}
    with ThreadPoolExecutor(_QUESTIONS, thread_name_prefix="head") as pool:
        heads = pool.map(remote.head, remotes)
        asked = [replace(one, commit=commit) for one, commit in zip(remotes, heads, strict=True)]
    kept = ((one.source, journal.recall(one.key)) for one in asked if one.key)
    return {source: result for source, result in kept if result is not None}


def _run(todo: Sequence[Remote], executor: Executor | None, workers: int) -> Iterator[Scanned]:
    """What each repository gave, as it comes."""
    if executor is not None:
        executor.submit(int).result()  # a process is forked before there are threads, which it would copy in mid-step
    ended: SimpleQueue[tuple[Remote, Future[Any]]] = SimpleQueue()

    def hear(one: Remote, future: Future[Any]) -> None:
        future.add_done_callback(lambda done: ended.put((one, done)))

    waiting = iter(todo)
    with (
        tempfile.TemporaryDirectory(prefix="aimscope-") as folder,
        ThreadPoolExecutor(_CLONES, thread_name_prefix="clone") as pool,
    ):
        numbers = count()

        def begin(many: int) -> int:
            begun = list(islice(waiting, many))
            for one in begun:
                hear(one, pool.submit(remote.fetch, one, Path(folder) / str(next(numbers))))
            return len(begun)

        try:
            under_way = begin(_CLONES + workers)
            while under_way:
                one, future = ended.get()
                given = _given(one, future)
                if isinstance(given, remote.Fetched):
                    hear(one, _submitted(executor, given))
                    continue
                yield given
                under_way += begin(1) - 1
        finally:
            pool.shutdown(cancel_futures=True)


def _submitted(executor: Executor | None, fetched: remote.Fetched) -> Future[Scanned]:
    if executor is not None:
        return executor.submit(remote.scan, fetched)
    future: Future[Scanned] = Future()
    try:
        future.set_result(remote.scan(fetched))
    except Exception as error:  # what it died of is told where the future is asked
        future.set_exception(error)
    return future


def _given(one: Remote, future: Future[Any]) -> remote.Fetched | Scanned:
    """What a step gave; a repository that cannot be cloned, or whose scan died, is a gap, and the rest goes on."""
    try:
        given: remote.Fetched | Scanned = future.result()
    except SourceError as error:
        return Scanned(one, Result(coverage=[Coverage(one.source, "", error.outcome, str(error))]))
    except Exception as error:  # whatever a worker died of, the rest of the scan goes on and says so
        reason = f"{type(error).__name__} while scanning it; scan again, and report it if it stays"
        return Scanned(one, Result(coverage=[Coverage(one.source, "", Outcome.FAILED, reason)]))
    return given
