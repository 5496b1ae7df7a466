from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from scanner.statement import pdf
from scanner.statement.model import Statement
from scanner.statement.sections import document


def opened(statement: Statement) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.render(statement)))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def bookmarks(reader: PdfReader) -> list[Destination]:
    found: list[Destination] = []
    waiting = list(reader.outline)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, Destination):
            found.append(one)
        else:
            waiting = [*one, *waiting]
    return found


def headings_with_pages(reader: PdfReader) -> list[tuple[str, int]]:
    return [(str(one.title), reader.get_destination_page_number(one) or 0) for one in bookmarks(reader)]


def test_its_pages_are_a4_numbered_and_headed(told: Statement) -> None:
    reader = opened(told)
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]
        text = page.extract_text()
        assert f"Page {number} of {total}" in text
        assert "Scope of the AI management system" in text


def test_contents_and_bookmarks_name_the_page_of_every_section(told: Statement) -> None:
    reader, shown = opened(told), document(told)
    found = headings_with_pages(reader)
    assert [title for title, _ in found] == [
        one.heading for section in shown.sections for one in (section, *section.parts)
    ]
    contents = reader.pages[1].extract_text()
    for title, page in found:
        assert title in lines(reader.pages[page].extract_text()), title
        assert title in contents
    assert re.findall(r"(?m)^\s*(\d+)$", contents) == [str(page + 1) for _, page in found]


@pytest.mark.parametrize("systems", range(2, 12, 3))
def test_no_heading_stands_alone_at_the_end_of_a_page(told: Statement, systems: int) -> None:
    reader = opened(replace(told, in_scope=told.in_scope[:systems]))
    for title, page in headings_with_pages(reader):
        after = lines(reader.pages[page].extract_text().partition(title)[2])
        assert len([line for line in after if not line.startswith(("Version ", "Page "))]) >= 2, title


def test_the_heads_of_a_table_stand_on_each_of_its_pages(told: Statement) -> None:
    reader = opened(replace(told, revisions=told.revisions * 8))
    pages = dict(headings_with_pages(reader))
    first, last = pages["11 Revision history"], pages["About this document"]
    assert last - first > 3
    assert all("Day, event" in reader.pages[page].extract_text() for page in range(first, last))


def test_the_longest_texts_are_told_whole(told: Statement) -> None:
    text = " ".join(f"word{number}" for number in range(480))
    reader = opened(replace(told, revisions=tuple(replace(one, because=text) for one in told.revisions[:3])))
    said = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert said.count("word479") == 3


def test_what_others_wrote_is_text(hostile: Statement) -> None:
    reader = opened(hostile)
    said = "".join(page.extract_text() for page in reader.pages)
    assert "<script>" in said
    assert not [page for page in reader.pages if any("/A" in one.get_object() for one in page.get("/Annots", []))]
    assert "/OpenAction" not in reader.trailer["/Root"]


def test_a_character_that_the_font_has_not_is_told_by_its_code(told: Statement) -> None:
    control = replace(told.control, organisation="Żółć Ωμέγα Привет 株 שלום")
    first = opened(replace(told, control=control)).pages[0].extract_text()
    assert "Żółć Ωμέγα Привет [U+682A] [U+05E9]" in first


def test_its_properties_tell_of_the_statement_and_of_no_clock(told: Statement) -> None:
    about = opened(told).metadata
    assert about is not None
    assert (about.title, about.author) == ("Scope of the AI management system", "Acme Retail Ltd")
    assert about.creation_date_raw == about.modification_date_raw == "D:20261116030000Z"
