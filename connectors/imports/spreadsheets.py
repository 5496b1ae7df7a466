"""Reads spreadsheets (XLSX) row by row, in bounded memory, and never trusts them.

Nothing in a spreadsheet is computed: of a formula the value counts that the program saved with it. Where none was saved,
the cell is empty and the sheet says so, as it does of merged cells.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connectors.imports.opening import most_unpacked
from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

MAX_SHEETS: Final = 256
MAX_SHEET_ROWS: Final = 1_048_576
"""As many as spreadsheet programs can hold."""

MAX_CELLS: Final = 50_000_000
"""Cells of a sheet, the empty ones between others among them."""

_MAX_TEXT: Final = 65_536
_MAX_HELD: Final = 512 * 1024 * 1024
"""To how much the parts may unpack that are held in memory: texts, styles, names."""

_MAX_SHEETS: Final = 4 * 1024 * 1024 * 1024
_MAX_MERGED: Final = 10_000

_EXACT: Final = 1 << 53
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES: Final = "[Content_Types].xml"
_WORKBOOK: Final = "ml.sheet.main+xml"
_WORKSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CHUNK: Final = 1024 * 1024
_LONGEST: Final = 64 * 1024
"""The longest piece of a sheet's XML that is looked for: a formula has 8,192 characters at most."""

_ROOT: Final = re.compile(rb"<(\w{1,20}:)?worksheet[\s>]")
_TEXT_RESULT: Final = re.compile(rb"\st=[\"']str[\"']")
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


class Row(NamedTuple):
    """One row of a table.

    Attributes:
        number: Where it stands: the number that the spreadsheet shows, the line of a text, the place in a JSON list.
        cells: Its cells as text; days in ISO 8601.
    """

    number: int
    cells: list[str]


class Merged(NamedTuple):
    """A range of cells that are shown as one; columns and rows count from 1."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    def __str__(self) -> str:
        from openpyxl.utils import get_column_letter

        first, last = get_column_letter(self.first_column), get_column_letter(self.last_column)
        return f"{first}{self.first_row}:{last}{self.last_row}"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of a sheet do not say.

    Attributes:
        merged: Ranges that are shown as one cell; the first cell holds what they say.
        formulas: Cells whose value a program computed.
        valueless: Those of them of which no value is saved: they read as empty.
    """

    merged: tuple[Merged, ...]
    formulas: int
    valueless: int


class Sheet:
    """One sheet of a workbook.

    Args:
        name: As its tab says.
        hidden: Whether people who open the workbook do not see it.
        values: Gives the values of its rows anew, those of empty rows among them.
        xml: Opens what the file says of it.

    Attributes:
        errors: How many of the cells read so far hold the error of a formula; they read as empty.
    """

    def __init__(
        self,
        name: str,
        *,
        hidden: bool,
        values: Callable[[], Iterator[Sequence[Any]]],
        xml: Callable[[], IO[bytes]],
    ) -> None:
        self.name = name
        self.hidden = hidden
        self.errors = 0
        self._values = values
        self._xml = xml

    @cached_property
    def layout(self) -> Layout:
        """What the rows do not say.

        Raises:
            ImportProblem: The sheet is broken.
        """
        with _broken():
            return _layout(self._xml)

    def rows(self) -> Iterator[Row]:
        """Its rows that are not empty. A text that is merged over several rows stands in each of them, a number in one.

        Raises:
            ImportProblem: The sheet is broken, or larger than what is read; the rows before it stand.
        """
        above = _Above(self.layout.merged)
        cells = 0
        with _broken():
            for number, values in enumerate(self._values(), 1):
                filled = above.filled(number, values)
                cells += len(filled) + 1
                if number > MAX_SHEET_ROWS or cells > MAX_CELLS:
                    raise ImportProblem(
                        f"sheet `{self.name}` has more than {MAX_SHEET_ROWS} rows or {MAX_CELLS} cells; split it"
                    )
                texts = [self._text(value) for value in filled]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    yield Row(number, texts)

    def _text(self, value: Any) -> str:
        if isinstance(value, str) and value in _ERRORS:
            self.errors += 1
            return ""
        return cell_text(value)


def is_spreadsheet(start: bytes) -> bool:
    """Whether a file may be a spreadsheet, by its first bytes: a ZIP archive, or what old and encrypted ones are in."""
    return start.startswith((_ZIP, _OLE))


@contextmanager
def opened_workbook(path: Path) -> Iterator[tuple[Sheet, ...]]:
    """The sheets of a workbook, in their order.

    Raises:
        ImportProblem: It is none, is broken, or unpacks to more than is read.
    """
    from openpyxl import load_workbook

    # What programs add to a sheet (styles, extensions) and odd dates are no matter of the user's.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    with ExitStack() as stack:
        with _broken():
            stream = stack.enter_context(path.open("rb"))
            _refuse(stream, path.stat().st_size)
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            stack.callback(workbook.close)
            if len(workbook.worksheets) > MAX_SHEETS:
                raise ImportProblem(f"has more than {MAX_SHEETS} sheets; split it")
            sheets = tuple(map(_sheet, workbook.worksheets))
        yield sheets


def cell_text(value: Any) -> str:
    """The value of a cell as text: days in ISO 8601, numbers without a needless fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)[:_MAX_TEXT].replace("\x00", "").strip()


def _sheet(worksheet: Any) -> Sheet:
    # What a file says of its size is often wrong, and cuts it off or pads it without end.
    worksheet.reset_dimensions()
    return Sheet(
        worksheet.title,
        hidden=worksheet.sheet_state != "visible",
        values=lambda: worksheet.iter_rows(values_only=True),
        xml=worksheet._get_source,  # noqa: SLF001 - openpyxl shows no merged cells of what it only reads
    )


def _refuse(stream: IO[bytes], packed: int) -> None:
    """Refuses what is no workbook, and what unpacks to more than is read.

    Raises:
        ImportProblem: Says which.
    """
    if stream.read(len(_OLE)) == _OLE:
        raise ImportProblem("is an old or an encrypted spreadsheet; save it as XLSX, without a password")
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        sheets = _sheet_parts(archive)
    read = sum(part.file_size for part in parts if part.filename in sheets)
    held = sum(part.file_size for part in parts) - read
    if held > min(_MAX_HELD, most_unpacked(packed)) or read > min(_MAX_SHEETS, most_unpacked(packed)):
        raise ImportProblem("unpacks to more than a spreadsheet of its size should; save the sheet as CSV")
    stream.seek(0)


def _sheet_parts(archive: zipfile.ZipFile) -> frozenset[str]:
    """The parts that are read row by row: those that the workbook says are sheets and nothing else.

    Raises:
        ImportProblem: It is no workbook.
    """
    from defusedxml.ElementTree import fromstring

    types: defaultdict[str, set[str]] = defaultdict(set)
    if _TYPES in archive.namelist() and archive.getinfo(_TYPES).file_size <= _CHUNK:
        for part in fromstring(archive.read(_TYPES)).iter():
            types[part.get("PartName", "").removeprefix("/")].add(part.get("ContentType", ""))
    if not any(_WORKBOOK in kind for kinds in types.values() for kind in kinds):
        raise ImportProblem("is an archive and no XLSX spreadsheet; unpack it, or save the spreadsheet as XLSX")
    return frozenset(name for name, kinds in types.items() if kinds == {_WORKSHEET})


class _Above:
    """Fills the rows of merged ranges with the text of the first."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._tall = sorted((one for one in merged if one.last_row > one.first_row), key=lambda one: one.first_row)
        self._next = 0
        self._open: dict[int, tuple[int, str]] = {}

    def filled(self, number: int, values: Sequence[Any]) -> list[Any]:
        """The values of a row, those of merged ranges that began above it among them."""
        filled = list(values)
        for column, (last_row, text) in [*self._open.items()]:
            if last_row < number:
                del self._open[column]
                continue
            filled += [None] * (column - len(filled))
            filled[column - 1] = text if filled[column - 1] is None else filled[column - 1]
        while self._next < len(self._tall) and self._tall[self._next].first_row <= number:
            one = self._tall[self._next]
            self._next += 1
            value = filled[one.first_column - 1] if one.first_column <= len(filled) else None
            if one.first_row == number and isinstance(value, str):
                self._open[one.first_column] = (one.last_row, value)
        return filled


def _layout(xml: Callable[[], IO[bytes]]) -> Layout:
    """Looks for formulas and merged ranges in a sheet's XML, piece by piece: to parse it whole takes 50 times as long."""
    merged: list[Merged] = []
    formulas = valueless = 0
    kept = b""
    with xml() as stream:
        chunk = stream.read(_CHUNK)
        root = _ROOT.search(chunk)
        formula, merge = _expressions((root and root[1]) or b"")
        while chunk:
            text = kept + chunk
            chunk = stream.read(_CHUNK)
            certain = len(text) - _LONGEST if chunk else len(text)
            done = max(certain, 0)
            for found in _before(formula.finditer(text), certain):
                formulas += 1
                cell = text[text.rfind(b"<", 0, found.start()) : found.start()]
                valueless += found[1] is not None and not _TEXT_RESULT.search(cell)
                done = max(done, found.end())
            for found in _before(merge.finditer(text), certain):
                if len(merged) < _MAX_MERGED:
                    merged.append(_merged(found))
                done = max(done, found.end())
            kept = text[done:]
    return Layout(tuple(sorted(merged)), formulas, valueless)


def _before(found: Iterator[re.Match[bytes]], certain: int) -> Iterator[re.Match[bytes]]:
    """Those that begin where the text that is still to come cannot change them."""
    return takewhile(lambda one: one.start() < certain, found)


def _expressions(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What a formula, with what follows where no value is saved with it, and a merged range look like.

    Args:
        prefix: What stands before the names of a sheet's tags.
    """
    formula = (
        rb"<@f(?:\s[^<>]{0,500})?(?:/>|>[^<]{0,60000}</@f>)(\s*(?:<@v\s*/>|<@v>\s*</@v>)?\s*</@c>)?",
        rb"<@mergeCell\s[^<>]{0,200}?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']",
    )
    first, second = (re.compile(expression.replace(b"@", prefix)) for expression in formula)
    return first, second


def _merged(found: re.Match[bytes]) -> Merged:
    from openpyxl.utils import column_index_from_string

    first, last = (column_index_from_string(found[place].decode()) for place in (1, 3))
    return Merged(first, int(found[2]), last, int(found[4]))


@contextmanager
def _broken() -> Iterator[None]:
    """Turns whatever the broken part of a file leads its reader to into a problem."""
    try:
        yield
    except ImportProblem:
        raise
    except OSError as error:
        raise ImportProblem(f"{error.strerror or 'is broken'}; name a file that can be read") from error
    except Exception as error:
        raise ImportProblem(
            f"is a broken spreadsheet ({type(error).__name__}); open it, save it as XLSX, and import that"
        ) from error
