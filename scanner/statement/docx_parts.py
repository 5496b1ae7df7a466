"""The elements of a word-processing document: paragraphs, runs, tables, fields, bookmarks.

They are those of ECMA-376, part 1, and stand in the order of its schema. python-docx has no part of its own for fields,
bookmarks and rows that repeat, and is slow where a document has thousands of cells; it keeps the package and the styles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import BaseStyle

_THUMBNAIL: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"


def element(name: str, /, *children: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """An element of the main namespace, with its attributes and children."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(children)
    return made


def paragraph(
    style: str,
    content: Iterable[BaseOxmlElement],
    *,
    keep: bool = False,
    new_page: bool = False,
    note: tuple[str, str] | None = None,
) -> BaseOxmlElement:
    """A paragraph.

    Args:
        style: Id of its style.
        content: What stands in it.
        keep: Whether it stays on the page of what follows.
        new_page: Whether it begins a page.
        note: The shade behind it and the bar at its left, where it is set apart.
    """
    properties = element("pPr", element("pStyle", val=style))
    if keep:
        properties.append(element("keepNext"))
    if new_page:
        properties.append(element("pageBreakBefore"))
    if note:
        shade, edge = note
        properties.append(element("pBdr", element("left", val="single", sz="24", space="6", color=edge)))
        properties.append(element("shd", val="clear", color="auto", fill=shade))
    return element("p", properties, *content)


def run(text: str, *, bold: bool = False, colour: str = "") -> BaseOxmlElement:
    """A stretch of text."""
    made, properties = element("r"), element("rPr")
    if bold:
        properties.append(element("b"))
    if colour:
        properties.append(element("color", val=colour))
    if len(properties):
        made.append(properties)
    made.append(_text("t", text))
    return made


def line_break() -> BaseOxmlElement:
    """The end of a line within a paragraph."""
    return element("r", element("br"))


def field(instruction: str, shown: Iterable[BaseOxmlElement]) -> list[BaseOxmlElement]:
    """A field that the word processor works out, and what it shows until then."""
    return [*field_start(instruction), *shown, field_end()]


def field_start(instruction: str) -> list[BaseOxmlElement]:
    """The beginning of a field; what follows up to its end is shown until it is worked out."""
    asked = element("r", _text("instrText", f" {instruction} "))
    return [
        element("r", element("fldChar", fldCharType="begin")),
        asked,
        element("r", element("fldChar", fldCharType="separate")),
    ]


def field_end() -> BaseOxmlElement:
    """The end of a field."""
    return element("r", element("fldChar", fldCharType="end"))


def bookmarked(content: Iterable[BaseOxmlElement], name: str, number: int) -> list[BaseOxmlElement]:
    """Content under a name that links can go to."""
    start = element("bookmarkStart", id=str(number), name=_bookmark(name))
    return [start, *content, element("bookmarkEnd", id=str(number))]


def link(content: BaseOxmlElement, name: str) -> BaseOxmlElement:
    """Content that leads to a bookmark."""
    return element("hyperlink", content, anchor=_bookmark(name), history="1")


def table(style: str, widths: Sequence[int], rows: Iterable[BaseOxmlElement]) -> BaseOxmlElement:
    """A table with columns of these widths, in twentieths of a point."""
    properties = element(
        "tblPr",
        element("tblStyle", val=style),
        element("tblW", w=str(sum(widths)), type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="0420", firstRow="1", noVBand="1"),
    )
    columns = element("tblGrid", *(element("gridCol", w=str(width)) for width in widths))
    return element("tbl", properties, columns, *rows)


def row(cells: Iterable[BaseOxmlElement], *, heads: bool = False) -> BaseOxmlElement:
    """A row that no page breaks, unless it is longer than one; `heads` stand on every page that the table reaches."""
    properties = element("trPr", element("cantSplit"))
    if heads:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def cell(width: int, content: BaseOxmlElement, shade: str = "") -> BaseOxmlElement:
    """A cell of a width, with a paragraph in it."""
    properties = element("tcPr", element("tcW", w=str(width), type="dxa"))
    if shade:
        properties.append(element("shd", val="clear", color="auto", fill=shade))
    return element("tc", properties, content)


def numbers_itself(style: BaseStyle) -> bool:
    """Whether a style of headings brings its own numbers."""
    return bool(style.element.xpath("w:pPr/w:numPr"))


def drop_thumbnail(word: Document) -> None:
    """Takes out the picture of another document that the library's own template brings."""
    related = word.part.package.rels if word.part.package else {}
    for key in [key for key, relation in related.items() if relation.reltype == _THUMBNAIL]:
        del related[key]


def _text(name: str, text: str) -> BaseOxmlElement:
    made = element(name)
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made


def _bookmark(name: str) -> str:
    """The name of a bookmark: forty letters, digits and underlines at most."""
    return name.replace("-", "_")[:40]
