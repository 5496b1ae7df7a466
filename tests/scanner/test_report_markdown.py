from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scanner.reports import markdown
from scanner.reports.plain import plain
from tests.scanner.report_result import (
    HOSTILE,
    empty_result,
    hostile_result,
    large_result,
    rich_result,
    undeclared_result,
)

JOB_SUMMARY = 1024 * 1024


def tokens(text: str) -> list[Token]:
    """What a CommonMark reader with tables makes of it, inline parts included."""
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [*parsed, *(child for token in parsed for child in token.children or ())]


def test_every_status_is_told(golden: Callable[[str, str], None]) -> None:
    golden("report.md", markdown.render(rich_result()))


def test_a_newcomer_is_told_what_to_do_next(golden: Callable[[str, str], None]) -> None:
    golden("report-undeclared.md", markdown.render(undeclared_result()))


def test_coverage_comes_first_and_decisions_next() -> None:
    headings = re.findall(r"(?m)^## (.+)$", markdown.render(rich_result()))
    assert headings[:2] == ["What was covered, and what was not", "What needs a decision first"]


def test_no_ai_is_said_in_a_few_lines() -> None:
    text = markdown.render(empty_result())
    assert "**Found: no AI.**" in text
    assert len(text) < 1000


def test_nothing_hostile_is_live() -> None:
    found = tokens(markdown.render(hostile_result()))
    assert not {token.type for token in found} & {"link_open", "image", "s_open"}
    ours = re.compile(r"</?(details|summary)>")
    assert not [token.content for token in found if token.type == "html_inline" and not ours.fullmatch(token.content)]
    blocks = [token.content for token in found if token.type == "html_block"]
    assert all(re.fullmatch(r"(<details><summary>[\w ,():.]+</summary>|</details>)\n*", block) for block in blocks)


def test_hostile_text_makes_no_structure() -> None:
    """As many headings, rows and cells as for honest text."""

    def structure(text: str) -> list[int]:
        return [
            sum(token.type == sort for token in tokens(text))
            for sort in ("hr", "blockquote_open", "fence", "code_block")
        ]

    assert structure(markdown.render(hostile_result())) == structure(markdown.render(rich_result()))
    lines = markdown.render(hostile_result()).splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("| ---")]
    for head in heads:
        columns = lines[head].count("---")
        for row in lines[head + 1 :]:
            if not row.startswith("|"):
                break
            (body,) = [
                token for token in tokens("\n".join([*lines[head - 1 : head + 1], row])) if token.type == "tbody_open"
            ]
            assert body
            assert len(re.findall(r"(?<!\\)\|", row)) == columns + 1


def test_nobody_is_mentioned_and_no_address_is_linked() -> None:
    text = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown.render(hostile_result()))
    shown = text.replace("&#8203;", "\u200b").replace("\\", "")
    assert not re.search(r"@\w|#\d|https?://|www\.\w", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    wanted = plain(text)
    inline = MarkdownIt("commonmark").parseInline(markdown.escape(wanted))[0].children or []
    assert "".join(token.content for token in inline).replace("\u200b", "") == wanted


@given(st.text(max_size=60))
def test_escaping_leaves_no_markup_in_any_text(text: str) -> None:
    wanted = plain(text)
    inline = MarkdownIt("commonmark").parse(f"- {markdown.escape(wanted)} {markdown.code(wanted)}")
    kinds = {child.type for token in inline for child in token.children or ()}
    assert kinds <= {"text", "text_special", "code_inline", "softbreak"}
    assert [token.type for token in inline if token.level == 0] == ["bullet_list_open", "bullet_list_close"]


def test_a_large_report_fits_a_job_summary() -> None:
    assert len(markdown.render(large_result()).encode()) < JOB_SUMMARY


def test_a_report_that_would_not_fit_ends_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "LARGEST", 5000)
    text = markdown.render(rich_result())
    assert len(text.encode()) < 5200
    assert "This summary ends here" in text


def test_the_same_result_gives_the_same_text() -> None:
    assert markdown.render(rich_result()) == markdown.render(rich_result())
