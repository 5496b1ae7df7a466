"""A decision stays decided over rescans, renames, moved files and newer catalogs; a dismissal until its evidence changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scanner.estate import CHAT, PROJECT, Estate

ROWS = """\
theme: Ours
rows:
  - id: acme-oracle
    name: Acme Oracle
    role: provider
    hosts: [oracle.acme.example]
    examples: {match: ["host:oracle.acme.example"], never: ["host:acme.example"]}
    source: https://wiki.acme.example/oracle
    checked: 2026-11-23
"""

Happening = Callable[[Estate], None]


def nothing(_: Estate) -> None:
    """A rescan."""


def a_file_moves(estate: Estate) -> None:
    _move(estate, "services/chat/chat.py", "services/chat/src/answers.py")


def a_folder_moves(estate: Estate) -> None:
    """The project keeps its name, so that the anchor of its manifest still names it."""
    (estate.folder / "apps").mkdir()
    (estate.folder / "services/chat").rename(estate.folder / "apps/chat")


def a_project_is_renamed(estate: Estate) -> None:
    estate.write("apps/chat/pyproject.toml", PROJECT.replace('"chat"', '"assistant"'))


def a_line_moves(estate: Estate) -> None:
    estate.write("services/chat/src/answers.py", f'"""Answers."""\n\n\n{CHAT}')


def the_catalog_is_newer(estate: Estate) -> None:
    estate.write("rows.yaml", ROWS)
    estate.write("aimscope.yaml", estate.read("aimscope.yaml") + "\ncatalog: [rows.yaml]\n")


HAPPENINGS = [nothing, a_file_moves, a_line_moves, a_folder_moves, a_project_is_renamed, the_catalog_is_newer]


@pytest.mark.parametrize(("answer", "status"), [("in", "in_scope"), ("not-ai", "dismissed")])
def test_what_was_decided_stays_decided_over_one_after_the_other(scanned: Estate, answer: str, status: str) -> None:
    system = scanned.id_of()
    assert scanned("decide", system, answer, "--because", "Looked at it.").code == 0
    for happens in HAPPENINGS:
        happens(scanned)
        assert scanned.scan() == 0, happens.__name__
        rows = [row for row in scanned("review", "--all").rows if row["id"].startswith("sys-")]
        assert [(row["id"], row["status"]) for row in rows] == [(system, status)], happens.__name__


def more_is_used(estate: Estate) -> None:
    estate.write("services/chat/more.py", "import anthropic\n\nclient = anthropic.Anthropic()\n")


def less_is_left(estate: Estate) -> None:
    estate.write("services/chat/chat.py", "from openai import OpenAI\n\nclient = OpenAI()\n")


@pytest.mark.parametrize("happens", [more_is_used, less_is_left], ids=lambda one: one.__name__)
def test_what_was_dismissed_comes_back_when_its_evidence_changes(scanned: Estate, happens: Happening) -> None:
    scanned("decide", scanned.id_of(), "not-ai", "--because", "A stub.")

    happens(scanned)

    assert scanned.scan() == 1
    row = scanned.verdict()
    assert row["status"] == "changed"
    assert "its evidence has changed since" in row["why"]


def test_what_was_dismissed_as_a_test_comes_back_when_it_leaves_the_tests(scanned: Estate) -> None:
    _move(scanned, "services/chat/chat.py", "services/chat/tests/test_chat.py")
    scanned.write("services/chat/pyproject.toml", PROJECT.replace(', dependencies = ["openai>=1"]', ""))
    scanned.scan()
    scanned("decide", scanned.id_of(), "not-ai", "--because", "Only a test.")
    scanned.scan()
    assert scanned.verdict()["status"] == "dismissed"

    _move(scanned, "services/chat/tests/test_chat.py", "services/chat/chat.py")

    scanned.scan()
    assert scanned.verdict()["status"] == "changed"


def _move(estate: Estate, old: str, new: str) -> None:
    content = estate.read(old)
    Path(estate.folder, old).unlink()
    estate.write(new, content)
