"""Asks Azure: one task a subscription and service."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.api.http import Http
from connectors.api.task import Plan, Task
from connectors.azure.arm import Arm
from connectors.azure.asking import Asking, Shared, result_of, subscription_of
from connectors.azure.checks import checks
from connectors.azure.credentials import Bearer
from connectors.azure.gaps import Gaps
from connectors.azure.graph import CONTAINERS, Graph, Questions
from connectors.azure.ids import source_of
from connectors.azure.metrics import Window, today
from connectors.azure.rows import How, read_services
from connectors.azure.subscriptions import READ, SCOPE, Subscription, account, visible, wanted
from connectors.azure.target import CLOUDS
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.plugin import Check
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.azure.credentials import Credential
    from connectors.azure.rows import ServiceLike
    from connectors.azure.target import Target

BASE_URL: Final = "azure"
"""Name in `Policy.base_urls` of what stands in for Resource Manager."""

_ACCOUNT: Final = "account"


class AzureConnector:
    """Asks the subscriptions of a tenant for what the rows name.

    Args:
        target: What the user set.
        services: Services of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not.
        credential: Makes the credential; without it, azure-identity is asked.

    Raises:
        RowError: A row of a service is wrong.
    """

    def __init__(
        self,
        target: Target,
        services: Sequence[ServiceLike],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        signals: Signals,
        credential: Callable[[], Credential] | None = None,
    ) -> None:
        manager = policy.base_urls.get(BASE_URL, CLOUDS[target.cloud].manager)
        http = Http(policy, archive, redact, Bearer(target, manager, credential))
        self._target = target
        self._archive = archive
        self._longest_wait = 0.0 if archive.replays else policy.max_wait_seconds
        self._lock = threading.RLock()
        self._services = {service.name: service for service in read_services(services, target)}
        rows = tuple(row for service in self._services.values() for row in service.rows if row.how is How.GRAPH)
        arm = Arm(http, manager, concurrency=policy.concurrency, max_pages=target.max_pages)
        self._shared = Shared(
            arm=arm,
            graph=Graph(arm, target.estate, self._known, target.max_pages, self._wait),
            rows=rows,
            questions=Questions(rows),
            signals=signals,
            window=lambda: self._window,
            newest=target.newest,
            lanes=policy.per_host,
            pool=ThreadPoolExecutor(policy.concurrency, thread_name_prefix="azure"),
        )

    def plan(self) -> Plan:
        """Finds the subscriptions; never raises for one."""
        try:
            chosen, coverage = self._chosen
        except ApiError as error:
            return self._unplanned(error)
        tasks = [self._task(one, _ACCOUNT, SCOPE, ()) for one in chosen]
        for service in self._services.values():
            rows = tuple(service.row_id(row) for row in service.rows)
            tasks += [self._task(one, service.name, service.scope, rows) for one in chosen]
        sources = sorted({source_of(one.id) for one in chosen} | {record.source for record in coverage})
        return Plan(
            tuple(sources), tuple(tasks), coverage, tuple((source_of(one.id), one.title) for one in chosen if one.title)
        )

    def run(self, task: Task) -> Result:
        """Asks a subscription for a service; never raises for it."""
        try:
            if self._shared.expired is not None:
                raise self._shared.expired
            if task.argument == _ACCOUNT:
                return self._account(task)
            return Asking(self._shared, task, self._services[task.argument]).result()
        except ApiError as error:
            self._shared.note(error)
            outcome = Outcome.FAILED if error.expired else error.outcome
            return Result(coverage=[Coverage(task.source, task.scope, outcome, error.reason)])

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can ask, and the mend for what they cannot."""
        return checks(self._shared.arm, self._shared.graph, self._services.values(), self._target)

    def _task(self, one: Subscription, name: str, scope: str, rows: tuple[str, ...]) -> Task:
        return Task(source_of(one.id), scope, rows, f"azure/{one.id}/{name}", name)

    def _unplanned(self, error: ApiError) -> Plan:
        sources = tuple(sorted(source_of(name) for name in self._target.subscriptions)) or (self._target.estate,)
        reason = f"the subscriptions cannot be listed: {error.reason}"
        return Plan(sources, (), tuple(Coverage(source, "", error.outcome, reason) for source in sources))

    @cached_property
    def _chosen(self) -> tuple[tuple[Subscription, ...], tuple[Coverage, ...]]:
        seen, cut = visible(self._shared.arm, self._target)
        chosen, coverage = wanted(seen, self._target)
        if cut:
            coverage = (*coverage, Coverage(self._target.estate, "", Outcome.PARTIAL, f"list of subscriptions: {cut}"))
        return chosen, coverage

    def _known(self) -> Sequence[str]:
        with self._lock:
            try:
                return [one.id for one in self._chosen[0]]
            except ApiError:
                return ()

    def _account(self, task: Task) -> Result:
        subscription = subscription_of(task)
        one = next((one for one in self._chosen[0] if one.id == subscription), Subscription(subscription, "", ""))
        sweep = self._shared.graph.sweep(CONTAINERS, subscription)
        found = sweep.rows.get((subscription, "microsoft.resources/subscriptions"), [])
        gaps = Gaps()
        gaps.answered()
        if sweep.cut or not found:
            gaps.cut("management groups", sweep.cut or f"Resource Graph does not show the subscription; grant {READ}")
        return result_of([account(one, found[0] if found else None)], gaps, task.source, task.scope)

    @cached_property
    def _window(self) -> Window:
        """The days that use and activity are read for: those of the recording in a replay."""
        return Window.ending(str(self._archive.ask(self._target.estate, "today", today)), self._target.days)

    def _wait(self, seconds: float) -> None:
        threading.Event().wait(min(seconds, self._longest_wait))
