"""Asks the estates of a scan over the network: plans, runs the tasks on threads, and keeps each result as it comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.api.task import Plan
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from classifiers.apps import Apps
    from classifiers.services import Service
    from connectors.api.access import Access
    from connectors.api.task import Connector, Task
    from inventory.estate import TagKeys
    from scanner.collecting import Journal, Progress


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate, ready to be asked.

    Attributes:
        name: For progress, unique in a scan.
        connector: Asks it.
        narrowed: Whether the user asked for a part of it only, so that the rest of its sources stays unseen.
    """

    name: str
    connector: Connector
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Estates:
    """What a scan asks over the network.

    Attributes:
        members: The estates.
        services: What their rows mean.
        concurrency: Tasks at once.
        keys: What the organisation's tags mean.
        apps: Knows which product an app belongs to.
        replayed: Whether recorded answers are taken, so that nothing may go over the network.
    """

    members: tuple[Estate, ...]
    services: tuple[Service, ...]
    concurrency: int
    keys: TagKeys
    apps: Apps
    replayed: bool = False


@dataclass(slots=True)
class Asked:
    """What the estates gave.

    Attributes:
        sources: Identities of all sources, those too that could not be asked.
        narrowed: Those of which only a part was asked for.
        access: Proves who clones what each lists.
        results: What each task gave.
        coverage: What planning told.
    """

    sources: set[str] = field(default_factory=set)
    narrowed: set[str] = field(default_factory=set)
    access: dict[str, Access] = field(default_factory=dict)
    results: list[tuple[Task, Result]] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)

    def summary(self) -> list[Coverage]:
        """Coverage of each source, of each of its Regions, and of every part that was not seen.

        What was seen in full is summed up: an estate has a hundred thousand such parts. A source of which only a part
        was asked for, or that answered nothing, has no record as a whole, so that nothing in it is taken for gone.
        """
        parts = [*self.coverage, *(part for _, result in self.results for part in result.coverage)]
        gaps = [part for part in parts if part.outcome not in _SEEN]
        unseen = {part.source for part in gaps if not part.scope and part.outcome.incomplete}
        sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for part in parts:
            if part.outcome is Outcome.COMPLETE and part.scope:
                sums[part.source, part.scope.partition("/")[0]] += Counter({"parts": 1, **part.counts})
        answered = {part.source for part in parts if part.outcome in _SEEN}
        for source in (self.sources & answered) - self.narrowed - unseen:
            regions = [counts for (of, region), counts in sums.items() if of == source and region]
            sums[source, ""] = sum(regions, Counter())
        seen = [
            Coverage(source, region, Outcome.COMPLETE, "", dict(sorted(counts.items())))
            for (source, region), counts in sorted(sums.items())
        ]
        return [*seen, *gaps]


_SEEN: Final = frozenset({Outcome.COMPLETE, Outcome.NOT_APPLICABLE})


def ask(estates: Estates, progress: Progress, journal: Journal | None = None) -> Asked:
    """Asks every estate. A task that breaks becomes failed coverage; the others go on.

    Args:
        estates: What to ask.
        progress: Hears what happens.
        journal: Keeps what each task gave, and recalls what a scan that was cut off had.
    """
    asked = Asked()
    connectors = {estate.name: estate.connector for estate in estates.members}
    narrowed = {estate.name for estate in estates.members if estate.narrowed}
    with ThreadPoolExecutor(max(1, estates.concurrency), thread_name_prefix="ask") as pool:
        plans = dict(zip(connectors, pool.map(_plan, connectors, connectors.values()), strict=True))
        for name, plan in plans.items():
            asked.sources.update(plan.sources)
            asked.narrowed.update(plan.sources if name in narrowed else ())
            asked.access.update(dict.fromkeys(plan.sources, plan.access))
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


def _plan(name: str, connector: Connector) -> Plan:
    """What an estate will be asked; an estate that cannot be planned is a gap, and the others go on."""
    try:
        return connector.plan()
    except Exception as error:  # as for tasks: nothing that one estate dies of may hide the others
        source = f"estate:{name}"
        reason = f"{type(error).__name__} while planning what to ask; scan again, and report it if it stays"
        return Plan((source,), (), (Coverage(source, "", Outcome.FAILED, reason),))


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
