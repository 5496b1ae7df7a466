"""`python -m benchmarks.bench_code`: measures, writes benchmarks/results/bench-code.json, and prints tables."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from benchmarks.bench_code import tools
from benchmarks.bench_code.cases import QUICK, Bench, Extent
from benchmarks.bench_code.limits import judge
from benchmarks.bench_code.machine import machine
from benchmarks.bench_code.measure import MeasureError
from benchmarks.bench_code.tables import tables
from benchmarks.eval_code.environment import CACHE

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.bench_code.limits import Limit

_BENCHMARKS: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = _BENCHMARKS / "results" / "bench-code.json"


def main() -> int:
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 200)
    extent = QUICK if options.quick else Extent()
    if options.runs:
        extent = replace(extent, runs=options.runs)
    began = os.getloadavg()
    with console.status("preparing") as status:
        bench = Bench(extent, CACHE, status.update)
        failed = [error for measure in bench.cases if (error := _failure(measure))]
    run = {
        **machine(began),
        "ripgrep": tools.ripgrep_version(),
        "airom": tools.AIROM if bench.has_airom else f"missing: pip could not install {tools.AIROM}",
    }
    limits = judge(bench.figures)
    _write(run, bench, limits)
    console.print(f"{run['processors']} processors, load {began[0]:.1f} before and {os.getloadavg()[0]:.1f} after")
    console.print(f"ripgrep: {run['ripgrep']}; airom: {run['airom']}")
    for table in tables(bench.figures, limits):
        console.print(table)
    console.print(f"written to {RESULTS.relative_to(_BENCHMARKS.parent)}; how to read it: docs/benchmark-code.md")
    for error in failed:
        console.print(f"bench-code: {error}", style="red", markup=False)
    return 1 if failed else 0


def _failure(measure: Callable[[], None]) -> MeasureError | None:
    """Measures one case; what the others gave stays where it fails."""
    try:
        measure()
    except MeasureError as error:
        return error
    return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_code", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small trees and few runs: does it work, not how fast is it"
    )
    parser.add_argument("--runs", type=int, help="timed runs of each command")
    options = parser.parse_args()
    if options.runs is not None and options.runs < 1:
        parser.error("--runs: give 1 or more")
    return options


def _write(run: dict[str, Any], bench: Bench, limits: list[Limit]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    document = {"machine": run, **asdict(bench.figures), "limits": [asdict(limit) for limit in limits]}
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
