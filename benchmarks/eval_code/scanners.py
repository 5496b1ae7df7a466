"""Runs each scanner by its command line and reads its JSON."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from ruamel.yaml import YAML

from benchmarks.eval_code.answer import Answer, Claim
from benchmarks.eval_code.environment import own_command, tool

ALIASES: Final[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("aliases.yaml"))
TIME_LIMIT: Final = 600.0
OWN: Final = "aimscope"

LIVE: Final = {"production", "development"}
LIBRARIES: Final = {"sdk", "framework"}
HOLDS_AI: Final = {"ai_system", "embedded_ai", "ai_platform"}


class Scanner(Protocol):
    """A scanner under evaluation."""

    name: str

    def prepare(self) -> None:
        """Installs it, outside the measured time."""

    def command(self, folder: Path, report: Path) -> list[str]:
        """The command that scans a folder and writes its report."""

    def read(self, report: Any) -> Answer:
        """The report in the words of the labels."""


def ask(scanner: Scanner, folder: Path, report: Path) -> Answer:
    """Scans one folder. A scanner that fails gives an empty answer that says why."""
    started = time.perf_counter()
    try:
        done = subprocess.run(
            scanner.command(folder, report), capture_output=True, text=True, check=False, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired:
        return Answer(seconds=TIME_LIMIT, failure=f"no answer in {TIME_LIMIT:.0f} s")
    seconds = time.perf_counter() - started
    try:
        found = json.loads(report.read_text() if report.exists() else done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["no report"])[-1]
        return Answer(seconds=seconds, failure=f"exit code {done.returncode}: {last}")
    return replace(scanner.read(found), seconds=seconds)


class Aimscope:
    """This project's scanner, as it is installed beside the evaluation.

    Counted are findings in production and development. A hint counts where it is attached to a system: the report
    shows it as that system's provider or model.
    """

    name = OWN

    def prepare(self) -> None:
        """Nothing: `make` installed it."""

    def command(self, folder: Path, report: Path) -> list[str]:
        """The command that a user types; the report comes on its standard output."""
        del report
        return [str(own_command()), "--quiet", "scan", str(folder), "--format", "json"]

    def read(self, report: Any) -> Answer:
        """The report in the words of the labels."""
        answer = Answer(holds_ai=any(system["kind"] in HOLDS_AI for system in report["systems"]))
        for finding in report["findings"]:
            if finding["context"] not in LIVE or (finding["strength"] == "hint" and not finding["systems"]):
                continue
            where = f"{finding['location']['path']}:{finding['location']['line'] or 0} ({finding['rule']})"
            if finding["role"] in LIBRARIES or finding["purl"]:
                answer.sdks.setdefault((finding["name"],), where)
            if finding["provider"]:
                answer.providers.setdefault((finding["provider"],), where)
            if finding["model"]:
                answer.models.setdefault((finding["model"],), where)
        return answer


class Airom:
    """airom, a Go program that PyPI serves."""

    name = "airom"

    def prepare(self) -> None:
        """Installs it."""
        tool("airom==0.5.0", "airom")

    def command(self, folder: Path, report: Path) -> list[str]:
        """Its scan of a folder, without network."""
        program = str(tool("airom==0.5.0", "airom"))
        return [program, "fs", "--offline", "--quiet", "--output", f"json={report}", str(folder)]

    def read(self, report: Any) -> Answer:
        """The report in the words of the labels."""
        words = ALIASES["airom"]
        places = [(part, _live_places(part)) for part in report["components"] if part["kind"] in words["ai_kinds"]]
        counted = [(part, live[0]) for part, live in places if live]
        answer = Answer(holds_ai=bool(counted))
        for part, where in counted:
            if part["kind"] in words["sdk_kinds"]:
                _add(answer.sdks, words["sdks"], part["name"], where)
            if part.get("provider"):
                _add(answer.providers, words["providers"], part["provider"], where)
            if part["kind"] in words["model_kinds"]:
                answer.models.setdefault((part["name"],), where)
        return answer


class ShadowScan:
    """NexusShadowScan, which looks for AI agents."""

    name = "NexusShadowScan"

    def prepare(self) -> None:
        """Installs it."""
        tool("NexusShadowScan==0.1.4", "shadowscan")

    def command(self, folder: Path, report: Path) -> list[str]:
        """Its scan of a folder."""
        program = str(tool("NexusShadowScan==0.1.4", "shadowscan"))
        return [program, "--quiet", "code", str(folder), "--format", "json", "--output", str(report)]

    def read(self, report: Any) -> Answer:
        """The report in the words of the labels."""
        words = ALIASES["shadowscan"]
        counted = [finding for finding in report["findings"] if finding["kind"] in words["ai_kinds"]]
        answer = Answer(holds_ai=bool(counted))
        for finding in counted:
            live, aside = _by_place(finding["evidence"])
            for provider in sorted(set(finding["model_providers"]) - (aside - live.keys())):
                _add(answer.providers, words["providers"], provider.removeprefix("provider."), live.get(provider, ""))
            for model in sorted(set(finding["models"]) - (aside - live.keys())):
                answer.models.setdefault((model,), live.get(model, ""))
            for evidence in finding["evidence"]:
                _add_library(answer, evidence, words["sdks"])
        return answer


def _by_place(evidence: list[dict[str, Any]]) -> tuple[dict[str, str], set[str]]:
    """Signatures and values with a place in live code, and those with one aside."""
    live: dict[str, str] = {}
    aside: set[str] = set()
    for piece in evidence:
        place = piece["location"] or ""
        for name in filter(None, (piece["signature"], piece["attributes"].get("value"))):
            if _is_aside(place):
                aside.add(name)
            else:
                live.setdefault(name, place)
    return live, aside


def _add_library(answer: Answer, evidence: dict[str, Any], known: dict[str, list[str]]) -> None:
    kind = evidence["signal"].partition(":")[0]
    value, place = evidence["attributes"].get("value"), evidence["location"] or ""
    if not value or kind not in {"dependency", "import"} or _is_aside(place):
        return
    _add(answer.sdks, known, _library_of(value, known) if kind == "import" else value, place)


def _library_of(statement: str, known: dict[str, list[str]]) -> str:
    """The library of an import statement: the longest known module that it starts with, else its first word."""
    module = statement.strip().removeprefix("from ").removeprefix("import ").replace(" import ", ".")
    named = [name for name in known if f"{module}.".startswith(f"{name}.")]
    return max(named, key=len, default=module.partition(".")[0])


def _add(claims: dict[Claim, str], words: dict[str, list[str]], name: str, where: str) -> None:
    if meant := tuple(words.get(name, [name])):
        claims.setdefault(meant, where)


def _live_places(part: dict[str, Any]) -> list[str]:
    places = (
        (occurrence["location"]["path"], occurrence["location"].get("line", 0), occurrence["detectorId"])
        for occurrence in part.get("evidence", {}).get("occurrences", [])
    )
    return [f"{path}:{line} ({rule})" for path, line, rule in places if not _is_aside(path)]


def _is_aside(place: str) -> bool:
    return not set(Path(place).parts).isdisjoint(ALIASES["aside"])
