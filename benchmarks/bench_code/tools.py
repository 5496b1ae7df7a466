"""What is measured, and what it is measured beside."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from benchmarks.bench_code.measure import Command, MeasureError
from benchmarks.eval_code.environment import own_command, tool

if TYPE_CHECKING:
    from pathlib import Path

AIROM: Final = "airom==0.5.0"
_FOUND_NONE: Final = frozenset({0, 1})


def aimscope(*arguments: str) -> Command:
    """The aimscope of this environment. Its exit code 1 says that a decision is needed; 3 and 4 would be incomplete.

    Raises:
        MeasureError: It is not installed beside this Python.
    """
    program = own_command()
    if not program.exists():
        raise MeasureError(f"{program} is missing: run `make bench-code`, or this with the Python of .venv")
    return Command((str(program), *arguments), _FOUND_NONE)


def scan(tree: Path) -> Command:
    """`aimscope scan TREE --format json`."""
    return aimscope("scan", str(tree), "--format", "json")


def files_seen(output: Path) -> int:
    """How many files the scan saw whose report this is: a scan that misses files is no quick scan."""
    report = json.loads(output.read_text("utf-8"))
    return int(next(part["counts"]["files"] for part in report["coverage"] if not part["scope"]))


def findings(output: Path) -> int:
    """How many findings a report has."""
    return len(json.loads(output.read_text("utf-8"))["findings"])


def ripgrep(tree: Path) -> Command | None:
    """One pass of ripgrep for one literal over every file that .gitignore does not name; none without ripgrep."""
    program = shutil.which("rg")
    if program is None:
        return None
    options = ("--count-matches", "--hidden", "--no-messages", "--no-config", "-F", "openai")
    return Command((program, *options, str(tree)), _FOUND_NONE)


def ripgrep_version() -> str:
    """Its first line about itself, or what to do without it."""
    program = shutil.which("rg")
    if program is None:
        return "missing: apt-get install -y ripgrep"
    return subprocess.run((program, "--version"), capture_output=True, text=True, check=True).stdout.splitlines()[0]


def install_airom() -> Path | None:
    """The airom of PyPI in a virtual environment of its own; none where it cannot be installed."""
    try:
        return tool(AIROM, "airom")
    except subprocess.CalledProcessError:
        return None


def airom(program: Path, tree: Path) -> Command:
    """`airom fs --offline TREE`, with its report as JSON."""
    options = ("--offline", "--no-progress", "--quiet", "--output", "json")
    return Command((str(program), "fs", *options, str(tree)))
