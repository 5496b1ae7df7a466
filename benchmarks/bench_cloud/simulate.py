"""`python -m benchmarks.bench_cloud.simulate`: asks the made-up organisation in this process; prints figures as JSON."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from benchmarks.bench_cloud.estate import REGIONS, Fault, Organisation, accounts
from benchmarks.bench_cloud.naive import Loop
from benchmarks.bench_cloud.scan import ROLE, connector, scan, settled
from benchmarks.bench_cloud.wire import simulate
from classifiers.services import load_services
from connectors.api.policy import Policy
from connectors.aws import Target

CONCURRENCY: Final = 64
ROTATE_DAYS: Final = 7

Way = Callable[[argparse.Namespace, Policy], dict[str, Any]]

_REFUSED: Final = list(accounts(2))[1]
FAULTS: Final = {
    "none": None,
    "role": Fault(lambda asked: asked.service == "sts" and _REFUSED in asked.body, 403, "AccessDenied"),
    "denied": Fault(lambda asked: asked.service == "bedrock-agent", 403, "AccessDeniedException"),
    "silent": Fault(lambda asked: asked.region == REGIONS[-1]),
}
"""What goes wrong, by name: a role that cannot be assumed, a service that is denied, a Region that does not answer."""


def main() -> None:
    options = _options()
    with settled():
        organisation = Organisation(options.accounts, FAULTS[options.fault])
        sockets = simulate(organisation, options.latency)
        policy = Policy(concurrency=CONCURRENCY, **({"read_seconds": options.read} if options.read else {}))
        before = resource.getrusage(resource.RUSAGE_SELF)
        begun = time.perf_counter()
        found = WAYS[options.way](options, policy)
        wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = {
        "way": options.way, "accounts": options.accounts, "regions": len(REGIONS), "latency": options.latency,
        "concurrency": CONCURRENCY, "wall": wall, "processor": processor, "answering": organisation.busy,
        "requests": organisation.asked.total(), "connections": sockets.opened,
        "open_at_once": sockets.most, "before_mb": before.ru_maxrss / 1024, "peak_mb": after.ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(figures | found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_cloud.simulate", description=__doc__)
    parser.add_argument("--way", choices=WAYS, default="sweep")
    parser.add_argument("--fault", choices=FAULTS, default="none")
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.06, help="seconds that a request takes")
    parser.add_argument("--read", type=float, default=0.0, help="seconds that an answer may keep silent")
    return parser.parse_args()


def _scan(target: Target, policy: Policy) -> dict[str, Any]:
    asked = scan(target, policy)
    parts = [*asked.coverage, *(part for _, result in asked.results for part in result.coverage)]
    return {
        "resources": sum(len(result.observations) for _, result in asked.results),
        "tasks": len(asked.results),
        "outcomes": Counter(part.outcome.value for part in parts),
        "reasons": Counter(f"{part.outcome.value}: {part.reason}" for part in parts if part.reason).most_common(8),
    }


def _sweep(_: argparse.Namespace, policy: Policy) -> dict[str, Any]:
    return _scan(Target(organization=True, role=ROLE), policy)


def _night(_: argparse.Namespace, policy: Policy) -> dict[str, Any]:
    return _scan(Target(organization=True, role=ROLE, rotate_days=ROTATE_DAYS), policy)


def _lists(_: argparse.Namespace, policy: Policy) -> dict[str, Any]:
    return _scan(Target(organization=True, role=ROLE, usage=()), policy)


def _naive(_: argparse.Namespace, policy: Policy) -> dict[str, Any]:
    plan = connector(Target(organization=True, role=ROLE, usage=()), policy).plan()
    return {"resources": Loop(load_services("aws"), ROLE).run(plan.tasks, CONCURRENCY), "tasks": len(plan.tasks)}


WAYS: Final[dict[str, Way]] = {"sweep": _sweep, "night": _night, "lists": _lists, "naive": _naive}
"""A scan as it is by default, one of a night in turns, one without questions about use, and the loop beside it."""


if __name__ == "__main__":
    sys.exit(main())
