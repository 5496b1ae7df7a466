"""Finds out which accounts, Regions and services there are to ask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.api.task import Plan, Task
from connectors.aws.ask import Question
from connectors.aws.place import ESTATE, Place
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from connectors.aws.accounts import Accounts
    from connectors.aws.ask import Asker
    from connectors.aws.regions import Offered
    from connectors.aws.rows import Service
    from connectors.aws.target import Target

ACCOUNT: Final = "account"
TAGS: Final = "tags"
_HOME: Final = "home"
SERVICE: Final = "service"

GLOBAL_REGIONS: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where what has no Region is asked for."""

_FIRST: Final = ("bedrock-agent", "bedrock", "sagemaker", "bedrock-agentcore-control", "lexv2-models", "qbusiness")
_MAX_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes the plan of an estate."""

    target: Target
    services: Sequence[Service]
    ask: Asker
    accounts: Accounts
    offered: Offered
    helpers: Executor

    def plan(self) -> Plan:
        """What to ask. What cannot be asked is coverage."""
        try:
            # Kept with the archive, so that a replay needs no credentials.
            self.accounts.home = self.ask.told(ESTATE, _HOME, self.accounts.sign_in)
            caller = self._caller()
            listed = self._accounts(caller)
        except ApiError as error:
            return Plan((ESTATE,), (), (Coverage(ESTATE, "", error.outcome, error.reason),))
        partition = caller["Arn"].split(":")[1]
        places = [Place(account, self.accounts.home, partition, "global") for account in listed]
        asked = list(self.helpers.map(self._regions, places))
        tasks: list[Task] = []
        coverage: list[Coverage] = []
        for place, (regions, told) in zip(places, asked, strict=True):
            coverage += told
            tasks += self._tasks(place, regions) if regions else []
        return Plan(
            tuple(place.source for place in places),
            tuple(sorted(tasks, key=_promise)),
            tuple(coverage),
            tuple((place.source, listed[place.account]) for place in places if listed[place.account]),
        )

    def _caller(self) -> dict[str, Any]:
        place = Place("", self.accounts.home, "aws", "global")
        caller: dict[str, Any] = self.ask.once(place, _question("sts", "GetCallerIdentity"))
        self.accounts.caller = caller["Account"]
        return caller

    def _accounts(self, caller: dict[str, Any]) -> dict[str, str]:
        """Titles by account id."""
        if not self.target.organization:
            return dict.fromkeys(self.target.accounts or (caller["Account"],), "")
        partition = caller["Arn"].split(":")[1]
        place = Place("", GLOBAL_REGIONS.get(partition, self.accounts.home), partition, "global")
        found: dict[str, str] = {}
        for body, _ in self.ask.pages(place, _question("organizations", "ListAccounts"), limit=_MAX_PAGES):
            for account in body["Accounts"]:
                if account.get("Status") == "ACTIVE" and account["Id"] in (self.target.accounts or (account["Id"],)):
                    found[account["Id"]] = account.get("Name", "")
        return found

    def _regions(self, place: Place) -> tuple[list[str], list[Coverage]]:
        """The Regions of an account that are to be asked. This is also how a role that cannot be assumed shows."""
        try:
            body = self.ask.once(place, _question("ec2", "DescribeRegions"))
        except ApiError as error:
            return [], [Coverage(place.source, "", error.outcome, error.reason)]
        enabled = sorted(region["RegionName"] for region in body.get("Regions", []))
        wanted = self.target.regions or enabled
        told = [
            Coverage(place.source, region, Outcome.NOT_APPLICABLE, "the Region is not enabled in this account")
            for region in sorted(set(wanted) - set(enabled))
        ]
        return sorted(set(wanted) & set(enabled)), told

    def _tasks(self, place: Place, regions: Sequence[str]) -> Iterator[Task]:
        yield self._task(place, ACCOUNT, "organizations", ())
        home = GLOBAL_REGIONS.get(place.partition, place.region)
        for service in self._wanted():
            if rows := service.wanted(self.target.tiers, "global"):
                there = Place(place.account, home, place.partition, "global")
                yield self._task(there, SERVICE, service.name, tuple(map(service.row_id, rows)))
        for region in regions:
            there = Place(place.account, region, place.partition, region)
            yield self._task(there, TAGS, "resourcegroupstaggingapi", ())
            for service in self._wanted():
                rows = service.wanted(self.target.tiers, "each")
                if rows and self.offered.maybe(service.name, region):
                    surely = self.offered.surely(service.name, region)
                    yield self._task(there, SERVICE, service.name, tuple(map(service.row_id, rows)), surely=surely)

    def _wanted(self) -> Iterator[Service]:
        return (one for one in self.services if not self.target.services or one.name in self.target.services)

    def _task(self, place: Place, kind: str, service: str, rows: tuple[str, ...], *, surely: bool = True) -> Task:
        scope = f"{place.scope}/{service}"
        argument = {
            "kind": kind, "service": service, "account": place.account, "region": place.region,
            "partition": place.partition, "scope": place.scope, "caller": self.accounts.caller,
            "offered": surely,
        }  # fmt: skip
        return Task(place.source, scope, rows, f"{place.source}/{scope}", json.dumps(argument, sort_keys=True))


def _question(service: str, operation: str) -> Question:
    return Question(service, operation, f"{service}:{operation}", {}, {})


def _promise(task: Task) -> tuple[int, str, str, str]:
    """Facts of accounts and tags first, then the services in which most AI is, over all accounts.

    Of one account all Regions of a service stand together: what runs at the same time then asks many Regions, each of
    which has a ceiling, and the next account finds connections to all of them open.
    """
    service = task.scope.partition("/")[2]
    if not task.rows:
        return (0, task.source, "", task.scope)
    rank = _FIRST.index(service) if service in _FIRST else len(_FIRST)
    return (1 + rank, task.source, service, task.scope)
