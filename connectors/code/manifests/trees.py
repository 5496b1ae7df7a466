"""Syntax trees of the languages in which manifests are programs: Python, Ruby and Elixir. They are never run."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Final

from tree_sitter import Language, Parser

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_LONGEST_SECONDS: Final = 2.0
"""Some grammars take quadratic time on hostile input (60 KB of `a\\` and line ends: 24 seconds); nothing that was
written for use takes a hundredth of this."""

_CHUNK: Final = 16 * 1024
_CONTENT: Final = frozenset({"string_content", "quoted_content", "escape_sequence", "interpolation"})
_LONGEST: Final = 1000


@cache
def _parser(language: str) -> Parser:
    return Parser(Language(import_module(f"tree_sitter_{language}").language()))


def syntax_tree(language: str, text: str) -> tuple[Node | None, list[Problem]]:
    """The root of a program's syntax tree, or none where it cannot be had in reasonable time."""
    content = text.encode("utf-8", "replace")
    deadline = monotonic() + _LONGEST_SECONDS
    parser = _parser(language)
    try:
        # Progress is reported only where the text is fetched piece by piece.
        tree = parser.parse(
            lambda offset, _: content[offset : offset + _CHUNK],
            progress_callback=lambda *_: monotonic() > deadline,
        )
    except ValueError:
        parser.reset()
        return None, [Problem(1, "takes too long to parse", "simplify it")]
    root = tree.root_node
    if not root.has_error:
        return root, []
    return root, [Problem(_first_error(root), "has a syntax error", "correct it")]


def _first_error(node: Node) -> int:
    while not (node.is_error or node.is_missing):
        below = next((child for child in node.children if child.has_error or child.is_missing), None)
        if below is None:
            break
        node = below
    return line_of(node)


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order in which they stand."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))


def line_of(node: Node) -> int:
    """The one-based line on which a node starts."""
    return int(node.start_point.row) + 1


def text_of(node: Node | None) -> str:
    """The text of a node; empty if there is none, or if it is an expression too long to be a name."""
    if node is None or (node.child_count and node.end_byte - node.start_byte > _LONGEST):
        return ""
    return (node.text or b"").decode("utf-8", "replace")


def string_of(node: Node | None) -> str:
    """The content of a string node, with interpolations as written; empty if it is no string."""
    if node is None or "string" not in node.type:
        return ""
    return "".join(text_of(child) for child in node.children if child.type in _CONTENT)
