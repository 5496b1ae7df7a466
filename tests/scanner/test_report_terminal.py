from __future__ import annotations

import io
import re

import pytest

from scanner.reports import terminal
from tests.scanner.report_result import empty_result, hostile_result, large_result, rich_result, undeclared_result


class Screen(io.StringIO):
    """A terminal that takes what is written."""

    def isatty(self) -> bool:
        return True


def test_coverage_comes_first_then_verdicts_then_the_three_most_urgent() -> None:
    text = terminal.render(rich_result())
    assert text.startswith("12 of 14 sources were seen in full")
    order = [
        "Found: 13 AI systems",
        "Excluded, but the facts contradict it",
        "Most urgent",
        "1. support-bot",
        "2. pricing-agent",
        "3. cv-screening",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "4. " not in text
    assert "And 11 more subjects ask: aimscope review" in text


def test_without_a_scope_document_the_systems_are_listed() -> None:
    text = terminal.render(undeclared_result())
    assert "support-bot" in text
    assert "Most urgent" not in text
    assert "`aimscope init`" in text


def test_no_ai_is_two_lines() -> None:
    assert terminal.render(empty_result()).split("\n\n") == ["The one source was seen in full.", "Found: no AI.\n"]


def test_commands_stay_on_one_line() -> None:
    assert '   aimscope decide sys-5c0ffee001aa in --because "…"\n' in terminal.render(rich_result())


@pytest.mark.parametrize("result", [hostile_result(), rich_result()])
def test_plain_text_has_nothing_that_acts_on_a_screen(result: object) -> None:
    text = terminal.render(result)  # type: ignore[arg-type]
    assert all(line.isprintable() for line in text.split("\n"))


def test_markup_from_a_source_stays_text() -> None:
    screen = Screen()
    terminal.show(hostile_result(), screen)
    written = screen.getvalue()
    # Only colours of our own: no link, no title, no cursor movement.
    assert {sequence[-1] for sequence in re.findall(r"\x1b\[[0-9;]*[A-Za-z]", written)} <= {"m"}
    assert "\x1b]" not in written
    assert "red]rich[/bold" in written


def test_a_terminal_gets_colour_and_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = Screen()
    terminal.show(rich_result(), coloured)
    assert "\x1b[" in coloured.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Screen()
    terminal.show(rich_result(), plain)
    assert plain.getvalue() == terminal.render(rich_result())


def test_a_stream_that_knows_no_unicode_gets_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    terminal.show(rich_result(), stream)
    stream.flush()
    assert b'--because "\\u2026"' in raw.getvalue()


def test_a_large_estate_is_a_short_text() -> None:
    assert len(terminal.render(large_result()).splitlines()) < 60
