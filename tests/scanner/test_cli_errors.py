"""Errors that a user can mend end in a sentence and exit code 2, and nothing from a source acts on the screen."""

from __future__ import annotations

import pytest

from scanner.commands.tables import show_table
from tests.scanner.estate import Estate

HOSTILE = "\\u001b[31mred\\u001b]8;;https://evil.example\\u0007 [bold]x[/bold] \\u202eevil\\u009b2J"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("decide",), "Say in one way what to record"),
        (("decide", "sys-1"), "Say in one way what to record"),
        (("decide", "--because", "x"), "Say in one way what to record"),
        (("decide", "sys-1", "maybe"), "'maybe' is not one of"),
        (("decide", "sys-1", "in", "--adopt-all"), "Say in one way what to record"),
        (("decide", "sys-1", "in", "--until", "tomorrow"), "does not match the format"),
        (("approve",), "Name the proposals to approve"),
        (("approve", "x", "--list"), "Name the proposals to approve"),
        (("approve", "x", "--because", "y"), "--because goes with --reject"),
        (("approve", "12345678"), "no open proposal"),
        (("decide", "--from", "missing.xlsx"), "missing.xlsx"),
        (("decide", "--adopt", "nothing"), "there is no entry `nothing`"),
        (("explain", "nothing"), "no system of the last scan"),
        (("report", "html", "--scan", "scan-0"), "holds no finished scan scan-0"),
        (("scope", "validate", "missing.yaml"), "missing.yaml: cannot be read"),
        (("review", "--xlsx", "no/folder/queue.xlsx"), "cannot be written"),
        (("review", "--settings", "missing.yaml"), "missing.yaml: cannot be read"),
    ],
)
def test_what_is_wrong_and_the_mend(scanned: Estate, arguments: tuple[str, ...], says: str) -> None:
    ended = scanned(*arguments)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_a_faulty_condition_says_how_one_is_written(scanned: Estate) -> None:
    ended = scanned("decide", scanned.id_of(), "in", "--condition", "regions are fine")
    assert ended.code == 2
    assert "`are` is no operation" in ended.err


@pytest.mark.parametrize(
    "command", ["review", "explain sys-123456", "decide sys-123456 in", "scope test", "report html"]
)
def test_without_a_scan_it_says_to_scan(estate: Estate, command: str) -> None:
    for _ in range(2):
        ended = estate(*command.split())
        assert ended.code == 2
        assert "no scan is stored here yet. Run `aimscope scan`" in ended.err
        assert not (estate.folder / "aimscope.db").exists()
        estate("init")


def test_without_a_scope_document_nothing_is_undeclared_and_nothing_can_be_recorded(estate: Estate) -> None:
    estate.write("aimscope.yaml", "sources: [{path: .}]\nscope:\n")
    estate.write("none.yaml", "sources: [{path: .}]\n")
    (estate.folder / "aimscope.yaml").unlink()
    estate("--quiet", "scan", ".", "--database", "aimscope.db", "--format", "none")
    review = estate("review")
    assert review.code == 0
    assert "There is no scope document" in review.err
    ended = estate("approve", "12345678")
    assert ended.code == 2
    assert "aimscope init" in ended.err


def test_a_damaged_ledger_stops_every_decision(scanned: Estate) -> None:
    system = scanned.id_of()
    scanned("decide", system, "in")
    scanned.write("aims-decisions.jsonl", scanned.read("aims-decisions.jsonl").replace("Ann", "Eve"))
    for command in (("review",), ("decide", system, "defer"), ("explain", system), ("ledger", "show")):
        ended = scanned(*command)
        assert ended.code == 2
        assert "aims-decisions.jsonl:1: not an event as it was written" in ended.err


def test_nothing_from_a_source_acts_on_the_screen(scanned: Estate) -> None:
    scanned.write("services/chat/pyproject.toml", f'[project]\nname = "{HOSTILE}"\ndependencies = ["openai"]\n')
    assert scanned.scan() == 1
    (row,) = scanned("review").rows
    printed = [
        scanned("review"),
        scanned("explain", row["id"]),
        scanned("explain", row["id"], "--format", "json"),
        scanned("explain", row["name"]),
        scanned("decide", row["id"], "in"),
        scanned("ledger", "show"),
    ]
    for one in printed:
        text = (one.out + one.err).replace("\n", "").replace("\t", "")
        assert text.isprintable(), text
        assert "\u202e" not in text


def test_a_drawn_table_takes_no_markup(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show_table(("name",), [["[red]x[/red] \x1b]8;;https://evil.example\x07"]])
    drawn = capsys.readouterr().out
    assert "[red]x[/red] \\x1b]8;;https" in drawn
    assert "\x07" not in drawn
