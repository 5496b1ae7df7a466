"""Scans the planted organisation, and writes all that aimscope can write of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event

from classifiers.services import load_services
from scanner.cli import cli
from tests.secrets.canaries import OWNER
from tests.secrets.estates import planted, settings
from tests.secrets.exports import exports
from tests.secrets.repository import repository

REPORTS = ("report.html", "report.md", "report.json", "report.sarif", "report.csv", "report.xlsx")


@dataclass
class Written:
    """What was written.

    Attributes:
        folder: Where: reports, the database, the archive, what was printed.
        codes: Exit codes, by command.
        planted: How many texts were planted, by fake.
        report: The JSON report.
    """

    folder: Path
    codes: dict[str, int] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)

    def run(self, name: str, *arguments: object) -> None:
        """Runs a command as `aimscope -vv` would, and keeps what it prints and logs."""
        ended = CliRunner().invoke(cli, ["-vv", "--log-format", "json", *map(str, arguments)], standalone_mode=False)
        (self.folder / f"{name}.txt").write_text(ended.stdout)
        (self.folder / f"{name}.log").write_text(ended.stderr + repr(ended.exception))
        self.codes[name] = ended.return_value if ended.exception is None else -1


def write_everything(inputs: Path, outputs: Path, patch: pytest.MonkeyPatch) -> Written:
    """Scans with everything that can be written switched on, and runs the commands that write more."""
    written = Written(outputs)
    shop = repository(inputs / "shop")
    further: list[dict[str, Any]] = [{"path": str(shop)}, *exports(inputs / "exports")]
    patch.setattr(
        "classifiers.services.load_services", cache(load_services)
    )  # which each command reads anew, as a process does
    with planted(inputs) as made, _unsynchronised():
        for name, value in made.environment.items():
            patch.setenv(name, value)
        (outputs.parent / "settings").mkdir(exist_ok=True)
        file = inputs / "aimscope.yaml"
        file.write_text(settings(made, further))
        (inputs / "aims-scope.yaml").write_text(_scope())
        patch.chdir(inputs)
        named = [part for report in REPORTS for part in ("-o", outputs / report)]
        written.run(
            "scan",
            "scan",
            "--settings",
            file,
            "--database",
            outputs / "aimscope.db",
            "--archive",
            outputs / "archive",
            *named,
        )
        written.planted = {name: planter.planted for name, planter in made.planters.items()}
    written.report = json.loads((outputs / "report.json").read_text())
    _write_more(written, shop)
    logging.getLogger("aimscope").handlers.clear()
    return written


@contextmanager
def _unsynchronised() -> Iterator[None]:
    """Lets databases be written without waiting for the disk: a scan commits each of its many small tasks."""

    def connected(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", connected)
    try:
        yield
    finally:
        event.remove(Engine, "connect", connected)


def _write_more(written: Written, shop: Path) -> None:
    at = ("--database", written.folder / "aimscope.db", "--settings", "aimscope.yaml")
    systems = [system["id"] for system in written.report["systems"]]
    written.run(
        "evidence", "evidence", *at, "-o", written.folder / "evidence.zip", "--xlsx", written.folder / "register.xlsx"
    )
    written.run("review", "review", *at, "--all", "--xlsx", written.folder / "queue.xlsx")
    for system in (*systems[:3], *systems[-3:]):
        written.run(f"explain-{system}", "explain", *at, system)
    written.run("explain-json", "explain", *at, "--format", "json", systems[0])
    written.run(
        "render", "scope", "render", *at, *(written.folder / f"statement.{form}" for form in ("md", "html", "docx"))
    )
    gates = [part for form in ("md", "json", "sarif") for part in ("-o", written.folder / f"gate.{form}")]
    written.run("import", "import", Path("exports") / "apps.xlsx", "--dry-run")
    written.run("gate", "gate", shop, "--base", "HEAD~1", "--fail-on", "none", *gates)


def _scope() -> str:
    document = {"version": "1", "organisation": "Planted", "owner": OWNER}
    return json.dumps({"document": document, "entries": []})
