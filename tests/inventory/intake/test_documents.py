from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from inventory.intake.problem import IntakeError
from inventory.scope.load import load_scope

docx = pytest.importorskip("docx")


def test_a_word_document_is_read_by_its_headings_lists_and_tables(desk, tmp_path: Path):
    path = tmp_path / "Scope.docx"
    document = docx.Document()
    document.add_heading("AIMS scope of Acme Retail", 0)
    document.add_heading("Document control", 1)
    _table(document, [("Version", "3"), ("Owner", "Maria Ops"), ("Approved by", "Lena Board")])
    document.add_heading("Scope statement", 1)
    document.add_paragraph("AI that sells and delivers.")
    document.add_heading("AI systems in scope", 1)
    _table(document, [("System", "Purpose", "Owner"), ("Support Chat", "Drafts answers", "Support")])
    document.add_heading("Out of scope", 1)
    paragraph = document.add_paragraph(style="List Bullet")
    paragraph.add_run("Canteen Bot").bold = True
    paragraph.add_run(": no effect on customers")
    document.save(str(path))

    found = desk.take_file(path)

    head = load_scope(desk.scope).document.document
    assert (head.version, head.owner, head.approved_by) == ("3", "Maria Ops", "Lena Board")
    assert head.statement == "AI that sells and delivers."
    assert desk.entries() == {
        "support-chat": {
            "id": "support-chat", "name": "Support Chat", "status": "in_scope", "owner": "Support", "purpose": "Drafts answers",
        },
        "canteen-bot": {
            "id": "canteen-bot", "name": "Canteen Bot", "status": "excluded", "justification": "no effect on customers",
        },
    }  # fmt: skip
    assert not found.asks
    text = desk.scope.read_text()
    assert "# Imported from Scope.docx table 2, row 2, AI systems in scope" in text
    assert "# Imported from Scope.docx paragraph 9, Out of scope" in text


def test_bold_paragraphs_head_the_sections_of_a_document_without_styles(desk, tmp_path: Path):
    path = tmp_path / "Scope.docx"
    document = docx.Document()
    document.add_paragraph().add_run("AI systems in scope").bold = True
    _table(document, [("System", "Purpose"), ("Support Chat", "Drafts answers")])
    document.save(str(path))

    desk.take_file(path)

    assert desk.entries()["support-chat"]["status"] == "in_scope"


def test_without_python_docx_it_says_what_to_install(desk, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)

    with pytest.raises(IntakeError, match=r'pip install "aimscope\[documents\]"'):
        desk.take("scope.docx", b"PK")


def test_what_is_no_document_or_too_large_is_refused(desk, tmp_path: Path):
    with pytest.raises(IntakeError, match="is no DOCX document"):
        desk.take("scope.docx", b"not a zip")
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (257 * 1024 * 1024))
    with pytest.raises(IntakeError, match="unpacks to more than a document should"):
        desk.take_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<w:document/>")
    with pytest.raises(IntakeError, match="no document that can be read"):
        desk.take_file(path)


def _table(document, rows) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
