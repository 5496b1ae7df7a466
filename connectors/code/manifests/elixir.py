"""Elixir: `mix.exs` and `mix.lock`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.trees import line_of, string_of, syntax_tree, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_LOCKED: Final = re.compile(
    r'\s*"(?P<alias>[^"]+)":\s*\{:(?:hex,\s*:"?(?P<name>[\w.-]+)"?,\s*"(?P<version>[^"]*)"|git,\s*"(?P<url>[^"]*)")'
)
_OPTIONS: Final = frozenset({"git", "github", "path", "in_umbrella", "only", "optional", "hex", "runtime", "override"})


def read_mix_exs(reading: Reading) -> None:
    """Reads `mix.exs`: the tuples in `deps`."""
    root, reading.problems[:] = syntax_tree("elixir", reading.text)
    if root is None:
        return
    attributes = _attributes(root)
    reading.project = _project(root, attributes)
    for dependency in _dependencies(root):
        _add(reading, dependency, attributes)


def _attributes(root: Node) -> dict[str, str]:
    """The module attributes that hold a string, as `@version "1.0"`."""
    found: dict[str, str] = {}
    for node in walk(root):
        if node.type == "unary_operator" and text_of(node).startswith("@"):
            call = node.named_children[0] if node.named_children else None
            if call is not None and call.type == "call" and len(call.named_children) > 1:
                value = call.named_children[1].named_children[:1]
                found[text_of(call.named_children[0])] = string_of(value[0]) if value else ""
    return found


def _project(root: Node, attributes: dict[str, str]) -> Project:
    fields: dict[str, Node] = {}
    for node in walk(root):
        if node.type == "pair" and len(node.named_children) > 1:
            fields.setdefault(_keyword(node), node.named_children[1])
    name, version, apps = (fields.get(key) for key in ("app", "version", "apps_path"))
    written = text_of(version)
    members = (f"{string_of(apps)}/*",) if apps is not None else ()
    return Project(
        "hex",
        text_of(name).lstrip(":"),
        attributes.get(written[1:], "") if written.startswith("@") else string_of(version),
        line_of(name) if name is not None else 1,
        workspace=members,
    )


def _keyword(pair: Node) -> str:
    return text_of(pair.named_children[0]).strip(' :"')


def _dependencies(root: Node) -> Iterator[Node]:
    """The tuples in functions that list dependencies, and in the value of `deps:`."""
    pending = [(root, False)]
    while pending:
        node, inside = pending.pop()
        if node.type == "tuple":
            if inside:
                yield node
            continue
        children = node.named_children
        if node.type == "pair" and children:
            inside = inside or _keyword(node) == "deps"
        elif node.type == "call" and len(children) > 1 and text_of(children[0]) in {"def", "defp"}:
            inside = "dep" in text_of(children[1]).partition("(")[0]
        pending += [(child, inside) for child in reversed(children)]


def _add(reading: Reading, dependency: Node, attributes: dict[str, str]) -> None:
    first, *rest = dependency.named_children or [dependency]
    if first.type not in {"atom", "quoted_atom"} or not rest:
        return
    options = {
        _keyword(pair): pair.named_children[1]
        for part in rest
        for pair in part.named_children
        if part.type in {"keywords", "list"} and pair.type == "pair" and len(pair.named_children) > 1
    }
    written = text_of(rest[0])
    version = attributes.get(written[1:], "") if written.startswith("@") else string_of(rest[0])
    if not version and _OPTIONS.isdisjoint(options):
        return
    for key, prefix in (("git", "git+"), ("github", "git+https://github.com/"), ("path", "path:")):
        if key in options and not version:
            version = prefix + string_of(options[key])
    if "in_umbrella" in options:
        version = "workspace"
    name = text_of(options["hex"]) if "hex" in options else text_of(first)
    reading.add("hex", name.strip(':"'), version, line_of(first), _scope(options))


def _scope(options: dict[str, Node]) -> DependencyScope:
    if "optional" in options and text_of(options["optional"]) == "true":
        return DependencyScope.OPTIONAL
    environments = re.findall(r":(\w+)", text_of(options.get("only")))
    scopes = {scope_of(name, DependencyScope.PRODUCTION) for name in environments}
    ordered = (DependencyScope.PRODUCTION, DependencyScope.DEVELOPMENT, DependencyScope.TEST)
    return next((scope for scope in ordered if scope in scopes), DependencyScope.PRODUCTION)


def read_mix_lock(reading: Reading) -> None:
    """Reads `mix.lock`, one package a line; it does not tell what the project asks for itself."""
    for line, content in enumerate(reading.text.split("\n"), 1):
        if found := _LOCKED.match(content):
            url = found["url"]
            version = found["version"] if url is None else f"git+{url}"
            reading.add("hex", found["name"] or found["alias"], version, line, direct=False)
