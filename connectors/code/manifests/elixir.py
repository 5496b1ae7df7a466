"""Elixir: `mix.exs` and `mix.lock`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.scripts import Token, at_index, nesting, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOCKED: Final = re.compile(
    r'\s*"(?P<alias>[^"]+)":\s*\{:(?:hex,\s*:"?(?P<name>[\w.-]+)"?,\s*"(?P<version>[^"]*)"|git,\s*"(?P<url>[^"]*)")'
)
_OPTIONS: Final = frozenset({"git", "github", "path", "in_umbrella", "only", "optional", "hex", "runtime", "override"})
_PLACES: Final = {"git": "git+", "github": "git+https://github.com/", "path": "path:"}


def read_mix_exs(reading: Reading) -> None:
    """Reads `mix.exs`: the tuples in `deps`."""
    tokens, reading.problems[:] = tokens_of(reading.text, "elixir")
    attributes = {
        token.text: at_index(tokens, index + 1).text
        for index, token in enumerate(tokens)
        if token.text.startswith("@") and at_index(tokens, index + 1).kind == "string"
    }
    reading.project = _project(tokens, attributes)
    for dependency in _dependencies(tokens):
        _add(reading, dependency, attributes)


def _project(tokens: Sequence[Token], attributes: dict[str, str]) -> Project:
    fields: dict[str, Token] = {}
    for index, token in enumerate(tokens):
        if token.kind == "name" and at_index(tokens, index + 1).text == ":":
            fields.setdefault(token.text, at_index(tokens, index + 2))
    nothing = Token("string", "", 1)
    name, version, apps = (fields.get(key, nothing) for key in ("app", "version", "apps_path"))
    return Project(
        "hex",
        name.text,
        attributes.get(version.text, "" if version.kind == "name" else version.text),
        name.line or 1,
        workspace=(f"{apps.text}/*",) if apps.text else (),
    )


def _dependencies(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tuples in functions that list dependencies, and in the value of `deps:`, each without its braces."""
    start, around, depth, innermost, listing = -1, 0, 0, 0, False
    for index, token in enumerate(tokens):
        if token.kind == "name" and token.text in {"def", "defp"}:
            listing, innermost = "dep" in at_index(tokens, index + 1).text, 0
        elif token.text == "deps" and at_index(tokens, index + 1).text == ":":
            listing, innermost = True, depth + 1
        deeper = nesting(token)
        if deeper > 0 and token.text == "{" and listing and start < 0:
            start, around = index, depth
        depth += deeper
        if start >= 0 and depth == around:
            yield tokens[start + 1 : index]
            start = -1
        if deeper < 0 and depth < innermost:
            listing = False


def _add(reading: Reading, dependency: Sequence[Token], attributes: dict[str, str]) -> None:
    name = at_index(dependency, 0)
    if name.kind != "symbol" or at_index(dependency, 1).text != ",":
        return
    options = _options(dependency)
    second = at_index(dependency, 2)
    version = second.text if second.kind == "string" else attributes.get(second.text, "")
    if not version and _OPTIONS.isdisjoint(options):
        return
    for key, prefix in _PLACES.items():
        if not version and key in options:
            version = prefix + "".join(token.text for token in options[key][:1])
    if "in_umbrella" in options:
        version = "workspace"
    package = options["hex"][0].text if options.get("hex") else name.text
    reading.add("hex", package, version, name.line, _scope(options))


def _options(dependency: Sequence[Token]) -> dict[str, list[Token]]:
    """The values of the options of a dependency, as tokens."""
    found: dict[str, list[Token]] = {}
    values: list[Token] = []
    for index, token in enumerate(dependency):
        if token.kind == "name" and at_index(dependency, index + 1).text == ":":
            values = found.setdefault(token.text, [])
        elif token.kind not in {"sign", "end"}:
            values.append(token)
    return found


def _scope(options: dict[str, list[Token]]) -> DependencyScope:
    if any(token.text == "true" for token in options.get("optional", ())):
        return DependencyScope.OPTIONAL
    scopes = {scope_of(token.text, DependencyScope.PRODUCTION) for token in options.get("only", ())}
    ordered = (DependencyScope.PRODUCTION, DependencyScope.DEVELOPMENT, DependencyScope.TEST)
    return next((scope for scope in ordered if scope in scopes), DependencyScope.PRODUCTION)


def read_mix_lock(reading: Reading) -> None:
    """Reads `mix.lock`, one package a line; it does not tell what the project asks for itself."""
    for line, content in enumerate(reading.text.split("\n"), 1):
        if found := _LOCKED.match(content):
            url = found["url"]
            version = found["version"] if url is None else f"git+{url}"
            reading.add("hex", found["name"] or found["alias"], version, line, direct=False)
