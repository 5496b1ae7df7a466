"""`python -m benchmarks.bench_intake`: imports inventories of growing size twice, and the US federal one where it is there."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.bench_code.measure import Command, MeasureError, once
from benchmarks.bench_intake.made_up import write_inventory

RESULTS: Final = Path(__file__).resolve().parents[1] / "results" / "bench-intake.json"
SIZES: Final = (25_000, 50_000, 100_000)
_FEDERAL: Final = {"OMB use cases": "AIMSCOPE_OMB_INDIVIDUAL", "OMB products": "AIMSCOPE_OMB_COTS"}
_SCOPE: Final = "from scanner.commands.scope import command; raise SystemExit(command(standalone_mode=False))"
_STEPS: Final = ("import", "again", "validate")
_UNITS: Final = ("s", "processor s", "MB")
_EXIT_CODES: Final = frozenset({0, 1})


def main() -> int:
    options = _options()
    console = Console(width=None if sys.stdout.isatty() else 140)
    results = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, file in _files(Path(folder), options.sizes):
                console.print(f"[dim]{name}")
                results.append({"inventory": name, **_measured(file, Path(folder) / name.replace(" ", "-"))})
    except MeasureError as error:
        console.print(f"bench-intake: {error}", style="red", markup=False)
        return 1
    console.print(_table(results))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"load": os.getloadavg(), "imports": results}, indent=2) + "\n", encoding="utf-8")
    return 0 if all(row["unchanged"] for row in results) else 1


def _files(folder: Path, sizes: list[int]) -> list[tuple[str, Path]]:
    files = [(name, Path(os.environ[variable])) for name, variable in _FEDERAL.items() if os.environ.get(variable)]
    for size in sizes:
        file = folder / f"inventory-{size}.csv"
        write_inventory(file, size)
        files.append((f"made up {size}", file))
    return files


def _measured(file: Path, folder: Path) -> dict[str, Any]:
    """Imports a file, imports it again, and reads what was written."""
    folder.mkdir()
    scope = folder / "aims-scope.yaml"
    taking = Command((sys.executable, "-c", _SCOPE, "import", str(file), "--into", str(scope)), _EXIT_CODES)
    first = once(taking, folder, folder / "import.out")
    rows = next(line for line in (folder / "import.out").read_text("utf-8").splitlines() if line.startswith("rows:"))
    written = scope.read_bytes(), scope.with_name("aims-imported.jsonl").read_bytes()
    again = once(taking, folder, folder / "again.out")
    reading = Command((sys.executable, "-c", _SCOPE, "validate", str(scope)), _EXIT_CODES)
    valid = once(reading, folder, folder / "validate.out")
    return {
        "rows": rows.removeprefix("rows: "),
        "megabytes": round(len(written[0]) / 1e6, 1),
        "unchanged": written == (scope.read_bytes(), scope.with_name("aims-imported.jsonl").read_bytes()),
        **{
            f"{name} {what}": value
            for name, cost in zip(_STEPS, (first, again, valid), strict=True)
            for what, value in (
                ("s", round(cost.wall, 1)),
                ("processor s", round(cost.processor, 1)),
                ("MB", round(cost.largest_mb)),
            )
        },
    }


def _table(results: list[dict[str, Any]]) -> Table:
    table = Table(title="import of declared inventories")
    headings = (
        "inventory",
        "rows",
        "megabytes",
        "unchanged",
        *(f"{what} {unit}" for what in _STEPS for unit in _UNITS),
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in results:
        table.add_row(*(str(row[heading]) for heading in headings))
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="rows of the made-up inventories")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
