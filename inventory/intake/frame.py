"""Writes fields of the document, boundaries and records into a scope document, and leaves every other line as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from inventory.intake.problem import IntakeError
from inventory.intake.render import field
from inventory.yaml_file import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from inventory.intake.taken import Said


class Frame:
    """The text of a scope document without its entries.

    Args:
        text: The text.
        name: What messages call the file.
    """

    def __init__(self, text: str, name: str) -> None:
        try:
            root = YAML(typ="safe", pure=True).compose(text) if text.strip() else None
        except YAMLError as error:
            raise IntakeError(f"{name}: is not readable as YAML: {error}") from error
        if root is not None and (not isinstance(root, MappingNode) or root.flow_style):
            raise IntakeError(f"{name}: is not written as one field a line. Write it so, then import again.")
        self._name = name
        self._lines = text.splitlines(keepends=True)
        self._parts: dict[str, tuple[Node, Node]] = (
            {key.value: (key, value) for key, value in root.value} if root else {}
        )
        self._splices: list[tuple[int, int, str]] = []

    def value(self, section: str) -> Any:
        """What a section says, in plain values; none where it is not there."""
        if section not in self._parts:
            return None
        return (parse_yaml("".join(self._lines).encode(), self._name).value or {}).get(section)

    def set_document(self, said: Mapping[str, Said], comments: Mapping[str, str]) -> list[str]:
        """Adds fields to `document`, or replaces those that stand on one line; gives the names of the others."""
        if "document" not in self._parts or _is_empty(self._parts["document"][1]):
            if said:
                self._add(
                    "document",
                    "".join(field(name, one.value, 2, comments[name]) for name, one in said.items()),
                    first=True,
                )
            return []
        key, node = self._parts["document"]
        if not isinstance(node, MappingNode) or node.flow_style:
            return list(said)
        there = {name.value: (name, value) for name, value in node.value}
        column = node.value[0][0].start_mark.column
        refused, new = [], ""
        for name, one in said.items():
            rendered = field(name, one.value, column, comments[name])
            if name not in there:
                new += rendered
            elif _on_one_line(*there[name]):
                line = there[name][0].start_mark.line
                self._splices.append((line, line + 1, rendered))
            else:
                refused.append(name)
        if new:
            line = key.start_mark.line + 1
            self._splices.append((line, line, new))
        return refused

    def add_items(self, section: str, render: Callable[[int], str]) -> None:
        """Adds items to a list; `render` is told in which column their dashes stand.

        Raises:
            IntakeError: The list is written in brackets.
        """
        if section not in self._parts or _is_empty(self._parts[section][1]):
            self._add(section, render(2), first=False)
            return
        key, node = self._parts[section]
        if not isinstance(node, SequenceNode) or node.flow_style:
            line = key.start_mark.line + 1
            raise IntakeError(
                f"{self._name}:{line}: `{section}` is not written as one a dash. Write it so, then import again."
            )
        line = key.start_mark.line + 1
        self._splices.append((line, line, render(node.start_mark.column)))

    def add_below(self, path: Sequence[str], render: Callable[[int], str]) -> bool:
        """Adds lines below the key that a path names, and the keys that are missing.

        Args:
            path: Keys from the outermost in.
            render: Gives the lines; it is told in which column they begin.

        Returns:
            Whether it could be done: not into what is written in brackets.
        """
        pairs, column = self._parts, 0
        at = min((key.start_mark.line for key, _ in pairs.values()), default=len(self._lines))
        for depth, name in enumerate(path):
            if name not in pairs:
                self._splices.append((at, at, _keys(path[depth:], column, render)))
                return True
            key, value = pairs[name]
            at, column = key.start_mark.line + 1, key.start_mark.column + 2
            if _is_empty(value):
                first = at if isinstance(value, ScalarNode) and not value.value else at - 1
                rest = path[depth + 1 :] if first == at else path[depth:]
                self._splices.append((first, at, _keys(rest, column if first == at else column - 2, render)))
                return True
            if not isinstance(value, MappingNode | SequenceNode) or value.flow_style:
                return False
            column = value.start_mark.column
            pairs = {one.value: (one, held) for one, held in value.value} if isinstance(value, MappingNode) else {}
        self._splices.append((at, at, render(column)))
        return True

    def text(self) -> str:
        """The text with everything in it."""
        lines = list(self._lines)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        for first, last, text in sorted(self._splices, key=lambda one: (one[0], one[1]), reverse=True):
            lines[first:last] = [text]
        return "".join(lines)

    def _add(self, section: str, body: str, *, first: bool) -> None:
        """A section that is not there yet, or that is empty."""
        if section in self._parts:
            line = self._parts[section][0].start_mark.line
            self._splices.append((line, line + 1, f"{section}:\n{body}"))
            return
        starts = [key.start_mark.line for key, _ in self._parts.values()]
        at = min(starts, default=len(self._lines)) if first else len(self._lines)
        self._splices.append((at, at, f"{section}:\n{body}\n" if first else f"\n{section}:\n{body}"))


def _keys(names: Sequence[str], column: int, render: Callable[[int], str]) -> str:
    """Keys one in the other, with lines below the innermost."""
    opening = "".join(f"{' ' * (column + 2 * depth)}{name}:\n" for depth, name in enumerate(names))
    return opening + render(column + 2 * len(names))


def _is_empty(node: Node) -> bool:
    return (isinstance(node, ScalarNode) and node.value in {"", "~", "null"}) or (
        isinstance(node, SequenceNode | MappingNode) and not node.value
    )


def _on_one_line(key: Node, value: Node) -> bool:
    return (
        isinstance(value, ScalarNode)
        and value.style not in {"|", ">"}
        and bool(key.start_mark.line == value.end_mark.line)
    )


def known_titles(rows: Sequence[Mapping[str, Any]] | None, key: str) -> dict[str, Mapping[str, Any]]:
    """The rows of a section by one of their fields."""
    return {str(row[key]): row for row in rows or () if isinstance(row, dict) and row.get(key) is not None}
