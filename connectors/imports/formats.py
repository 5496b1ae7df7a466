"""Reads lines of logs as the knowledge base describes their formats, and tells which format a log has."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connectors.imports.rows import Form, Format, Part, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Said(NamedTuple):
    """What a line says: where to, for whom, when, and what was done about it; empty where it does not say."""

    place: bytes
    client: bytes = b""
    time: bytes = b""
    action: bytes = b""


_EMPTY: Final = frozenset({b"", b"-", b"(empty)", b"N/A", b"n/a", b"null", b"None"})
_HOST: Final = re.compile(rb"[\"'\[(]?(?:[A-Za-z][A-Za-z0-9+.-]*:/?/)?(?:[^/@\s?#]*@)?([^/:?#\s\"'\])]+)")
_NAME: Final = re.compile(rb"[a-z0-9_*-]+(?:\.[a-z0-9_-]+)+\Z")
_QUOTED: Final = re.compile(rb'"[^"]*"|\S+')
_CLOCK: Final = re.compile(rb"\d\d:\d\d:\d\d|\d:\d\d ?[AaPp][Mm]|(?<!\d)1\d{9}")
"""The time of an event. A table that names hosts and no such time lists things: it is an export and no log."""

_SAMPLE: Final = 500
_LONG: Final = 65536
_SHARE: Final = 0.6
"""The share of sampled lines that a format must understand to be taken for a log's."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log as it was recognised.

    Attributes:
        key: Id of the row that says what its lines mean.
        format: Its format.
        header: The line that names its columns, or the empty line.
    """

    key: str
    format: Format
    header: bytes

    def columns(self) -> list[tuple[str, str]]:
        """Pairs of a column as the log calls it and what it is understood as."""
        if self.format.form is Form.COLUMNS and not self.format.positional:
            names = _names(self.format, self.header)
            return [
                (names[place], part.value)
                for part, places in _places(self.format, self.header).items()
                for place in places
            ]
        if self.format.form is Form.EXPRESSION:
            return [
                (f"as {self.format.name} writes it", part) for part in re.compile(self.format.expression).groupindex
            ]
        return [(" / ".join(map(str, names)), part.value) for part, names in self.format.fields.items()]


def host_of(place: bytes) -> bytes:
    """The host in a URL, in a host with its port, or alone, in lower case."""
    found = _HOST.match(place)
    return found[1].lower().rstrip(b".") if found else b""


def recognise(head: bytes, formats: Iterable[tuple[str, Format]]) -> Log | None:
    """The format that understands most of the first lines, of equals the first; none where all understand too few."""
    lines = head.splitlines()[:_SAMPLE]
    best: Log | None = None
    most = _SHARE
    for key, form in formats:
        header = _header(form, lines)
        if header is None:
            continue
        share = _understood(form, header, lines)
        if share > most:
            best, most = Log(key, form, header), share
    return best


def parser(form: Format, header: bytes) -> Callable[[bytes], Said | None]:
    """What reads a line of a format; it gives none for a line that is not of it."""
    makers = {Form.EXPRESSION: _expression, Form.COLUMNS: _columns, Form.PAIRS: _pairs, Form.JSON: _json}
    return makers[form.form](form, header)


def passed_over(form: Format) -> Callable[[bytes], bool]:
    """Whether a line that was not understood says nothing of its own: a comment, or what the format skips."""
    skip = re.compile(form.skip.encode()).search if form.skip else lambda _line: None
    return lambda line: line.startswith(b"#") or not line.strip() or skip(line) is not None


def _header(form: Format, lines: Sequence[bytes]) -> bytes | None:
    """The line that names the columns; empty where there need be none, none where one is missing."""
    if form.form is not Form.COLUMNS or form.positional:
        return b""
    if form.directive:
        mark = form.directive.encode()
        return next((line for line in lines if line.startswith(mark)), None)
    first = next((line for line in lines if line.strip()), b"")
    places = _places(form, first)
    return first if Part.PLACE in places and len(places) > 1 else None


def _understood(form: Format, header: bytes, lines: Sequence[bytes]) -> float:
    parse, silent = parser(form, header), passed_over(form)
    mark = form.directive.encode()
    dated = form.form is Form.JSON or (form.form is Form.COLUMNS and not form.positional and not form.directive)
    said = []
    for line in lines:
        if mark and line.startswith(mark):
            parse = parser(form, line)
        elif line != header and len(line) < _LONG and ((found := parse(line)) or not silent(line)):
            said.append(found if not dated or _CLOCK.search(line) else None)
    # The last line of a sample may be cut off.
    said = said[:-1] if len(said) > 1 else said
    named = sum(found is not None and _NAME.match(host_of(found.place)) is not None for found in said)
    return named / len(said) if said else 0.0


def _expression(form: Format, _header: bytes) -> Callable[[bytes], Said | None]:
    search = re.compile(form.expression.encode()).search
    groups = re.compile(form.expression).groupindex
    numbers = [groups.get(part.value, 0) for part in (Part.PLACE, Part.CLIENT, Part.TIME, Part.ACTION)]

    def parse(line: bytes) -> Said | None:
        found = search(line)
        return Said(*(found[number] or b"" if number else b"" for number in numbers)) if found else None

    return parse


def _columns(form: Format, header: bytes) -> Callable[[bytes], Said | None]:
    places = _places(form, header)
    order = [places.get(part, []) for part in (Part.PLACE, Part.CLIENT, Part.TIME, Part.ACTION)]
    if not order[0]:
        return lambda _line: None
    has = form.has.encode()

    def parse(line: bytes) -> Said | None:
        if has not in line:
            return None
        cells = _split(form.separator, line)
        said = Said(*(_first(cells, numbers) for numbers in order))
        return said if said.place else None

    return parse


def _first(cells: Sequence[bytes], numbers: Iterable[int]) -> bytes:
    return next((cells[number] for number in numbers if number < len(cells) and cells[number] not in _EMPTY), b"")


def _split(separator: str, line: bytes) -> list[bytes]:
    if separator == "space":
        return [cell.strip(b'"') for cell in _QUOTED.findall(line)] if b'"' in line else line.split()
    if b'"' not in line:
        return line.rstrip(b"\r").split(separator.encode())
    try:
        row = next(csv.reader([line.decode("utf-8", "replace")], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.encode() for cell in row]


def _names(form: Format, header: bytes) -> list[str]:
    line = header.removeprefix(b"\xef\xbb\xbf").removeprefix(form.directive.encode()).lstrip()
    return [cell.decode("utf-8", "replace").strip() for cell in _split(form.separator, line)][:1000]


def _places(form: Format, header: bytes) -> dict[Part, list[int]]:
    """A field to the columns in which it stands, the surest first."""
    if form.positional:
        return {part: [name for name in names if isinstance(name, int)] for part, names in form.fields.items()}
    named: dict[str, int] = {}
    for place, name in enumerate(_names(form, header)):
        named.setdefault(plain_name(name), place)
    found = {
        part: [named[plain] for name in names if (plain := plain_name(str(name))) in named]
        for part, names in form.fields.items()
    }
    return {part: places for part, places in found.items() if places}


def _pairs(form: Format, _header: bytes) -> Callable[[bytes], Said | None]:
    searches = [
        [
            re.compile(rb'(?:^|[\s,;|])%s=(?:"([^"]*)"|([^\s,;|"]*))' % re.escape(str(name)).encode()).search
            for name in form.fields.get(part, ())
        ]
        for part in (Part.PLACE, Part.CLIENT, Part.TIME, Part.ACTION)
    ]

    def value(line: bytes, names: Iterable[Callable[[bytes], re.Match[bytes] | None]]) -> bytes:
        for search in names:
            if (found := search(line)) and (held := found[1] or found[2] or b"") not in _EMPTY:
                return held
        return b""

    def parse(line: bytes) -> Said | None:
        place = value(line, searches[0])
        return Said(place, *(value(line, names) for names in searches[1:])) if place else None

    return parse


def _json(form: Format, _header: bytes) -> Callable[[bytes], Said | None]:
    order = [form.fields.get(part, ()) for part in (Part.PLACE, Part.CLIENT, Part.TIME, Part.ACTION)]

    def parse(line: bytes) -> Said | None:
        try:
            given = json.loads(line[max(0, line.find(b"{")) :].rstrip(b", \r]"))
        except (ValueError, RecursionError):
            return None
        if not isinstance(given, dict):
            return None
        said = Said(*(next((held for name in names if (held := _held(given, str(name)))), b"") for names in order))
        return said if said.place else None

    return parse


def _held(given: dict[str, Any], name: str) -> bytes:
    """The value of a key, or below keys with dots between."""
    held: Any = given.get(name)
    if held is None and "." in name:
        held = given
        for step in name.split("."):
            held = held.get(step) if isinstance(held, dict) else None
    text = str(held).encode() if isinstance(held, str | int | float) else b""
    return b"" if text in _EMPTY else text
