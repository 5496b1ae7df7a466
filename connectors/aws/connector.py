"""Asks one AWS estate: plans it, and runs the tasks of the plan."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.aws.accounts import Accounts
from connectors.aws.ask import Asker
from connectors.aws.engine import Engine
from connectors.aws.facts import Units
from connectors.aws.listing import Bounds
from connectors.aws.place import ESTATE, Place
from connectors.aws.plan import ACCOUNT, TAGS, Planner
from connectors.aws.probe import checks
from connectors.aws.regions import Offered, learnt
from connectors.aws.rows import read_services
from connectors.aws.send import Sender
from connectors.aws.tags import Tagged
from connectors.aws.usage import USAGE, Means, Usage, apart
from connectors.model import Coverage, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.plugin import Check
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Plan, Task
    from connectors.aws.rows import ServiceLike
    from connectors.aws.target import Target

_TODAY: Final = "today"


class AwsConnector:
    """Asks the accounts of a target with the rows of services.

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
    ) -> None:
        self._target = target
        self._policy = policy
        self._signals = signals
        self._services, about_use = apart(read_services(services))
        self._by_name = {service.name: service for service in self._services}
        sender = Sender(policy)
        self._accounts = Accounts(target, sender)
        self._ask = Asker(sender, self._accounts, archive, redact)
        self._tagged = Tagged(self._ask)
        self._units = Units(self._ask)
        self._offered = Offered(self._where)
        self._lock = threading.Lock()
        # Hook of usage.py: AI that shows only in use.
        self._usage = Usage(
            about_use,
            Means(
                target,
                sender,
                self._accounts,
                archive,
                redact,
                self._offered,
                lambda: self._today,
                lambda: self._engine,
            ),
        )

    def plan(self) -> Plan:
        """What there is to ask, the most promising first."""
        planner = Planner(self._target, self._services, self._ask, self._accounts, self._offered, self._helpers)
        return self._usage.plan(planner.plan())  # hook of usage.py: its tasks, and its order

    def run(self, task: Task) -> Result:
        """What a task finds. What was not answered is coverage."""
        argument = json.loads(task.argument)
        place = Place(argument["account"], argument["region"], argument["partition"], argument["scope"])
        self._accounts.caller = argument["caller"]
        if argument["kind"] == ACCOUNT:
            return self._units.facts(place, argument["caller"])
        if argument["kind"] == TAGS:
            return Result(coverage=[self._tagged.coverage(place)])
        if argument["kind"] == USAGE:  # hook of usage.py
            return self._usage.run(task, place, argument)
        service = self._by_name[argument["service"]]
        rows = [row for row in service.rows if service.row_id(row) in task.rows]
        try:
            engine = self._engine
        except ApiError as error:
            return Result(coverage=[Coverage(task.source, task.scope, error.outcome, error.reason)])
        return engine.run(
            service,
            rows,
            place,
            lambda: self._tagged.of(place),
            offered=argument["offered"],
        )

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can ask."""
        return checks(self.plan(), self._ask, self._by_name, self._bounds.since, self._helpers)

    def _where(self) -> dict[str, tuple[str, ...]]:
        place = Place("", self._accounts.home, "aws", "global")
        return learnt(self._ask, place, self._by_name, self._helpers, lambda: self._today)

    @property
    def _engine(self) -> Engine:
        with self._lock:
            return self._made_engine

    @cached_property
    def _made_engine(self) -> Engine:
        return Engine(self._ask, self._bounds, self._helpers, self._signals)

    @cached_property
    def _bounds(self) -> Bounds:
        # Kept with the archive, so that a replay asks about the same days.
        since = (self._today - timedelta(days=self._target.days)).isoformat() + "T00:00:00+00:00"
        return Bounds(since, self._target.max_pages, self._target.max_activity)

    @cached_property
    def _today(self) -> date:
        return date.fromisoformat(self._ask.told(ESTATE, _TODAY, lambda: datetime.now(UTC).date().isoformat()))

    @cached_property
    def _helpers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._policy.concurrency, thread_name_prefix="aws")
