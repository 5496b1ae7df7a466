"""The cost of each stage of a scan, in one process; run as `python -m benchmarks.bench_code.stages LAUNCHED TREE`.

LAUNCHED is the monotonic clock of the parent at the start. One process, so that the stages add up: a scan with several
spreads the files over them. Prints, as JSON, the seconds and the processor seconds of each stage.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from classifiers.catalog import Catalog
    from connectors.code.connector import Plan

STAGES: Final = (
    "start-up", "knowledge base", "automaton", "walk", "read and look up", "parse and rules", "classify and assemble",
    "reconcile", "report",
)  # fmt: skip
"""The stages of a scan, in their order."""
APART: Final = "knowledge base, first time"
"""Compiling the knowledge base from its YAML, which a machine does once for each version."""


class Stopwatch:
    """Seconds and processor seconds by stage; the first begins with the process."""

    def __init__(self, launched: float) -> None:
        self.stages: dict[str, tuple[float, float]] = {}
        self._wall = launched
        self._processor = 0.0

    def lap(self, stage: str) -> None:
        """Ends a stage, and begins the next."""
        wall, processor = time.monotonic(), time.process_time()
        self.stages[stage] = (wall - self._wall, processor - self._processor)
        self._wall, self._processor = wall, processor


def main() -> None:
    watch = Stopwatch(float(sys.argv[1]))
    _scan(Path(sys.argv[2]), watch)
    stages = watch.stages
    files, looked_up = stages.pop("files"), stages["read and look up"]
    stages["parse and rules"] = (max(0.0, files[0] - looked_up[0]), max(0.0, files[1] - looked_up[1]))
    print(json.dumps(stages))


def _scan(root: Path, watch: Stopwatch) -> None:
    from classifiers.catalog import load
    from classifiers.classify import classify
    from connectors.code import connector
    from connectors.code.checkout import checkout
    from connectors.code.files import Limits
    from connectors.code.local import mark_local
    from inventory.assemble import Repository, assemble
    from inventory.reconcile import reconcile
    from inventory.scan import ScanInfo
    from scanner import clock
    from scanner.reports import json_report
    from scanner.result import ScanResult
    from scanner.workspace import Workspace, load_declared

    declared = load_declared(Workspace(ledger=root / "none"))
    watch.lap("start-up")
    catalog = load()
    watch.lap("knowledge base")
    connector.prepare(catalog.matchers)
    watch.lap("automaton")
    with checkout(str(root), Limits()) as opened:
        plan = connector.plan(opened, Limits())
        watch.lap("walk")
        results = [result for _, result in connector.submit(plan.batches, None)]
        watch.lap("files")
        coverage = connector.summary(plan, results)
        found = [observation for result in results for observation in result.observations]
        found = mark_local(found, (path for batch in plan.batches for path in batch.paths))
        findings = classify(found, catalog)
        systems = assemble(findings, found, {}, {plan.source: Repository(plan.source, plan.title, plan.prefix)})
        watch.lap("classify and assemble")
        verdicts = reconcile(
            systems, None, declared.decisions, coverage, (), today=clock.now().date(), catalog_hash=catalog.digest
        )
        watch.lap("reconcile")
        moment = clock.iso(clock.now())
        info = ScanInfo("bench", moment, moment, "0", catalog.digest, "", "", (plan.source,))
        json_report.render(ScanResult(info, tuple(coverage), tuple(findings), tuple(systems), verdicts, catalog.names))
        watch.lap("report")
        _looking_up(plan, catalog)
        watch.lap("read and look up")
    with tempfile.TemporaryDirectory() as empty:
        load(cache=Path(empty))
        watch.lap(APART)


def _looking_up(plan: Plan, catalog: Catalog) -> None:
    """Reads every file that has a language and runs the automaton over it: the part of a scan that a tree without AI needs."""
    from connectors.code import languages
    from connectors.code.automaton import Automaton
    from connectors.code.files import read

    automaton = Automaton(catalog.matchers)
    for batch in plan.batches:
        for path in batch.paths:
            language = languages.of_path(path)
            if language is not None and (content := read(batch.root, path, batch.limits)).kind == "text":
                for _ in automaton.hits(content.data, language):
                    pass


if __name__ == "__main__":
    main()
