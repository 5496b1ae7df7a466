"""`python -m benchmarks.bench_saas.tenant`: scans three large tenants, each answer 60 ms late; prints requests, time, memory."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.bench_code.machine import machine

_BENCHMARKS: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = _BENCHMARKS / "results" / "bench-saas-tenant.json"
_TOKEN_ENV: Final = "AIMSCOPE_BENCH_TOKEN"
_AREAS: Final = {
    "microsoft": ("applications", "assignments", "licences"),
    "google-workspace": ("oauth",),
    "okta": (),
}
"""The vendors, and the product areas that are asked for; all where none is named."""
_LATENCY: Final = 0.06
_QUICK: Final = 0.02
_MB_PER_UNIT: Final = 1 / 1024**2 if sys.platform == "darwin" else 1 / 1024


def main() -> int:
    """Measures every vendor in a process of its own; returns 0 where each was seen whole."""
    options = _options()
    if options.vendor:
        print(json.dumps(_scan(options.vendor, options.port)))
        return 0
    console = Console(width=None if sys.stdout.isatty() else 160)
    began = os.getloadavg()
    fake = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bench_saas.vendors", f"--latency={options.latency}", f"--share={_QUICK if options.quick else 1}"],
        stdout=subprocess.PIPE, text=True, cwd=_BENCHMARKS.parent,
    )  # fmt: skip
    try:
        port = int(fake.stdout.readline()) if fake.stdout else 0
        runs = []
        for vendor in _AREAS:
            console.print(f"[dim]{vendor}")
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.bench_saas.tenant", f"--vendor={vendor}", f"--port={port}"],
                capture_output=True, text=True, check=False, cwd=_BENCHMARKS.parent, env={**os.environ, _TOKEN_ENV: "t"},
            )  # fmt: skip
            if told.returncode:
                console.print(f"bench-saas: {vendor}: {told.stderr[-500:]}", style="red", markup=False)
                return 1
            with urlopen(f"http://127.0.0.1:{port}/stats") as answer:
                runs.append({**json.loads(told.stdout), **json.load(answer), "latency": options.latency})
    finally:
        fake.terminate()
        fake.wait()
    for run in runs:
        run["bound"] = run["requests"] * run["latency"] / run["at_once"]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(began), "runs": runs}, indent=2) + "\n", "utf-8")
    console.print(_table(runs, options.latency))
    console.print(f"written to {RESULTS.relative_to(_BENCHMARKS.parent)}; how to read it: docs/benchmark-saas.md")
    return 0 if all(set(run["outcomes"]) <= {"complete", "not_applicable"} for run in runs) else 1


def _scan(vendor: str, port: int) -> dict[str, Any]:
    """One tenant, asked as a scan asks it: the vendor's rows, the scanner's own threads."""
    from classifiers.apps import Apps
    from classifiers.products import Products
    from classifiers.services import load_services
    from connectors.api.archive import Archive
    from connectors.api.policy import DEFAULT_POLICY
    from connectors.api.redact import Redactor
    from connectors.saas import Target, connect
    from connectors.saas.rows import read_vendor
    from inventory.estate import TagKeys
    from scanner.collecting import Progress
    from scanner.network import Estate, Estates, ask

    services = load_services("saas")
    policy = replace(DEFAULT_POLICY, base_urls={})
    target = Target(
        vendor=vendor, tenant="acme", base_url=f"http://127.0.0.1:{port}", token_env=_TOKEN_ENV, services=_AREAS[vendor]
    )
    api = read_vendor(next(one for one in services if one.id.rpartition("/")[2] == vendor)).api
    asked = connect(target, services, policy, Archive.live(), Redactor(b"key"), None)  # type: ignore[arg-type]  # a tenant's rows look for no signals
    before = _peak()
    busy, begun = time.process_time(), time.perf_counter()
    given = ask(
        Estates((Estate(vendor, asked),), services, policy.concurrency, TagKeys(), Apps(Products({}, {}))), Progress()
    )
    wall = time.perf_counter() - begun
    parts = [part for _, result in given.results for part in result.coverage]
    return {
        "vendor": vendor, "wall": wall, "processor": time.process_time() - busy, "at_once": min(policy.per_host, api.per_host),
        "observations": sum(len(result.observations) for _, result in given.results),
        "outcomes": Counter(part.outcome.value for part in parts), "reasons": [part.reason for part in parts if part.reason],
        "before_mb": before, "peak_mb": _peak(),
    }  # fmt: skip


def _table(runs: list[dict[str, Any]], latency: float) -> Table:
    table = Table(title=f"Large tenants, {latency * 1000:.0f} ms an answer")
    for heading in (
        "vendor",
        "requests",
        "at once",
        "most at once",
        "s",
        "least s",
        "share",
        "processor s",
        "ms a request",
        "observations",
        "MB before",
        "MB peak",
    ):
        table.add_column(heading, justify="left" if heading == "vendor" else "right")
    for run in runs:
        table.add_row(
            run["vendor"], f"{run['requests']:,}", str(run["at_once"]), str(run["most_flying"]), f"{run['wall']:.1f}", f"{run['bound']:.1f}",
            f"{run['bound'] / run['wall']:.0%}", f"{run['processor']:.1f}", f"{run['processor'] * 1000 / run['requests']:.2f}",
            f"{run['observations']:,}", f"{run['before_mb']:.0f}", f"{run['peak_mb']:.0f}",
        )  # fmt: skip
    return table


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MB_PER_UNIT


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_saas.tenant", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small tenant: does it work, not how fast is it")
    parser.add_argument("--latency", type=float, default=_LATENCY, help="seconds before every answer")
    parser.add_argument("--vendor", choices=_AREAS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
