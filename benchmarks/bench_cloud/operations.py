"""Completeness, operation by operation: the fake of the tests answers all of them, paged, as botocore's models allow."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.bench_cloud.scan import scan, settled
from connectors.api.policy import Policy
from connectors.aws import Target
from tests.connectors.aws.estate import ROWS, fake
from tests.connectors.aws.fake_aws import Asked, Estate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.aws.rows import Row, Service
    from scanner.network import Asked as Answered

_ACCOUNT: Final = "111111111111"
_REGIONS: Final = ("us-east-1", "us-west-2")
"""Between them they have every service."""

_TIERS: Final = frozenset("ABC")
_CHOOSY: Final = frozenset({"entityresolution", "pinpoint"})
"""Services whose lists hold other things too, which their rows leave out as the provider's own."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What was found of what one row's operation listed.

    Attributes:
        row: Id of the row.
        operation: Service and operation.
        tier: Tier of the row.
        listed: Different things that the fake listed.
        found: Different things that were found.
        twice: Observations of things that were found before.
        choosy: Whether the row wants only some of what is listed, so that `found` may be less.
    """

    row: str
    operation: str
    tier: str
    listed: int
    found: int
    twice: int
    choosy: bool

    @property
    def right(self) -> bool:
        """Whether everything that should be was found, once."""
        return (
            not self.twice
            and self.listed > 0
            and (self.found <= self.listed if self.choosy else self.found == self.listed)
        )


def operations(things: int, page: int) -> list[Operation]:
    """Asks every operation of tiers A to C.

    Args:
        things: How many things each list holds; what hangs on another thing comes twice for each.
        page: How many of them a page holds.
    """

    def count(asked: Asked) -> int:
        hangs = any(not name.lower().startswith(("max", "next")) for name in asked.params)
        return 2 if hangs else things

    estate = Estate(regions=_REGIONS, count=count, page=page)
    with settled(), fake(estate) as serving:
        policy = Policy(base_urls={"aws": serving.url})
        return list(_rows(estate, scan(Target(usage=()), policy)))


def _rows(estate: Estate, asked: Answered) -> Iterator[Operation]:
    times: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, result in asked.results:
        for one in result.observations:
            times[one.matchers[0]][one.name] += 1
    for service in ROWS:
        for row in (row for row in service.rows if row.tier in _TIERS):
            client = row.client or service.name
            found = times[service.row_id(row)]
            yield Operation(
                service.row_id(row),
                f"{client} {row.operation}",
                row.tier,
                sum(estate.listed[_ACCOUNT, region, client, row.operation] for region in _REGIONS),
                len(found),
                found.total() - len(found),
                _is_choosy(service, row),
            )


def _is_choosy(service: Service, row: Row) -> bool:
    return row.keep is not None or row.signs is not None or service.name in _CHOOSY
