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
        counted = [part for part in report["components"] if part["kind"] in words["ai_kinds"]]
        answer = Answer(holds_ai=bool(counted))
        for part in counted:
            where = _first_place(part)
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
            for provider in finding["model_providers"]:
                _add(answer.providers, words["providers"], provider.removeprefix("provider."), finding["title"])
            for model in finding["models"]:
                answer.models.setdefault((model,), finding["title"])
            for evidence in finding["evidence"]:
                self._library(answer, evidence, words)
        return answer

    def _library(self, answer: Answer, evidence: dict[str, Any], words: dict[str, Any]) -> None:
        kind = evidence["signal"].partition(":")[0]
        value = evidence["attributes"].get("value")
        where = evidence["location"] or ""
        if not value or kind not in {"dependency", "import"} or set(Path(where).parts) & set(words["aside"]):
            return
        if kind == "import":
            value = _library_of(value, words["sdks"])
        _add(answer.sdks, words["sdks"], value, where)


def _library_of(statement: str, known: dict[str, list[str]]) -> str:
    module = statement.strip().removeprefix("from ").removeprefix("import ").replace(" import ", ".")
    named = [name for name in known if f"{module}.".startswith(f"{name}.")]
    return max(named, key=len, default=module.partition(".")[0])


def _add(claims: dict[Claim, str], words: dict[str, list[str]], name: str, where: str) -> None:
    if meant := tuple(words.get(name, [name])):
        claims.setdefault(meant, where)


def _first_place(part: dict[str, Any]) -> str:
    occurrences = part.get("evidence", {}).get("occurrences", [])
    if not occurrences:
        return ""
    first = occurrences[0]
    return f"{first['location']['path']}:{first['location'].get('line', 0)} ({first['detectorId']})"
