"""`setup.cfg` and `setup.py`; the latter is read as syntax, its constants resolved, and never run."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.requirements import add_requirements, canonical, requirement
from connectors.code.manifests.trees import line_of, string_of, syntax_tree, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_FIELDS: Final = {
    "install_requires": DependencyScope.PRODUCTION,
    "setup_requires": DependencyScope.BUILD,
    "tests_require": DependencyScope.TEST,
    "requires": DependencyScope.PRODUCTION,
}
_COLLECTIONS: Final = frozenset(
    {"list", "tuple", "set", "expression_list", "binary_operator", "parenthesized_expression", "list_splat"}
)
_FILLED_IN: Final = re.compile(r"(?:[<>=!~]=|[<>])?\s*(?:%[sd(]|\{)")
_MOST_STEPS: Final = 100_000


class Text(NamedTuple):
    """A string, and the line on which it stands."""

    text: str
    line: int


def read_setup_cfg(reading: Reading) -> None:
    """Reads `setup.cfg`."""
    options = tuple(_options(reading.text))
    values = {(option.section, option.key): option.lines for option in options}
    for option in options:
        if option.section == "options" and option.key in _FIELDS:
            add_requirements(reading, _requirements(option), _FIELDS[option.key])
        elif option.section == "options.extras_require":
            add_requirements(reading, _requirements(option), scope_of(option.key, DependencyScope.OPTIONAL))
    if name := values.get(("metadata", "name")):
        version = values.get(("metadata", "version"), [Text("", 0)])[0].text
        scripts = values.get(("options.entry_points", "console_scripts"), [])
        reading.project = Project(
            "pypi",
            canonical(name[0].text),
            version,
            name[0].line,
            entry_points=tuple("=".join(re.split(r"\s*=\s*", script.text, maxsplit=1)) for script in scripts),
        )


class _Option(NamedTuple):
    """An option of an INI file, and the lines of its value that are not blank or comments."""

    section: str
    key: str
    line: int
    lines: list[Text]


def _options(text: str) -> Iterator[_Option]:
    section, values = "", list[Text]()
    for line, whole in enumerate(text.split("\n"), 1):
        content = whole.strip()
        if not content or content[0] in "#;":
            continue
        if whole[0] in " \t":
            values.append(Text(content, line))
        elif content[0] == "[":
            section, values = content.strip("[]").strip(), []
        else:
            key, _, value = content.partition("=" if "=" in content else ":")
            values = [Text(value.strip(), line)] if value.strip() else []
            name = key.strip()
            yield _Option(section, name.lower().replace("-", "_") if section == "options" else name, line, values)


def _requirements(option: _Option) -> Iterator[Text]:
    """The requirements of an option: one a line, or between semicolons where they stand beside the key."""
    for text, line in option.lines:
        content = re.split(r"\s#", text)[0]
        if not content.startswith("file:"):
            beside = line == option.line and len(option.lines) == 1
            yield from (Text(part, line) for part in (content.split(";") if beside else [content]))


def read_setup_py(reading: Reading) -> None:
    """Reads `setup.py`."""
    root, reading.problems[:] = syntax_tree("python", reading.text)
    if root is None:
        return
    module = Module(root)
    arguments: dict[str, list[Node]] = {}
    for call in walk(root):
        if call.type == "call" and text_of(call.child_by_field_name("function")).rpartition(".")[2] == "setup":
            for key, value in module.arguments(call):
                arguments.setdefault(key, []).append(value)
            _read_project(reading, module, call, arguments)
    for field, scope in _FIELDS.items():
        for value in arguments.get(field, ()):
            _read_requirements(reading, module, value, scope)
    for value in arguments.get("extras_require", ()):
        for key, group in module.entries(value):
            _read_requirements(reading, module, group, scope_of(key, DependencyScope.OPTIONAL))
    if module.steps <= 0:
        reading.problem(1, "has names that refer to too many others", "list the requirements in pyproject.toml")


def _read_requirements(reading: Reading, module: Module, value: Node, scope: DependencyScope) -> None:
    for text, line in module.strings(value):
        if text.endswith((".txt", ".in")):
            reading.includes.append(text)
        else:
            # What is filled in when it runs ("torch>=%s") is left out, unless it is a version's digits.
            written = text if requirement(text) else _FILLED_IN.split(text)[0]
            add_requirements(reading, iter([(written, line)]), scope)


def _read_project(reading: Reading, module: Module, call: Node, arguments: dict[str, list[Node]]) -> None:
    def first(key: str) -> Text:
        return next((text for value in arguments.get(key, ()) for text in module.strings(value)), Text("", 0))

    name = first("name")
    scripts = [
        script.text
        for value in arguments.get("entry_points", ())
        for key, group in module.entries(value)
        if key in {"console_scripts", "gui_scripts"}
        for script in module.strings(group)
    ]
    reading.project = Project(
        "pypi",
        canonical(name.text),
        first("version").text,
        name.line or line_of(call),
        entry_points=tuple("=".join(part.strip() for part in script.split("=", 1)) for script in scripts),
    )


class Module:
    """A Python module whose names can be looked up: what each was assigned, extended or appended with.

    Attributes:
        steps: Steps of looking up that are left; names that refer to names would otherwise multiply.
    """

    def __init__(self, root: Node) -> None:
        self.steps = _MOST_STEPS
        self._values: dict[str, list[Node]] = {}
        self._entries: dict[str, list[tuple[str, Node]]] = {}
        for node in walk(root):
            if node.type in {"assignment", "augmented_assignment"}:
                self._assign(node.child_by_field_name("left"), node.child_by_field_name("right"))
            elif node.type == "call":
                self._extend(node)

    def _assign(self, left: Node | None, right: Node | None) -> None:
        if left is None or right is None:
            return
        if left.type == "identifier":
            self._values.setdefault(text_of(left), []).append(right)
        elif left.type == "subscript":
            key = string_of(left.child_by_field_name("subscript"))
            self._entries.setdefault(text_of(left.child_by_field_name("value")), []).append((key, right))

    def _extend(self, call: Node) -> None:
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        name, _, method = text_of(function).rpartition(".")
        if method in {"append", "extend", "insert", "update"} and name.isidentifier() and arguments is not None:
            self._values.setdefault(name, []).extend(arguments.named_children)

    def _spend(self) -> bool:
        self.steps -= 1
        return self.steps > 0

    def assigned(self, name: str) -> list[Node]:
        """All that a name was assigned, extended or appended with."""
        return self._values.get(name, [])

    def arguments(self, call: Node) -> Iterator[tuple[str, Node]]:
        """The keyword arguments of a call, those of a `**mapping` included."""
        arguments = call.child_by_field_name("arguments")
        for argument in arguments.named_children if arguments is not None else ():
            if argument.type == "keyword_argument" and (value := argument.child_by_field_name("value")) is not None:
                yield text_of(argument.child_by_field_name("name")), value
            elif argument.type == "dictionary_splat" and argument.named_children:
                yield from self.entries(argument.named_children[0])

    def entries(self, mapping: Node) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping: a literal, a call of `dict`, or a name that was given some."""
        pending, seen = deque([mapping]), set[str]()
        while pending and self._spend():
            node = pending.popleft()
            if node.type == "identifier" and (name := text_of(node)) not in seen:
                seen.add(name)
                pending += self._values.get(name, ())
                yield from self._entries.get(name, ())
            elif node.type == "dictionary":
                for pair in node.named_children:
                    self.steps -= 1
                    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                    if key is not None and value is not None:
                        yield string_of(key), value
                    elif pair.type == "dictionary_splat":
                        pending += pair.named_children
            elif node.type == "call":
                yield from self.arguments(node)

    def strings(self, node: Node) -> Iterator[Text]:
        """The strings of a list, whatever expression it is; each name is looked up once."""
        pending, seen = [node], set[str]()
        while pending and self._spend():
            current = pending.pop()
            kind = current.type
            if kind in {"string", "concatenated_string"}:
                yield from _lines(current)
            elif kind == "identifier":
                name = text_of(current)
                if name not in seen:
                    seen.add(name)
                    pending += reversed(self._values.get(name, ()))
            elif kind in {"subscript", "call"}:
                pending += reversed(self._reached(current))
            else:
                pending += reversed(_parts(current))

    def _reached(self, node: Node) -> list[Node]:
        """What a subscript or a call gives, as far as it can be seen."""
        if node.type == "subscript":
            key = node.child_by_field_name("subscript")
            mapping = node.child_by_field_name("value")
            if key is None or mapping is None:
                return []
            found = [value for name, value in self.entries(mapping) if name == string_of(key)]
            # A mapping of names to requirements that is computed: its key is the name.
            return found or [key]
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is not None and function.type == "attribute" and (
            text_of(function.child_by_field_name("attribute")) in {"format", "split", "splitlines", "strip", "copy"}
        ):  # fmt: skip
            target = function.child_by_field_name("object")
            return [] if target is None else [target]
        return list(arguments.named_children) if arguments is not None else []


def _parts(node: Node) -> list[Node]:
    """The parts of an expression that become part of its value."""
    if node.type == "binary_operator" and text_of(node.child_by_field_name("operator")) == "%":
        return node.named_children[:1]
    if node.type == "conditional_expression":
        return [node.named_children[0], *node.named_children[2:]]
    if node.type in _COLLECTIONS:
        return list(node.named_children)
    if node.type in {"list_comprehension", "generator_expression", "set_comprehension"}:
        clauses = [child.child_by_field_name("right") for child in node.named_children if child.type == "for_in_clause"]
        return [clause for clause in clauses if clause is not None]
    return []


def _lines(string: Node) -> Iterator[Text]:
    parts = (
        [child for child in string.named_children if child.type == "string"] if string.type != "string" else [string]
    )
    whole = "".join(string_of(part) for part in parts).replace("\\n", "\n")
    for offset, line in enumerate(whole.split("\n")):
        content = line.partition("#")[0] if "egg=" not in line else line
        if content.strip():
            yield Text(content.strip(), line_of(string) + min(offset, string.end_point.row - string.start_point.row))
