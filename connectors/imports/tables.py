"""Reads an export as tables, whatever wrote it: spreadsheets, CSV of any separator and encoding, JSON lists and lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from connectors.imports.opening import opened
from connectors.imports.problem import ImportProblem
from connectors.imports.spreadsheets import Row, is_spreadsheet, opened_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from connectors.imports.spreadsheets import Sheet

MAX_COLUMNS: Final = 1000
MAX_ROWS: Final = 5_000_000
_MAX_LINE: Final = 1024 * 1024
_MAX_CELL: Final = 65536
_MAX_JSON: Final = 256 * 1024 * 1024
_MAX_DEPTH: Final = 3
_PREAMBLE: Final = 40
"""How many lines of titles and notes may stand above the header."""

_JSON: Final = re.compile(r"[\ufeff\s]*(?:\[\s*[\[{\]]|\{\s*[\"}])")
_SEPARATORS: Final = ",;\t|"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(slots=True)
class Table:
    """A table that is read as it is asked for.

    Attributes:
        first: Its first rows, of which one may be the header.
        rest: All further rows. Reading on may raise `ImportProblem`; the rows before stand.
        dropped: Why rows could not be read, and how many.
        sheet: The sheet that it is; none where the file is one table.
        problem: Why it ends within its first rows where it should not; empty where it does not.
    """

    first: list[Row]
    rest: Iterator[Row]
    dropped: Counter[str] = field(default_factory=Counter)
    sheet: Sheet | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """Name of its sheet; empty where the file is one table."""
        return self.sheet.name if self.sheet else ""

    @property
    def hidden(self) -> bool:
        """Whether it is a sheet that people who open the workbook do not see."""
        return self.sheet is not None and self.sheet.hidden

    def below(self, header: int) -> Iterator[Row]:
        """The rows after the header."""
        yield from self.first[header + 1 :]
        yield from self.rest


@contextmanager
def opened_tables(path: Path) -> Iterator[tuple[Table, ...]]:
    """The tables of a file: each sheet of a spreadsheet, hidden ones too; else the one that it is.

    Raises:
        ImportProblem: It cannot be read, or holds none.
    """
    with opened(path) as stream:
        if not (isinstance(stream, io.BufferedReader) and is_spreadsheet(stream.peek(8))):
            yield (read_table(stream),)
            return
    with opened_workbook(path) as sheets:
        yield tuple(map(_of_sheet, sheets))


def read_table(stream: BinaryIO) -> Table:
    """The table in a file of text.

    Raises:
        ImportProblem: It holds none.
    """
    start = stream.read(64 * 1024)
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    dropped: Counter[str] = Counter()
    if _JSON.match(start.decode(encoding, "replace")):
        rows = _records(start + stream.read(_MAX_JSON + 1 - len(start)), encoding, dropped)
    else:
        rows = _delimited(_lines(start, stream, encoding, dropped), dropped)
    return _table(rows, dropped)


def _of_sheet(sheet: Sheet) -> Table:
    dropped: Counter[str] = Counter()
    return _table((row for row in sheet.rows() if _fits(row.cells, dropped)), dropped, sheet)


def _table(rows: Iterator[Row], dropped: Counter[str], sheet: Sheet | None = None) -> Table:
    first: list[Row] = []
    try:
        first.extend(islice(rows, _PREAMBLE))
    except ImportProblem as problem:
        if sheet is None and not first:
            raise
        return Table(first, iter(()), dropped, sheet, str(problem))
    return Table(first, rows, dropped, sheet)


def _fits(cells: list[str], dropped: Counter[str]) -> bool:
    if len(cells) <= MAX_COLUMNS:
        return True
    dropped["too many columns"] += 1
    return False


def _lines(start: bytes, stream: BinaryIO, encoding: str, dropped: Counter[str]) -> Iterator[str]:
    """Lines of bounded length, without bytes that no text has."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    kept, skipping, chunk = "", False, start
    while chunk:
        text = kept + decoder.decode(chunk).replace("\x00", "")
        *lines, kept = text.split("\n")
        for line in lines:
            if skipping or len(line) > _MAX_LINE:
                dropped["too long"] += 1
            else:
                yield line + "\n"
            skipping = False
        if len(kept) > _MAX_LINE:
            kept, skipping = "", True
        chunk = stream.read(1024 * 1024)
    if skipping:
        dropped["too long"] += 1
    elif kept:
        yield kept


def _delimited(lines: Iterator[str], dropped: Counter[str]) -> Iterator[Row]:
    """Rows of delimited text; one that csv cannot read is counted, and the next line read."""
    head = [line for _, line in zip(range(_PREAMBLE), lines, strict=False)]
    separator = max(_SEPARATORS, key=lambda one: (max((line.count(one) for line in head), default=0), one == ","))

    def every() -> Iterator[str]:
        yield from head
        yield from lines

    reader = csv.reader(every(), delimiter=separator, skipinitialspace=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            dropped["not readable"] += 1
            continue
        if any(row) and _fits(row, dropped):
            yield Row(reader.line_num, [cell[:_MAX_CELL] for cell in row])


def _records(content: bytes, encoding: str, dropped: Counter[str]) -> Iterator[Row]:
    """JSON objects as rows below a header of all their keys."""
    if len(content) > _MAX_JSON:
        raise ImportProblem(f"is larger than {_MAX_JSON >> 20} MB of JSON; export it as CSV or as JSON lines")
    text = content.decode(encoding, "replace")
    try:
        given = _listed(json.loads(text))
    except (ValueError, RecursionError):
        given = list(_json_lines(text, dropped))
    records = [flat for one in given[:MAX_ROWS] if (flat := dict(_flat(one, "", 0)))]
    header = list(dict.fromkeys(key for record in records for key in record))[:MAX_COLUMNS]
    if not header:
        raise ImportProblem("holds no list of objects; export it as CSV or as a JSON list")
    yield Row(0, header)
    for number, record in enumerate(records, 1):
        yield Row(number, [record.get(key, "") for key in header])


def _json_lines(text: str, dropped: Counter[str]) -> Iterator[Any]:
    for line in text.splitlines():
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                dropped["not readable"] += 1


def _listed(given: Any) -> list[Any]:
    """The list of objects: the whole, or the longest below one of its keys, as `value` or `apps`."""
    if isinstance(given, list):
        return given
    lists = [held for held in given.values() if isinstance(held, list)] if isinstance(given, dict) else []
    return max(lists, key=len) if lists else [given]


def _flat(given: Any, prefix: str, depth: int) -> Iterable[tuple[str, str]]:
    if isinstance(given, dict) and depth < _MAX_DEPTH:
        for key, held in given.items():
            yield from _flat(held, f"{prefix} {key}".strip(), depth + 1)
    elif isinstance(given, list):
        yield prefix, "; ".join(str(one) for one in given if isinstance(one, str | int | float))[:_MAX_CELL]
    elif given is not None and not isinstance(given, dict):
        yield prefix, str(given)[:_MAX_CELL]
