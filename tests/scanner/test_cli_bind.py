"""`aimscope review --bind`: suggestions by name, and a person who says which is right."""

from __future__ import annotations

import json

import pytest

from scanner.commands import review_bind
from tests.scanner.estate import Estate

IMPORTED = """
entries:
  - id: app-7
    name: The chat
    status: in_scope
    purpose: Answers with OpenAI.
  - id: app-8
    name: Menu planner
    status: in_scope
"""


@pytest.fixture
def imported(scanned: Estate) -> Estate:
    """A scanned organisation whose register was imported: names, and no bindings."""
    scope = scanned.read("aims-scope.yaml")
    scanned.write("aims-scope.yaml", scope[: scope.index("\nentries:")] + IMPORTED)
    return scanned


def at_terminal(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr(review_bind, "_at_terminal", lambda: True)
    given = iter(answers)
    monkeypatch.setattr(review_bind.click, "prompt", lambda *_, **__: next(given))


def test_suggestions_say_why_and_write_nothing(imported: Estate) -> None:
    before = imported.read("aims-scope.yaml")
    shown = imported("review", "--bind")
    assert shown.code == 1
    (row,) = shown.rows
    assert (row["entry"], row["name"]) == ("app-7", "chat")
    assert "words chat" in row["agrees"]
    assert "vendor openai" in row["agrees"]
    assert f"aimscope review --bind app-7={row['system']}" in shown.err
    assert imported.read("aims-scope.yaml") == before
    assert not (imported.folder / "aims-decisions.jsonl").exists()


def test_as_json_they_are_the_same(imported: Estate) -> None:
    told = json.loads(imported("review", "--bind", "--format", "json").out)
    assert told["unbound"] == 2
    first, second = told["suggestions"]
    assert (first["entry"], first["systems"][0]["name"]) == ("app-7", "chat")
    assert 40 <= first["systems"][0]["score"] <= 100
    assert second["systems"] == []


@pytest.mark.parametrize("answer", ["n", "skip", "quit"])
def test_what_is_not_confirmed_is_not_bound(imported: Estate, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    at_terminal(monkeypatch, answer)
    before = imported.read("aims-scope.yaml")
    assert imported("review", "--bind").code == 1
    assert imported.read("aims-scope.yaml") == before


def test_what_is_confirmed_is_bound_and_recorded(imported: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch, "y")
    asked = imported("review", "--bind")
    assert asked.code == 1, "one entry is left"
    assert "Adopted: in for sys-" in asked.out
    assert "aims-scope.yaml: entry app-7 changed" in asked.out
    row = imported.verdict()
    assert (row["status"], imported("ledger", "verify").code) == ("in_scope", 0)


def test_a_script_names_entry_and_system(imported: Estate) -> None:
    system = imported.id_of()
    bound = imported("review", "--bind", f"app-8={system}", "--by", "Ben <ben@example.org>")
    assert bound.code == 0
    assert "by Ben <ben@example.org>" in bound.out
    again = imported("review", "--bind", f"app-7={system}")
    assert again.code == 2
    assert "bound by `app-8` already" in again.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--bind", "nothing=sys-1"), "`nothing` is no entry"),
        (("--bind", "app-7"), "has no `=`"),
        (("--bind", "app-7=chat"), "a name decides nothing"),
        (("--bind", "--all"), "--bind shows no queue"),
        (("--format", "json"), "--format is for --bind"),
    ],
)
def test_what_cannot_be_bound_is_refused(imported: Estate, arguments: tuple[str, ...], why: str) -> None:
    ended = imported("review", *arguments)
    assert ended.code == 2
    assert why in ended.err
