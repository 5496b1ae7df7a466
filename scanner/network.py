"""Asks the estates of a scan over the network: plans, runs the tasks on threads, and keeps each result as it comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from classifiers.services import Service
    from connectors.api.task import Connector, Plan, Task
    from inventory.estate import TagKeys
    from scanner.pipeline import Journal, Progress


@dataclass(frozen=True, slots=True)
class Estates:
    """What a scan asks over the network.

    Attributes:
        connectors: Connectors by a name for progress.
        services: What their rows mean.
        concurrency: Tasks at once.
        keys: What the organisation's tags mean.
    """

    connectors: Mapping[str, Connector]
    services: tuple[Service, ...]
    concurrency: int
    keys: TagKeys


@dataclass(slots=True)
class Asked:
    """What the estates gave.

    Attributes:
        sources: Identities of all sources, those too that could not be asked.
        results: What each task gave.
        coverage: What planning told.
    """

    sources: set[str] = field(default_factory=set)
    results: list[tuple[Task, Result]] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)

    def summary(self) -> list[Coverage]:
        """Coverage of each source as a whole, with its counts, then of every part that was asked."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for task, result in self.results:
            counts[task.source] += result.counts
            counts[task.source]["tasks"] += 1
        unseen = {part.source for part in self.coverage if not part.scope and part.outcome.incomplete}
        parts = [*self.coverage, *(part for _, result in self.results for part in result.coverage)]
        whole = [
            Coverage(source, "", Outcome.COMPLETE, "", dict(sorted(counts[source].items())))
            for source in sorted(self.sources - unseen)
        ]
        return [*whole, *(part for part in parts if part.scope or part.outcome is not Outcome.COMPLETE)]


def ask(estates: Estates, progress: Progress, journal: Journal | None = None) -> Asked:
    """Asks every estate. A task that breaks becomes failed coverage; the others go on.

    Args:
        estates: What to ask.
        progress: Hears what happens.
        journal: Keeps what each task gave, and recalls what a scan that was cut off had.
    """
    asked = Asked()
    connectors = estates.connectors
    with ThreadPoolExecutor(max(1, estates.concurrency), thread_name_prefix="ask") as pool:
        plans = dict(zip(connectors, pool.map(lambda one: one.plan(), connectors.values()), strict=True))
        for name, plan in plans.items():
            asked.sources.update(plan.sources)
            asked.coverage += plan.coverage
            progress.planned(name, len(plan.tasks))
        futures = {}
        for name, task in _in_turn(plans):
            kept = journal.recall(_key(name, task)) if journal is not None else None
            if kept is None:
                futures[pool.submit(connectors[name].run, task)] = name, task
            else:
                asked.results.append((task, kept))
                progress.advanced(name, 1)
        for future in as_completed(futures):
            name, task = futures.pop(future)
            try:
                result = future.result()
            except Exception as error:  # whatever a task died of, the rest of the scan goes on and says so
                result = Result(coverage=[_lost(task, error)])
            if journal is not None and not any(part.outcome.incomplete for part in result.coverage):
                journal.keep(_key(name, task), result)
            asked.results.append((task, result))
            progress.advanced(name, 1)
    asked.results.sort(key=lambda pair: (pair[0].source, pair[0].scope, pair[0].key))
    return asked


def _in_turn(plans: Mapping[str, Plan]) -> Iterator[tuple[str, Task]]:
    """Tasks of all estates, each estate's in its own order and none behind all of another's."""
    queues: list[tuple[str, Sequence[Task]]] = [(name, plan.tasks) for name, plan in plans.items()]
    for place in range(max((len(tasks) for _, tasks in queues), default=0)):
        for name, tasks in queues:
            if place < len(tasks):
                yield name, tasks[place]


def _key(name: str, task: Task) -> str:
    return f"{name}\0{task.key}"


def _lost(task: Task, error: Exception) -> Coverage:
    reason = f"{type(error).__name__} while asking; scan again, and report it if it stays"
    return Coverage(task.source, task.scope, Outcome.FAILED, reason)
