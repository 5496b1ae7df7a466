"""What is measured, case by case, and the figures that come out."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.bench_code import tools
from benchmarks.bench_code.measure import Command, Cost, MeasureError, in_turns
from benchmarks.bench_code.trees import Spec, Tree, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCALES: Final = (1, 2, 4)
_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a run measures.

    Attributes:
        sizes: Files of the trees that tools are compared on.
        small: Files of the small checkout.
        linear: Files of the trees that grow in bytes.
        staged: Files of the trees whose stages are timed.
        runs: Timed runs of each command.
        starts: Timed runs of what takes a moment: start-up and small checkout.
    """

    sizes: tuple[int, ...] = (1_000, 10_000, 70_000)
    small: int = 300
    linear: int = 4_000
    staged: int = 10_000
    runs: int = 5
    starts: int = 20


QUICK: Final = Extent(sizes=(1_000,), linear=300, staged=1_000, runs=3, starts=5)


@dataclass(frozen=True, slots=True)
class TreeFigures:
    """What tools cost on one tree; `findings` are those of aimscope."""

    files: int
    megabytes: float
    ai: bool
    ai_files: int
    findings: int
    tools: dict[str, Cost]

    @property
    def title(self) -> str:
        """Its name in tables."""
        return f"{self.files:,} files {'full of' if self.ai else 'without'} AI"


@dataclass(frozen=True, slots=True)
class Linear:
    """What scanning costs as the same files grow.

    Attributes:
        files: Files of each tree.
        ai: Whether they are full of AI.
        megabytes: Size of each tree.
        costs: What each costs.
        steps: Processor seconds for each further MB, from each tree to the next: start-up falls out, load disturbs little.
    """

    files: int
    ai: bool
    megabytes: list[float]
    costs: list[Cost]
    steps: list[float]


@dataclass(slots=True)
class Figures:
    """Everything that was measured."""

    trees: list[TreeFigures] = field(default_factory=list)
    small: list[TreeFigures] = field(default_factory=list)
    start_up: dict[str, Cost] = field(default_factory=dict)
    linear: list[Linear] = field(default_factory=list)
    stages: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)


class Bench:
    """Measures the cases of an extent."""

    def __init__(self, extent: Extent, cache: Path, heard: Callable[[str], None]) -> None:
        self._extent = extent
        self._heard = heard
        self._trees = cache / "trees"
        self._desk = cache / "bench-code"
        for folder in (self._trees, self._desk):
            folder.mkdir(parents=True, exist_ok=True)
        self._airom = tools.install_airom()
        self.figures = Figures()

    @property
    def has_airom(self) -> bool:
        """Whether airom could be installed."""
        return self._airom is not None

    @property
    def cases(self) -> tuple[Callable[[], None], ...]:
        """Everything there is to measure; each adds to the figures."""
        return (self.start_up, self.small, self.trees, self.linear, self.stages)

    def start_up(self) -> None:
        """`aimscope --version` beside a Python that does nothing."""
        commands = {
            "python -c pass": Command((sys.executable, "-c", "pass")),
            "aimscope --version": tools.aimscope("--version"),
        }
        self.figures.start_up = in_turns(commands, self._extent.starts, self._desk, self._heard)

    def small(self) -> None:
        """A small checkout: what a pull request gate or a person at a prompt feels."""
        for ai in (False, True):
            self.figures.small.append(self._compare(Spec(self._extent.small, ai), self._extent.starts))

    def trees(self) -> None:
        """Trees of several sizes, beside ripgrep and airom."""
        for files in self._extent.sizes:
            for ai in (False, True):
                self.figures.trees.append(self._compare(Spec(files, ai), self._extent.runs))

    def linear(self) -> None:
        """The same files, each two and four times as long."""
        for ai in (False, True):
            made = [self._tree(Spec(self._extent.linear, ai, scale)) for scale in SCALES]
            commands = {str(scale): tools.scan(grown.root) for scale, grown in zip(SCALES, made, strict=True)}
            costs = list(in_turns(commands, self._extent.runs, self._desk, self._heard).values())
            megabytes = [grown.bytes / _MB for grown in made]
            steps = [
                (costs[at].processor - costs[at - 1].processor) / (megabytes[at] - megabytes[at - 1])
                for at in range(1, len(SCALES))
            ]
            self.figures.linear.append(Linear(self._extent.linear, ai, megabytes, costs, steps))

    def stages(self) -> None:
        """What each stage of a scan costs, in one process."""
        for ai in (False, True):
            made = self._tree(Spec(self._extent.staged, ai))
            title = f"{made.files:,} files {'full of' if ai else 'without'} AI"
            self._heard(f"stages of {title}")
            runs = [_stages(made) for _ in range(self._extent.runs)]
            self.figures.stages[title] = {
                stage: (median(run[stage][0] for run in runs), median(run[stage][1] for run in runs))
                for stage in runs[0]
            }

    def _tree(self, spec: Spec) -> Tree:
        self._heard(f"tree {spec.name}")
        return tree(spec, self._trees)

    def _compare(self, spec: Spec, runs: int) -> TreeFigures:
        made = self._tree(spec)
        commands = {"aimscope": tools.scan(made.root)}
        if ripgrep := tools.ripgrep(made.root):
            commands["rg"] = ripgrep
        if self._airom:
            commands["airom"] = tools.airom(self._airom, made.root)
        costs = in_turns(commands, runs, self._desk, lambda what: self._heard(f"{spec.name}: {what}"))
        report = self._desk / "aimscope.out"
        if (seen := tools.files_seen(report)) != made.files:
            raise MeasureError(f"{made.root}: the scan saw {seen} of {made.files} files, so its figures mean nothing")
        return TreeFigures(made.files, made.bytes / _MB, spec.ai, made.ai_files, tools.findings(report), costs)


def _stages(made: Tree) -> dict[str, tuple[float, float]]:
    arguments = [sys.executable, "-m", "benchmarks.bench_code.stages", str(time.monotonic()), str(made.root)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasureError(f"timing the stages failed: {done.stderr[-800:]}")
    measured: dict[str, tuple[float, float]] = json.loads(done.stdout)
    return measured
