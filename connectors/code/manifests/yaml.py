"""YAML as manifests are written in it, read line by line into values.

Block mappings and lists, quoted and plain scalars and flow collections are read; block scalars, anchors and tags are
passed over, an alias reads as empty. Template lines (`{% … %}`, as in conda recipes) are passed over too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from connectors.code.manifests.model import Problem
from connectors.code.manifests.values import MAX_DEPTH, QUOTED, Nested, Pair, Syntax, Value, unescape

_SINGLE: Final = r"'[^'\n]*(?:''[^'\n]*)*'"
_PASSED_OVER: Final = re.compile(r"\s*(?:#.*|\{[%#].*|%.*|\.\.\.\s*)?\Z")
_KEY: Final = re.compile(
    rf"(?P<key>{QUOTED}[ \t]*|{_SINGLE}[ \t]*|(?![\"'\[{{#|>@`%])(?:[^:#]|:(?=\S)|(?<=\S)\#)*):(?=\s|$)"
)
_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+|$))+")
_COMMENT: Final = re.compile(r"(?<=\s)#.*")
_QUOTED: Final = re.compile(
    r"\"(?P<double>[^\"\\]*(?:\\.[^\"\\]*)*)\"|'(?P<single>[^']*(?:''[^']*)*)'",
    re.DOTALL,
)
_FLOW: Final = Syntax(
    re.compile(
        rf"(?:(?P<quoted>{QUOTED}|{_SINGLE})"
        r"|(?P<bare>(?:[^\s\"'{}\[\],#:&!*]|:(?=[^\s,\[\]{}]))(?:[^\n,\[\]{}:#]|:(?=[^\s,\[\]{}])|(?<=\S)\#)*))"
        r"(?P<key>[ \t]*:(?=[\s,\[\]{}]|\Z)|(?<=[\"']):)?"
        r"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<skip>[\s,]+|#[^\n]*|[&!*][^\s,\[\]{}]*)|(?P<broken>[\"'][^\n]*|.)",
        re.DOTALL,
    ),
    lone=True,
)


def read_yaml(text: str) -> tuple[Value, list[Problem]]:
    """Reads a YAML document; several documents in one file are read into one value."""
    document = _Document(text)
    document.read()
    return document.root, document.problems


@dataclass(slots=True)
class _Level:
    """An open block mapping or list, and the column in which its entries start."""

    column: int
    value: Value
    listed: bool


class _Document:
    """A document while it is read: the open levels, and the value that waits for its content."""

    def __init__(self, text: str) -> None:
        self.root = Value(1)
        self.problems: list[Problem] = []
        self._text = text
        self._lines = text.split("\n")
        self._row = 0
        self._start = 0
        self._levels: list[_Level] = []
        self._waiting: Value | None = None

    def read(self) -> None:
        while self._row < len(self._lines):
            line = self._lines[self._row]
            if line.startswith("---"):
                self._levels, self._waiting = [], None
                line = "   " + line[3:]
            if not _PASSED_OVER.match(line):
                content = line.lstrip()
                self._entry(len(line) - len(content), content.rstrip())
            self._next_row()

    def _next_row(self) -> None:
        self._start += len(self._lines[self._row]) + 1
        self._row += 1

    def _entry(self, column: int, content: str) -> None:
        """Reads one line, or what follows the dash on it."""
        while content:
            if content[:2] in {"- ", "-\t", "-"}:
                if not self._enter(column, None):
                    return
                step = 1
            elif content[:2] in {": ", ":"} and self._waiting is not None:
                step = 1
            elif properties := _PROPERTIES.match(content):
                step = properties.end()
            else:
                break
            rest = content[step:].lstrip()
            column += len(content) - len(rest)
            content = rest
        if content.startswith("? "):
            self._enter(column, _unquoted(content[2:]))
        elif found := _KEY.match(content):
            if self._enter(column, _unquoted(found["key"])):
                rest = content[found.end() :].lstrip()
                self._scalar(column + len(content) - len(rest), rest)
        else:
            self._scalar(column, content)

    def _enter(self, column: int, key: str | None) -> bool:
        """Adds an entry in a column, of a list or with a key; its value then waits for its content."""
        level = self._level(column, listed=key is None)
        if level is None:
            self._problem("has an entry that fits no level", "correct the indentation")
            return False
        self._waiting = Value(self._row + 1)
        if isinstance(level.value.items, list):
            level.value.items.append(self._waiting)
        elif isinstance(level.value.pairs, list):
            level.value.pairs.append(Pair(key or "", self._row + 1, self._waiting))
        return True

    def _level(self, column: int, *, listed: bool) -> _Level | None:
        """The mapping or list whose entries start in a column: one that is open, or the value that waits."""
        levels = self._levels
        while levels and (levels[-1].column > column or (levels[-1].column == column and levels[-1].listed > listed)):
            levels.pop()
            self._waiting = None
        if levels and levels[-1].column == column and levels[-1].listed == listed:
            return levels[-1]
        if not levels:
            opened = self.root
            if opened.pairs if listed else opened.items:
                return None
        elif self._waiting is None or self._waiting.text or len(levels) == MAX_DEPTH:
            return None
        else:
            opened = self._waiting
        if listed:
            opened.items = opened.items or []
        else:
            opened.pairs = opened.pairs or []
        levels.append(_Level(column, opened, listed))
        return levels[-1]

    def _scalar(self, column: int, content: str) -> None:
        """Gives the waiting value its content."""
        if properties := _PROPERTIES.match(content):
            column += properties.end()
            content = content[properties.end() :]
        if not content or content[0] == "#":
            return
        value = self._waiting
        if value is None:
            if self._levels or self.root.pairs:
                self._problem("has text that belongs to no entry", "correct the indentation or quote the value")
                return
            value = self.root
        if content[0] in "|>":
            self._pass_block()
        elif content[0] in "[{" and not content.startswith("{{"):
            self._flow(value, self._start + column)
        elif content[0] in "\"'":
            self._quoted(value, self._start + column)
        else:
            self._plain(value, content)

    def _plain(self, value: Value, content: str) -> None:
        text = _COMMENT.sub("", content).rstrip()
        if not text.startswith("*"):
            value.text = f"{value.text} {text}" if value.text else text

    def _quoted(self, value: Value, start: int) -> None:
        self._waiting = None
        found = _QUOTED.match(self._text, start)
        if found is None:
            self._problem("has a quote that is not closed", "close the quote")
            return
        self._skip_to(found.end())
        double = found["double"]
        value.text = found["single"].replace("''", "'") if double is None else unescape(double)

    def _flow(self, value: Value, start: int) -> None:
        self._waiting = None
        nested = Nested(self._text, _FLOW, start, self._row + 1)
        self.problems += nested.problems
        self._skip_to(nested.end)
        value.pairs, value.items = nested.value.pairs, nested.value.items

    def _skip_to(self, offset: int) -> None:
        while self._start + len(self._lines[self._row]) < offset:
            self._next_row()

    def _pass_block(self) -> None:
        """Passes over the lines of a block scalar."""
        self._waiting = None
        column = self._levels[-1].column if self._levels else -1
        while self._row + 1 < len(self._lines):
            line = self._lines[self._row + 1]
            content = line.lstrip()
            if content and len(line) - len(content) <= column:
                return
            self._next_row()

    def _problem(self, text: str, mend: str) -> None:
        self.problems.append(Problem(self._row + 1, text, mend))


def _unquoted(key: str) -> str:
    key = key.strip()
    if key[:1] == '"' == key[-1:]:
        return unescape(key[1:-1])
    if key[:1] == "'" == key[-1:]:
        return key[1:-1].replace("''", "'")
    return key
