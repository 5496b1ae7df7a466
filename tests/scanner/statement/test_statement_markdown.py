from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scanner.statement import markdown
from scanner.statement.model import Statement
from scanner.statement.sections import document


def tokens(text: str) -> list[Token]:
    """What a CommonMark reader with tables makes of it, inline parts included."""
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [*parsed, *(child for token in parsed for child in token.children or ())]


def test_the_example_organisation(told: Statement, golden: Callable[[str, str], None]) -> None:
    golden("acme.md", markdown.render(told).decode())


def test_every_heading_is_one_and_every_row_has_the_cells_of_its_table(hostile: Statement) -> None:
    text = markdown.render(hostile).decode()
    parsed = tokens(text)
    shown = document(hostile)
    headings = [token for token in parsed if token.type == "heading_open"]
    assert len(headings) == 1 + sum(1 + len(section.parts) for section in shown.sections)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table


def test_nothing_from_others_becomes_markup(hostile: Statement) -> None:
    parsed = tokens(markdown.render(hostile).decode())
    assert {token.content for token in parsed if token.type in {"html_inline", "html_block"}} == {"<br>"}
    assert not [token for token in parsed if token.type in {"image", "link_open", "s_open", "fence"}]


def test_nothing_from_others_acts_on_a_terminal(hostile: Statement) -> None:
    assert markdown.render(hostile).decode().replace("\n", "").isprintable()
