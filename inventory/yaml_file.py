"""YAML files that people write and we must not be harmed by: read with a bound, every value with its line.

Aliases are followed within a bound, so that no small file becomes a large value. Merge keys and tags are refused: what
holds must be readable where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, cast

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from connectors.yaml_nodes import compose, uncollected

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ruamel.yaml.nodes import Node

MAX_BYTES = 64 * 1024 * 1024
MAX_VALUES = 1_500_000
MAX_DEPTH = 40

KeyPath = tuple[str | int, ...]
"""Keys and positions that lead to a value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file.

    Attributes:
        file: Name of the file.
        line: One-based line, or 0 where it concerns the file as a whole.
        what: What is wrong, naming the value by its path.
        mend: What to do about it.
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}. {self.mend}"


class InputError(Exception):
    """A file that a person wrote cannot be used.

    Attributes:
        problems: Everything that is wrong, in the order of the lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.what)))
        super().__init__("\n".join(map(str, self.problems)))


class WrittenInt(int):
    """A number that remembers how it was written: an account id keeps its leading zero."""

    written: str


class WrittenFloat(float):
    """A number that remembers how it was written: version 1.10 is not version 1.1."""

    written: str


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file as plain values, and where they stand.

    Attributes:
        name: Name of the file, for messages.
        value: Mappings with text keys, lists, texts, numbers, booleans and None; dates stay as they are written.
        lines: One-based line of each value by its path, keys for the members of mappings.
    """

    name: str
    value: Any
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of the value, or of the nearest that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: KeyPath, what: str, mend: str) -> Problem:
        """A problem at the place of a value."""
        return Problem(self.name, self.line(path), what, mend)


def read_yaml(path: Path) -> YamlFile:
    """Reads a file.

    Raises:
        InputError: It cannot be read, or is not YAML that we take.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        mend = "Name a file that exists and that you may read."
        raise InputError([Problem(str(path), 0, f"cannot be read: {error.strerror}", mend)]) from error
    return parse_yaml(content, str(path))


def parse_yaml(content: bytes, name: str) -> YamlFile:
    """Reads the content of a file that messages call `name`.

    Raises:
        InputError: It is not YAML that we take.
    """
    if len(content) > MAX_BYTES:
        raise InputError([Problem(name, 0, f"is larger than {MAX_BYTES} bytes", "Split it or shorten it.")])
    try:
        root = compose(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(name, line, "is not UTF-8", "Save it in UTF-8.")]) from error
    except MarkedYAMLError as error:
        raise InputError([_syntax_problem(name, error)]) from error
    except (YAMLError, ValueError) as error:
        what = f"is not YAML: {' '.join(str(error).split())}"
        raise InputError([Problem(name, 0, what, "Correct the syntax.")]) from error
    except RecursionError as error:
        raise InputError([Problem(name, 0, "is nested too deeply", "Flatten it.")]) from error
    return read_nodes(root, name)


def read_nodes(root: Node | None, name: str) -> YamlFile:
    """The values of a file that is composed already.

    Raises:
        InputError: It holds more than we take.
    """
    reader = _Reader(name)
    with uncollected():
        value = reader.value(root, ()) if root is not None else None
    return YamlFile(name, value, reader.lines)


def _syntax_problem(name: str, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = " ".join(str(error.problem or error.context or "it does not parse").split())
    return Problem(
        name, mark.line + 1 if mark else 0, f"is not YAML: {what}", "Correct the syntax there or just above."
    )


class _Reader:
    """Turns the nodes of a file into values."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values = 0
        self.lines: dict[KeyPath, int] = {}

    def value(self, node: Node, path: KeyPath) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            self._refuse(
                node, f"holds more than {MAX_VALUES} values, aliases followed", "Shorten it, or use no aliases."
            )
        if len(path) > MAX_DEPTH:
            self._refuse(node, f"is nested more than {MAX_DEPTH} deep", "Flatten it; an alias may not contain itself.")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(cast("ScalarNode", node))

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in mapping:
                self._refuse(key_node, f"the key `{key}` stands here twice", "Keep one of them.")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            mapping[key] = self.value(value_node, (*path, key))
        return mapping

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            self._refuse(node, "a key is a list or a mapping", "Write a word as the key.")
        if _tag(node) == "merge":
            self._refuse(node, "`<<` takes in another mapping", "Repeat its keys here, so that they can be read here.")
        return str(node.value)

    def _scalar(self, node: ScalarNode) -> Any:
        tag, text = _tag(node), str(node.value)
        if tag in {"int", "float"}:
            return _number(tag, text)
        if tag == "bool":
            return text.lower() in {"true", "yes", "on"}
        if tag == "null":
            return None
        if tag not in {"str", "timestamp", "value"}:
            self._refuse(node, f"the tag `{node.tag}` is not understood", "Write a plain value without a tag.")
        return text

    def _refuse(self, node: Node, what: str, mend: str) -> NoReturn:
        raise InputError([Problem(self._name, node.start_mark.line + 1, what, mend)])


def _tag(node: Node) -> str:
    return str(node.tag).removeprefix("tag:yaml.org,2002:")


def _number(tag: str, text: str) -> WrittenInt | WrittenFloat | str:
    """The number; the text itself where somebody tagged as a number what is none."""
    digits = text.lower().replace("_", "")
    number: WrittenInt | WrittenFloat
    try:
        if tag == "int":
            number = WrittenInt(digits, 10 if digits.lstrip("+-").isdecimal() else 0)
        else:
            number = WrittenFloat(digits.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
    number.written = text
    return number
