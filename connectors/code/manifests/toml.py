"""TOML, read into values with lines."""

from __future__ import annotations

import re
from typing import Final

from connectors.code.manifests.model import Problem
from connectors.code.manifests.values import MAX_DEPTH, QUOTED, Nested, Pair, Syntax, Value, unescape

_KEY: Final = rf"(?:[A-Za-z0-9_-]+|{QUOTED}|'[^'\n]*')"
_KEYS: Final = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_STATEMENT: Final = re.compile(
    rf"(?P<blank>[ \t\n]+|#[^\n]*)"
    rf"|(?P<bracket>\[\[?)[ \t]*(?P<table>{_KEYS})[ \t]*\]\]?"
    rf"|(?P<key>{_KEYS})[ \t]*=[ \t]*"
    rf"|(?P<broken>[^\n]+)"
)
_SCALAR: Final = re.compile(
    rf'"""\n?(?P<long>.*?)(?:"{{3,5}}|\Z)|\'\'\'\n?(?P<raw>.*?)(?:\'{{3,5}}|\Z)'
    rf"|(?P<quoted>{QUOTED})|'(?P<literal>[^'\n]*)'|(?P<bare>[^\s,\]}}#'\"]*)",
    re.DOTALL,
)
_NAME: Final = re.compile(_KEY)
_NESTED: Final = Syntax(
    re.compile(
        rf"(?:(?P<quoted>{QUOTED}|'[^'\n]*')|(?P<bare>[^\s\"'{{}}\[\],=#]+))(?P<key>[ \t]*=)?"
        r"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<skip>[\s,]+|#[^\n]*)|(?P<broken>[\"'][^\n]*|.)",
        re.DOTALL,
    )
)


def read_toml(text: str) -> tuple[Value, list[Problem]]:
    """Reads a TOML document."""
    document = _Document(text)
    document.read()
    return document.root, document.problems


class _Document:
    """The tables of a document while they are filled."""

    def __init__(self, text: str) -> None:
        self.root = Value(1, pairs=[])
        self.problems: list[Problem] = []
        self._text = text
        self._line = 1
        self._counted = 0
        # A table of a lock file has thousands of entries: finding one must not walk over them.
        self._index: dict[tuple[int, str], Value] = {}

    def read(self) -> None:
        table = self.root
        at = 0
        while found := _STATEMENT.match(self._text, at):
            at = found.end()
            if found["blank"]:
                continue
            self._line += self._text.count("\n", self._counted, found.start())
            self._counted = found.start()
            if found["table"]:
                table = self._table(names(found["table"]), listed=found["bracket"] == "[[")
            elif found["key"]:
                at = self._pair(table, names(found["key"]), at)
            else:
                self.problems.append(Problem(self._line, "is not a table header or a key", "write `key = value`"))

    def _table(self, path: list[str], *, listed: bool) -> Value:
        parent = self._descend(self.root, path[:-1])
        if not listed:
            return self._descend(parent, path[-1:])
        every = self._child(parent, path[-1])
        if not isinstance(every.items, list):
            every.items = []
        table = Value(self._line, pairs=[])
        every.items.append(table)
        return table

    def _pair(self, table: Value, path: list[str], at: int) -> int:
        parent = self._descend(table, path[:-1])
        value, end = self._value(at)
        if isinstance(parent.pairs, list):
            parent.pairs.append(Pair(path[-1], self._line, value))
            self._index[id(parent), path[-1]] = value
        return end

    def _descend(self, table: Value, path: list[str]) -> Value:
        for name in path[:MAX_DEPTH]:
            table = self._child(table, name)
            if table.items:
                table = table.items[-1]
            if not isinstance(table.pairs, list):
                table.pairs = list(table.pairs)
        return table

    def _child(self, table: Value, name: str) -> Value:
        child = self._index.get((id(table), name))
        if child is None:
            child = Value(self._line)
            if isinstance(table.pairs, list):
                table.pairs.append(Pair(name, self._line, child))
            self._index[id(table), name] = child
        return child

    def _value(self, at: int) -> tuple[Value, int]:
        if self._text[at : at + 1] in {"[", "{"}:
            nested = Nested(self._text, _NESTED, at, self._line)
            self.problems += nested.problems
            return nested.value, nested.end
        scalar = _SCALAR.match(self._text, at)
        if scalar is None or scalar.end() == at:
            self.problems.append(Problem(self._line, "has a key without a value", "write `key = value`"))
            return Value(self._line), at
        return Value(self._line, _content(scalar)), scalar.end()


def _content(scalar: re.Match[str]) -> str:
    if scalar.lastgroup == "quoted":
        return unescape(scalar["quoted"][1:-1])
    text: str = scalar[scalar.lastgroup or 0]
    return unescape(text) if scalar.lastgroup == "long" else text


def names(path: str) -> list[str]:
    """The names of a dotted key."""
    found = [name[0] for name in _NAME.finditer(path)]
    return [unescape(name[1:-1]) if name[0] == '"' else name.strip("'") for name in found]
