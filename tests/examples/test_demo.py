"""`make demo` shows the main job, the same on every day."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scanner.demo import ACME, ROOT, copy_acme


def demo(folder: Path, **environment: str) -> str:
    """What the demo prints."""
    command = [sys.executable, "-m", "scanner.demo", str(folder)]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_it_shows_the_most_urgent_decisions_the_report_and_the_next_command(tmp_path: Path) -> None:
    folder = tmp_path / "demo-output"
    told = demo(folder)

    urgent = re.findall(r"^\d\. (.*?):", told.partition("Most urgent")[2], re.MULTILINE)
    assert urgent == ["recruiting-screen", "example.org/acme/document-search", "org.acme/claims-triage"]

    (report,) = re.findall(r"^Report: +(.*)$", told, re.MULTILINE)
    assert Path(report) == folder / "aimscope-report.html"
    assert "recruiting-screen" in Path(report).read_text("utf-8")

    (command,) = re.findall(r"^Next: +(.*)$", told, re.MULTILINE)
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert "condition broken: providers is mistral" in shown.stdout


def test_it_shows_the_same_on_every_day_and_changes_nothing_in_the_example(tmp_path: Path) -> None:
    folder = tmp_path / "demo-output"
    before = {path: path.read_bytes() for path in ACME.iterdir() if path.is_file()}
    told = demo(folder, SOURCE_DATE_EPOCH="1800000000")
    report = (folder / "aimscope-report.json").read_bytes()
    (folder / "aims-scope.yaml").write_text("played with\n")
    assert demo(folder, SOURCE_DATE_EPOCH="1900000000") == told
    assert (folder / "aimscope-report.json").read_bytes() == report
    assert {path: path.read_bytes() for path in ACME.iterdir() if path.is_file()} == before


def test_it_never_removes_what_is_no_demo(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with pytest.raises(click.ClickException, match="something else than an earlier demo"):
        copy_acme(tmp_path)
    assert precious.read_text() == "mine"
