"""Asks one subscription for one service, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.api.errors import ApiError
from connectors.azure.access import PERMISSIONS_READ, Access, read_access
from connectors.azure.gaps import Gaps, is_absent
from connectors.azure.metrics import metric_path, metric_query, uses, without_metric
from connectors.azure.once import Once
from connectors.azure.reading import Resource, granted, keys_of, observed
from connectors.azure.rows import SUBSCRIPTION, How, Row, Service
from connectors.model import ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor

    from connectors.api.signals import Signals
    from connectors.api.task import Task
    from connectors.azure.arm import Arm
    from connectors.azure.graph import Graph, Questions
    from connectors.azure.metrics import Window
    from connectors.model import Observation

Found = TypeVar("Found")


@dataclass(slots=True)
class Shared:
    """What all tasks of a connector share.

    Attributes:
        arm: Asks Resource Manager.
        graph: Asks Resource Graph.
        rows: All rows that are asked of Resource Graph.
        questions: What they ask.
        signals: What tells a workload that is wanted from the many that are not.
        window: Gives the days that use and activity are read for.
        newest: Items of an activity list.
        lanes: Requests in flight of one subscription.
        pool: Runs lists below many parents at once.
        access: What the credentials may do, by source.
        expired: How the credentials ran out, once they have.
    """

    arm: Arm
    graph: Graph
    rows: tuple[Row, ...]
    questions: Questions
    signals: Signals
    window: Callable[[], Window]
    newest: int
    lanes: int
    pool: Executor
    access: Once[Access] = field(default_factory=Once)
    expired: ApiError | None = None

    def note(self, error: ApiError) -> None:
        """Remembers that the credentials ran out, so that nothing else is asked in vain."""
        if error.expired:
            self.expired = error


class Asking:
    """One service of one subscription.

    Args:
        shared: What all tasks share.
        task: Says where.
        service: Says what.
    """

    def __init__(self, shared: Shared, task: Task, service: Service) -> None:
        self._shared = shared
        self._source = task.source
        self._service = service
        self._subscription = subscription_of(task)
        self._gaps = Gaps()
        root = Resource(f"/subscriptions/{self._subscription}", {}, {}, "")
        self._read: dict[str, list[Resource]] = {SUBSCRIPTION: [root]}
        self._lists: dict[tuple[object, ...], list[Resource]] = {}

    def result(self) -> Result:
        """What is there, and what of it could not be seen. Never raises for the subscription."""
        self._check_access()
        found = [one for row in self._service.rows for one in self._observations(row)]
        return result_of(found, self._gaps, self._source, self._service.scope)

    def _observations(self, row: Row) -> list[Observation]:
        parents = [one for name in row.parents for one in self._read[name] if not row.ask or one.at(row.ask)]
        if row.how is How.METRIC:
            return self._over(row, parents, lambda parent: self._uses(row, parent))
        wanted = self._wanted(row, self._swept(row) if row.how is How.GRAPH else self._children(row, parents))
        own = [one for one in wanted if not (row.drop and one.at(row.drop))]
        self._gaps.count("dropped", len(wanted) - len(own))
        self._read[row.id] = own
        return [observed(self._service, row, one, self._source, wanted[one]) for one in own]

    def _check_access(self) -> None:
        """Notes what Resource Graph would leave out without a word.

        It gives only what the credentials may read, so an empty answer proves nothing until the permission is known.
        """
        shared = self._shared
        actions = {action for row in self._service.rows if row.how is How.GRAPH for action in row.actions}
        if not actions:
            return
        try:
            if shared.expired is not None:
                raise shared.expired
            access = shared.access.get(self._source, lambda: read_access(shared.arm, self._source, self._subscription))
        except ApiError as error:
            shared.note(error)
            self._gaps.cut("permissions", f"all may not have been shown ({error.reason}); grant {PERMISSIONS_READ}")
            return
        if missing := access.missing(actions):
            why = f"what they do not allow is not shown; grant {' and '.join(missing)} at the subscription"
            self._gaps.hidden("permissions", why, all_of_it=len(missing) == len(actions))

    # Resource Graph

    def _swept(self, row: Row) -> list[Resource]:
        return self._tried(row, lambda: self._rows_of(row, self._gaps))

    def _rows_of(self, row: Row, gaps: Gaps) -> list[Resource]:
        sweep = self._shared.graph.sweep(self._shared.questions.of(row), self._subscription)
        gaps.answered(requests=0)
        if sweep.cut:
            gaps.cut(row.type, sweep.cut)
        return _resources(sweep.rows.get((self._subscription, row.type.lower()), []))

    def _wanted(self, row: Row, given: list[Resource]) -> dict[Resource, frozenset[str]]:
        """The resources that the row means, with the keys of the signals in each."""
        meant = {one: keys_of(row, one, self._shared.signals) for one in given if not row.only or one.at(row.only)}
        if row.signs is None:
            return meant
        holders = self._holders()
        return {one: keys for one, keys in meant.items() if keys or one.identities & holders}

    def _holders(self) -> frozenset[str]:
        """The identities that hold a grant of any row in the subscription.

        What cannot be seen of grants is told by the service that they belong to.
        """
        found: set[str] = set()
        for row in self._shared.rows:
            if row.kind is ObservationKind.GRANT:
                try:
                    grants = self._rows_of(row, Gaps())
                except ApiError as error:
                    self._shared.note(error)
                    continue
                found.update(*(granted(row, one) for one in grants))
        return frozenset(found)

    # Lists below a resource

    def _children(self, row: Row, parents: list[Resource]) -> list[Resource]:
        """What a list gives for every parent; rows that part one list between them share it."""
        key = row.type, row.parents, row.ask
        if key not in self._lists:
            lacking: set[str] = set()
            first, rest = _scouts(row, parents)
            found = self._over(row, first, lambda parent: self._below(row, parent, lacking))
            rest = [parent for parent in rest if parent.region not in lacking]
            self._lists[key] = found + self._over(row, rest, lambda parent: self._below(row, parent, lacking))
        return self._lists[key]

    def _below(self, row: Row, parent: Resource, lacking: set[str]) -> list[Resource]:
        newest = self._shared.newest if row.activity else 0
        path = f"{parent.id}/{row.path}"
        try:
            listed = self._shared.arm.listed(
                self._source, path, row.api_version, params=row.query, method=row.method, newest=newest
            )
        except ApiError as error:
            if is_absent(error):
                lacking.add(parent.region)
            raise
        self._gaps.answered(requests=listed.pages)
        if listed.cut:
            self._gaps.cut(row.type, listed.cut)
        found = _resources(listed.items, parent)
        return self._recent(found) if row.activity else found

    def _recent(self, found: list[Resource]) -> list[Resource]:
        """Of a history, newest first, what is within the days and the number that the user set; the undated stay."""
        window = self._shared.window()
        dates = [str(one.at("systemData.createdAt") or "") for one in found]
        recent = [one for one, date in zip(found, dates, strict=True) if not date or window.holds(date)]
        kept = recent[: self._shared.newest]
        self._gaps.count("older", len(found) - len(kept))
        return kept

    def _uses(self, row: Row, parent: Resource) -> list[Observation]:
        window = self._shared.window()
        try:
            answer = self._shared.arm.ask(
                self._source, metric_path(parent), row.api_version, params=metric_query(row, window)
            )
        except ApiError as error:
            raise without_metric(error) from error
        found = list(uses(self._service, row, parent, answer.body, self._source, window))
        self._gaps.answered()
        return found

    def _over(self, row: Row, parents: list[Resource], ask: Callable[[Resource], list[Found]]) -> list[Found]:
        """Asks for every parent, several at once, but no more than one subscription may have in flight."""

        def lane(some: list[Resource]) -> list[Found]:
            return [one for parent in some for one in self._tried(row, partial(ask, parent))]

        lanes = [parents[start :: self._shared.lanes] for start in range(min(self._shared.lanes, len(parents)))]
        return [one for found in self._shared.pool.map(lane, lanes) for one in found]

    def _tried(self, row: Row, ask: Callable[[], list[Found]]) -> list[Found]:
        """What a question gives; nothing and a gap where it fails, and at once where the credentials have run out."""
        try:
            if self._shared.expired is not None:
                raise self._shared.expired
            return ask()
        except ApiError as error:
            self._shared.note(error)
            self._gaps.refused(row.type, error, row.actions)
            return []


def subscription_of(task: Task) -> str:
    """The id of the subscription that a task asks."""
    return task.source.rpartition(":")[2]


def result_of(found: Iterable[Observation], gaps: Gaps, source: str, scope: str) -> Result:
    """Observations, each once and in order, with their coverage."""
    unique = {(one.matchers, one.name): one for one in found}
    gaps.count("assets", len(unique))
    return Result([unique[key] for key in sorted(unique)], [gaps.coverage(source, scope)], gaps.counts)


def _resources(items: Iterable[Mapping[str, Any]], parent: Resource | None = None) -> list[Resource]:
    return [resource for item in items if (resource := Resource.of(item, parent)) is not None]


def _scouts(row: Row, parents: list[Resource]) -> tuple[list[Resource], list[Resource]]:
    """The first parent of every location, and the rest: what a location lacks, a preview mostly, is asked for once."""
    if not row.api_version.endswith("-preview"):
        return parents, []
    first = {parent.region: parent for parent in reversed(parents)}
    return list(first.values()), [parent for parent in parents if first[parent.region] is not parent]
