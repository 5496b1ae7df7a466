"""The connector: surveys the estate, plans, and runs tasks."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.api.http import Http
from connectors.api.task import Plan
from connectors.gcp.account import account
from connectors.gcp.assets import AssetInventory
from connectors.gcp.describe import Describer
from connectors.gcp.endpoints import Endpoints
from connectors.gcp.estate import Surveyor
from connectors.gcp.grants import Grants
from connectors.gcp.lists import NOWHERE, Lists
from connectors.gcp.names import short, source_of
from connectors.gcp.paging import Lister
from connectors.gcp.planning import Planner
from connectors.gcp.probe import checks
from connectors.gcp.role import needs
from connectors.gcp.rows import AssetRow, GrantRow, ListRow, MetricRow, UseRow, chosen
from connectors.gcp.signin import SignIn
from connectors.gcp.sweep import Sweep
from connectors.gcp.turns import Turns
from connectors.gcp.usage import Usage
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connectors.api.archive import Archive
    from connectors.api.plugin import Check
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Task
    from connectors.gcp.estate import Estate
    from connectors.gcp.rows import ServiceLike
    from connectors.gcp.target import Target

_ESTATE: Final = "estate:gcp"
"""Source of questions that come before any project is known."""


class GcpConnector:
    """Google Cloud below the scopes of a target.

    Args:
        target: What the user set.
        services: Services of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not.
        credentials: Instead of those that would be found.
    """

    def __init__(
        self,
        target: Target,
        services: Sequence[ServiceLike],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        signals: Signals,
        credentials: Any = None,
    ) -> None:
        self._rows = chosen(services, target)
        self._target = target
        self._policy = policy
        self._archive = archive
        self._signals = signals
        self._signin = SignIn(target, credentials)
        self._http = Http(policy, archive, redact, self._signin.headers)
        self._lister = Lister(self._http, target.max_pages)
        self._inventory = AssetInventory(target, policy, archive, redact, self._signin)
        self._endpoints = Endpoints(policy.base_urls)
        self._lock = threading.Lock()
        self._surveyed: Estate | None = None
        self._expired = False

    def plan(self) -> Plan:
        """Surveys the scopes, and says what to ask of each project."""
        try:
            estate = self._estate()
        except ApiError as error:
            named = tuple(source_of(scope) for scope in self._target.scopes) or (_ESTATE,)
            return Plan(named, (), tuple(Coverage(source, "", error.outcome, error.reason) for source in named))
        # The clock is an answer too: a replay asks the questions of the day that was recorded.
        now = self._archive.ask(_ESTATE, "now", lambda: datetime.now(UTC).isoformat(timespec="seconds"))
        turns = self._turns(estate, datetime.fromisoformat(now))
        only = frozenset(self._target.locations)
        planner = Planner(self._rows, estate, self._lists(estate).locations, only, now, turns)
        tasks = planner.tasks()
        coverage = (*estate.coverage, *planner.coverage)
        sources = {task.source for task in tasks} | {record.source for record in coverage}
        titles = {project.source: project.title or project.id for project in estate.projects.values()}
        titles |= {source_of(unit): title for unit, title in estate.units.items() if source_of(unit) in sources}
        return Plan(tuple(sorted(sources)), tuple(tasks), coverage, tuple(sorted(titles.items())))

    def run(self, task: Task) -> Result:
        """Asks what a task says; once the credentials have run out nothing more is asked."""
        if self._expired:
            reason = "the credentials ran out before this was asked; sign in again and resume the scan"
            return self._unseen(task, Outcome.FAILED, reason)
        try:
            result, expired = self._run(task, json.loads(task.argument), {row: self._rows[row] for row in task.rows})
        except ApiError as error:
            self._expired |= error.expired
            return self._unseen(task, error.outcome, error.reason)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            reason = f"answered with JSON of another shape than documented ({type(error).__name__}); report it"
            return self._unseen(task, Outcome.FAILED, reason)
        self._expired |= expired
        return result

    def _unseen(self, task: Task, outcome: Outcome, reason: str) -> Result:
        """What it hides that a task was not answered: for a larger scope, that part of every project below."""
        places = {(task.source, task.scope)}
        scope = json.loads(task.argument).get("scope", "")
        below = self._surveyed.scopes.get(scope, ()) if self._surveyed else ()
        parts = {
            f"{NOWHERE}/{short(self._rows[row].api)}" for row in task.rows if isinstance(self._rows[row], AssetRow)
        }
        places |= {(source_of(project), part) for project in below for part in parts or {task.scope}}
        return Result(coverage=[Coverage(source, part, outcome, reason) for source, part in sorted(places)])

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can do.

        An organisation or a folder tests only what can be granted on it; what is asked of projects is tested in one.
        """
        try:
            self._signin.credentials()
            estate = self._estate()
        except ApiError as error:
            yield "sign in to Google Cloud", False, error.reason
            return
        yield "sign in to Google Cloud", True, ""
        for gap in estate.coverage:
            yield f"survey of {gap.source}", False, gap.reason
        wanted = sorted({permission for row in self._rows.values() for permission in needs(row)})
        above = [permission for permission in wanted if permission.startswith("cloudasset.")]
        for scope, projects in estate.scopes.items():
            if not scope.startswith("projects/"):
                yield from checks(self._http, self._endpoints, scope, above)
            below = [permission for permission in wanted if scope.startswith("projects/") or permission not in above]
            yield from checks(self._http, self._endpoints, f"projects/{projects[0]}", below)

    def _run(self, task: Task, told: Mapping[str, str], rows: Mapping[str, Any]) -> tuple[Result, bool]:
        estate = self._estate()
        match told["do"]:
            case "account":
                return account(estate, told["project"], rows), False
            case "sweep":
                scope, listing = told["scope"], self._target.inventory == "list"
                holders = self._holders(estate, scope) if any(row.workload for row in rows.values()) else frozenset()
                describer = Describer(estate.names(), self._signals, holders)
                below = estate.scopes[scope]
                return Sweep(self._inventory, describer, scope, task.scope, below, rows, listing=listing).run()
            case "grants":
                below = estate.scopes[told["scope"]]
                return Grants(self._inventory, estate.names()).run(told["scope"], below, rows)
            case "usage":
                calls = {row_id: row for row_id, row in rows.items() if isinstance(row, UseRow)}
                metrics = {row_id: row for row_id, row in rows.items() if isinstance(row, MetricRow)}
                now = datetime.fromisoformat(told["now"])
                usage = Usage(self._lister, self._endpoints, estate.names(), self._target.days, now)
                return usage.run(estate.projects[told["project"]], calls, metrics)
        project = estate.projects[told["project"]]
        return self._lists(estate).run(project, told["api"], told["location"], rows)

    def _turns(self, estate: Estate, now: datetime) -> Turns:
        """Where projects work, asked only where quiet locations are listed in turn."""
        apis = {row.api for row in self._rows.values() if isinstance(row, ListRow)}
        if not self._target.rotate_days or not apis:
            return Turns({}, 0, now.date())
        usage = Usage(self._lister, self._endpoints, estate.names(), self._target.days, now)
        with ThreadPoolExecutor(self._policy.concurrency) as pool:
            found = pool.map(lambda project: (project.source, usage.active(project, apis)), estate.projects.values())
        return Turns(dict(found), self._target.rotate_days, now.date())

    def _holders(self, estate: Estate, scope: str) -> frozenset[str]:
        """Who holds a role of some row. Where nobody tells, the task of the grants says so."""
        rows = {row_id: row for row_id, row in self._rows.items() if isinstance(row, GrantRow)}
        grants, _ = Grants(self._inventory, estate.names()).run(scope, estate.scopes[scope], rows)
        held = (grant.attributes.get("identities") for grant in grants.observations)
        return frozenset(one for members in held if isinstance(members, tuple) for one in members)

    def _lists(self, estate: Estate) -> Lists:
        return Lists(self._lister, self._endpoints, Describer(estate.names(), self._signals))

    def _estate(self) -> Estate:
        """The estate: surveyed by the plan, and once more in a process that only runs tasks.

        Raises:
            ApiError: There are no credentials, or they do not say which project they belong to.
        """
        with self._lock:
            if self._surveyed is None:
                surveyor = Surveyor(self._inventory, self._lister, self._endpoints)
                only, never = frozenset(self._target.projects), frozenset(self._target.skip_projects)
                self._surveyed = surveyor.survey(self._scopes(), only, never)
            return self._surveyed

    def _scopes(self) -> tuple[str, ...]:
        if self._target.scopes:
            return self._target.scopes
        if self._target.projects:
            return tuple(f"projects/{project}" for project in self._target.projects)
        project = self._archive.ask(_ESTATE, "project of the credentials", self._signin.project)
        if not project:
            raise ApiError(Outcome.FAILED, "the credentials name no project; set `scopes`, as [organizations/123]")
        return (f"projects/{project}",)
