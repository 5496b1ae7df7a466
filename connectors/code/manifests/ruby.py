"""Ruby's declarative files: `Gemfile`, `*.gemspec`, `Podfile`, `*.podspec`; and `Gemfile.lock`, `Podfile.lock`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.ruby_statements import Statement, statements_of
from connectors.code.manifests.scripts import Token, at_index, nesting, tokens_of
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRODUCTION: Final = DependencyScope.PRODUCTION
_GEM_CALLS: Final[dict[str, DependencyScope | None]] = {
    "gem": None,
    "add_dependency": None,
    "add_runtime_dependency": None,
    "add_development_dependency": DependencyScope.DEVELOPMENT,
}
_POD_CALLS: Final[dict[str, DependencyScope | None]] = {"pod": None, "dependency": None}
_PLACES: Final = {"git": "git+", "github": "git+https://github.com/", "path": "path:"}
_TESTS: Final = re.compile(r"Tests?(?![a-z])")
_LOCKED: Final = re.compile(r"(?P<indent> {2,6})(?P<name>[A-Za-z0-9_][\w.-]*)!?(?: \((?P<version>[^)]*)\))?!?\Z")
_POD: Final = re.compile(r"(?P<name>[^\s(/]+)[^\s(]*(?: \((?P<version>[^)]*)\))?")


def read_gems(reading: Reading) -> None:
    """Reads `Gemfile`, `gems.rb` and `*.gemspec`."""
    _read_calls(reading, "gem", _GEM_CALLS)


def read_pods(reading: Reading) -> None:
    """Reads `Podfile` and `*.podspec`."""
    _read_calls(reading, "cocoapods", _POD_CALLS)


def _read_calls(reading: Reading, ecosystem: str, calls: dict[str, DependencyScope | None]) -> None:
    tokens, reading.problems[:] = tokens_of(reading.text, "ruby")
    fields: dict[str, list[Token]] = {}
    for statement in statements_of(tokens, _scope_of_block):
        if statement.assigned:
            fields.setdefault(statement.name, _texts(statement.arguments))
        elif statement.name in calls:
            _add(reading, ecosystem, statement, calls[statement.name] or statement.scope)
    if reading.file.endswith((".gemspec", ".podspec")):
        nothing = [Token("string", "", 1)]
        name, version = (fields.get(key) or nothing for key in ("name", "version"))
        programs = tuple(program.text for program in fields.get("executables", ()))
        reading.project = Project(ecosystem, name[0].text, version[0].text, name[0].line, entry_points=programs)


def _texts(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind in {"string", "symbol"} and token.text]


def _scope_of_block(statement: Statement) -> DependencyScope:
    names = [token.text for token in _texts(statement.arguments)]
    if statement.name == "group":
        return _scope_of_groups(names, statement.scope)
    if statement.name == "test_spec" or (statement.name == "target" and any(map(_TESTS.search, names))):
        return DependencyScope.TEST
    return statement.scope


def _scope_of_groups(names: Sequence[str], otherwise: DependencyScope) -> DependencyScope:
    """The scope of what stands in several groups: the most lasting of theirs."""
    scopes = {scope_of(name, _PRODUCTION) for name in names}
    ordered = (_PRODUCTION, DependencyScope.DEVELOPMENT, DependencyScope.TEST, DependencyScope.BUILD)
    return next((scope for scope in ordered if scope in scopes), otherwise)


def _add(reading: Reading, ecosystem: str, statement: Statement, scope: DependencyScope) -> None:
    constraints, options = _arguments(statement.arguments)
    if not constraints or constraints[0].kind != "string":
        return
    name = constraints[0]
    groups = [token.text for key in ("group", "groups") for token in options.get(key, ())]
    version = ", ".join(token.text for token in constraints[1:])
    for key, prefix in _PLACES.items():
        if not version and options.get(key):
            version = prefix + options[key][0].text
    # A part of a pod (`Firebase/Core`) belongs to the pod.
    package = name.text.partition("/")[0] if ecosystem == "cocoapods" else name.text
    reading.add(ecosystem, package, version, name.line, _scope_of_groups(groups, scope))


def _arguments(tokens: Sequence[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The texts among the arguments that are not named, and those under each name, `group: :test` or `:group => :test`."""
    unnamed: list[Token] = []
    named: dict[str, list[Token]] = {}
    into, key_depth, depth = unnamed, 0, 0
    for index, token in enumerate(tokens):
        depth += nesting(token)
        following = at_index(tokens, index + 1).text
        if following == "=>" or (following == ":" and token.kind in {"name", "string"}):
            into, key_depth = named.setdefault(token.text, []), depth
        elif token.text == "," and token.kind == "sign" and depth <= key_depth:
            into, key_depth = unnamed, 0
        elif token.kind in {"string", "symbol"}:
            into.append(token)
    return unnamed, named


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
