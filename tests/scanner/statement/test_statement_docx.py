from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from scanner.statement import docx as statement_docx
from scanner.statement.model import Statement
from scanner.statement.sections import document
from scanner.statement.templating import TemplateFaultError


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def headings(word: docx.document.Document) -> list[str]:
    return [one.text for one in word.paragraphs if one.style is not None and str(one.style.name).startswith("Heading ")]


def saved(word: docx.document.Document, file: Path) -> Path:
    word.save(str(file))
    return file


def test_it_has_every_section_and_every_table_with_heads_that_repeat(told: Statement) -> None:
    word, shown = opened(statement_docx.render(told)), document(told)
    assert headings(word) == [one.heading for section in shown.sections for one in (section, *section.parts)]
    tables = [
        block
        for section in shown.sections
        for one in (section, *section.parts)
        for block in one.blocks
        if block.kind != "paragraph"
    ]
    assert [len(table.rows) for table in word.tables] == [len(block.rows) + (block.kind == "table") for block in tables]
    repeating = [bool(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")) for table in word.tables]
    assert repeating == [block.kind == "table" for block in tables]


def test_the_pages_are_a4_numbered_and_no_heading_stands_alone(told: Statement) -> None:
    word = opened(statement_docx.render(told))
    page = word.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height)] == [210, 297]
    for foot in (page.footer, page.first_page_footer):
        asked = [one.text.strip() for one in foot._element.iter(qn("w:instrText"))]
        assert asked == ["PAGE", "NUMPAGES"]
    assert "Acme Retail Ltd" in page.header.paragraphs[0].text
    assert word.styles["Heading 1"].paragraph_format.keep_with_next
    assert word.styles["Heading 2"].paragraph_format.keep_with_next


def test_the_contents_lead_to_headings_that_are_there(told: Statement) -> None:
    body = opened(statement_docx.render(told)).element.body
    named = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    led_to = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    assert len(set(named)) == len(named)
    assert led_to == named


def test_what_others_wrote_is_text(hostile: Statement) -> None:
    content = statement_docx.render(hostile)
    word = opened(content)
    said = "".join(one.text or "" for one in word.element.body.iter(qn("w:t")))
    assert "<script>document.title='owned'</script>" in said
    assert said.isprintable()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert "TargetMode" not in relations


def test_its_properties_tell_of_the_statement_and_of_no_clock(told: Statement) -> None:
    properties = opened(statement_docx.render(told)).core_properties
    assert (properties.title, properties.author) == ("Scope of the AI management system", "Acme Retail Ltd")
    assert properties.created == properties.modified
    assert str(properties.created).startswith("2026-11-16 03:00:00")


def test_a_template_gives_styles_page_head_and_foot_and_not_its_text(told: Statement, tmp_path: Path) -> None:
    house = docx.Document()
    house.add_paragraph("Lorem ipsum")
    house.styles["Heading 1"].font.size = Pt(30)
    house.styles.add_style("Scope Cell", WD_STYLE_TYPE.PARAGRAPH).font.name = "Garamond"
    house.sections[0].page_width = Mm(216)
    house.sections[0].header.paragraphs[0].text = "Acme house style"
    word = opened(statement_docx.render(told, saved(house, tmp_path / "house.docx")))
    assert "Lorem ipsum" not in [one.text for one in word.paragraphs]
    assert word.styles["Heading 1"].font.size == Pt(30)
    assert word.styles["Scope Cell"].font.name == "Garamond"
    assert round(word.sections[0].page_width.mm) == 216
    assert word.sections[0].header.paragraphs[0].text == "Acme house style"
    assert [one.text for one in word.sections[0].footer._element.iter(qn("w:instrText"))] == [" PAGE ", " NUMPAGES "]


def test_a_template_whose_headings_number_themselves_gets_no_second_number(told: Statement, tmp_path: Path) -> None:
    house = docx.Document()
    for name in ("Heading 1", "Heading 2"):
        house.styles[name].element.get_or_add_pPr().append(OxmlElement("w:numPr"))
    word = opened(statement_docx.render(told, saved(house, tmp_path / "house.docx")))
    assert headings(word)[1:3] == ["Document control", "Records kept elsewhere"]


@pytest.mark.parametrize("content", [b"", b"no document", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_document_is_no_template(told: Statement, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "house.docx"
    file.write_bytes(content)
    with pytest.raises(TemplateFaultError, match=r"house\.docx: cannot be used"):
        statement_docx.render(told, file)
