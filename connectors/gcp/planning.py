"""Which tasks an estate makes, the most promising first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.api.errors import ApiError
from connectors.api.task import Task
from connectors.gcp import grants, usage
from connectors.gcp.account import SCOPE as ACCOUNT_SCOPE
from connectors.gcp.lists import NOWHERE
from connectors.gcp.names import short, source_of
from connectors.gcp.rows import AssetRow, EnabledRow, GrantRow, ListRow, MetricRow, UseRow
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from connectors.gcp.estate import Estate, Project
    from connectors.gcp.turns import Turns

_R = TypeVar("_R")


class Planner:
    """Makes tasks.

    Args:
        rows: Rows by id.
        estate: What is below the scopes.
        locations_of: Locations of an API, by its host and version, as a project sees them.
        only: Ask direct lists only in these locations; empty for all.
        now: The time that use is counted up to, ISO 8601.
        turns: Which lists have their turn today.
    """

    def __init__(
        self,
        rows: Mapping[str, Any],
        estate: Estate,
        locations_of: Callable[[Project, str, str], list[str]],
        only: frozenset[str],
        now: str,
        turns: Turns,
    ) -> None:
        self._rows = rows
        self._estate = estate
        self._locations_of = locations_of
        self._only = only
        self._now = now
        self._turns = turns
        self.coverage: list[Coverage] = []

    def tasks(self) -> list[Task]:
        """Facts and hints, then the inventory, who may, what is used, and last the many small lists."""
        lists, left = self._turns.ordered(self._lists())
        self.coverage += left
        return [*self._accounts(), *self._sweeps(), *self._grants(), *self._usage(), *lists]

    def _of(self, kind: type[_R]) -> dict[str, _R]:
        return {row_id: row for row_id, row in self._rows.items() if isinstance(row, kind)}

    def _accounts(self) -> Iterator[Task]:
        rows = tuple(self._of(EnabledRow))
        for project in self._estate.projects.values():
            yield _task(project.source, ACCOUNT_SCOPE, rows, "account", project=project.id)

    def _sweeps(self) -> Iterator[Task]:
        by_api: dict[str, list[str]] = {}
        for row_id, row in self._of(AssetRow).items():
            by_api.setdefault(row.api, []).append(row_id)
        for scope in self._estate.scopes:
            # One question lists all kinds of a project; a larger scope is worth asking for many APIs at a time.
            if scope.startswith("projects/"):
                batches = (
                    {"cloudasset": [row_id for row_ids in by_api.values() for row_id in row_ids]} if by_api else {}
                )
            else:
                batches = {short(api): row_ids for api, row_ids in sorted(by_api.items())}
            for name, row_ids in batches.items():
                yield _task(source_of(scope), f"global/{name}", tuple(row_ids), "sweep", scope=scope)

    def _grants(self) -> Iterator[Task]:
        if rows := tuple(self._of(GrantRow)):
            for scope in self._estate.scopes:
                yield _task(source_of(scope), grants.SCOPE, rows, "grants", scope=scope)

    def _usage(self) -> Iterator[Task]:
        rows: dict[str, UseRow | MetricRow] = {**self._of(UseRow), **self._of(MetricRow)}
        for project in self._estate.projects.values():
            if mine := tuple(row_id for row_id, row in rows.items() if project.may_use(row.api)):
                yield _task(project.source, usage.SCOPE, mine, "usage", project=project.id, now=self._now)

    def _lists(self) -> Iterator[tuple[str, str, Task]]:
        by_api: dict[str, dict[str, ListRow]] = {}
        for row_id, row in self._of(ListRow).items():
            by_api.setdefault(row.api, {})[row_id] = row
        for api, rows in sorted(by_api.items()):
            users = [project for project in self._estate.projects.values() if project.may_use(api)]
            idle = [project for project in self._estate.projects.values() if not project.may_use(api)]
            self.coverage += [_not_enabled(project, api) for project in idle]
            if users:
                yield from self._places(api, rows, users)

    def _places(self, api: str, rows: Mapping[str, ListRow], users: list[Project]) -> Iterator[tuple[str, str, Task]]:
        listed = self._listed(api, rows.values(), users)
        places: dict[str, list[str]] = {}
        for row_id, row in rows.items():
            for location in listed if row.locations == "listed" else row.locations or ("",):
                if not self._only or location in self._only or location in {"", "-"}:
                    places.setdefault(location, []).append(row_id)
        for project in users:
            for location, row_ids in sorted(places.items()):
                scope = f"{NOWHERE if location in {'', '-'} else location}/{short(api)}"
                told = {"project": project.id, "api": api, "location": location}
                yield api, location, _task(project.source, scope, tuple(row_ids), "lists", **told)

    def _listed(self, api: str, rows: Iterable[ListRow], users: list[Project]) -> list[str]:
        """Locations of an API, which are the same for all: the first project that may ask tells."""
        asking = [row for row in rows if row.locations == "listed"]
        if not asking:
            return []
        if self._only:
            return sorted(self._only)
        version = asking[0].path.partition("/")[0]
        refused = ApiError(Outcome.FAILED, "")
        for project in users[:3]:
            try:
                return self._locations_of(project, api, version)
            except ApiError as error:
                refused = error
        reason = f"{refused.reason}; grant {short(api)}.locations.list, or set `locations`"
        self.coverage += [
            Coverage(project.source, f"{NOWHERE}/{short(api)}", refused.outcome, reason) for project in users
        ]
        return []


def _task(source: str, part: str, rows: tuple[str, ...], do: str, **told: str) -> Task:
    argument = json.dumps({"do": do, **told}, sort_keys=True)
    place = told.get("location", "") or told.get("scope", "")
    return Task(source, part, rows, f"{do}:{source}:{part}:{place}", argument)


def _not_enabled(project: Project, api: str) -> Coverage:
    reason = f"the API {api} is not enabled in this project"
    return Coverage(project.source, f"{NOWHERE}/{short(api)}", Outcome.NOT_APPLICABLE, reason)
