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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demo printed, and the folder that it wrote."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    run = subprocess.run(
        [sys.executable, "-m", "scanner.demo", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, folder


def test_it_names_the_three_most_urgent_decisions(told: tuple[str, Path]) -> None:
    urgent = told[0].partition("Most urgent")[2]
    assert re.findall(r"^\d\. (.*?):", urgent, re.MULTILINE) == [
        "recruiting-screen", "example.org/acme/document-search", "org.acme/claims-triage",
    ]  # fmt: skip


def test_it_says_where_the_report_is(told: tuple[str, Path]) -> None:
    output, folder = told
    (report,) = re.findall(r"^Report: +(.*)$", output, re.MULTILINE)
    assert Path(report) == folder / "aimscope-report.html"
    assert "recruiting-screen" in Path(report).read_text("utf-8")


def test_the_next_command_works(told: tuple[str, Path]) -> None:
    (command,) = re.findall(r"^Next: +(.*)$", told[0], re.MULTILINE)
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert "mistral" in shown.stdout


def test_it_shows_the_same_on_every_day(told: tuple[str, Path], tmp_path: Path) -> None:
    again = tmp_path / "again"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1900000000"}
    subprocess.run(
        [sys.executable, "-m", "scanner.demo", str(again)], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    name = "aimscope-report.json"
    assert (again / name).read_bytes() == (told[1] / name).read_bytes()


def test_it_leaves_the_example_as_it_was(told: tuple[str, Path]) -> None:
    assert not list(ACME.glob("aimscope-report.*"))
    assert (told[1] / "aims-scope.yaml").read_bytes() == (ACME / "aims-scope.yaml").read_bytes()


def test_it_never_removes_what_is_no_demo(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with pytest.raises(click.ClickException, match="something else than an earlier demo"):
        copy_acme(tmp_path)
    assert precious.read_text() == "mine"
