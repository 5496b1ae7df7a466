"""`aimscope scope render`, as its user calls it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from scanner import demo
from scanner.commands.scope_render import command
from scanner.statement import formats

FILES = ("scope.md", "scope.html", "scope.docx", "scope.pdf")

Render = Callable[..., Result]

SCRIPT = """
import sys
from scanner.commands.scope_render import command
command(sys.argv[1:], standalone_mode=False)
"""


@pytest.fixture
def render(acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Render:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", demo.CLOCK)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, ["--settings", str(acme / "aimscope.yaml"), *arguments])

    return run


def test_it_writes_every_format(render: Render, tmp_path: Path) -> None:
    ended = render(*FILES)
    assert ended.exit_code == 0, ended.output
    assert ended.stderr.splitlines() == [f"Statement: {name}" for name in FILES]
    beginnings = [(tmp_path / name).read_bytes()[:4] for name in FILES]
    assert beginnings == [b"# Sc", b"<!DO", b"PK\x03\x04", b"%PDF"]


def test_it_prints_what_is_text(render: Render) -> None:
    assert render("markdown").stdout.startswith("# Scope of the AI management system: Acme Retail Ltd\n")
    assert render("html").stdout.startswith("<!DOCTYPE html>\n")
    assert "ends in .pdf" in render("pdf").output


def test_the_same_input_gives_the_same_bytes(acme: Path, tmp_path: Path) -> None:
    digests = []
    for number, timezone in enumerate(("UTC", "Asia/Tokyo")):
        folder = tmp_path / str(number)
        folder.mkdir()
        environment = {**os.environ, "SOURCE_DATE_EPOCH": demo.CLOCK, "PYTHONHASHSEED": str(number), "TZ": timezone}
        arguments = [
            sys.executable,
            "-c",
            SCRIPT,
            "--settings",
            str(acme / "aimscope.yaml"),
            *(str(folder / one) for one in FILES),
        ]
        subprocess.run(arguments, env=environment, cwd=demo.ROOT, check=True, capture_output=True)
        digests.append([hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a.md", "a.txt"], "a.txt: its ending names no format of the statement. Use one of: .md, .markdown, .html"),
        (["a.md", "nowhere/a.md"], "nowhere/a.md: there is no such folder"),
        (["a.md", "--template", "house.j2"], "house.j2: cannot be read"),
        (["a.md", "b.md", "--template", "house.j2"], "--template is for one format"),
        (["a.pdf", "--template", "house.j2"], "pdf takes no template"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_written_is_said(render: Render, tmp_path: Path, arguments: list[str], says: str) -> None:
    ended = render(*arguments)
    assert ended.exit_code != 0
    assert says in " ".join(ended.output.split())
    assert not list(tmp_path.iterdir())


def test_it_never_writes_over_what_it_is_made_from(render: Render, acme: Path, tmp_path: Path) -> None:
    house = tmp_path / "house.md"
    house.write_text("mine")
    assert "is a file that the statement is made from" in render("house.md", "--template", "house.md").output
    assert house.read_text() == "mine"


def test_a_missing_library_is_named_with_the_mend(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str) -> object:
        raise ModuleNotFoundError(name="reportlab")

    monkeypatch.setattr(formats, "import_module", missing)
    ended = render("a.pdf")
    assert "pdf needs reportlab, which is not installed" in ended.output
    assert "pip install 'aimscope[documents]'" in " ".join(ended.output.split())
    assert isinstance(ended.exception, SystemExit | click.ClickException)
