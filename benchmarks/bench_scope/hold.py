"""`python -m benchmarks.bench_scope.hold`: holds one estate against one scope document in this process; prints JSON."""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.bench_scope.declared import declare
from benchmarks.bench_scope.estate import CATALOG, TODAY, coverage, systems
from inventory.attestations import load_attestations
from inventory.database import Inventory
from inventory.denominator import covered_parts
from inventory.ledger import load, standing
from inventory.matching import Matcher
from inventory.reconcile import reconcile
from inventory.scan import ScanInfo, ScanRecord
from inventory.scope.load import load_scope
from scanner import __version__
from scanner.changes import compare
from scanner.cli import COLLECT_AFTER
from scanner.keeping import from_record

if TYPE_CHECKING:
    from collections.abc import Callable

_SETTINGS: Final = "scope: aims-scope.yaml\nledger: aims-decisions.jsonl\ndatabase: aimscope.db\nattestations: [attestations.yaml]\nsources: []\n"
_MB_PER_UNIT: Final = 1 / 1024**2 if sys.platform == "darwin" else 1 / 1024


class _Watch:
    """Processor seconds of each stage: all runs in one process, and whatever else the machine does counts less."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable[[], Any]) -> Any:
        begun = time.process_time()
        given = work()
        self.seconds[stage] = time.process_time() - begun
        return given


def main() -> None:
    """Makes the estate and what is declared about it in a folder, and times every stage of holding them together."""
    options = _options()
    gc.set_threshold(*COLLECT_AFTER)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    estate = systems(options.systems)
    asked = coverage(estate)
    sizes = _write(folder, declare(estate, options.entries))
    before = _peak()
    watch = _Watch()
    loaded = watch("read the scope document", lambda: load_scope(folder / "aims-scope.yaml"))
    state = watch("read the ledger", lambda: standing(load(folder / "aims-decisions.jsonl")).state)
    attested = watch("read attestations", lambda: load_attestations(folder / "attestations.yaml"))
    scope = loaded.document
    verdicts = watch(
        "reconcile",
        lambda: reconcile(estate, scope, state, asked, attested, today=TODAY, catalog_hash=CATALOG),
    )
    peak = _peak()
    parts = watch("coverage of what is named", lambda: covered_parts(scope, asked))
    unbound = [entry for entry in scope.entries if not entry.bind]
    watch("suggest bindings", lambda: [one.suggest(entry) for one in (Matcher(estate),) for entry in unbound])
    if options.keep:
        day = f"{TODAY}T03:00:00Z"
        sources = tuple(sorted({record.source for record in asked}))
        info = ScanInfo("scan-bench", day, day, __version__, CATALOG, loaded.hash, "Acme", sources)
        record = ScanRecord(info, asked, (), estate, verdicts, {}, parts)
        _keep(folder, record, watch)
        (folder / "aimscope.yaml").write_text(_SETTINGS, "utf-8")
    told = {
        "systems": len(estate), "entries": len(scope.entries), "sources": len({record.source for record in asked}),
        "verdicts": len(verdicts), "unbound": len(unbound), **sizes, "seconds": watch.seconds, "before_mb": before, "peak_mb": peak,
    }  # fmt: skip
    print(json.dumps(told))


def _write(folder: Path, declared: Any) -> dict[str, int]:
    (folder / "aims-scope.yaml").write_text(declared.document, "utf-8")
    (folder / "aims-decisions.jsonl").write_bytes(declared.ledger)
    rows = [
        f"  - system: {one.system}\n    fact: {one.fact}\n    value: {str(one.value).lower()}\n    by: {one.by}\n    role: {one.role}\n"
        f"    date: {one.date}\n    seen: {one.seen}\n    expires: {one.expires}\n"
        for one in declared.attestations
    ]
    (folder / "attestations.yaml").write_text("attestations:\n" + "".join(rows), "utf-8")
    return {
        "document_bytes": len(declared.document.encode()),
        "events": declared.ledger.count(b"\n"),
        "attestations": len(rows),
    }


def _keep(folder: Path, record: ScanRecord, watch: _Watch) -> None:
    file = folder / "aimscope.db"
    file.unlink(missing_ok=True)
    inventory = Inventory.open(file)
    number = inventory.begin_scan(record.info, "bench")
    watch("store the scan", lambda: inventory.finish_scan(number, record))
    before = watch("read it again", inventory.last_scan)
    watch("compare two scans", lambda: compare(from_record(before), from_record(record)))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MB_PER_UNIT


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_scope.hold", description=__doc__)
    parser.add_argument("--systems", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, required=True, help="where the files go")
    parser.add_argument("--keep", action="store_true", help="also store the scan, for the commands that read it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
