"""`python -m benchmarks.bench_scope`: large estates against large scope documents; prints tables, and writes JSON."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.bench_code.machine import machine
from benchmarks.bench_code.measure import Command, MeasureError, once
from benchmarks.eval_code.environment import CACHE

_BENCHMARKS: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = _BENCHMARKS / "results" / "bench-scope.json"
_INTAKE: Final = "benchmarks.bench_intake"
_SIZES: Final = (100_000, 10_000)
_QUICK: Final = (4_000, 400)
_DECISIONS: Final = frozenset({0, 1})
_AIMSCOPE: Final = "import sys; from scanner.cli import main; main()"


def main() -> int:
    """Measures, and returns 0 where everything could be."""
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 160)
    began = os.getloadavg()
    systems, entries = _QUICK if options.quick else _SIZES
    folder = CACHE / "bench-scope"
    # The whole estate first: the commands below read what it keeps.
    cases = [
        (systems, entries),
        *((systems // part, entries) for part in (2, 4)),
        *((systems, entries // part) for part in (2, 4)),
    ]
    try:
        runs = [_hold(*case, folder / f"{case[0]}-{case[1]}", keep=case == cases[0], console=console) for case in cases]
        commands = {
            name: asdict(_command(arguments, folder / f"{systems}-{entries}", console))
            for name, arguments in _COMMANDS.items()
        }
    except MeasureError as error:
        console.print(f"bench-scope: {error}", style="red", markup=False)
        return 1
    document = {"machine": machine(began), "runs": runs, "commands": commands}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    console.print(f"load {began[0]:.1f} before and {os.getloadavg()[0]:.1f} after")
    for table in (
        _growth(runs, "systems", entries),
        _growth(runs, "entries", systems),
        _stages(runs[0]),
        _commands(commands),
    ):
        console.print(table)
    console.print(f"written to {RESULTS.relative_to(_BENCHMARKS.parent)}; how to read it: docs/benchmark-scope.md")
    return _intake(console) if not options.quick else 0


def _hold(systems: int, entries: int, folder: Path, *, keep: bool, console: Console) -> dict[str, Any]:
    console.print(f"[dim]{systems:,} systems, {entries:,} entries")
    arguments = [
        sys.executable,
        "-m",
        "benchmarks.bench_scope.hold",
        f"--systems={systems}",
        f"--entries={entries}",
        f"--folder={folder}",
    ]
    ended = subprocess.run(
        [*arguments, *(["--keep"] if keep else [])], capture_output=True, text=True, check=False, cwd=_BENCHMARKS.parent
    )
    if ended.returncode:
        raise MeasureError(f"{' '.join(arguments[1:])}: {ended.stderr[-500:]}")
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


_COMMANDS: Final = {
    "aimscope review": ("review",),
    "aimscope review --bind": ("review", "--bind", "--format", "json"),
    "aimscope decide --adopt": ("decide", "--adopt", "", "--by", "Ann <ann@acme.example>"),
}


def _command(arguments: tuple[str, ...], folder: Path, console: Console) -> Any:
    """One run of a command of the whole estate, as its user runs it; the decision is recorded for good."""
    named = [argument or _unrecorded(folder) for argument in arguments]
    console.print(f"[dim]aimscope {' '.join(named)}", markup=True)
    return once(Command((sys.executable, "-c", _AIMSCOPE, *named), _DECISIONS), folder, folder / "out")


def _unrecorded(folder: Path) -> str:
    """An entry that nobody has recorded: one that was imported."""
    told = json.loads((folder / "out").read_text("utf-8"))
    return str(told["suggestions"][0]["entry"])


def _growth(runs: list[dict[str, Any]], of: str, other: int) -> Table:
    """Reconciling, and all reading with it, as one size grows and the other stays."""
    fixed = "entries" if of == "systems" else "systems"
    chosen = sorted((run for run in runs if _about(run[fixed], other)), key=lambda run: run[of])
    table = Table(title=f"{of}, against {other:,} {fixed}")
    for heading in (
        of,
        "sources",
        "events",
        "read s",
        "reconcile s",
        f"µs a {of[:-1].replace('entrie', 'entry')}",
        "coverage s",
        "bindings s",
        "MB before",
        "MB peak",
    ):
        table.add_column(heading, justify="right")
    for run in chosen:
        seconds = run["seconds"]
        read = sum(taken for stage, taken in seconds.items() if stage.startswith("read ") and stage != "read it again")
        table.add_row(
            f"{run[of]:,}", f"{run['sources']:,}", f"{run['events']:,}", f"{read:.1f}", f"{seconds['reconcile']:.1f}",
            f"{seconds['reconcile'] * 1e6 / run['systems']:.0f}", f"{seconds['coverage of what is named']:.2f}",
            f"{seconds['suggest bindings']:.1f}", f"{run['before_mb']:.0f}", f"{run['peak_mb']:.0f}",
        )  # fmt: skip
    return table


def _about(one: int, other: int) -> bool:
    return abs(one - other) * 10 < other


def _stages(run: dict[str, Any]) -> Table:
    title = f"{run['systems']:,} systems, {run['entries']:,} entries ({run['document_bytes'] / 1e6:.1f} MB), {run['events']:,} events"
    table = Table(title=title)
    table.add_column("stage")
    table.add_column("processor s", justify="right")
    for stage, taken in run["seconds"].items():
        table.add_row(stage, f"{taken:.2f}")
    return table


def _commands(commands: dict[str, Any]) -> Table:
    table = Table(title="Whole commands on the same")
    for heading in ("command", "seconds", "processor s", "MB"):
        table.add_column(heading, justify="left" if heading == "command" else "right")
    for name, cost in commands.items():
        table.add_row(name, f"{cost['wall']:.1f}", f"{cost['processor']:.1f}", f"{cost['largest_mb']:.0f}")
    return table


def _intake(console: Console) -> int:
    """The second part: taking in an inventory of the same size."""
    if importlib.util.find_spec(_INTAKE) is None:
        console.print(f"{_INTAKE} is not there: taking in is not measured.")
        return 0
    return subprocess.run([sys.executable, "-m", _INTAKE], check=False, cwd=_BENCHMARKS.parent).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_scope", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few systems: does it work, not how fast is it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
