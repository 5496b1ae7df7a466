"""Asks a tenant of a SaaS vendor: one task a product area."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.api.access import NOBODY, Access
from connectors.api.errors import ApiError
from connectors.api.http import Http
from connectors.api.task import Plan, Task
from connectors.model import Result
from connectors.saas.api import BasicAuth, TokenAuth
from connectors.saas.checks import checks
from connectors.saas.client import Client, Listed
from connectors.saas.credentials import Credentials, choose
from connectors.saas.expressions import at
from connectors.saas.gaps import Gaps
from connectors.saas.rows import VendorError, read_vendor
from connectors.saas.templates import Window, fill, fill_path, names
from connectors.saas.things import Place, Thing, merge, observed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from connectors.api.archive import Archive
    from connectors.api.plugin import Check
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.saas.rows import Row, VendorLike
    from connectors.saas.target import Target

Found = tuple[dict[str, Thing], Gaps]
"""What a row gave, and what of it could not be seen."""

_LANES: Final = 8
"""Lists below many things run in so many lanes, each merging what it finds, so that memory stays small."""


class SaasConnector:
    """Asks a tenant for what the rows of its vendor name.

    Args:
        target: What the user set.
        vendors: Vendors of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.

    Raises:
        VendorError: There is no such vendor, or its file is wrong.
    """

    def __init__(
        self, target: Target, vendors: Sequence[VendorLike], policy: Policy, archive: Archive, redact: Redactor
    ) -> None:
        given = next((vendor for vendor in vendors if vendor.id.rpartition("/")[2] == target.vendor), None)
        if given is None:
            known = ", ".join(sorted(vendor.id.rpartition("/")[2] for vendor in vendors))
            raise VendorError(f"saas: there is no vendor `{target.vendor}`; name one of {known}")
        self._vendor = read_vendor(given)
        self._target = target
        self._policy = policy
        self._archive = archive
        api = self._vendor.api
        if odd := sorted(set(target.parameters) - set(api.parameters)):
            raise VendorError(f"{self._vendor.id}: `parameters` knows no `{odd[0]}`")
        self._workers = min(policy.concurrency, _LANES)
        self._fixed = {"tenant": target.tenant, **api.defaults, **target.parameters}
        self._missing = set(api.parameters) - set(self._fixed)
        placed = partial(_placed, instead=policy.base_urls)
        credentials = Credentials(api, target, policy, self._fixed, placed)
        self._client = Client(
            Http(replace(policy, per_host=min(policy.per_host, api.per_host)), archive, redact),
            api,
            placed(target.base_url or fill_path(api.base_url, self._fixed)),
            target.source,
            redact,
            credentials.headers,
            credentials.renewed,
            placed,
            target.max_pages,
        )
        self._areas = self._vendor.areas(target)
        self._rows = {row.id: row for row in self._vendor.rows}
        self._shared = {row.under: threading.Lock() for row in self._vendor.rows if row.under}
        self._kept: dict[str, Found] = {}
        self._expired: ApiError | None = None

    def plan(self) -> Plan:
        """One task a product area; asks nothing."""
        source = self._target.source
        tasks = [
            Task(source, area, tuple(f"{self._vendor.id}/{row.id}" for row in rows), f"saas/{source}/{area}", area)
            for area, rows in self._areas.items()
        ]
        return Plan((source,), tuple(tasks), (), ((source, self._target.tenant),), self._access)

    def run(self, task: Task) -> Result:
        """Asks for a product area; never raises for it."""
        gaps = Gaps()
        rows = self._areas[task.argument]
        found: dict[str, dict[str, Thing]] = {}
        for row in rows:
            found[row.id], own = self._found(row)
            gaps.take(own)
        place = Place(task.source)
        for row in rows:
            place.knows(row.sort, found[row.id].values())
        observations = [
            observed(self._vendor.id, row, thing, place) for row in rows for thing in found[row.id].values()
        ]
        observations.sort(key=lambda one: (one.matchers, one.name))
        gaps.count("assets", len(observations))
        return Result(observations, [gaps.coverage(task.source, task.scope)], gaps.counts)

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can ask, and the mend for what they cannot."""
        return checks(self._asked_first(), lambda row: self._ask(row, None, pages=1), self._unset)

    @cached_property
    def _access(self) -> Access:
        """How git clones what the vendor lists; with nobody's credentials where it takes none that the user named."""
        target = self._target
        try:
            auth = choose(self._vendor.api, target)
        except ApiError:
            return NOBODY
        if not isinstance(auth, TokenAuth | BasicAuth) or not auth.git_user:
            return NOBODY
        user = fill(auth.git_user, {"username": target.username})
        return Access(user, target.token_env, target.token_command, self._policy.ca_bundle)

    def _asked_first(self) -> dict[str, list[Row]]:
        """By area, the lists that stand by themselves, and those that its other lists are below."""
        asked: dict[str, list[Row]] = {}
        seen: set[str] = set()
        for area, rows in self._areas.items():
            for row in rows:
                *_, first = self._vendor.upward(row)
                if first.id not in seen:
                    seen.add(first.id)
                    asked.setdefault(area, []).append(first)
        return asked

    def _found(self, row: Row) -> Found:
        """What a row gives. What others are listed below is asked for once, whichever area needs it first."""
        if row.id not in self._shared:
            return self._listed(row)
        with self._shared[row.id]:
            if row.id not in self._kept:
                self._kept[row.id] = self._listed(row)
            return self._kept[row.id]

    def _listed(self, row: Row) -> Found:
        gaps = Gaps()
        if unset := self._unset(row):
            gaps.skipped(row.id, unset)
            return {}, gaps
        if row.under is None:
            return self._lane(row, [None], gaps), gaps
        above = self._rows[row.under]
        known, unseen = self._found(above)
        if not (above.observe and above.area == row.area):
            gaps.take(unseen)
        parents = [thing for _, thing in sorted(known.items()) if not row.ask or at(thing, row.ask)]
        if len(parents) > self._target.max_children:
            gaps.cut(row.id, f"only {self._target.max_children} of {len(parents)} were asked for; raise `max_children`")
            parents = parents[: self._target.max_children]
        lanes = [parents[start :: self._workers] for start in range(min(self._workers, len(parents)))]
        things: dict[str, Thing] = {}
        for given in self._pool.map(lambda lane: self._lane(row, lane, gaps), lanes):
            merge(things, given.values())
        return things, gaps

    def _lane(self, row: Row, parents: Iterable[Thing | None], gaps: Gaps) -> dict[str, Thing]:
        """What a row gives below some things; for None, by itself."""
        things: dict[str, Thing] = {}
        above = self._rows[row.under] if row.under else None
        for up in parents:
            if self._expired is not None:
                gaps.unasked(row.id, self._expired)
                continue
            try:
                listed = self._ask(row, up)
            except ApiError as error:
                if error.expired:
                    self._expired = error
                gaps.refused(row.id, error, row.needs, missing_is_denied=row.missing == "denied")
                continue
            gaps.answered(listed.pages)
            gaps.count("dropped", listed.dropped)
            if listed.cut:
                gaps.cut(row.id, listed.cut)
            if up is not None and above is not None and above.observe:
                for thing in listed.things.values():
                    thing.setdefault("parent", {above.sort: up["id"]})
            merge(things, listed.things.values())
        return things

    def _ask(self, row: Row, up: Thing | None, pages: int = 0) -> Listed:
        window = self._window.within(row.window)
        values = {**self._fixed, **window.values, **_of_parent(up)}
        most = pages or (self._target.log_pages if row.newest else 0)
        return self._client.listed(row, values, up, row.needs[:1], most)

    def _unset(self, row: Row) -> str:
        """Why a row cannot be asked for, for lack of what only the user knows."""
        address = set() if self._target.base_url else names(self._vendor.api.base_url)
        missing = sorted((row.placeholders | address) & self._missing)
        told = (f"set `parameters: {{{name}: ...}}`: {self._vendor.api.parameters[name]}" for name in missing)
        return "; ".join(told)

    @cached_property
    def _window(self) -> Window:
        """The days that use and logs are read for: those of the recording in a replay."""
        return Window.ending(str(self._archive.ask(self._target.source, "today", _today)), self._target.days)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._workers, thread_name_prefix="saas")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _of_parent(up: Thing | None) -> dict[str, str]:
    """What `{up.id}` and `{up.<fact>}` stand for."""
    if up is None:
        return {}
    facts = {f"up.{name}": str(value) for name, value in up.get("facts", {}).items()}
    return {**facts, "up.id": str(up["id"])}


def _placed(url: str, instead: Mapping[str, str]) -> str:
    """The address that is really asked: at a proxy or a fake, where the user named one for its host."""
    parts = urlsplit(url)
    if parts.netloc not in instead:
        return url
    there = urlsplit(instead[parts.netloc])
    path = there.path.rstrip("/") + parts.path
    return parts._replace(scheme=there.scheme, netloc=there.netloc, path=path).geturl()
