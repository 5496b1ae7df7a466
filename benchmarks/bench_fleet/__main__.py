"""`python -m benchmarks.bench_fleet`: scans a code host of 500 repositories, beside `git clone` of the same alone."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.bench_code.machine import machine
from benchmarks.bench_code.measure import Command, MeasureError, in_turns, once
from benchmarks.bench_fleet import clone_all
from benchmarks.bench_fleet.fleet import Fleet, Serving, odd_ones, wrong
from benchmarks.bench_fleet.host import GROUP
from benchmarks.eval_code.environment import CACHE

if TYPE_CHECKING:
    from benchmarks.bench_code.measure import Cost

RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "bench-fleet.json"
_TOKEN: Final = "AIMSCOPE_BENCH_TOKEN"
_AT_ONCE: Final = 8
_CHANGED: Final = 5
_INCOMPLETE: Final = frozenset({3, 4})
"""Three repositories cannot be cloned, so a scan that is right is never complete."""
_SCAN: Final = "from scanner.cli import main; raise SystemExit(main())"
_FIRST: Final = "from pathlib import Path; Path('aimscope.db').unlink(missing_ok=True); " + _SCAN
_AREAS: Final = {"github": "repositories", "gitlab": "projects"}


class Bench:
    """Scans of one fleet.

    Args:
        count: How many repositories it has.
        latency: Seconds before each answer of the host.
        runs: Timed runs.
        console: Prints what is done.
    """

    def __init__(self, count: int, latency: float, runs: int, console: Console) -> None:
        self._folder = CACHE / "bench-fleet"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._runs = runs
        self._say = lambda what: console.print(f"[dim]{what}")
        self._say(f"making {count} repositories")
        self.fleet = Fleet.of(count, self._folder, CACHE / "trees")
        self.fleet.write_host(latency)
        self.costs: dict[str, Cost] = {}
        self.faults: list[str] = []
        self.odd: list[tuple[str, str, str]] = []

    def run(self, host: Serving) -> None:
        """Measures everything.

        Raises:
            MeasureError: A command failed.
        """
        urls = self._folder / "urls.txt"
        urls.write_text("\n".join(host.clone_url(one.name) for one in self.fleet.good), "utf-8")
        cloning = (sys.executable, clone_all.__file__, str(self._folder / "clones"), str(_AT_ONCE), str(urls))
        for vendor in _AREAS:
            self._settings(vendor, host.url)
        scanning = Command((sys.executable, "-c", _FIRST, "scan", "--format", "json"), _INCOMPLETE)
        again = replace(scanning, arguments=(sys.executable, "-c", _SCAN, *scanning.arguments[3:]))
        github = self._folder / "github"
        clones = {"git clone --depth 1": Command(cloning), "git clone --depth 1 --bare": Command((*cloning, "--bare"))}
        self._measure({**clones, "first scan": scanning}, github)
        self._judge(github / "first scan.out")
        self._measure({"git ls-remote": Command((*cloning, "--heads")), "nothing changed": again}, github)
        self._judge(github / "nothing changed.out")
        self.fleet.change(_CHANGED)
        self._once(f"{_CHANGED} changed", again, github)
        self._once("first scan, by GitLab's list", scanning, self._folder / "gitlab")

    def _measure(self, commands: dict[str, Command], folder: Path) -> None:
        self.costs |= in_turns(commands, self._runs, folder, self._say)

    def _once(self, name: str, command: Command, folder: Path) -> None:
        self._say(name)
        self.costs[name] = once(command, folder, folder / "once.out")
        self._judge(folder / "once.out")

    def _judge(self, output: Path) -> None:
        report = json.loads(output.read_text("utf-8"))
        self.faults += wrong(report, self.fleet)
        self.odd = self.odd or odd_ones(report)

    def _settings(self, vendor: str, url: str) -> None:
        source = {"vendor": vendor, "tenant": GROUP, "base_url": url, "token_env": _TOKEN, "services": [_AREAS[vendor]]}
        folder = self._folder / vendor
        folder.mkdir(exist_ok=True)
        (folder / "aimscope.yaml").write_text(json.dumps({"sources": [{"saas": source}]}), "utf-8")


def main() -> int:
    options = _options()
    os.environ[_TOKEN] = "a-token-of-the-benchmark"
    console = Console(width=None if sys.stdout.isatty() else 160)
    began = os.getloadavg()
    bench = Bench(options.repositories, options.latency / 1000, options.runs, console)
    try:
        with Serving(bench.fleet) as host:
            bench.run(host)
    except MeasureError as error:
        console.print(f"bench-fleet: {error}", style="red", markup=False)
        return 1
    _print(console, bench, options.latency)
    _write(
        {
            "machine": machine(began),
            "latency_ms": options.latency,
            "costs": {k: asdict(v) for k, v in bench.costs.items()},
        }
    )
    for fault in bench.faults:
        console.print(f"bench-fleet: {fault}", style="red", markup=False)
    return 1 if bench.faults else 0


def _print(console: Console, bench: Bench, latency: float) -> None:
    fleet = bench.fleet
    files, size = sum(one.files for one in fleet.good), sum(one.bytes for one in fleet.good)
    console.print(
        f"{len(fleet.made)} repositories, {files:,} files, {size / 1e6:.0f} MB; {latency:g} ms before each answer"
    )
    table = Table()
    for heading in ("", "seconds", "range", "processor s", "MB, largest process", "MB together"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, cost in bench.costs.items():
        together = "" if cost.together_mb is None else f"{cost.together_mb:.0f}"
        spread = f"{cost.fastest:.1f} to {cost.slowest:.1f}"
        table.add_row(name, f"{cost.wall:.1f}", spread, f"{cost.processor:.1f}", f"{cost.largest_mb:.0f}", together)
    console.print(table)
    odd = Table("odd one", "coverage", "reason")
    for row in bench.odd:
        odd.add_row(*row)
    console.print(odd)


def _write(document: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_fleet", description=__doc__)
    parser.add_argument("--repositories", type=int, default=500, help="how many the host has")
    parser.add_argument("--latency", type=float, default=20, help="milliseconds before each answer of the host")
    parser.add_argument("--runs", type=int, default=1, help="timed runs of each command, after one that is not")
    options = parser.parse_args()
    if options.repositories < 20 or options.runs < 1 or options.latency < 0:
        parser.error("--repositories: give 20 or more; --runs: 1 or more; --latency: 0 or more")
    return options


if __name__ == "__main__":
    sys.exit(main())
