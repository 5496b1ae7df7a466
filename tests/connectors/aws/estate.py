"""What the tests of the AWS connector share: a fake estate, a connector that asks it, and the run of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from classifiers.services import load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.aws import Target, connect
from connectors.aws.rows import read_services
from connectors.model import Coverage, Observation, Outcome
from tests.connectors.aws.fake_aws import Estate, FakeAws

SERVICES = tuple(service for service in load_services("aws") if not service.id.startswith("aws/usage-"))
"""Services whose resources are listed; those about use have tests of their own."""

ROWS = read_services(SERVICES)
CLIENTS = tuple(
    sorted(
        {row.client or service.name for service in ROWS for row in service.rows}
        | {row.for_each.client for service in ROWS for row in service.rows if row.for_each and row.for_each.client}
    )
)


@dataclass(frozen=True)
class Scan:
    """What a run of a plan gave."""

    observations: list[Observation]
    coverage: list[Coverage]
    sources: tuple[str, ...]

    def outcomes(self, source: str = "") -> dict[str, Outcome]:
        return {told.scope: told.outcome for told in self.coverage if not source or told.source == source}

    def reason(self, scope: str, source: str = "") -> str:
        return " ".join(told.reason for told in self.coverage if told.scope == scope and source in {"", told.source})

    def by_row(self) -> Counter[str]:
        return Counter(found.matchers[0] for found in self.observations)


def scan(connector: Any, *, workers: int = 8) -> Scan:
    plan = connector.plan()
    with ThreadPoolExecutor(workers) as threads:
        results = list(threads.map(connector.run, plan.tasks))
    return Scan(
        [found for result in results for found in result.observations],
        [*plan.coverage, *(told for result in results for told in result.coverage)],
        plan.sources,
    )


@contextmanager
def fake(estate: Estate) -> Iterator[FakeAws]:
    server = FakeAws(estate, CLIENTS).start()
    try:
        yield server
    finally:
        server.stop()


def connector(
    url: str,
    target: Target | None = None,
    archive: Archive | None = None,
    *,
    services: Sequence[Any] = SERVICES,
    **manners: Any,
) -> Any:
    policy = Policy(
        **{"base_urls": {"aws": url}, "retries": 2, "max_wait_seconds": 0.05, "read_seconds": 30.0, **manners}
    )
    return connect(target or Target(), services, policy, archive or Archive.live(), Redactor(b"key"))
