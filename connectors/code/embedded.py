"""Programs inside other files: notebook cells, front matter, and the script blocks of Vue and Svelte components.

Each keeps the lines of the file that it stands in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.code import languages
from connectors.code.syntax import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

    from connectors.code.languages import Language

_SCRIPT: Final = re.compile(rb"<script\b[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FRONT_MATTER: Final = re.compile(rb"\A(---[ \t]*\r?\n.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_KERNELS: Final = {"python": "python", "scala": "scala", "javascript": "javascript", "typescript": "javascript"}
_BLANK: Final = bytes.maketrans(
    bytes(range(256)), bytes(byte if byte == ord("\n") else ord(" ") for byte in range(256))
)


@dataclass(frozen=True, slots=True)
class Program:
    """A program to scan in place of a file.

    Attributes:
        language: Its language.
        content: Its bytes.
        lines: Line of the file for each line of the program; empty where they are the same.
    """

    language: Language
    content: bytes
    lines: tuple[int, ...] = ()

    def line(self, line: int) -> int:
        """The line of the file for a line of the program."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else line


def script_blocks(language: Language, content: bytes) -> Program:
    """The script blocks of a Vue or Svelte component; the rest is blank."""
    blanked = bytearray(content.translate(_BLANK))
    for script in _SCRIPT.finditer(content):
        blanked[script.start(1) : script.end(1)] = script[1]
    return Program(language, bytes(blanked))


def front_matter(content: bytes) -> Program | None:
    """The YAML between the first two `---` lines of a Markdown file: a model card says there what it is about."""
    found = _FRONT_MATTER.match(content)
    return Program(languages.named("yaml"), found[1]) if found else None


def notebook(content: bytes) -> Program | None:
    """The code cells of a Jupyter notebook, one after the other; outputs and prose are left out.

    Reads the JSON by its syntax tree, so that a broken notebook still gives the cells before the break.
    """
    json_language = languages.named("json")
    tree = Tree(json_language, content)
    document = tree.root.named_child(0)
    if document is None or document.type != "object":
        return None
    source: list[str] = []
    lines: list[int] = []
    for cell in _items(_member(tree, document, "cells")):
        if _text(tree, _member(tree, cell, "cell_type")) != "code":
            continue
        for part in _parts(_member(tree, cell, "source")):
            for text in _unescape(tree.text(part)).splitlines() or [""]:
                source.append(" " * len(text) if text.lstrip().startswith(("%", "!")) else text)
                lines.append(part.start_point[0] + 1)
    language = _KERNELS.get(_kernel(tree, document), "python")
    return Program(languages.named(language), "\n".join(source).encode(), tuple(lines))


def _kernel(tree: Tree, document: Node) -> str:
    metadata = _member(tree, document, "metadata")
    spec = _member(tree, metadata, "kernelspec") if metadata else None
    return _text(tree, _member(tree, spec, "language")) if spec else ""


def _member(tree: Tree, node: Node | None, name: str) -> Node | None:
    if node is None:
        return None
    for pair in node.named_children:
        key = pair.child_by_field_name("key")
        if key is not None and _text(tree, key) == name:
            return pair.child_by_field_name("value")
    return None


def _items(node: Node | None) -> list[Node]:
    return [child for child in node.named_children if child.type == "object"] if node else []


def _parts(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return [node] if node.type == "string" else [child for child in node.named_children if child.type == "string"]


def _text(tree: Tree, node: Node | None) -> str:
    return _unescape(tree.text(node)) if node else ""


def _unescape(literal: str) -> str:
    try:
        text = json.loads(literal, strict=False)
    except ValueError:
        return literal.strip('"')
    return text if isinstance(text, str) else ""
