"""XML, read into elements with lines; entities, external ones above all, are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from connectors.code.manifests.model import Problem
from connectors.code.manifests.values import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl, Locator

_MAX_TAG_LINES: Final = 50
_MAX_TEXT: Final = 10_000


@dataclass(slots=True, eq=False)
class Element:
    """An element without its namespace.

    Attributes:
        name: Local name.
        line: One-based line of its start tag.
        attributes: Attributes by name.
        text: Its own text, as it stands.
        children: Elements inside it.
        last_line: One-based line of its end tag.
    """

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)
    last_line: int = 0

    def find(self, *path: str) -> Element:
        """The element at this path, or an empty one: what is absent reads as empty."""
        element = self
        for name in path:
            element = next((child for child in element.children if child.name == name), NO_ELEMENT)
        return element

    def every(self, *path: str) -> Iterator[Element]:
        """All elements at this path."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.every(*path[1:])

    @property
    def content(self) -> str:
        """Its text without the white space around it."""
        return self.text.strip()

    @property
    def content_line(self) -> int:
        """The line on which its text begins."""
        before = self.text[: len(self.text) - len(self.text.lstrip())]
        # A line feed that is written as a reference is none of the file's.
        return min(self.line + before.count("\n"), max(self.line, self.last_line))


NO_ELEMENT: Final = Element("", 0)


def read_xml(text: str) -> tuple[Element, list[Problem]]:
    """Reads an XML document; behind a fault nothing is read, what stands before it is kept."""
    builder = _Builder()
    source = InputSource()
    source.setByteStream(BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    parser = make_parser()
    parser.setContentHandler(builder)
    try:
        parser.parse(source)
    except SAXParseException as fault:
        return builder.root, [Problem(fault.getLineNumber() or 1, "is not well-formed XML", "correct the markup")]
    except DefusedXmlException:
        return builder.root, [Problem(1, "declares entities, which are not read", "write their text in their places")]
    return builder.root, builder.problems


class _Builder(ContentHandler):
    """Builds elements from what the parser meets."""

    def __init__(self) -> None:
        super().__init__()
        self.root = NO_ELEMENT
        self.problems: list[Problem] = []
        self._open: list[Element] = []
        self._too_deep = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - sax's name
        self._locator = locator

    def _line(self) -> int:
        return (self._locator.getLineNumber() if self._locator else None) or 1

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - sax's name
        line = self._line()
        if len(self._open) == MAX_DEPTH:
            if not self._too_deep:
                self.problems.append(Problem(line, f"is nested deeper than {MAX_DEPTH} levels", "flatten it"))
            self._too_deep += 1
            return
        element = Element(name.rpartition(":")[2], line, dict(attrs.items()))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - sax's signature
        if self._too_deep:
            self._too_deep -= 1
        else:
            self._open.pop().last_line = self._line()

    def characters(self, content: str) -> None:
        if self._open and not self._too_deep and len(self._open[-1].text) < _MAX_TEXT:
            self._open[-1].text += content


def attribute_line(lines: list[str], element: Element, name: str) -> int:
    """The line on which an attribute stands, where a start tag is written over several lines."""
    if name not in element.attributes:
        return element.line
    attribute = re.compile(rf"\b{re.escape(name)}\s*=")
    rows = range(element.line, min(element.line + _MAX_TAG_LINES, len(lines) + 1))
    return next((row for row in rows if attribute.search(lines[row - 1])), element.line)
