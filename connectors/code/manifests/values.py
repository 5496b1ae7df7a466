"""Values with the line they stand on, as JSON, YAML and TOML are read into.

The readers are our own because the libraries' fail here: parsers that give values give no lines, or give up at the
first fault, and tree-sitter's YAML grammar kills the process on a few hundred nested lists. These three take linear
time, never recurse, and go on behind a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_DEPTH: Final = 200
"""Levels of nesting that are read; no manifest written for use comes near."""

_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", "0": "", "\n": ""}
_LAST_CODE_POINT: Final = 0x10FFFF


class Pair(NamedTuple):
    """A key of a mapping, the line on which it stands, and its value."""

    key: str
    line: int
    value: Value


@dataclass(slots=True, eq=False)
class Value:
    """A scalar, a mapping or a list.

    Attributes:
        line: One-based line on which it starts.
        text: A scalar as text, without quotes; empty for mappings and lists.
        pairs: The entries of a mapping, in order; a repeated key is repeated.
        items: The items of a list.
    """

    line: int
    text: str = ""
    pairs: Sequence[Pair] = ()
    items: Sequence[Value] = ()

    def get(self, *path: str) -> Value:
        """The value below these keys, or an empty value: what is absent reads as empty."""
        value = self
        for key in path:
            value = next((pair.value for pair in reversed(value.pairs) if pair.key == key), NOTHING)
        return value

    def line_of(self, key: str) -> int:
        """The line on which a key stands, or 0."""
        return next((pair.line for pair in reversed(self.pairs) if pair.key == key), 0)

    def texts(self) -> tuple[str, ...]:
        """The scalars of a list, or the one scalar that it is."""
        if self.text:
            return (self.text,)
        return tuple(item.text for item in self.items if item.text)

    @property
    def true(self) -> bool:
        """Whether it is the scalar `true`."""
        return self.text == "true"


NOTHING: Final = Value(0)


def unescape(text: str) -> str:
    """A double-quoted string's content with its escapes replaced."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_unescaped, text)
    # JSON writes what is beyond the first plane as two surrogates; a single one cannot be written to any report.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    if len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= _LAST_CODE_POINT else "\ufffd"
    return _ESCAPED.get(code, code)


class Syntax(NamedTuple):
    """How brackets, keys and scalars are written.

    Attributes:
        token: Expression with the groups `quoted` (with its quotes), `bare`, `key` (the sign that makes what stands
            before it a key), `text` (a quoted scalar right behind a key, optional: one token instead of two), `open`,
            `close`, `broken` (what fits nowhere) and `skip`; it matches everywhere.
        lone: Whether a scalar without a key may stand in a mapping.
    """

    token: re.Pattern[str]
    lone: bool = False


QUOTED: Final = r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"'
"""A double-quoted string on one line."""

JSON: Final = Syntax(
    re.compile(
        rf"[\s,]*+(?:(?:(?P<quoted>{QUOTED})|(?P<bare>[^\s\"{{}}\[\],:/]+))(?:(?P<key>\s*:)(?:\s*(?P<text>{QUOTED}))?)?"
        r"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<skip>//[^\n]*|/\*.*?(?:\*/|\Z)|\Z)|(?P<broken>\"[^\n]*|.))",
        re.DOTALL,
    )
)


def read_json(text: str) -> tuple[Value, list[Problem]]:
    """Reads a JSON document, with comments and trailing commas where it has them."""
    start = re.search(r"[{\[]", text)
    if start is None:
        return Value(1), [Problem(1, "is not a JSON object", "write an object, { … }")] if text.strip() else []
    nested = Nested(text, JSON, start.start(), text.count("\n", 0, start.start()) + 1)
    return nested.value, nested.problems


class Nested:
    """A bracketed value, read from its opening bracket to the closing one.

    Attributes:
        value: The mapping or list.
        end: Offset behind it.
        line: Line of that offset.
        problems: The first thing that did not fit.
    """

    def __init__(self, text: str, syntax: Syntax, start: int, line: int) -> None:
        self.problems: list[Problem] = []
        self.end = start
        self.line = line
        self._text = text
        self._lone = syntax.lone
        self._stack: list[Value] = []
        self._key: tuple[str, int] | None = None
        self._counted = start
        self.value = Value(line)
        self._read(syntax.token.finditer(text, start))
        self._count(self.end)

    def _read(self, tokens: Iterator[re.Match[str]]) -> None:
        for token in tokens:
            kind = token.lastgroup
            if kind == "skip":
                continue
            self._count(token.end() if kind != "broken" else token.start(kind))
            if kind in {"key", "text"}:
                self._close_key()
                self._key = (_scalar(token["quoted"], token["bare"]), self.line)
                if kind == "text":
                    self._put(Value(self.line, _scalar(token["text"], "")))
            elif kind == "open":
                if len(self._stack) == MAX_DEPTH:
                    return self._problem(f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
                self._open(token["open"])
            elif kind == "close":
                self._close(token["close"])
            elif kind == "broken":
                self._problem("has something that fits nowhere", "remove it")
            else:
                self._put(Value(self.line, _scalar(token["quoted"], token["bare"])))
            self.end = token.end()
            if not self._stack:
                return None
        self.end = len(self._text)
        return self._problem("ends inside a bracket", "close the bracket")

    def _count(self, offset: int) -> None:
        self.line += self._text.count("\n", self._counted, offset)
        self._counted = offset

    def _open(self, bracket: str) -> None:
        value = Value(self.line)
        if bracket == "{":
            value.pairs = []
        else:
            value.items = []
        if self._stack:
            self._put(value)
        else:
            self.value = value
        self._stack.append(value)

    def _close(self, bracket: str) -> None:
        self._close_key()
        if not _closes(bracket, self._stack[-1]):
            self._problem("has a closing bracket of another kind than the open one", "correct the bracket")
            if len(self._stack) == 1 or not _closes(bracket, self._stack[-2]):
                return
            self._stack.pop()
        self._stack.pop()

    def _close_key(self) -> None:
        if self._key is not None:
            self._put(Value(self._key[1]))

    def _put(self, value: Value) -> None:
        top = self._stack[-1]
        if isinstance(top.items, list):
            top.items.append(value if self._key is None else Value(value.line, pairs=[Pair(*self._key, value)]))
        elif isinstance(top.pairs, list):
            if self._key is not None:
                top.pairs.append(Pair(*self._key, value))
            elif self._lone:
                top.pairs.append(Pair(value.text, value.line, Value(value.line)))
            else:
                self._problem("has a value without a key", "give it a key")
        self._key = None

    def _problem(self, text: str, mend: str) -> None:
        if not self.problems:
            self.problems.append(Problem(self.line, text, mend))


def _closes(bracket: str, value: Value) -> bool:
    return isinstance(value.items, list) == (bracket == "]")


def _scalar(quoted: str | None, bare: str | None) -> str:
    if quoted is None:
        return (bare or "").strip()
    if quoted.startswith('"'):
        return unescape(quoted[1:-1])
    return quoted[1:-1].replace("''", "'")
