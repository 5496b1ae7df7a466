"""The statement as DOCX, in our look or in the styles of the user's own template.

Numbers of pages are fields, which the word processor works out. The list of contents links to the headings; it gets its
page numbers when its reader updates it.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Final

import docx
from docx.shared import Emu

from scanner.statement import docx_parts as parts
from scanner.statement.blocks import Fields, Mark, Paragraph, runs
from scanner.statement.docx_look import CELL, CLAUSE, GAP, LABEL, NOTE, TABLE, dress
from scanner.statement.look import COLOUR, HEAD, TINT
from scanner.statement.sections import document
from scanner.statement.templating import TemplateFaultError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement

    from scanner.statement.blocks import Block, Document, Section, Table
    from scanner.statement.model import Statement

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a member of a ZIP file can have."""


def render(statement: Statement, template: Path | None = None) -> bytes:
    """The statement as DOCX; the same statement and template give the same bytes.

    Args:
        statement: What is told.
        template: A document whose styles, page, head and foot are taken; its text is not.

    Raises:
        TemplateFaultError: The template is no DOCX document.
    """
    shown = document(statement)
    word = _opened(template)
    dress(word, shown, own=template is not None)
    end = word.sections[-1]._sectPr  # noqa: SLF001 - python-docx has no public way to it
    for element in _Writer(word).elements(shown):
        end.addprevious(element)
    _describe(word, shown)
    file = io.BytesIO()
    word.save(file)
    return _without_clock(file)


def _opened(template: Path | None) -> Word:
    if template is None:
        word = docx.Document()
        parts.drop_thumbnail(word)
        return word
    try:
        word = docx.Document(str(template))
    except Exception as error:  # whatever is wrong in a file of the user's, another has to be named
        mend = "Name a document that a word processor saved as .docx."
        raise TemplateFaultError(f"{template}: cannot be used as a template for DOCX. {mend}") from error
    for child in list(word.element.body)[:-1]:
        word.element.body.remove(child)
    return word


class _Writer:
    """Makes the elements of a document's body."""

    def __init__(self, word: Word) -> None:
        self._styles = {style.name: style for style in word.styles}
        page = word.sections[-1]
        self._width = Emu((page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)).twips
        self._bookmarks = 0

    def elements(self, shown: Document) -> Iterator[BaseOxmlElement]:
        if shown.organisation:
            yield self._paragraph("Subtitle", shown.organisation)
        yield self._paragraph("Title", shown.title)
        yield self._paragraph("Subtitle", shown.subtitle)
        first, *others = shown.sections
        yield from self._section(first)
        yield from self._contents(shown)
        for number, section in enumerate(others):
            yield from self._section(section, new_page=not number)

    def _section(self, section: Section, *, new_page: bool = False) -> Iterator[BaseOxmlElement]:
        yield self._heading(section, new_page=new_page)
        if section.clause:
            yield self._paragraph(CLAUSE, section.clause)
        for block in section.blocks:
            yield from self._block(block)
        for part in section.parts:
            yield from self._section(part)

    def _heading(self, section: Section, *, new_page: bool) -> BaseOxmlElement:
        style = f"Heading {section.level}"
        text = section.title if parts.numbers_itself(self._styles[style]) else section.heading
        self._bookmarks += 1
        content = parts.bookmarked(_lines((text,)), section.name, self._bookmarks)
        return parts.paragraph(self._id(style), content, new_page=new_page)

    def _contents(self, shown: Document) -> Iterator[BaseOxmlElement]:
        yield parts.paragraph(self._id("TOC Heading"), _lines(("Contents",)), new_page=True)
        levels = max(entry.level for entry in shown.contents)
        start = parts.field_start(f'TOC \\o "1-{levels}" \\h \\z \\u')
        for entry in shown.contents:
            content = [*start, parts.link(parts.run(entry.heading), entry.name)]
            if entry is shown.contents[-1]:
                content.append(parts.field_end())
            yield parts.paragraph(self._id(f"toc {entry.level}"), content)
            start = []

    def _block(self, block: Block) -> Iterator[BaseOxmlElement]:
        if isinstance(block, Paragraph):
            yield self._prose(block)
        else:
            yield self._fields(block) if isinstance(block, Fields) else self._table(block)
            # Two tables with nothing between them would become one.
            yield self._paragraph(GAP, "")

    def _prose(self, block: Paragraph) -> BaseOxmlElement:
        if not block.lead:
            return self._paragraph("Normal", block.text, mark=block.mark)
        content = [parts.run(f"{block.lead} ", bold=True), *_lines((block.text,))]
        return parts.paragraph(self._id(NOTE), content, note=(TINT[block.mark], COLOUR[block.mark]))

    def _fields(self, block: Fields) -> BaseOxmlElement:
        widths = self._widths((26, 74))
        rows = []
        for number, (label, cell) in enumerate(block.rows, 1):
            together = number < len(block.rows)
            first = self._paragraph(LABEL, label, keep=together)
            second = self._paragraph(CELL, *cell.shown, mark=cell.mark, keep=together)
            rows.append(parts.row([parts.cell(widths[0], first, HEAD), parts.cell(widths[1], second)]))
        return parts.table(self._id(TABLE), widths, rows)

    def _table(self, block: Table) -> BaseOxmlElement:
        widths = self._widths(block.widths)
        labels = [self._paragraph(LABEL, head, keep=True) for head in block.heads]
        rows = [parts.row(map(parts.cell, widths, labels, [HEAD] * len(widths)), heads=True)]
        for cells in block.rows:
            written = [self._paragraph(CELL, *cell.shown, mark=cell.mark) for cell in cells]
            rows.append(parts.row(map(parts.cell, widths, written)))
        return parts.table(self._id(TABLE), widths, rows)

    def _widths(self, shares: Sequence[int]) -> list[int]:
        return [self._width * share // sum(shares) for share in shares]

    def _paragraph(self, style: str, *lines: str, mark: Mark = Mark.PLAIN, keep: bool = False) -> BaseOxmlElement:
        return parts.paragraph(self._id(style), _lines(lines, mark), keep=keep)

    def _id(self, style: str) -> str:
        return str(self._styles[style].style_id)


def _lines(lines: Iterable[str], mark: Mark = Mark.PLAIN) -> Iterator[BaseOxmlElement]:
    """Lines of text; what stands between backticks in bold."""
    colour = "" if mark is Mark.PLAIN else COLOUR[mark]
    for number, line in enumerate(lines):
        if number:
            yield parts.line_break()
        for part, code in runs(line):
            yield parts.run(part, bold=code, colour=colour)


def _describe(word: Word, shown: Document) -> None:
    """The properties of the document: nothing of the one who made the template, and no clock."""
    properties, made = word.core_properties, datetime.fromisoformat(shown.created).replace(tzinfo=None)
    properties.title, properties.subject = shown.title, _short(shown.subtitle)
    properties.author, properties.last_modified_by = _short(shown.organisation), "aimscope"
    properties.created = properties.modified = made
    properties.comments = properties.keywords = ""
    properties.language, properties.revision = "en-GB", 1


def _short(text: str) -> str:
    """What a property may hold: 255 characters."""
    return text[:255]


def _without_clock(file: io.BytesIO) -> bytes:
    """The document without the time at which it was saved, its members in the order in which they came."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(file) as saved, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in saved.namelist():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), saved.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
