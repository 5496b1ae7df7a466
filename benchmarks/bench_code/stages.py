"""The cost of each stage of a scan, in one process; run as `python -m benchmarks.bench_code.stages LAUNCHED TREE`.

LAUNCHED is the monotonic clock of the parent at the start. One process, so that the stages add up: a scan with several
spreads the files over them. Prints, as JSON, the seconds and the processor seconds of each stage.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from classifiers.catalog import Catalog

STAGES: Final = (
    "start-up", "knowledge base", "automaton", "walk", "read and look up", "parse and rules", "classify", "assemble",
    "reconcile", "report", "the rest",
)  # fmt: skip
"""The stages of a scan, in their order."""
APART: Final = "knowledge base, first time"
"""Compiling the knowledge base from its YAML, which a machine does once for each version."""

Seconds = tuple[float, float]
"""Seconds by the clock and of processor."""


def main() -> None:
    stages = _scan(Path(sys.argv[2]), Stopwatch(float(sys.argv[1])))
    files, looked_up = stages.pop("files"), stages["read and look up"]
    stages["parse and rules"] = _without(files, looked_up)
    print(json.dumps(stages))


class Stopwatch:
    """Seconds by stage; the first stage, start-up, begins with the process."""

    def __init__(self, launched: float) -> None:
        self.stages: dict[str, Seconds] = {}
        self._launched = launched

    def started(self) -> None:
        """Ends start-up."""
        self.stages["start-up"] = (time.monotonic() - self._launched, time.process_time())

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        """Adds what happens inside to a stage."""
        begun = (time.monotonic(), time.process_time())
        yield
        spent = _without((time.monotonic(), time.process_time()), begun)
        before = self.stages.get(stage, (0.0, 0.0))
        self.stages[stage] = (before[0] + spent[0], before[1] + spent[1])

    def hearing(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time added to a stage."""

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.on(stage):
                return function(*arguments, **named)

        return timed


def _without(seconds: Seconds, part: Seconds) -> Seconds:
    return max(0.0, seconds[0] - part[0]), max(0.0, seconds[1] - part[1])


def _scan(root: Path, watch: Stopwatch) -> dict[str, Seconds]:
    """Runs the same functions as `aimscope scan ROOT --format json`, listening at the border of each stage."""
    from classifiers.catalog import load
    from connectors.code import connector
    from scanner import cli, collecting, pipeline, run  # noqa: F401 - what the command imports before it begins
    from scanner.commands import scan  # noqa: F401 - likewise
    from scanner.reports import json_report
    from scanner.workspace import SourceSpec, Workspace, load_declared

    declared = load_declared(Workspace(ledger=root / "no-ledger"))
    watch.started()
    with watch.on("knowledge base"):
        catalog = load()
    borders: tuple[tuple[str, ModuleType, str], ...] = (
        ("automaton", connector, "prepare"),
        ("walk", connector, "plan"),
        ("files", connector, "run"),
        ("classify", collecting, "classify"),
        ("assemble", pipeline, "assemble"),
        ("reconcile", pipeline, "reconcile"),
    )
    with ExitStack() as listening, watch.on("whole"):
        for stage, module, name in borders:
            listening.enter_context(patch.object(module, name, watch.hearing(stage, getattr(module, name))))
        result = pipeline.scan([SourceSpec(str(root))], catalog, declared, workers=1)
    with watch.on("report"):
        json_report.render(result)
    _look_up(root, catalog, watch)
    with watch.on(APART), tempfile.TemporaryDirectory() as empty:
        load(cache=Path(empty))
    rest = watch.stages.pop("whole")
    for stage, _, _ in borders:
        rest = _without(rest, watch.stages[stage])
    return {**watch.stages, "the rest": rest}


def _look_up(root: Path, catalog: Catalog, watch: Stopwatch) -> None:
    """Reads every file that has a language and looks its bytes up: the least that a scan has to do, AI or none."""
    from connectors.code import languages
    from connectors.code.automaton import Automaton
    from connectors.code.files import DEFAULT_LIMITS, read
    from connectors.code.walk import walk

    automaton, paths = Automaton(catalog.matchers), walk(root).files
    with watch.on("read and look up"):
        for path in paths:
            language = languages.of_path(path)
            if language is not None and (content := read(root, path, DEFAULT_LIMITS)).kind == "text":
                for _ in automaton.hits(content.data, language):
                    pass


if __name__ == "__main__":
    main()
