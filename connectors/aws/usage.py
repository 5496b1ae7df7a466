"""AI that has no resource of its own: what the bill, metrics, the event history and permissions show.

The rows are those of the services `usage-…` of the knowledge base. They have the shape of every other row and say what
is asked and how to read it; how often it is asked, and for whom, is what this module and its neighbours know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from connectors.api.archive import Archive
from connectors.api.errors import ApiError
from connectors.api.task import Plan, Task
from connectors.aws.ask import Asker
from connectors.aws.last_used import LastUsed
from connectors.aws.place import Place
from connectors.aws.plan import GLOBAL_REGIONS
from connectors.aws.reduce import Reduced
from connectors.aws.turns import GLOBAL, Turns
from connectors.aws.usage_cost import Bill, bill_of, spend_result
from connectors.aws.usage_metrics import Metrics
from connectors.aws.usage_permissions import Permissions, reduced_details
from connectors.aws.usage_trail import Trail, reduced_events
from connectors.model import Coverage, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from connectors.api.redact import Redactor
    from connectors.aws.accounts import Accounts
    from connectors.aws.engine import Engine
    from connectors.aws.regions import Offered
    from connectors.aws.rows import Service
    from connectors.aws.send import Sender
    from connectors.aws.target import Target

USAGE: Final = "usage"
PREFIX: Final = "usage-"
DAYS: Final = 30
"""The window of use, in days."""

COST: Final = "cost"
METRICS: Final = "metrics"
TRAIL: Final = "trail"
PERMISSIONS: Final = "permissions"
LAST_USED: Final = "last-used"
BEDROCK: Final = "bedrock"
ORGANIZATION: Final = "organization"


def apart(services: Iterable[Service]) -> tuple[tuple[Service, ...], tuple[Service, ...]]:
    """The services that list resources, and those that are about use."""
    every = tuple(services)
    return (
        tuple(service for service in every if not service.name.startswith(PREFIX)),
        tuple(service for service in every if service.name.startswith(PREFIX)),
    )


@dataclass(frozen=True, slots=True)
class Means:
    """What asking for use needs of its connector.

    Attributes:
        target: What the user set.
        sender: Sends requests.
        accounts: Credentials.
        archive: Keeps answers.
        redact: Redacts them.
        offered: Where services are offered.
        today: Gives the day of the scan.
        engine: Gives the engine, for rows that are plain lists.
    """

    target: Target
    sender: Sender
    accounts: Accounts
    archive: Archive
    redact: Redactor
    offered: Offered
    today: Callable[[], date]
    engine: Callable[[], Engine]


class Usage:
    """Plans and runs the questions about use.

    Args:
        services: The services about use.
        means: What asking needs.
    """

    def __init__(self, services: Sequence[Service], means: Means) -> None:
        target = means.target
        self._means = means
        self._ask = Asker(means.sender, means.accounts, means.archive, means.redact)
        self._services: Mapping[str, Service] = {
            kind: service
            for service in services
            if (kind := service.name.removeprefix(PREFIX)) in target.usage
            and (not target.services or service.name in target.services)
            and any(row.tier in target.tiers for row in service.rows)
        }

    def plan(self, plan: Plan) -> Plan:
        """The plan with the questions about use, and with what is billed asked before what is quiet."""
        if not plan.tasks or not self._services:
            return plan
        try:
            window = _Window.ending(self._means.today(), DAYS)
        except ApiError as error:  # a replay of an archive that was recorded without use
            gaps = (Coverage(source, f"{GLOBAL}/{USAGE}", error.outcome, error.reason) for source in plan.sources)
            return Plan(plan.sources, plan.tasks, (*plan.coverage, *gaps), plan.titles)
        places = _places(plan.tasks)
        bill = self._bill(places, window)
        tasks = [*self._billed(plan.sources, places[0], bill, window), *self._tasks(places, window)]
        turns = Turns(bill, self._means.target.rotate_days, window.until)
        asked, left = turns.ordered(plan.tasks, tasks)
        return Plan(plan.sources, asked, (*plan.coverage, *left), plan.titles)

    def run(self, task: Task, place: Place, argument: Mapping[str, Any]) -> Result:
        """What a task of this module's finds. What was not answered is coverage."""
        kind = argument["usage"]
        service = self._services[kind]
        rows = [row for row in service.rows if service.row_id(row) in task.rows]
        window = _Window(date.fromisoformat(argument["since"]), date.fromisoformat(argument["until"]))
        since, tomorrow = (f"{day}T00:00:00+00:00" for day in (window.since, window.until + timedelta(days=1)))
        if kind == COST:
            return spend_result(service, place, argument["bill"], window.since, window.until)
        if kind == METRICS:
            return Metrics(self._ask, self._means.target.max_pages).run(service, rows, place, since, tomorrow)
        if kind == TRAIL:
            return self._trail.run(service, rows, place, since)
        if kind == PERMISSIONS:
            return self._permissions.run(service, rows, place, self._services.get(LAST_USED))
        try:
            engine = self._means.engine()
        except ApiError as error:
            return Result(coverage=[Coverage(task.source, task.scope, error.outcome, error.reason)])
        return engine.run(service, rows, place, dict, offered=False)

    @cached_property
    def _trail(self) -> Trail:
        redact = Reduced(self._means.redact, reduced_events)
        ask = Asker(self._means.sender, self._means.accounts, self._means.archive, redact)
        return Trail(ask, self._means.target.max_activity, live=not self._means.archive.replays)

    @cached_property
    def _permissions(self) -> Permissions:
        means = self._means
        redact = Reduced(means.redact, lambda body: reduced_details(body, self._services[PERMISSIONS]))
        ask = Asker(means.sender, means.accounts, means.archive, redact)
        live = Asker(means.sender, means.accounts, Archive.live(), means.redact)
        return Permissions(ask, LastUsed(self._ask, live), means.target.max_pages)

    def _bill(self, places: Sequence[Place], window: _Window) -> Bill:
        service = self._services.get(COST)
        if service is None:
            return Bill.unknown()
        payer = self._means.target.payer or self._means.accounts.caller
        partition = places[0].partition
        place = Place(payer, GLOBAL_REGIONS.get(partition, places[0].region), partition, GLOBAL)
        return bill_of(self._ask, service, place, window.since, window.until)

    def _billed(self, sources: Iterable[str], like: Place, bill: Bill, window: _Window) -> Iterator[Task]:
        """What the bill says of each account: also of those that cannot be entered."""
        for source in sorted(sources) if COST in self._services else ():
            account = source.rpartition(":")[2]
            home = _home(Place(account, like.region, like.partition, GLOBAL))
            yield self._task(COST, home, window, bill=bill.told(account))

    def _tasks(self, places: Sequence[Place], window: _Window) -> Iterator[Task]:
        homes = {place.account: _home(place) for place in places}
        for kind in (PERMISSIONS, BEDROCK):
            yield from (self._task(kind, home, window) for home in homes.values() if kind in self._services)
        caller = homes.get(self._means.accounts.caller)
        if ORGANIZATION in self._services and self._means.target.organization and caller is not None:
            yield self._task(ORGANIZATION, caller, window)
        for place in (place for place in places if place.scope != GLOBAL):
            bedrock = self._means.offered.maybe("bedrock", place.region)
            for kind in (METRICS, BEDROCK, TRAIL) if bedrock else (METRICS,):
                if kind in self._services:
                    yield self._task(kind, place, window)

    def _task(self, kind: str, place: Place, window: _Window, **more: Any) -> Task:
        service = self._services[kind]
        scope = f"{place.scope}/{service.name}"
        argument = {
            "kind": USAGE, "usage": kind, "service": service.name, "account": place.account, "region": place.region,
            "partition": place.partition, "scope": place.scope, "caller": self._means.accounts.caller,
            "since": window.since.isoformat(), "until": window.until.isoformat(), **more,
        }  # fmt: skip
        rows = service.wanted(self._means.target.tiers, GLOBAL if place.scope == GLOBAL else "each")
        return Task(
            place.source, scope, tuple(map(service.row_id, rows)), f"{place.source}/{scope}",
            json.dumps(argument, sort_keys=True),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Window:
    """Whole days, up to the start of the last one."""

    since: date
    until: date

    @classmethod
    def ending(cls, until: date, days: int) -> _Window:
        return cls(until - timedelta(days=days), until)


def _places(tasks: Iterable[Task]) -> list[Place]:
    """The accounts and Regions that a plan asks."""
    found: dict[tuple[str, str], Place] = {}
    for task in tasks:
        key = task.source, task.scope.partition("/")[0]
        if key not in found:
            told = json.loads(task.argument)
            found[key] = Place(told["account"], told["region"], told["partition"], told["scope"])
    return [found[key] for key in sorted(found)]


def _home(place: Place) -> Place:
    return Place(place.account, GLOBAL_REGIONS.get(place.partition, place.region), place.partition, GLOBAL)
