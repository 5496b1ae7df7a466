"""How deep a text nests, judged before a parser written in C sees it.

tree-sitter's YAML scanner keeps its indentation in a buffer of 1,024 bytes and crashes the process where about 256 levels
overflow it; other grammars survive any depth but take minutes for a hundred thousand brackets. Neither may end a scan.
"""

from __future__ import annotations

import re
from typing import Final

MAX_BLOCKS: Final = 200
"""Levels of indentation in YAML."""

MAX_BRACKETS: Final = 2_000
"""Brackets open at a time, in any language."""

_OPENING: Final = b"([{"
_BRACKETS: Final = re.compile(rb"[\[\](){}]")
_MANY_INDENTS: Final = re.compile(rb"^(?: |[-?] ){%d}" % MAX_BLOCKS, re.MULTILINE)
_MARKERS: Final = re.compile(rb"(?:[-?:] +)*")


class UnreadableError(Exception):
    """A text that a parser should not be given, or does not get through."""


class TooDeepError(UnreadableError):
    """A text nests deeper than it can be read."""


def refuse_if_too_deep(content: bytes, *, indented: bool) -> None:
    """Refuses a text that a parser should not be given.

    Args:
        content: The text.
        indented: Whether indentation nests too, as in YAML.

    Raises:
        TooDeepError: It nests too deeply.
    """
    if sum(map(content.count, (b"(", b"[", b"{"))) > MAX_BRACKETS and _brackets(content) > MAX_BRACKETS:
        raise TooDeepError(f"more than {MAX_BRACKETS} brackets are open at a time")
    if indented and _MANY_INDENTS.search(content) and _blocks(content) > MAX_BLOCKS:
        raise TooDeepError(f"indented to more than {MAX_BLOCKS} levels")


def _brackets(content: bytes) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(content):
        if content[bracket.start()] in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth = max(0, depth - 1)
    return deepest


def _blocks(content: bytes) -> int:
    """Levels of indentation; each `- ` before a value opens one more."""
    columns: list[int] = []
    deepest = 0
    for line in content.split(b"\n"):
        text = line.lstrip(b" ")
        if not text or text.startswith(b"#"):
            continue
        indent = len(line) - len(text)
        while columns and columns[-1] >= indent:
            columns.pop()
        columns.append(indent)
        markers = _MARKERS.match(text)
        found = markers[0] if markers else b""
        columns += range(indent + 2, indent + 2 + 2 * (found.count(b"-") + found.count(b"?")), 2)
        deepest = max(deepest, len(columns))
    return deepest
