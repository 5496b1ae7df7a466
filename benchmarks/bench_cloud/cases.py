"""What is measured, case by case, and the figures that come out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.bench_cloud import moto
from benchmarks.bench_cloud.operations import Operation, operations
from benchmarks.bench_code.measure import Command, once

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOT: Final = Path(__file__).resolve().parents[2]
FAULTS: Final = {
    "none": "nothing goes wrong",
    "role": "the role of one account cannot be assumed",
    "denied": "one service is denied everywhere",
    "silent": "one Region does not answer",
}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a run measures.

    Attributes:
        each: Resources of each kind of Bedrock that moto holds for an account and Region.
        things: Things that each list of the fake holds.
        page: Things on a page of it.
        accounts: Accounts of the simulated organisation.
        beside: Accounts of it when the naive loop runs beside, which is slow.
        faulty: Accounts of it when something goes wrong.
        patience: Seconds that an answer may keep silent when something goes wrong; users have 60.
    """

    each: int = 60
    things: int = 25
    page: int = 10
    accounts: int = 200
    beside: int = 2
    faulty: int = 10
    patience: float = 5.0


QUICK: Final = Extent(each=3, things=5, page=2, accounts=4, beside=1, faulty=2, patience=1.0)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A run against the simulated organisation.

    Attributes:
        way: How it was asked: `sweep`, `night`, `lists` or `naive`.
        accounts, regions: How large it is.
        latency: Seconds that each request takes.
        concurrency: Requests at once.
        wall: Seconds of asking, without start-up.
        processor: Processor seconds of asking.
        answering: Those of them that the simulation took.
        requests: Requests.
        connections: Connections that were opened.
        open_at_once: The most that were open at once.
        resources: Observations, or things that the loop listed.
        tasks: Tasks of the plan that were run.
        before_mb: Peak memory before asking: Python, the knowledge base and the simulation.
        peak_mb: Peak memory of the process.
        outcomes: How many parts ended how; empty for the loop.
        reasons: The most frequent reasons, with how often.
    """

    way: str
    accounts: int
    regions: int
    latency: float
    concurrency: int
    wall: float
    processor: float
    answering: float
    requests: int
    connections: int
    open_at_once: int
    resources: int
    tasks: int
    before_mb: float
    peak_mb: float
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def bound(self) -> float:
        """The least that its requests can take, in seconds: latency, shared among those at once."""
        return self.requests * self.latency / self.concurrency

    @property
    def share(self) -> float:
        """How much of the wall time that bound is."""
        return self.bound / self.wall


@dataclass(slots=True)
class Figures:
    """Everything that was measured."""

    complete: moto.Found | None = None
    operations: list[Operation] = field(default_factory=list)
    speed: list[Simulated] = field(default_factory=list)
    beside: list[Simulated] = field(default_factory=list)
    faults: dict[str, Simulated] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """All of it as plain data, with what follows from it."""
        whole = asdict(self)
        for run, told in zip(self.speed, whole["speed"], strict=True):
            told |= {"bound": run.bound, "share": run.share}
        for row, told in zip(self.operations, whole["operations"], strict=True):
            told["right"] = row.right
        return whole


class Bench:
    """Measures the cases of an extent."""

    def __init__(self, extent: Extent, desk: Path, heard: Callable[[str], None]) -> None:
        self._extent = extent
        self._desk = desk
        self._heard = heard
        self.figures = Figures()
        desk.mkdir(parents=True, exist_ok=True)

    @property
    def cases(self) -> dict[str, Callable[[], None]]:
        """Everything there is to measure, by name; each adds to the figures."""
        return {
            "complete": self.complete,
            "operations": self.operations,
            "beside": self.beside,
            "faults": self.faults,
            "speed": self.speed,
        }

    def complete(self) -> None:
        """What is found of what moto holds."""
        self._heard("a moto server, seeded and scanned")
        self.figures.complete = moto.complete(self._extent.each)

    def operations(self) -> None:
        """What is found of what each operation lists."""
        self._heard("every operation of tiers A to C")
        self.figures.operations = operations(self._extent.things, self._extent.page)

    def speed(self) -> None:
        """A whole organisation: everything, and the part of one night."""
        self.figures.speed = [self._simulated(way, self._extent.accounts) for way in ("sweep", "night")]

    def beside(self) -> None:
        """The same lists, as aimscope and as the loop asks them."""
        self.figures.beside = [self._simulated(way, self._extent.beside) for way in ("lists", "naive")]

    def faults(self) -> None:
        """A smaller organisation where something goes wrong."""
        for fault in FAULTS:
            patience = str(self._extent.patience)
            more = ("--fault", fault, "--read", patience)
            self.figures.faults[fault] = self._simulated("lists", self._extent.faulty, *more)

    def _simulated(self, way: str, accounts: int, *more: str) -> Simulated:
        self._heard(f"{accounts} simulated accounts: {' '.join((way, *more))}")
        arguments = ("-m", "benchmarks.bench_cloud.simulate", "--way", way, "--accounts", str(accounts), *more)
        output = self._desk / "simulated.json"
        once(Command((sys.executable, *arguments)), _ROOT, output)
        told: dict[str, Any] = json.loads(output.read_text("utf-8"))
        return Simulated(**told)
