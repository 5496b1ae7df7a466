"""The bill: one question to the account that pays says which accounts use which services."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.rows import read
from connectors.aws.things import Thing, native_id
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place
    from connectors.aws.rows import Row, Service
    from connectors.model import Observation

_MAX_PAGES: Final = 50
_NEXT: Final = "NextPageToken"
_ABOUT_USE: Final = "usage-"

Spent = tuple[str, str, float, str]
"""Id of a row, name of the service on the bill, amount, currency."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What accounts spend on.

    Attributes:
        spent: Account to what it spends on services of rows.
        named: Accounts that the bill names at all.
        payer: The account that was asked; empty where none was.
        requests: How many requests that took.
        gap: Why the bill, or a part of it, was not seen.
    """

    spent: Mapping[str, tuple[Spent, ...]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    payer: str = ""
    requests: int = 0
    gap: ApiError | None = None

    @classmethod
    def unknown(cls) -> Bill:
        """That of which nothing was asked."""
        return cls()

    def spends(self, source: str, service: str) -> bool | None:
        """Whether an account spends on a service, by its name in botocore; None where the bill does not say.

        What asks for use counts as spent on where anything is.
        """
        account = source.rpartition(":")[2]
        if self.gap is not None or account not in self.named:
            return None
        spent = self.spent.get(account, ())
        return any(service.startswith((row, _ABOUT_USE)) for row, *_ in spent)

    def told(self, account: str) -> dict[str, Any]:
        """What the bill says of an account, as plain data."""
        outcome, reason = Outcome.COMPLETE, ""
        if self.gap is not None:
            outcome, reason = self.gap.outcome, self.gap.reason
        elif account != self.payer and not self.named - {self.payer}:
            outcome = Outcome.PARTIAL
            reason = (
                f"ce:GetCostAndUsage in account {self.payer} does not show this account; name the account that pays as "
                "`payer`, or leave `cost` out of `usage`"
            )
        return {
            "outcome": outcome.value,
            "reason": reason,
            "spent": self.spent.get(account, ()),
            "requests": self.requests if account == self.payer else 0,
        }


def bill_of(ask: Asker, service: Service, place: Place, since: date, until: date) -> Bill:
    """Asks the account that pays for its bill. Never raises: what was not answered is in the bill."""
    row = service.rows[0]
    window = {"TimePeriod": {"Start": since.isoformat(), "End": until.isoformat()}}
    params = {name: value for name, value in row.params.items() if name not in window}
    groups: list[Any] = []
    requests = 0
    gap: ApiError | None = None
    for _ in range(_MAX_PAGES):
        requests += 1
        try:
            body = ask.once(place, Question(row.client or "ce", row.operation, row.action, params, window))
        except ApiError as error:
            gap = error
            break
        groups += read(row.items, body) or []
        if not body.get(_NEXT):
            break
        params[_NEXT] = body[_NEXT]
    else:
        gap = ApiError(Outcome.PARTIAL, f"{row.action}: only the first {_MAX_PAGES} pages of the bill were read")
    named = frozenset(account for group in groups if (account := _keys(group)[1]))
    return Bill(_spent(service, groups), named, place.account, requests, gap)


def spend_result(service: Service, place: Place, told: Mapping[str, Any], since: date, until: date) -> Result:
    """What the bill says of an account, as it was told in its plan."""
    rows = {row.id: row for row in service.rows}
    observations = [
        _observed(service, rows[row], place, (name, amount, unit), since, until)
        for row, name, amount, unit in told["spent"]
        if row in rows
    ]
    counts = {"assets": len(observations), "requests": told["requests"]}
    scope = f"{place.scope}/{service.name}"
    covered = Coverage(
        place.source, scope, Outcome(told["outcome"]), told["reason"], {k: n for k, n in counts.items() if n}
    )
    result = Result(sorted(observations, key=lambda found: (found.matchers, found.name)), [covered])
    result.counts.update(counts)
    return result


def _spent(service: Service, groups: list[Any]) -> dict[str, tuple[Spent, ...]]:
    amounts: defaultdict[tuple[str, str, str, str], float] = defaultdict(float)
    for group in groups:
        name, account = _keys(group)
        cost, unit = _metric(group, "UnblendedCost")
        if not account or not (cost or _metric(group, "UsageQuantity")[0]):
            continue
        for row in _rows_of(service, group):
            amounts[account, row.id, name, unit] += cost
    found: defaultdict[str, list[Spent]] = defaultdict(list)
    for (account, row_id, name, unit), amount in sorted(amounts.items()):
        found[account].append((row_id, name, round(amount, 2), unit))
    return {account: tuple(spent) for account, spent in found.items()}


def _rows_of(service: Service, group: Any) -> Iterator[Row]:
    return (row for row in service.rows if row.keep is not None and read(row.keep, group))


def _keys(group: Any) -> tuple[str, str]:
    """Service and account of a group."""
    keys: list[Any] = [*(group.get("Keys") or []), "", ""]
    return str(keys[0]), str(keys[1])


def _metric(group: Any, name: str) -> tuple[float, str]:
    """Amount and unit; none where the answer has no number."""
    metric = (group.get("Metrics") or {}).get(name) or {}
    try:
        return float(metric.get("Amount") or 0), str(metric.get("Unit") or "")
    except ValueError:
        return 0.0, ""


def _observed(
    service: Service, row: Row, place: Place, spent: tuple[str, float, str], since: date, until: date
) -> Observation:
    name, amount, unit = spent
    thing = Thing.of({"Keys": [name, place.account]}, {}, None)
    return asset(
        row.kind,
        service.row_id(row),
        native_id(row, thing, place),
        source=place.source,
        scope=f"{place.scope}/{service.name}",
        title=name,
        snippet=f"{row.client}:{row.operation} {name} {amount:.2f} {unit} {since} to {until}",
        region=place.scope,
        amount=amount,
        unit=unit,
        since=since.isoformat(),
        until=until.isoformat(),
    )
