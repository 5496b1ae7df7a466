"""Reads a file, whatever its format, and gives what it declares."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from inventory.intake.blocks import Heading
from inventory.intake.docx import read_docx
from inventory.intake.markdown import read_markdown
from inventory.intake.merge import Merger, assign_ids
from inventory.intake.problem import IntakeError
from inventory.intake.statement import StatementReader
from inventory.intake.systems import SystemReader, finish
from inventory.intake.tables import read_tables
from inventory.intake.taken import Taken
from inventory.intake.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from inventory.intake.blocks import Block, Table
    from inventory.intake.mapping import Mapping

_MAX_TEXT: Final = 32 * 1024 * 1024
_TEXTS: Final = frozenset({".md", ".markdown", ".mdown", ".txt", ".text"})
_TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson", ".gz"})


def read(path: Path, *, mapping: Mapping | None, sheet: str, status: str) -> Taken:
    """What a file declares.

    Args:
        path: The file.
        mapping: How its columns are read; none to recognise it.
        sheet: The sheet of a spreadsheet; empty for all that people see.
        status: Status of what declares none that is clear; empty where a person is asked.

    Raises:
        IntakeError: It cannot be read, or nothing in it was understood.
    """
    taken = Taken()
    merger = Merger(taken.remarks)
    known = words()
    systems = SystemReader(known, taken, merger, status)
    with ExitStack() as stack:
        blocks = _blocks(path, sheet, stack)
        StatementReader(known, taken, systems, mapping).read(blocks)
    drafts = merger.drafts()
    finish(drafts, known, taken, status)
    taken.entries = assign_ids(drafts)
    if mapping is not None and not taken.mapping.startswith(f"{mapping.id}:"):
        raise IntakeError(f"{path}: has no table with the columns {', '.join(mapping.needs)}, which the mapping needs.")
    if not (taken.rows["read"] or taken.document or taken.context or taken.boundaries or taken.records):
        raise IntakeError(
            f"{path}: nothing in it was understood as a scope statement or an inventory. Give its headings or columns usual "
            "names, or write a mapping (docs/scope-import.md)."
        )
    return taken


def _blocks(path: Path, sheet: str, stack: ExitStack) -> Iterable[Block]:
    ending = path.suffix.lower()
    if ending in _TABLES:
        return _tables(stack.enter_context(read_tables(path, sheet)))
    if sheet:
        raise IntakeError(f"{path}: is no spreadsheet and has no sheets. Leave --sheet out.")
    if ending == ".docx":
        return read_docx(path)
    if ending in _TEXTS:
        return read_markdown(_text(path), path.name)
    raise IntakeError(f"{path}: is none of the formats that are read. Save it as .md, .docx, .xlsx or .csv.")


def _tables(tables: Iterable[Table]) -> Iterator[Block]:
    for table in tables:
        if table.first:
            yield Heading(table.place)
            yield table


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_TEXT + 1)
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error.strerror}. Name a file that you may read.") from error
    if len(content) > _MAX_TEXT:
        raise IntakeError(f"{path}: is larger than {_MAX_TEXT >> 20} MB. Split it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
