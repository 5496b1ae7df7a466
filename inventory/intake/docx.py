"""Reads Word documents: headings by their style, paragraphs, list items and tables. Nothing in them is run or fetched."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.blocks import Block, Cells, Heading, Place, Table, Text
from inventory.intake.problem import IntakeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAX_UNPACKED: Final = 256 * 1024 * 1024
_MAX_PARTS: Final = 10_000
_MAX_BLOCKS: Final = 200_000
_LEVEL: Final = re.compile(r"(?:heading|title|überschrift)\s*(\d)?\Z", re.IGNORECASE)


def read_docx(path: Path) -> Iterator[Block]:
    """The blocks of a document.

    Raises:
        IntakeError: python-docx is not installed, or the file is no document or larger than is read.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise IntakeError(
            f'{path}: reading DOCX needs python-docx. Run `pip install "aimscope[documents]"`, or save it as Markdown.'
        ) from error
    _refuse(path)
    try:
        document = Document(str(path))
    except Exception as error:  # whatever the broken part of an archive leads python-docx to
        raise IntakeError(f"{path}: is no document that can be read ({type(error).__name__}). Save it anew.") from error
    yield from _blocks(document, path)


def _refuse(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise IntakeError(f"{path}: is no DOCX document. Save it as DOCX or Markdown.") from error
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise IntakeError(f"{path}: unpacks to more than a document should. Save its text as Markdown.")


def _blocks(document: Any, path: Path) -> Iterator[Block]:
    headings: list[tuple[int, str]] = []
    number = tables = 0
    for part in document.iter_inner_content():
        number += 1
        if number > _MAX_BLOCKS:
            raise IntakeError(f"{path}: has more than {_MAX_BLOCKS} paragraphs. Split it.")
        place = Place(path.name, number, "paragraph", tuple(text for _, text in headings))
        if hasattr(part, "rows"):
            tables += 1
            yield Table([*_rows(part)], iter(()), replace(place, unit=f"table {tables}, row"))
        elif not part.text.strip():
            continue
        elif (level := _level(part)) is not None:
            headings = [(depth, text) for depth, text in headings if depth < level]
            headings.append((level, " ".join(part.text.split())))
            yield Heading(Place(path.name, number, "paragraph", tuple(text for _, text in headings)))
        else:
            yield Text(_text(part), _is_item(part), place)


def _rows(table: Any) -> Iterator[Cells]:
    for number, row in enumerate(table.rows, 1):
        # A merged cell is given once for each column that it spans.
        yield Cells([cell.text.strip() for cell in row.cells], number)


def _level(paragraph: Any) -> int | None:
    found = _LEVEL.match(_style(paragraph))
    return int(found[1] or 0) if found else None


def _is_item(paragraph: Any) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001 - python-docx shows no numbering of a paragraph
    return _style(paragraph).lower().startswith("list") or (properties is not None and properties.numPr is not None)


def _text(paragraph: Any) -> str:
    """What it says; one that is bold as a whole is marked, since it may be meant as a heading."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    return f"**{paragraph.text.strip()}**" if bold else str(paragraph.text)


def _style(paragraph: Any) -> str:
    return str(paragraph.style.name or "") if paragraph.style is not None else ""
