"""Writing entries into the text of the scope document, so that everything else in it stays byte for byte.

ruamel.yaml says where each entry and each field stands and how a new value is written; only those lines are replaced.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from connectors.yaml_nodes import compose
from inventory.yaml_file import InputError, read_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Fields = dict[str, Any]

_NO_WRAP = 1_000_000
_PLAIN = re.compile(r"\w.*")
"""What the emitter may write without quotes, if it finds nothing in it that needs them."""
_PARAGRAPHS = re.compile(r"\w.*(\n(\w.*)?)*\n\w.*")
_MEND = "To mend it: write the entry by hand, then run `aimscope decide --adopt`."


class ScopeTextError(Exception):
    """The entries of the scope document are written in a way that cannot be edited without touching the rest."""


def set_entries(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """The text with these entries in it: each replaces the fields of the entry with its `id`, or is appended.

    A field whose value is `None` is taken out. Everything else stays as it is, comments and formatting included.

    Raises:
        ScopeTextError: The text cannot be edited this way; the message says where and how to mend it.
    """
    if not entries:
        return text
    document = _Document(text)
    old = [entry for entry in entries if document.find(entry["id"])]
    new = [_without_none(entry) for entry in entries if not document.find(entry["id"])]
    splices = [splice for entry in old for splice in document.update(entry)]
    edited = document.spliced([*splices, document.append(new)] if new else splices)
    _require_only(document.value, edited, entries)
    return edited


@dataclass(frozen=True, slots=True)
class _Splice:
    """Text in place of a range of lines, given as half-open."""

    first: int
    last: int
    text: str


class _Document:
    """The text of a scope document, and where its entries stand."""

    def __init__(self, text: str) -> None:
        root = _composed(text)
        if not isinstance(root, MappingNode) or root.flow_style:
            raise ScopeTextError(f"the scope document is not written as one field a line. {_MEND}")
        self._root = root
        self._lines = text.splitlines(keepends=True)
        self._newline = "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"
        found = ((key, value) for key, value in root.value if key.value == "entries")
        self._key: Node | None
        self._entries: Node | None
        self._key, self._entries = next(found, (None, None))
        if isinstance(self._entries, SequenceNode) and self._entries.flow_style and self._entries.value:
            line = self._entries.start_mark.line + 1
            raise ScopeTextError(f"line {line}: `entries` is not written as one entry a dash. {_MEND}")

    @property
    def value(self) -> Fields:
        """What the text says."""
        return _read(self._root)

    def find(self, entry_id: str) -> MappingNode | None:
        """The entry with this id."""
        return self._by_id.get(entry_id)

    def update(self, fields: Mapping[str, Any]) -> Iterator[_Splice]:
        """An entry that is there, with some of its fields changed."""
        entry = self._by_id[fields["id"]]
        if entry.flow_style:
            yield self._flow_entry(entry, fields)
            return
        there = {key.value: (key, value) for key, value in entry.value}
        if entry.value[0][0].value in {name for name, value in fields.items() if value is None}:
            raise ScopeTextError(f"line {entry.start_mark.line + 1}: the first field of the entry has to go. {_MEND}")
        for name, value in fields.items():
            if name in there:
                yield from self._field(*there[name], value)
        added = _without_none({name: value for name, value in fields.items() if name not in there})
        if added:
            yield _Splice(self._end(entry), self._end(entry), self._rendered(added, entry.start_mark.column))

    def append(self, entries: Sequence[Fields]) -> _Splice:
        """New entries behind the last."""
        between = self._newline if self._apart else ""
        text = "".join(between + self._rendered([fields], self._column) for fields in entries)
        if self._items:
            return _Splice(self._end(self._items[-1]), self._end(self._items[-1]), text)
        if self._entries is None or self._key is None:
            return _Splice(len(self._lines), len(self._lines), f"{self._newline}entries:{self._newline}{text}")
        return self._begun(self._key, self._entries, text)

    def spliced(self, splices: Sequence[_Splice]) -> str:
        """The text with all splices in it."""
        lines = list(self._lines)
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += self._newline
        # From the end backwards, so that the numbers of the lines before stay; of two at one place, the first stays first.
        order = sorted(enumerate(splices), key=lambda pair: (pair[1].first, pair[1].last, pair[0]), reverse=True)
        for _, splice in order:
            lines[splice.first : splice.last] = [splice.text]
        return "".join(lines)

    @property
    def _items(self) -> list[Node]:
        return list(self._entries.value) if isinstance(self._entries, SequenceNode) else []

    @cached_property
    def _by_id(self) -> dict[str, MappingNode]:
        items = [item for item in self._items if isinstance(item, MappingNode)]
        return {value.value: item for item in items for key, value in item.value if key.value == "id"}

    @property
    def _column(self) -> int:
        """The column of the dashes."""
        return int(self._entries.start_mark.column) if self._items and self._entries else 2

    @property
    def _apart(self) -> bool:
        """Whether an empty line stands before the last entry and its comments, and so between all entries."""
        if len(self._items) < 2:  # noqa: PLR2004 - before the first entry, an empty line says nothing
            return False
        above = self._items[-1].start_mark.line - 1
        while self._lines[above].lstrip().startswith("#"):
            above -= 1
        return not self._lines[above].strip()

    def _field(self, key: Node, old: Node, new: Any) -> Iterator[_Splice]:
        """One field with another value."""
        first, last, column = key.start_mark.line, max(self._end(old), key.end_mark.line + 1), key.start_mark.column
        value = _constructed(old)
        if new is None:
            yield _Splice(first, last, "")
        elif value == new:
            return
        elif (
            isinstance(old, SequenceNode)
            and not old.flow_style
            and isinstance(new, list)
            and new[: len(value)] == value
        ):
            yield _Splice(last, last, self._rendered(new[len(value) :], old.start_mark.column))
        else:
            indented = self._rendered({key.value: new}, column)
            before = self._lines[first][:column]
            yield _Splice(first, last, before + indented[column:].removesuffix(self._newline) + self._rest(key, old))

    def _end(self, node: Node) -> int:
        """The number of the line behind the last that a value stands on."""
        if _is_empty(node):
            return 0
        if not _is_block(node):
            return int(node.end_mark.line) + 1
        if isinstance(node, ScalarNode):
            end: int = node.end_mark.line + (node.end_mark.column > 0)
            while not self._lines[end - 1].strip():
                end -= 1
            return end
        children = [child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))]
        return max(map(self._end, children), default=0)

    def _rest(self, key: Node, value: Node) -> str:
        """What stands behind a value on its last line: its comment, and the end of the line."""
        if _is_block(value):
            return self._newline
        line, column = (key.end_mark.line, key.end_mark.column + 1) if _is_empty(value) else _mark(value)
        return self._lines[line][column:].rstrip("\r\n") + self._newline

    def _flow_entry(self, entry: MappingNode, fields: Mapping[str, Any]) -> _Splice:
        """An entry in braces."""
        first, last = entry.start_mark.line, self._end(entry)
        loaded = {**_constructed(entry), **fields}
        yaml = _emitter(0)
        yaml.default_flow_style = True
        kept = _dumped(yaml, _written(_without_none(loaded))).rstrip("\n")
        text = self._lines[first][: entry.start_mark.column] + kept
        return _Splice(first, last, text + self._rest(entry, entry))

    def _begun(self, key: Node, empty: Node, text: str) -> _Splice:
        """The first entries in the place of an empty list."""
        line, end = self._lines[key.end_mark.line], key.end_mark.column + 1
        if _is_empty(empty):
            opened = line
        elif empty.end_mark.line != key.end_mark.line:
            raise ScopeTextError(f"line {key.end_mark.line + 1}: the empty list `entries` takes several lines. {_MEND}")
        else:
            opened = line[:end] + line[empty.end_mark.column :]
        opened = opened if opened.endswith(("\n", "\r")) else opened + self._newline
        return _Splice(key.end_mark.line, key.end_mark.line + 1, opened + text)

    def _rendered(self, value: Any, column: int) -> str:
        """A value as lines that begin at a column; lists in it are indented as the entries are."""
        offset = self._column - self._key.start_mark.column if self._key and self._items else 2
        text = _dumped(_emitter(max(offset, 0)), _written(value))
        shift = " " * (column - (len(text) - len(text.lstrip(" "))))
        return "".join((shift + line if line else "") + self._newline for line in text.splitlines())


def _composed(text: str) -> Node | None:
    try:
        return compose(text)
    except YAMLError as error:
        raise ScopeTextError(f"not readable as YAML: {error}") from error


def _constructed(node: Node) -> Any:
    return YAML(typ="safe", pure=True).constructor.construct_document(node)


def _is_block(node: Node) -> bool:
    """Whether a value ends where the next begins, so that nothing of its last line is left."""
    if isinstance(node, MappingNode | SequenceNode):
        return bool(node.value) and not node.flow_style
    return isinstance(node, ScalarNode) and node.style in {"|", ">"}


def _is_empty(node: Node) -> bool:
    """Whether a value is not written at all: it then has no place of its own."""
    return bool(node.start_mark.index == node.end_mark.index)


def _mark(node: Node) -> tuple[int, int]:
    return node.end_mark.line, node.end_mark.column


def _emitter(offset: int) -> YAML:
    yaml = YAML()
    yaml.width = _NO_WRAP
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def _dumped(yaml: YAML, value: Any) -> str:
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue()


def _written(value: Any) -> Any:
    """The value in a style that people can read and that every parser reads the same."""
    if isinstance(value, list):
        return [_written(member) for member in value]
    if isinstance(value, dict):
        return {name: _written(member) for name, member in value.items()}
    if not isinstance(value, str) or _PLAIN.fullmatch(value):
        return value
    return LiteralScalarString(value) if _PARAGRAPHS.fullmatch(value) else DoubleQuotedScalarString(value)


def _require_only(expected: Fields, edited: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Refuses an edit that changed anything but what it was meant to: the last word is what the text says when read."""
    found = _read(_composed(edited))
    by_id = {entry["id"]: entry for entry in expected.pop("entries", None) or ()}
    for entry in entries:
        changed = {**by_id.get(entry["id"], {}), **_as_read(entry)}
        by_id[entry["id"]] = _without_none(changed)
    if found.pop("entries", None) != list(by_id.values()) or found != expected:
        raise ScopeTextError(f"the entries cannot be written without changing others. {_MEND}")


def _without_none(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _read(root: Node | None) -> Fields:
    try:
        return dict(read_nodes(root, "the scope document").value)
    except InputError as error:
        raise ScopeTextError(str(error)) from error


def _as_read(value: Any) -> Any:
    """A value as it reads back: a day stays as it is written."""
    if isinstance(value, dict):
        return {name: _as_read(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_as_read(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value
