"""Reads the fields of an entry out of its lines, as `render` writes them; everything else the YAML reader reads.

A scope document of 100,000 entries is read this way in a second, and in minutes by a YAML reader.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from inventory.yaml_file import InputError, Problem, parse_yaml

_KEY: Final = re.compile(r"( *)(- )?([a-z_][a-z_:\w]*):(?: (.*))?\Z")
_PLAIN: Final = re.compile(r"[A-Za-z](?:[\w,.;()/&+'\u2019\u2013@-]| (?![ #]))*(?<=[\w.)])(?= *\Z|  # )")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?= *\Z|  # )")
_RESERVED: Final = re.compile(r"(?:yes|no|on|off|null|y|n)\Z", re.IGNORECASE)
_DECODER: Final = json.JSONDecoder()
_BESIDE: Final = re.compile(r" *(?:  #.*)?\Z")


class _OtherwiseError(Exception):
    """The lines are written in another way."""


def fields_of(text: str, name: str, line: int) -> dict[str, Any]:
    """The fields of one entry.

    Args:
        text: The lines of an item of a list, comments above it included.
        name: What messages call the file.
        line: Where the lines begin.

    Raises:
        InputError: It is no mapping, or no YAML that we take.
    """
    try:
        return _quickly(text.split("\n"))
    except _OtherwiseError:
        return _as_yaml(text, name, line)


def _as_yaml(text: str, name: str, line: int) -> dict[str, Any]:
    try:
        value = parse_yaml(text.encode(), name).value
    except InputError as error:
        moved = [Problem(one.file, one.line + line - 1, one.what, one.mend) for one in error.problems]
        raise InputError(moved) from error
    if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)):
        raise InputError([Problem(name, line, "an entry is no mapping", "Write one field a line.")])
    return value[0]


def _quickly(lines: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    column = -1
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            at += 1
            continue
        found = _KEY.match(line)
        if found is None or (found[2] is not None) != (column < 0):
            raise _OtherwiseError
        if column < 0:
            column = len(found[1]) + 2
        elif len(found[1]) != column:
            raise _OtherwiseError
        at, fields[found[3]] = _value(lines, at, found[4] or "", column)
    if column < 0:
        raise _OtherwiseError
    return fields


def _value(lines: list[str], at: int, written: str, column: int) -> tuple[int, Any]:
    if written.startswith("|-") and _BESIDE.match(written[2:]):
        return _literal(lines, at + 1, " " * (column + 2))
    if not written.strip() or written.startswith(" #"):
        return _nested(lines, at + 1, " " * (column + 2))
    return at + 1, _scalar(written)


def _literal(lines: list[str], at: int, indent: str) -> tuple[int, str]:
    text = []
    while at < len(lines) and (lines[at].startswith(indent) or not lines[at]):
        text.append(lines[at].removeprefix(indent))
        at += 1
    if not text or text[0].startswith(" "):
        raise _OtherwiseError
    return at, "\n".join(text).rstrip("\n")


def _nested(lines: list[str], at: int, indent: str) -> tuple[int, Any]:
    """A list or a mapping of values on one line each."""
    members: list[Any] = []
    pairs: dict[str, Any] = {}
    while at < len(lines) and lines[at].startswith(indent):
        line = lines[at].removeprefix(indent)
        if line.startswith("- "):
            members.append(_scalar(line[2:]))
            at += 1
        elif (found := _KEY.match(line)) and not found[1] and not found[2]:
            at, pairs[found[3]] = _value(lines, at, found[4] or "", len(indent))
        else:
            raise _OtherwiseError
    if bool(members) == bool(pairs):
        raise _OtherwiseError
    return at, members or pairs


def _scalar(written: str) -> Any:
    if written.startswith('"'):
        try:
            text, end = _DECODER.raw_decode(written)
        except ValueError as error:
            raise _OtherwiseError from error
        if not _BESIDE.match(written[end:]):
            raise _OtherwiseError
        return text
    found = _PLAIN.match(written) or _DAY.match(written)
    if found is None or _RESERVED.match(found[0]):
        raise _OtherwiseError
    return {"true": True, "false": False}.get(found[0], found[0])
