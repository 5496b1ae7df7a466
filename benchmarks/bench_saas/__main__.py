"""`python -m benchmarks.bench_saas`: imports a 1 GB proxy log, and prints time and memory beside ripgrep's."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from benchmarks.bench_code.measure import Command, MeasureError, in_turns
from benchmarks.bench_saas.squid import write_log
from benchmarks.eval_code.environment import CACHE
from classifiers.catalog import load
from connectors.api.signals import Signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.bench_code.measure import Cost

RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "bench-saas.json"
_IMPORT: Final = "from scanner.commands.import_ import command; raise SystemExit(command(standalone_mode=False))"
_EXIT_CODES: Final = frozenset({0, 1})


def main() -> int:
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 140)
    folder = CACHE / "bench-saas"
    folder.mkdir(parents=True, exist_ok=True)
    catalog = load()
    firm = (literal for literal in catalog.matchers.literals if not catalog.meanings[literal.key].weak)
    hosts = sorted(Signals.of(firm).hosts)
    domains = folder / "domains.txt"
    domains.write_text("\n".join(hosts) + "\n", "utf-8")
    log = folder / f"squid-{options.megabytes}.log"
    if not log.exists():
        console.print(f"making {log.name}")
        write_log(log, options.megabytes * 1_000_000, hosts[::7])
    ripgrep = shutil.which("rg")
    commands = {"aimscope import": Command((sys.executable, "-c", _IMPORT, str(log), "--format", "json"), _EXIT_CODES)}
    commands["one process"] = Command((*commands["aimscope import"].arguments, "--workers", "1"), _EXIT_CODES)
    if ripgrep:
        arguments = ("-c", "-F", "-f", str(domains), str(log))
        commands["rg -c -F -f"] = Command((ripgrep, "--no-config", *arguments))
    began = os.getloadavg()
    try:
        costs = in_turns(commands, options.runs, folder, lambda what: console.print(f"[dim]{what}"))
    except MeasureError as error:
        console.print(f"bench-saas: {error}", style="red", markup=False)
        return 1
    counts = json.loads((folder / "aimscope import.out").read_text("utf-8"))["coverage"][0]["counts"]
    console.print(
        f"load {began[0]:.1f} before and {os.getloadavg()[0]:.1f} after; {len(hosts)} hosts; {log.stat().st_size / 1e6:.0f} MB"
    )
    console.print(_table(costs, counts["lines"], log.stat().st_size))
    seen = sum(counts.get(name, 0) for name in ("taken", "named elsewhere", "dropped: not understood"))
    if ripgrep:
        found = int((folder / "rg -c -F -f.out").read_text("utf-8"))
        console.print(f"lines with a host: {seen} by the importer, {found} by ripgrep")
    _write(costs, counts, began)
    return 0 if not ripgrep or seen == found else 1


def _table(costs: Mapping[str, Cost], lines: int, size: int) -> Table:
    table = Table(title=f"{lines:,} lines")
    for heading in (
        "",
        "seconds",
        "range",
        "processor s",
        "million lines/s",
        "MB/s",
        "MB, largest process",
        "MB together",
    ):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, cost in costs.items():
        table.add_row(
            name, f"{cost.wall:.2f}", f"{cost.fastest:.2f} to {cost.slowest:.2f}", f"{cost.processor:.2f}", f"{lines / cost.wall / 1e6:.2f}",
            f"{size / cost.wall / 1e6:.0f}", f"{cost.largest_mb:.0f}", "not measured" if cost.together_mb is None else f"{cost.together_mb:.0f}",
        )  # fmt: skip
    return table


def _write(costs: Mapping[str, Cost], counts: Mapping[str, int], began: tuple[float, float, float]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    document = {"load": began, "counts": counts, "costs": {name: asdict(cost) for name, cost in costs.items()}}
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_saas", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000, help="size of the log")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each command")
    options = parser.parse_args()
    if options.megabytes < 1 or options.runs < 1:
        parser.error("--megabytes, --runs: give 1 or more")
    return options


if __name__ == "__main__":
    sys.exit(main())
