"""What running a command costs: median of several runs, in turns with the others, after a warm-up that is not timed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_LAUNCHER: Final = Path(__file__).with_name("launch.py")
_PROC: Final = Path("/proc")
_LOOK_EVERY: Final = 0.02
_KB_PER_UNIT: Final = 1 / 1024 if sys.platform == "darwin" else 1
"""`ru_maxrss` counts bytes on macOS and kilobytes elsewhere."""


class MeasureError(Exception):
    """A command that is measured failed, so that its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command costs, over several runs.

    Attributes:
        wall: Seconds from start to end, median.
        fastest: The shortest run.
        slowest: The longest run.
        processor: Processor seconds, user and system, of the command and all that it started; median.
        largest_mb: Peak memory of its largest process (`getrusage`), greatest of all runs.
        together_mb: Peak memory of all its processes together, shared pages once (Linux), in the warm-up; else none.
        runs: How many runs.
    """

    wall: float
    fastest: float
    slowest: float
    processor: float
    largest_mb: float
    together_mb: float | None
    runs: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command to measure.

    Attributes:
        arguments: Program and arguments; the program by its whole path.
        good: Exit codes of success.
    """

    arguments: tuple[str, ...]
    good: frozenset[int] = frozenset({0})


def in_turns(
    commands: Mapping[str, Command], runs: int, folder: Path, heard: Callable[[str], None] = lambda _: None
) -> dict[str, Cost]:
    """Measures commands against each other: every round runs each once, every second round the other way about.

    Args:
        commands: Name to command.
        runs: Timed runs of each.
        folder: Where they run, and where the output of each warm-up is kept as NAME.out.
        heard: Hears what runs now.

    Raises:
        MeasureError: A command failed.
    """
    together = {}
    for name, command in commands.items():
        heard(f"{name}, warm-up")
        together[name] = _warm_up(command, folder, folder / f"{name}.out")
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for number in range(runs):
        for name in list(commands)[:: 1 if number % 2 == 0 else -1]:
            heard(f"{name}, run {number + 1} of {runs}")
            samples[name].append(_finish(_start(commands[name], folder, Path(os.devnull)), commands[name]))
    return {name: _cost(samples[name], together[name]) for name in commands}


def once(command: Command, folder: Path, output: Path) -> Cost:
    """Measures one run of a command that is too long to run twice; what it prints is kept in a file.

    Raises:
        MeasureError: The command failed.
    """
    return _cost([_finish(_start(command, folder, output), command)], None)


def _start(command: Command, folder: Path, output: Path) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-I", "-S", str(_LAUNCHER), str(output), *command.arguments]
    return subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _finish(launcher: subprocess.Popen[str], command: Command) -> dict[str, float]:
    said, complained = launcher.communicate()
    shown = " ".join(command.arguments)
    if launcher.returncode:
        ended = f"killed by signal {-launcher.returncode}" if launcher.returncode < 0 else "could not be started"
        raise MeasureError(f"{shown}: {ended}; {complained[-500:]}")
    sample: dict[str, float] = json.loads(said)
    if sample["code"] not in command.good:
        raise MeasureError(f"{shown}: ended with exit code {sample['code']}: {complained[-500:]}")
    return sample


def _warm_up(command: Command, folder: Path, output: Path) -> float | None:
    """Runs a command once and watches its memory; that slows it a little, so this run is not timed."""
    launcher = _start(command, folder, output)
    peak = 0
    while _PROC.is_dir() and launcher.poll() is None:
        peak = max(peak, sum(map(_proportional, _below(launcher.pid))))
        time.sleep(_LOOK_EVERY)
    _finish(launcher, command)
    return peak / 1024 if peak else None


def _below(pid: int) -> list[int]:
    """All processes that a process has started, and that those have."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            children.setdefault(_parent(entry), []).append(int(entry.name))
    found = []
    pending = list(children.get(pid, ()))
    while pending:
        process = pending.pop()
        found.append(process)
        pending += children.get(process, ())
    return found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended meanwhile


def _proportional(pid: int) -> int:
    """Memory of a process in KB, each shared page divided among those that share it."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _cost(samples: Sequence[Mapping[str, float]], together: float | None) -> Cost:
    walls = [sample["wall"] for sample in samples]
    largest = max(sample["largest"] for sample in samples) * _KB_PER_UNIT / 1024
    processor = median(sample["processor"] for sample in samples)
    return Cost(median(walls), min(walls), max(walls), processor, largest, together, len(samples))
