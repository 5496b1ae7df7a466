"""Ruby's declarative files: `Gemfile`, `*.gemspec`, `Podfile`, `*.podspec`; and `Gemfile.lock`, `Podfile.lock`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.trees import line_of, string_of, syntax_tree, text_of
from connectors.code.manifests.values import MAX_DEPTH
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_PRODUCTION: Final = DependencyScope.PRODUCTION
_GEM_CALLS: Final[dict[str, DependencyScope | None]] = {
    "gem": None,
    "add_dependency": None,
    "add_runtime_dependency": None,
    "add_development_dependency": DependencyScope.DEVELOPMENT,
}
_POD_CALLS: Final[dict[str, DependencyScope | None]] = {"pod": None, "dependency": None}
_LOCKED: Final = re.compile(r"(?P<indent> {2,6})(?P<name>[A-Za-z0-9_][\w.-]*)!?(?: \((?P<version>[^)]*)\))?!?\Z")
_POD: Final = re.compile(r"(?P<name>[^\s(/]+)[^\s(]*(?: \((?P<version>[^)]*)\))?")


def read_gems(reading: Reading) -> None:
    """Reads `Gemfile`, `gems.rb` and `*.gemspec`."""
    _read_calls(reading, "gem", _GEM_CALLS)


def read_pods(reading: Reading) -> None:
    """Reads `Podfile` and `*.podspec`."""
    _read_calls(reading, "cocoapods", _POD_CALLS)


def _read_calls(reading: Reading, ecosystem: str, calls: dict[str, DependencyScope | None]) -> None:
    root, reading.problems[:] = syntax_tree("ruby", reading.text)
    if root is None:
        return
    fields: dict[str, tuple[str, int]] = {}
    programs: tuple[str, ...] = ()
    for node, scope in _calls(root, _PRODUCTION):
        if node.type == "assignment":
            field = text_of(node.child_by_field_name("left")).rpartition(".")[2]
            for text, line in _strings(node.child_by_field_name("right")):
                fields.setdefault(field, (text, line))
            if field == "executables":
                programs = tuple(text for text, _ in _strings(node.child_by_field_name("right")))
        elif (method := text_of(node.child_by_field_name("method"))) in calls:
            _add(reading, ecosystem, node, calls[method] or scope)
    if reading.file.endswith((".gemspec", ".podspec")):
        name, line = fields.get("name", ("", 1))
        version, _ = fields.get("version", ("", 1))
        reading.project = Project(ecosystem, name, version, line, entry_points=programs)


def _calls(root: Node, scope: DependencyScope) -> Iterator[tuple[Node, DependencyScope]]:
    """The calls and assignments of a program, with the scope of the groups and targets that they stand in."""
    pending = [(root, scope, 0)]
    while pending:
        node, scope, depth = pending.pop()
        if node.type in {"call", "assignment"}:
            yield node, scope
        if node.type == "call" and node.child_by_field_name("block") is not None:
            scope = _scope_of_block(node, scope)
        if depth < MAX_DEPTH:
            pending += [(child, scope, depth + 1) for child in reversed(node.named_children)]


def _scope_of_block(call: Node, scope: DependencyScope) -> DependencyScope:
    method = text_of(call.child_by_field_name("method"))
    names = [text for text, _ in _strings(call.child_by_field_name("arguments"))]
    if method == "group":
        return _scope_of_groups(names, scope)
    if method in {"target", "test_spec"}:
        tests = method == "test_spec" or any(re.search(r"Tests?(?![a-z])", name) for name in names)
        return DependencyScope.TEST if tests else scope
    return scope


def _scope_of_groups(names: list[str], otherwise: DependencyScope) -> DependencyScope:
    """The scope of what stands in several groups: the most lasting of theirs."""
    scopes = {scope_of(name, _PRODUCTION) for name in names if name}
    ordered = (_PRODUCTION, DependencyScope.DEVELOPMENT, DependencyScope.TEST, DependencyScope.BUILD)
    return next((scope for scope in ordered if scope in scopes), otherwise)


def _strings(node: Node | None) -> Iterator[tuple[str, int]]:
    """The strings and symbols of an expression, as far as they are not options or the results of other calls."""
    pending = [node] if node is not None else []
    while pending:
        current = pending.pop()
        if current.type in {"string", "bare_string", "bare_symbol"}:
            yield string_of(current) or text_of(current).strip("\"'"), line_of(current)
        elif current.type in {"simple_symbol", "delimited_symbol"}:
            yield text_of(current).strip(":\"'"), line_of(current)
        elif current.type == "call":
            # "name".freeze and the like
            receiver = current.child_by_field_name("receiver")
            pending += [receiver] if receiver is not None and receiver.type == "string" else []
        elif current.type in {"argument_list", "array", "string_array", "symbol_array", "parenthesized_statements"}:
            pending += reversed(current.named_children)


def _add(reading: Reading, ecosystem: str, call: Node, scope: DependencyScope) -> None:
    arguments = call.child_by_field_name("arguments")
    strings = tuple(_strings(arguments))
    if arguments is None or not strings:
        return
    (name, line), *constraints = strings
    options = {
        text_of(pair.child_by_field_name("key")).strip(":\"'"): pair.child_by_field_name("value")
        for pair in arguments.named_children
        if pair.type == "pair"
    }
    for key in ("group", "groups"):
        if key in options:
            groups = options[key]
            names = [text for text, _ in _strings(groups)]
            scope = _scope_of_groups(names, scope)
    version = ", ".join(text for text, _ in constraints)
    for key, prefix in (("git", "git+"), ("github", "git+https://github.com/"), ("path", "path:")):
        if key in options and not version:
            version = prefix + next((text for text, _ in _strings(options[key])), "")
    # A part of a pod (`Firebase/Core`) belongs to the pod.
    reading.add(ecosystem, name.partition("/")[0] if ecosystem == "cocoapods" else name, version, line, scope)


def read_gemfile_lock(reading: Reading) -> None:
    """Reads `Gemfile.lock`: the gems under `specs:`, direct where `DEPENDENCIES` lists them."""
    section = ""
    specs: list[tuple[str, str, int]] = []
    asked_for: set[str] = set()
    for line, content in enumerate(reading.text.split("\n"), 1):
        if content and content[0] != " ":
            section = content.strip()
        elif found := _LOCKED.match(content.rstrip()):
            indent = len(found["indent"])
            if section == "DEPENDENCIES" and indent == len("  "):
                asked_for.add(found["name"])
            elif section in {"GEM", "GIT", "PLUGIN SOURCE"} and indent == len("    "):
                specs.append((found["name"], found["version"] or "", line))
    for name, version, line in specs:
        reading.add("gem", name, version, line, direct=name in asked_for)


def read_podfile_lock(reading: Reading) -> None:
    """Reads `Podfile.lock`: the pods, each once, direct where `DEPENDENCIES` lists them."""
    document, reading.problems[:] = read_yaml(reading.text)
    asked_for = {found["name"] for item in document.get("DEPENDENCIES").items if (found := _POD.match(item.text))}
    seen: set[str] = set()
    for item in document.get("PODS").items:
        text = item.text or next((pair.key for pair in item.pairs), "")
        found = _POD.match(text)
        if found and found["name"] not in seen:
            name = found["name"]
            seen.add(name)
            reading.add("cocoapods", name, found["version"] or "", item.line, direct=name in asked_for)
