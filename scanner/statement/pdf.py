"""The statement as PDF: A4, numbered pages, contents with page numbers, bookmarks, table heads on every page.

The fonts are in the package, so that the pages look the same everywhere. They have the Latin, Greek and Cyrillic
scripts; a character of another is shown by its code, as U+4E2D, and never left out.
"""

from __future__ import annotations

import unicodedata
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, PropertySet
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, PageBreak, PageTemplate, Spacer, TableStyle
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Grid
from reportlab.platypus.tableofcontents import TableOfContents

from scanner.statement.blocks import Fields, Mark, Paragraph, Table, runs
from scanner.statement.look import ACCENT, COLOUR, HEAD, INK, LINE, MUTED, TINT
from scanner.statement.sections import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

    from scanner.statement.blocks import Block, Cell, Document, Section
    from scanner.statement.model import Statement

_FONTS: Final = Path(__file__).parent / "fonts"
_REGULAR, _BOLD = "LiberationSans", "LiberationSans-Bold"
_SIDE, _TOP, _BOTTOM = 20 * mm, 24 * mm, 22 * mm
_WIDTH: Final = A4[0] - 2 * _SIDE
_HEIGHT: Final = A4[1] - _TOP - _BOTTOM
_SMALL: Final = 7.5
_ROOM: Final = 42 * mm
"""So much must fit on the page below a heading, so that none stands alone at its end."""


def render(statement: Statement) -> bytes:
    """The statement as PDF; the same statement gives the same bytes."""
    _register_fonts()
    shown = document(statement)
    file = BytesIO()
    _Pages(file, shown).multiBuild(list(_story(shown)))
    return file.getvalue()


@cache
def _register_fonts() -> None:
    for name, file in ((_REGULAR, "LiberationSans-Regular.ttf"), (_BOLD, "LiberationSans-Bold.ttf")):
        registerFont(TTFont(name, _FONTS / file))
    registerFontFamily(_REGULAR, normal=_REGULAR, bold=_BOLD, italic=_REGULAR, boldItalic=_BOLD)


class _Pages(BaseDocTemplate):
    """Lays the pages out until the list of contents is right: each pass knows the numbers of the one before."""

    def __init__(self, file: BytesIO, shown: Document) -> None:
        super().__init__(
            file,
            pagesize=A4,
            invariant=1,
            pageCompression=1,
            lang="en-GB",
            title=shown.title,
            author=_visible(shown.organisation),
            subject=_visible(shown.subtitle),
            creator="aimscope",
            producer="aimscope",
        )
        self._shown = shown
        self._contents = frozenset(one.name for one in shown.contents)
        self._pages = self._laid_out = 0
        frame = Frame(
            _SIDE, _BOTTOM, _WIDTH, _HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id="text"
        )
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._head_and_foot))

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's name
        self._pages, self._laid_out = self._laid_out, 0
        digits = "".join(filter(str.isdigit, self._shown.created))[:14]
        self.canv.setDateFormatter(lambda *_: f"D:{digits:0<14}Z")

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if isinstance(flowable, _Heading) and flowable.section:
            section, level = flowable.section, flowable.section.level - 1
            self.canv.bookmarkPage(section.name)
            self.canv.addOutlineEntry(_visible(section.heading), section.name, level, closed=True)
            if section.name in self._contents:
                self.notify("TOCEntry", (level, _text(section.heading), self.page, section.name))

    def _head_and_foot(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        self._laid_out = number = canvas.getPageNumber()
        left, right, top, bottom = _SIDE, A4[0] - _SIDE, A4[1] - 15 * mm, 14 * mm
        canvas.setFont(_REGULAR, _SMALL)
        canvas.setFillColor(HexColor(f"#{MUTED}"))
        canvas.setStrokeColor(HexColor(f"#{LINE}"))
        canvas.setLineWidth(0.5)
        if number > 1:
            canvas.drawString(left, top, _fitting(_visible(self._shown.organisation), _WIDTH / 2))
            canvas.drawRightString(right, top, self._shown.title)
            canvas.line(left, top - 2 * mm, right, top - 2 * mm)
        canvas.line(left, bottom + 4 * mm, right, bottom + 4 * mm)
        canvas.drawString(left, bottom, _fitting(_visible(self._shown.footer), _WIDTH - 30 * mm))
        canvas.drawRightString(right, bottom, f"Page {number} of {self._pages}")


class _Heading(Flowing):
    """A heading that the list of contents and the bookmarks lead to."""

    section: Section | None = None


def _story(shown: Document) -> Iterator[Flowable]:
    if shown.organisation:
        yield Flowing(_text(shown.organisation), _style("organisation"))
    yield Flowing(_text(shown.title), _style("title"))
    yield Flowing(_text(shown.subtitle), _style("subtitle"))
    first, *others = shown.sections
    yield from _section(first)
    yield PageBreak()
    yield Flowing("Contents", _style("h1"))
    yield _contents()
    yield PageBreak()
    for section in others:
        yield from _section(section)


def _section(section: Section) -> Iterator[Flowable]:
    yield from _heading(section, "h1")
    if section.clause:
        yield Flowing(_text(section.clause), _style("clause"))
    yield from _blocks(section)
    for part in section.parts:
        yield from _heading(part, "h2")
        yield from _blocks(part)


def _heading(section: Section, style: str) -> Iterator[Flowable]:
    yield CondPageBreak(_ROOM)
    heading = _Heading(_text(section.heading), _style(style))
    heading.section = section
    yield heading


def _contents() -> TableOfContents:
    tight = TableStyle([(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")])
    styles: list[PropertySet] = [_style("toc1"), _style("toc2")]
    return TableOfContents(levelStyles=styles, dotsMinLevel=-1, rightColumnWidth=12 * mm, tableStyle=tight)


def _blocks(section: Section) -> Iterator[Flowable]:
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Flowable]:
    if isinstance(block, Paragraph):
        lead = f"<b>{block.lead}</b> " if block.lead else ""
        yield Flowing(lead + _text(block.text), _style(f"note-{block.mark}" if lead else block.mark))
        return
    grid = _fields(block) if isinstance(block, Fields) else _table(block)
    if grid is not None:
        yield grid
        yield Spacer(0, 3 * mm)


def _fields(block: Fields) -> Grid | None:
    rows = [[Flowing(_text(label), _style("label")), _cell(cell)] for label, cell in block.rows]
    return _grid(rows, (26, 74), heads=0) if rows else None


def _table(block: Table) -> Grid | None:
    heads = [Flowing(_text(head), _style("label")) for head in block.heads]
    rows = [[_cell(cell) for cell in row] for row in block.rows]
    return _grid([heads, *rows], block.widths, heads=1) if rows else None


class _Grid(Grid):
    """A table that breaks between rows, and within one only where it is longer than a page."""

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803 - reportlab's names
        self.splitInRow = 0
        parts: list[Flowable] = super().split(availWidth, availHeight)
        if parts or availHeight < _HEIGHT - _ROOM:
            return parts
        self.splitInRow = 1
        return list(super().split(availWidth, availHeight))


def _grid(rows: list[list[Any]], widths: Sequence[int], heads: int) -> Grid:
    line, shade = HexColor(f"#{LINE}"), HexColor(f"#{HEAD}")
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, line),
        ("LINEABOVE", (0, 0), (-1, 0), 0.5, line),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("BACKGROUND", (0, 0), (-1, 0) if heads else (0, -1), shade),
    ]
    columns = [_WIDTH * width / sum(widths) for width in widths]
    return _Grid(rows, colWidths=columns, repeatRows=heads, style=look, hAlign="LEFT", spaceBefore=1 * mm)


def _cell(cell: Cell) -> Any:
    return [Flowing(_text(line), _style(f"cell-{cell.mark}")) for line in cell.shown]


def _text(text: str) -> str:
    """A text in the markup of reportlab: escaped, and what stands between backticks in bold."""
    return "".join(f"<b>{escape(_visible(part))}</b>" if code else escape(_visible(part)) for part, code in runs(text))


def _visible(text: str) -> str:
    """A text of which the font has every character, the others by their codes."""
    return "".join(character if _has(character) else f"[U+{ord(character):04X}]" for character in text)


@cache
def _has(character: str) -> bool:
    """Whether the font has a character, and it is written from left to right: reportlab would turn the others round."""
    return ord(character) in _glyphs() and unicodedata.bidirectional(character) not in {"R", "AL", "AN"}


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(TTFont(_REGULAR, _FONTS / "LiberationSans-Regular.ttf").face.charToGlyph)


def _fitting(text: str, width: float) -> str:
    """A text that fits on one line of the head or the foot."""
    if stringWidth(text, _REGULAR, _SMALL) <= width:
        return text
    while text and stringWidth(f"{text}…", _REGULAR, _SMALL) > width:
        text = text[:-1]
    return f"{text}…"


@cache
def _style(name: str) -> ParagraphStyle:
    return _styles()[name]


@cache
def _styles() -> dict[str, ParagraphStyle]:
    ink, muted, accent = (HexColor(f"#{colour}") for colour in (INK, MUTED, ACCENT))
    base = ParagraphStyle(
        "base",
        fontName=_REGULAR,
        fontSize=9.5,
        leading=13.5,
        textColor=ink,
        spaceAfter=6,
        splitLongWords=1,
        embeddedHyphenation=1,
        uriWasteReduce=0.3,
    )
    heading = partial(ParagraphStyle, parent=base, fontName=_BOLD, textColor=accent, keepWithNext=1)
    styles = [
        ParagraphStyle("organisation", base, fontSize=11, leading=15, textColor=muted, spaceAfter=0),
        heading("title", fontSize=21, leading=26, spaceAfter=2),
        ParagraphStyle("subtitle", base, fontSize=10.5, textColor=muted, spaceAfter=8),
        heading("h1", fontSize=14, leading=18, spaceBefore=14, spaceAfter=4),
        heading("h2", fontSize=11, leading=14, spaceBefore=9, spaceAfter=4),
        ParagraphStyle("clause", base, fontSize=8, leading=10, textColor=muted, spaceAfter=5, keepWithNext=1),
        ParagraphStyle("label", base, fontName=_BOLD, fontSize=8.2, leading=10.8, spaceAfter=0),
        ParagraphStyle("toc1", base, fontName=_BOLD, fontSize=9, leading=13, spaceAfter=0),
        ParagraphStyle("toc2", base, fontSize=8.5, leading=11.5, leftIndent=6 * mm, spaceAfter=0),
    ]
    for mark in Mark:
        colour = HexColor(f"#{COLOUR[mark]}")
        styles.append(ParagraphStyle(mark.value, base, textColor=colour))
        styles.append(ParagraphStyle(f"cell-{mark}", base, fontSize=8.2, leading=10.8, spaceAfter=0, textColor=colour))
    for mark, tint in TINT.items():
        styles.append(
            ParagraphStyle(
                f"note-{mark}", base, backColor=HexColor(f"#{tint}"), borderPadding=4, leftIndent=6, rightIndent=6,
                spaceBefore=13, spaceAfter=13,
            )
        )  # fmt: skip
    return {style.name: style for style in styles}
