"""Azure Resource Graph: what is in it, asked once for many subscriptions and types, and handed out by subscription."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.azure.once import Once
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from connectors.api.http import Answer
    from connectors.azure.arm import Arm
    from connectors.azure.rows import Row

_PATH: Final = "/providers/Microsoft.ResourceGraph/resources"
_API: Final = "2022-10-01"
_PAGE: Final = 1000
_SUBSCRIPTIONS_A_QUERY: Final = 100
_TYPES_A_QUERY: Final = 40
_COLUMNS: Final = {
    "resources": "id, name, type, kind, location, subscriptionId, managedBy, sku, identity, tags",
    "authorizationresources": "id, name, type, subscriptionId",
}
"""What is read of every row of a table."""
_CLOCK: Final = re.compile(r"(\d+):(\d\d):(\d\d)")


@dataclass(slots=True)
class Sweep:
    """What a query gave.

    Attributes:
        rows: What it gave, by subscription and type, both lower case.
        cut: Why there may be more, and the mend; empty where it was read whole.
        requests: How many requests it took.
    """

    rows: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    cut: str = ""
    requests: int = 0


CONTAINERS: Final = (
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
    " | project id, name, type, subscriptionId, tags, properties | order by id asc"
)
"""The question for subscriptions, with the management groups above them."""


class Questions:
    """What rows ask of Resource Graph: rows that want whole resources share a question, others have their own.

    All are ordered by id, so that a page that moves neither repeats nor hides a resource
    (https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data).
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        plain = sorted({row.type.lower() for row in rows if _is_plain(row)})
        shared = [plain[start : start + _TYPES_A_QUERY] for start in range(0, len(plain), _TYPES_A_QUERY)]
        self._shared = {kind: _plain(types) for types in shared for kind in types}

    def of(self, row: Row) -> str:
        """The question that a row asks, in KQL."""
        return self._shared[row.type.lower()] if _is_plain(row) else _narrow(row)


def _is_plain(row: Row) -> bool:
    return row.table == "resources" and not (row.where or row.columns or row.pick)


def _plain(types: list[str]) -> str:
    return (
        f"resources | where type in~ ({_list(types)}) | project {_COLUMNS['resources']}, properties | order by id asc"
    )


def _narrow(row: Row) -> str:
    steps = [row.table, f"where type =~ '{row.type.lower()}'"]
    if row.where:
        steps.append(f"where {row.where}")
    if row.pick:
        steps.append(f"where {row.pick.column} in~ ({_list(sorted(row.pick.names))})")
    read = ", ".join(f"{name} = {column}" for name, column in row.columns.items()) or "properties"
    steps += [f"project {_COLUMNS[row.table]}, {read}", "order by id asc"]
    return " | ".join(steps)


def _list(members: Iterable[str]) -> str:
    return ", ".join(f"'{_quoted(member)}'" for member in members)


def _quoted(member: str) -> str:
    return member.replace("\\", "\\\\").replace("'", "\\'")


class Graph:
    """Asks Resource Graph for batches of subscriptions, and remembers what it gave; safe in many threads.

    Args:
        arm: Asks.
        estate: Identity under which the tenant as a whole is asked.
        subscriptions: Gives the ids of all subscriptions of the scan.
        max_pages: Pages of a question.
        wait: Waits some seconds, where the quota is used up; does nothing in a replay.
    """

    def __init__(
        self,
        arm: Arm,
        estate: str,
        subscriptions: Callable[[], Sequence[str]],
        max_pages: int,
        wait: Callable[[float], None],
    ) -> None:
        self._arm = arm
        self._estate = estate
        self._subscriptions = subscriptions
        self._max_pages = max_pages
        self._wait = wait
        self._kept: Once[Sweep] = Once()

    def sweep(self, query: str, subscription: str) -> Sweep:
        """What a query gives for the batch that a subscription stands in, or for it alone where the batch is refused.

        Raises:
            ApiError: It was not answered.
        """
        batch = self._batch(subscription)
        try:
            return self._once(query, batch)
        except ApiError as error:
            if len(batch) == 1 or not _names_a_subscription(error):
                raise
            return self._once(query, (subscription,))

    def _batch(self, subscription: str) -> tuple[str, ...]:
        known = sorted(self._subscriptions())
        if subscription not in known:
            return (subscription,)
        start = known.index(subscription) // _SUBSCRIPTIONS_A_QUERY * _SUBSCRIPTIONS_A_QUERY
        return tuple(known[start : start + _SUBSCRIPTIONS_A_QUERY])

    def _once(self, query: str, batch: tuple[str, ...]) -> Sweep:
        return self._kept.get((query, batch), lambda: self._ask(query, batch))

    def _ask(self, query: str, batch: tuple[str, ...]) -> Sweep:
        sweep, skip, seen = Sweep(), "", 0
        while sweep.requests < self._max_pages:
            options: dict[str, Any] = {"resultFormat": "objectArray", "$top": _PAGE}
            body = {
                "subscriptions": list(batch),
                "query": query,
                "options": options | ({"$skipToken": skip} if skip else {}),
            }
            try:
                answer = self._arm.ask(self._estate, _PATH, _API, body=body)
                sweep.requests += 1
                rows = _rows(answer)
            except ApiError as error:
                if not seen or error.expired:
                    raise
                sweep.cut = f"Resource Graph stopped after {seen} rows: {error.reason}"
                return sweep
            seen += len(rows)
            for row in rows:
                place = str(row.get("subscriptionId") or "").lower(), str(row.get("type") or "").lower()
                sweep.rows[place].append(row)
            sweep.cut = sweep.cut or _cut(answer, seen)
            following = answer.body.get("$skipToken")
            if not isinstance(following, str) or not following or following == skip:
                return sweep
            skip = following
            self._pause(answer)
        sweep.cut = f"Resource Graph has more than {self._max_pages} pages; raise `max_pages`"
        return sweep

    def _pause(self, answer: Answer) -> None:
        """Waits until the quota is there again, rather than to be refused."""
        remaining = answer.headers.get("x-ms-user-quota-remaining", "")
        clock = _CLOCK.fullmatch(answer.headers.get("x-ms-user-quota-resets-after", ""))
        if remaining == "0" and clock:
            hours, minutes, seconds = map(int, clock.groups())
            self._wait(hours * 3600 + minutes * 60 + seconds)


def _names_a_subscription(error: ApiError) -> bool:
    """Whether one subscription of a batch may be to blame, which must not hide the others."""
    refused = error.outcome in {Outcome.DENIED, Outcome.NOT_APPLICABLE} or error.code == "BadRequest"
    return refused and not error.expired


def _rows(answer: Answer) -> list[Mapping[str, Any]]:
    rows = answer.body.get("data") if isinstance(answer.body, dict) else None
    if not isinstance(rows, list):
        raise ApiError(Outcome.FAILED, "Resource Graph answered with something that is not a table; scan again")
    return [row for row in rows if isinstance(row, dict)]


def _cut(answer: Answer, seen: int) -> str:
    """Why what was given may not be all, or the empty string."""
    if answer.headers.get("x-ms-tenant-subscription-limit-hit", "").lower() == "true":
        return "Resource Graph left subscriptions out, for there are too many; name them in `subscriptions`"
    if answer.body.get("$skipToken"):
        return ""
    total = answer.body.get("totalRecords")
    if answer.body.get("resultTruncated") in {True, "true"} or (isinstance(total, int) and total > seen):
        return f"Resource Graph cut its answer off after {seen} rows; scan fewer subscriptions at once"
    return ""
