"""Reads spreadsheets, CSV and JSON as tables, with the number of every row."""

from __future__ import annotations

import codecs
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from connectors.imports.opening import opened
from connectors.imports.problem import ImportProblem
from connectors.imports.spreadsheets import is_spreadsheet
from connectors.imports.tables import opened_tables, read_table
from inventory.intake.blocks import Cells, Place, Table
from inventory.intake.problem import IntakeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from connectors.imports.tables import Table as Export

_CHUNK: Final = 1024 * 1024
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextmanager
def read_tables(path: Path, sheet: str) -> Iterator[list[Table]]:
    """The tables of a file: the sheet that is named, else all that people see.

    Raises:
        IntakeError: It cannot be read, or has no such sheet. While it is read: it is broken.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
        if is_spreadsheet(start):
            with opened_tables(path) as tables:
                yield _chosen(tables, path, sheet)
        elif sheet:
            raise IntakeError(f"{path}: is no spreadsheet and has no sheets. Leave --sheet out.")
        else:
            with _as_utf8(path) as stream:
                yield [_table(read_table(stream), path, "")]
    except ImportProblem as problem:
        raise IntakeError(f"{path}: {str(problem).rstrip('.')}.") from problem
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error.strerror}. Name a file that you may read.") from error


def _chosen(tables: Iterable[Export], path: Path, sheet: str) -> list[Table]:
    found = [table for table in tables if (table.name == sheet if sheet else not table.hidden)]
    if not found:
        names = ", ".join(table.name for table in tables)
        raise IntakeError(f"{path}: has no sheet `{sheet}`. Name one of {names}.")
    return [_table(table, path, table.name) for table in found]


def _table(table: Export, path: Path, sheet: str) -> Table:
    def rows(given: Iterable[tuple[int, list[str]]]) -> Iterator[Cells]:
        for number, cells in given:
            yield Cells(cells, number)

    number = table.first[0].number if table.first else 1
    unit = "row" if table.sheet else "line"
    return Table([*rows(table.first)], rows(table.rest), Place(path.name, number, unit, (sheet,) if sheet else ()))


@contextmanager
def _as_utf8(path: Path) -> Iterator[BinaryIO]:
    """The file in UTF-8: what spreadsheets of Windows save as CSV is not."""
    with opened(path) as stream:
        utf8 = _is_utf8(stream)
    with opened(path) as stream:
        yield stream if utf8 else cast("BinaryIO", codecs.EncodedFile(stream, "utf-8", "cp1252", "replace"))


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = stream.read(_CHUNK)
    if chunk.startswith(_MARKS):
        return True  # it says what it is, and is read as that
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = stream.read(_CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
