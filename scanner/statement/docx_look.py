"""The styles of the DOCX: ours, or those of the user's template, which may define any of them under the same name.

Where a template has no style of a name, it gets ours. Head and foot are ours where the template has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Emu, Mm, Pt, RGBColor

from scanner.statement import docx_parts as parts
from scanner.statement.look import ACCENT, INK, LINE, MUTED

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.section import Section, _Footer, _Header
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

    from scanner.statement.blocks import Document

CLAUSE: Final = "Scope Clause"
NOTE: Final = "Scope Note"
CELL: Final = "Scope Cell"
LABEL: Final = "Scope Label"
GAP: Final = "Scope Gap"
EDGE: Final = "Scope Edge"
TABLE: Final = "Scope Table"

FONT: Final = "Arial"


@dataclass(frozen=True, slots=True)
class _Look:
    """A style of paragraphs: sizes in points, spaces before and after as well."""

    name: str
    size: float
    colour: str = INK
    bold: bool = False
    before: float = 0
    after: float = 0
    indent: float = 0
    keep: bool = False


_LOOKS: Final = (
    _Look("Normal", 9.5, after=6),
    _Look("Title", 21, ACCENT, bold=True, after=2, keep=True),
    _Look("Subtitle", 10.5, MUTED, after=4),
    _Look("Heading 1", 14, ACCENT, bold=True, before=16, after=4, keep=True),
    _Look("Heading 2", 11, ACCENT, bold=True, before=10, after=4, keep=True),
    _Look("TOC Heading", 14, ACCENT, bold=True, after=4, keep=True),
    _Look("toc 1", 9.5, bold=True, before=2),
    _Look("toc 2", 9, indent=14),
    _Look(CLAUSE, 8, MUTED, after=4, keep=True),
    _Look(NOTE, 9.5, before=4, after=8, indent=8),
    _Look(CELL, 8.5),
    _Look(LABEL, 8.5, bold=True),
    _Look(GAP, 4, after=2),
    _Look(EDGE, 7.5, MUTED),
)


def dress(word: Word, shown: Document, *, own: bool) -> None:
    """Gives a document the styles, the page, the head and the foot that it needs.

    Args:
        word: The document.
        shown: What will stand in it.
        own: Whether it is made from the user's own template, which keeps what it has.
    """
    had = {style.name for style in word.styles} if own else set()
    for look in _LOOKS:
        if look.name not in had:
            _paragraph_style(word, look)
    if TABLE not in had:
        _table_style(word)
    page = word.sections[-1]
    if not own:
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin, page.bottom_margin = Mm(24), Mm(22)
        page.header_distance = page.footer_distance = Mm(11)
        page.different_first_page_header_footer = True
    if page.header.is_linked_to_previous:
        _line(page, page.header, shown.organisation, shown.title)
    for foot in (page.footer, *([] if own else [page.first_page_footer])):
        if foot.is_linked_to_previous:
            number = _line(page, foot, shown.footer, "Page ")
            for content in (
                parts.field("PAGE", [parts.run("1")]),
                [parts.run(" of ")],
                parts.field("NUMPAGES", [parts.run("1")]),
            ):
                number._p.extend(content)  # noqa: SLF001 - python-docx has no fields


def _paragraph_style(word: Word, look: _Look) -> None:
    named = {style.name for style in word.styles}
    style = word.styles[look.name] if look.name in named else word.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    _clear(style)
    style.font.size, style.font.bold = Pt(look.size), look.bold
    style.font.color.rgb = RGBColor.from_string(look.colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = 1.15
    layout.left_indent = Pt(look.indent)
    layout.keep_with_next, layout.widow_control = look.keep, True


def _clear(style: ParagraphStyle) -> None:
    """Takes away what the library's template says of a style, fonts of a theme and lines under titles among it."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    for border in style.element.xpath("w:pPr/w:pBdr"):
        border.getparent().remove(border)
    style.font.name = FONT
    properties.append(parts.element("lang", val="en-GB"))


def _table_style(word: Word) -> None:
    style = word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    borders = (
        parts.element(side, val="single", sz="4", space="0", color=LINE) for side in ("top", "bottom", "insideH")
    )
    margins = (("top", "40"), ("left", "80"), ("bottom", "50"), ("right", "80"))
    style.element.append(
        parts.element(
            "tblPr",
            # Word sets a table out by the margin of its cells; its text would begin left of all other text.
            parts.element("tblInd", w="80", type="dxa"),
            parts.element("tblBorders", *borders),
            parts.element("tblCellMar", *(parts.element(side, w=width, type="dxa") for side, width in margins)),
        )
    )


def _line(page: Section, place: _Header | _Footer, left: str, right: str) -> Paragraph:
    """One line at the head or the foot, its second half at the right edge."""
    place.is_linked_to_previous = False
    paragraph: Paragraph = place.paragraphs[0]
    paragraph.style = EDGE
    width = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}\t{right}")
    return paragraph
