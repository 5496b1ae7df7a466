"""Completeness: what a scan finds of the resources that were seeded in a moto server, and with which model."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.bench_cloud.scan import ROLE, scan, settled
from benchmarks.bench_code.measure import MeasureError
from connectors.api.policy import Policy
from connectors.aws import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.model import Observation

ACCOUNTS: Final = ("123456789012", "222222222222", "333333333333")
"""The caller's, and two that are entered through sts:AssumeRole."""

REGIONS: Final = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2")
SERVICES: Final = ("sagemaker", "bedrock", "bedrock-agent")
_STEPS: Final = 3
_CONCURRENCY: Final = 8


@dataclass(frozen=True, slots=True)
class Found:
    """How complete a scan was.

    Attributes:
        accounts: Accounts that were scanned.
        regions: Regions of each.
        seeded: Resources that were seeded, by kind, as the ARN says it.
        found: Those that were found, by kind.
        models: Those whose model was the seeded one, by kind.
        missing: ARNs that were not found, at most a hundred.
        twice: ARNs that were found more than once, at most a hundred.
        requests: Requests of the scan.
        seconds: Wall time of the scan; mostly moto's.
    """

    accounts: int
    regions: int
    seeded: Mapping[str, int]
    found: Mapping[str, int]
    models: Mapping[str, int]
    missing: list[str]
    twice: list[str]
    requests: int
    seconds: float


def complete(each: int) -> Found:
    """Seeds a server, scans it and compares.

    Args:
        each: For each account and Region, so many of each kind of Bedrock, and three times as many of each of SageMaker.

    Raises:
        MeasureError: The server did not start.
    """
    command = [
        sys.executable, "-m", "benchmarks.bench_cloud.moto_server", ",".join(ACCOUNTS), ",".join(REGIONS), str(each),
    ]  # fmt: skip
    with (
        settled(),
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server,
    ):
        assert server.stdout is not None
        told = server.stdout.readline()
        if not told:
            raise MeasureError("the moto server did not start: python -m benchmarks.bench_cloud.moto_server says why")
        return _compared(**json.loads(told))


def _compared(url: str, seeded: Mapping[str, str]) -> Found:
    # moto answers 500 to what it lacks; that is repeated once, not five times.
    policy = Policy(concurrency=_CONCURRENCY, retries=1, max_wait_seconds=0.05, base_urls={"aws": url})
    target = Target(accounts=ACCOUNTS, role=ROLE, regions=REGIONS, services=SERVICES, usage=())
    begun = time.perf_counter()
    asked = scan(target, policy)
    seconds = time.perf_counter() - begun
    observations = [found for _, result in asked.results for found in result.observations]
    times = Counter(found.name for found in observations)
    known = {found.name: found for found in observations}
    right = [arn for arn, model in seeded.items() if arn in known and model in set(_models(known[arn], known, _STEPS))]
    return Found(
        len(ACCOUNTS),
        len(REGIONS),
        dict(Counter(map(_kind, seeded))),
        dict(Counter(_kind(arn) for arn in seeded if arn in known)),
        dict(Counter(map(_kind, right))),
        sorted(set(seeded) - set(known))[:100],
        sorted(arn for arn in seeded if times[arn] > 1)[:100],
        sum(part.counts.get("requests", 0) for _, result in asked.results for part in result.coverage),
        seconds,
    )


def _models(found: Observation, known: Mapping[str, Observation], steps: int) -> Iterator[str]:
    """The models that a resource names, and those that what it uses names."""
    yield from _texts(found.attributes.get("models"))
    if steps:
        for arn in _texts(found.attributes.get("refs")):
            if arn in known:
                yield from _models(known[arn], known, steps - 1)


def _texts(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _kind(arn: str) -> str:
    _, _, service, _, _, resource = arn.split(":", 5)
    return f"{service} {resource.partition('/')[0]}"
