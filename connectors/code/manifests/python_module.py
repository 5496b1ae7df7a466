"""A Python module read as syntax, with the values of its names resolved as far as they are plain; it is never run.

The standard library's parser is used because it is safe on hostile input: it raises where the tree-sitter grammar takes
quadratic time and memory that nothing can interrupt (60 KB of `a: |` lines: 16 seconds and 1.7 GB).
"""

from __future__ import annotations

import ast
import warnings
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST: Final = 256 * 1024
_MOST_STEPS: Final = 100_000
_EXTENDING: Final = frozenset({"append", "extend", "insert", "update"})
_SAME_STRINGS: Final = frozenset({"format", "split", "splitlines", "strip", "copy"})
"""Methods that give the strings of what they are called on."""


class Text(NamedTuple):
    """A string, and the line on which it stands."""

    text: str
    line: int


def parse_module(text: str) -> tuple[Module, list[Problem]]:
    """Reads a module; of one with a syntax error nothing can be had."""
    if len(text) > _LARGEST:
        problem = Problem(1, f"is larger than the {_LARGEST // 1024} KiB that are read", "split it")
        return Module(ast.Module([], [])), [problem]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a foreign file's escapes nobody here wants to be told
            return Module(ast.parse(text)), []
    except SyntaxError as error:
        problem = Problem(error.lineno or 1, "is not valid Python 3", "correct the syntax")
    except (MemoryError, RecursionError, ValueError):
        problem = Problem(1, "is nested too deeply to be parsed", "simplify it")
    return Module(ast.Module([], [])), [problem]


class Module:
    """A Python module whose names can be looked up: what each was assigned, extended or appended with.

    Attributes:
        calls: All calls, in the order in which they stand.
        steps: Steps of looking up that are left; names that refer to names would otherwise multiply.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.calls: list[ast.Call] = []
        self.steps = _MOST_STEPS
        self._values: dict[str, list[ast.expr]] = {}
        self._entries: dict[str, list[tuple[str, ast.expr]]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
                self._assign(node.target, node.value)
            elif isinstance(node, ast.Call):
                self.calls.append(node)
        self.calls.sort(key=lambda call: (call.lineno, call.col_offset))
        for call in self.calls:
            self._extend(call)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            self._entries.setdefault(target.value.id, []).append((_constant(target.slice), value))

    def _extend(self, call: ast.Call) -> None:
        function = call.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.attr in _EXTENDING:
            self._values.setdefault(function.value.id, []).extend(call.args)

    def _spend(self) -> bool:
        self.steps -= 1
        return self.steps > 0

    def assigned(self, name: str) -> list[ast.expr]:
        """All that a name was assigned, extended or appended with."""
        return self._values.get(name, [])

    def arguments(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """The keyword arguments of a call, those of a `**mapping` included."""
        for keyword in call.keywords:
            if keyword.arg is None:
                yield from self.entries(keyword.value)
            else:
                yield keyword.arg, keyword.value

    def entries(self, mapping: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        """The entries of a mapping: a literal, a call of `dict`, or a name that was given some."""
        pending, seen = deque([mapping]), set[str]()
        while pending and self._spend():
            node = pending.popleft()
            if isinstance(node, ast.Name) and node.id not in seen:
                seen.add(node.id)
                pending += self._values.get(node.id, ())
                yield from self._entries.get(node.id, ())
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    self.steps -= 1
                    if key is None:
                        pending.append(value)
                    else:
                        yield _constant(key), value
            elif isinstance(node, ast.Call):
                pending += (keyword.value for keyword in node.keywords if keyword.arg is None)
                yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg is not None)

    def strings(self, node: ast.expr) -> Iterator[Text]:
        """The strings that an expression gives, whatever it is built of; each name is looked up once."""
        pending, seen = [node], set[str]()
        while pending and self._spend():
            current = pending.pop()
            if isinstance(current, ast.Constant | ast.JoinedStr):
                yield from _lines(current)
            elif isinstance(current, ast.Name):
                if current.id not in seen:
                    seen.add(current.id)
                    pending += reversed(self._values.get(current.id, ()))
            elif isinstance(current, ast.Subscript):
                key = _constant(current.slice)
                found = [value for name, value in self.entries(current.value) if name == key]
                # Of a mapping from names to requirements that is computed, the key is the name.
                pending += found or [current.slice]
            else:
                pending += reversed(_parts(current))


def _parts(node: ast.expr) -> list[ast.expr]:
    """The parts of an expression that become part of its value."""
    parts: list[ast.expr] = []
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            parts = elements
        case ast.BinOp(left=left, op=ast.Mod()):
            parts = [left]
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.IfExp(body=body, orelse=otherwise):
            parts = [body, otherwise]
        case ast.Starred(value=value):
            parts = [value]
        case ast.ListComp(generators=clauses) | ast.GeneratorExp(generators=clauses) | ast.SetComp(generators=clauses):
            parts = [clause.iter for clause in clauses]
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _SAME_STRINGS:
            parts = [value]
        case ast.Call(args=arguments):
            parts = arguments
    return parts


def _lines(node: ast.Constant | ast.JoinedStr) -> Iterator[Text]:
    """The lines of a string that are neither empty nor comments."""
    inside = (node.end_lineno or node.lineno) - node.lineno
    for offset, line in enumerate(_constant(node).split("\n")):
        content = (line if "egg=" in line else line.partition("#")[0]).strip()
        if content:
            yield Text(content, node.lineno + min(offset, inside))


def _constant(node: ast.expr) -> str:
    """The text of a string; what an f-string fills in is written as its name."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return f"{{{name_of(node.value)}}}"
    return ""


def name_of(node: ast.expr) -> str:
    """A dotted name, or nothing where an expression is none."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
