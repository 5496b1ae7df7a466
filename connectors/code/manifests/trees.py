"""Syntax trees of the languages in which manifests are programs: Python, Ruby and Elixir. They are never run."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tree_sitter import Language, Parser

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_LARGEST: Final = {"python": 512 * 1024, "ruby": 64 * 1024, "elixir": 64 * 1024}
"""Characters that are read. The grammars of Ruby and Elixir take quadratic time on hostile input (100,000 times `%{`:
102 seconds), and nothing can interrupt them."""
_CONTENT: Final = frozenset({"string_content", "quoted_content", "escape_sequence", "interpolation"})
_LONGEST: Final = 1000


@cache
def _parser(language: str) -> Parser:
    return Parser(Language(import_module(f"tree_sitter_{language}").language()))


def syntax_tree(language: str, text: str) -> tuple[Node | None, list[Problem]]:
    """The root of a program's syntax tree, or none where the text is too large to be a manifest."""
    largest = _LARGEST[language]
    if len(text) > largest:
        return None, [Problem(1, f"is larger than the {largest // 1024} KiB that are read", "split it")]
    root = _parser(language).parse(text.encode("utf-8", "replace")).root_node
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
