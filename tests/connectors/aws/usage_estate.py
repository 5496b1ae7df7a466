"""What the tests of use share: a moto server with accounts that use AI, and scans of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests

from classifiers.services import load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.api.task import Plan
from connectors.aws import Target, connect
from connectors.model import Coverage, Observation, ObservationKind

OWN = "123456789012"
OTHER = "111111111111"
IDLE = "222222222222"
REGION = "eu-west-1"
SERVICES = load_services("aws")
USE = tuple(service.id.removeprefix("aws/") for service in SERVICES if service.id.startswith("aws/usage-"))


@dataclass(frozen=True)
class Moto:
    """A moto server."""

    url: str

    def client(self, service: str, region: str = REGION) -> Any:
        return boto3.client(service, region_name=region, endpoint_url=self.url)

    def bill(self, *groups: tuple[str, str, str]) -> None:
        """Queues an answer of Cost Explorer: service, account and amount."""
        found = [
            {"Keys": [service, account], "Metrics": {
                "UnblendedCost": {"Amount": amount, "Unit": "USD"}, "UsageQuantity": {"Amount": "1", "Unit": "N/A"},
            }}
            for service, account, amount in groups
        ]  # fmt: skip
        periods = [{"TimePeriod": {"Start": "2026-10-24", "End": "2026-11-01"}, "Groups": found, "Estimated": False}]
        answer = {"results": [{"ResultsByTime": periods}]}
        requests.post(f"{self.url}/moto-api/static/ce/cost-and-usage-results", json=answer, timeout=10)

    def reset(self) -> None:
        requests.post(f"{self.url}/moto-api/reset", timeout=10)


@contextmanager
def moto() -> Iterator[Moto]:
    """A moto server in a process of its own: what moto holds belongs to its process, and tests of use empty it."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        url = next(found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield Moto(url)
        finally:
            process.terminate()


@dataclass(frozen=True)
class Seen:
    """What a scan gave, besides facts of accounts."""

    plan: Plan
    observations: list[Observation]
    coverage: list[Coverage]

    def of(self, row: str) -> list[Observation]:
        return [one for one in self.observations if one.matchers == (f"aws/{row}",)]

    def covered(self, scope: str, account: str = OWN) -> Coverage:
        (told,) = (one for one in self.coverage if one.scope == scope and one.source == f"account:aws:{account}")
        return told


def connector(urls: dict[str, str], archive: Archive | None = None, **target: Any) -> Any:
    """A connector that asks fakes, by default for use alone and in one Region."""
    policy = Policy(base_urls=urls, retries=0, read_seconds=10.0)
    settings = {"services": USE, "regions": (REGION,), **target}
    return connect(Target(**settings), SERVICES, policy, archive or Archive.live(), Redactor(b"key"), Signals())


def scan(urls: dict[str, str], archive: Archive | None = None, **target: Any) -> Seen:
    made = connector(urls, archive, **target)
    plan = made.plan()
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(made.run, plan.tasks))
    every = (one for result in results for one in result.observations)
    found = [one for one in every if one.kind is not ObservationKind.ACCOUNT]
    return Seen(plan, found, [*plan.coverage, *(one for result in results for one in result.coverage)])


def policy(*actions: str, effect: str = "Allow", resource: str = "*") -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
