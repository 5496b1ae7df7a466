"""`python -m benchmarks.bench_cloud`: measures, writes benchmarks/results/bench-cloud.json, and prints tables."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import botocore
import moto
from rich.console import Console

from benchmarks.bench_cloud.cases import QUICK, Bench, Extent
from benchmarks.bench_cloud.tables import tables
from benchmarks.bench_code.machine import machine
from benchmarks.bench_code.measure import MeasureError
from benchmarks.eval_code.environment import CACHE

_BENCHMARKS: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = _BENCHMARKS / "results" / "bench-cloud.json"


def main() -> int:
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 220)
    began = os.getloadavg()
    failed = []
    with console.status("preparing") as status:
        bench = Bench(QUICK if options.quick else Extent(), CACHE / "bench-cloud", status.update)
        for name, measure in bench.cases.items():
            if name in (options.only or bench.cases):
                try:
                    measure()
                except MeasureError as error:  # what the others gave stays
                    failed.append(error)
    run = {**machine(began), "botocore": botocore.__version__, "moto": moto.__version__}
    _write({"machine": run, **bench.figures.document()})
    console.print(f"{run['processors']} processors, load {began[0]:.1f} before and {os.getloadavg()[0]:.1f} after")
    for table in tables(bench.figures):
        console.print(table)
    console.print(f"written to {RESULTS.relative_to(_BENCHMARKS.parent)}; how to read it: docs/benchmark-cloud.md")
    for error in failed:
        console.print(f"bench-cloud: {error}", style="red", markup=False)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_cloud", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few accounts: does it work, not how fast is it")
    parser.add_argument("--only", action="append", metavar="CASE", help="complete, operations, beside, faults or speed")
    return parser.parse_args()


def _write(document: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
