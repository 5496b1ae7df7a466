"""Gradle: build and settings scripts in Groovy and Kotlin, version catalogs, lock files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.scripts import Token, at_index, constants_of, dotted, nesting, tokens_of
from connectors.code.manifests.toml import read_toml
from connectors.code.manifests.values import MAX_DEPTH, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.code.manifests.reading import Reading

_COORDINATE: Final = re.compile(
    r"(?P<group>[\w.-]+):(?P<artifact>(?:[\w.-]|\$\w+|\$\{[^{}]*\})++)(?::(?P<version>[^:@]*)(?:[:@].*)?)?\Z"
)
_VARIABLE: Final = re.compile(r"\$\{?([\w.]+)(?:\(\))?\}?")
_MOST_NAMES: Final = 8
"""Names that are kept of the head of a block."""

_NOT_DEPENDENCIES: Final = frozenset({"exclude", "because", "force", "requireCapability", "requireCapabilities", "url"})
_MANAGING: Final = frozenset({"constraints", "dependencyManagement", "platform", "enforcedPlatform", "mavenBom"})
_BUILD: Final = frozenset({"classpath", "annotationprocessor", "kapt", "ksp", "buildsrc", "buildscript"})
_DEVELOPMENT: Final = frozenset({"developmentonly", "debugimplementation", "testanddevelopmentonly"})


class _Statement(NamedTuple):
    """A statement, and the heads of the blocks it stands in, outermost first."""

    blocks: Sequence[tuple[str, ...]]
    tokens: list[Token]


def read_build(reading: Reading) -> None:
    """Reads `build.gradle` and `build.gradle.kts`."""
    tokens, reading.problems[:] = tokens_of(reading.text, "kotlin" if reading.path.endswith(".kts") else "groovy")
    constants = constants_of(tokens)
    main = next((constants[name] for name in ("mainClass", "mainClassName") if name in constants), None)
    main = main or _set_main(tokens)
    version = ""
    for statement in _statements(reading, tokens):
        if not statement.blocks and statement.tokens[0].text == "version":
            version = next((token.text for token in statement.tokens if token.kind == "string"), version)
        if any(head[-1:] == ("dependencies",) or head[-1:] == ("imports",) for head in statement.blocks):
            _read_statement(reading, statement, constants)
    reading.project = Project("maven", "", version, 1, entry_points=(f"main={main.text}",) if main else ())


def _set_main(tokens: Sequence[Token]) -> Token | None:
    """The class in `mainClass.set("…")`."""
    for index, token in enumerate(tokens):
        if token.text == "mainClass" and at_index(tokens, index + 2).text == "set":
            target = at_index(tokens, index + 4)
            return target if target.kind == "string" else None
    return None


def _statements(reading: Reading, tokens: Sequence[Token]) -> Iterator[_Statement]:
    blocks: list[tuple[str, ...]] = []
    depths: list[int] = []
    current: list[Token] = []
    depth = 0
    for token in tokens:
        if token.kind == "sign" and token.text in {"{", "}", ";"}:
            if current:
                yield _Statement(blocks, current)
            if token.text == "{":
                if len(blocks) == MAX_DEPTH:
                    return reading.problem(token.line, f"has blocks deeper than {MAX_DEPTH} levels", "flatten it")
                blocks = [*blocks, tuple(part.text for part in current if part.kind == "name")[-_MOST_NAMES:]]
                depths.append(depth)
                depth = 0
            elif token.text == "}" and blocks:
                blocks = blocks[:-1]
                depth = depths.pop()
            current = []
        elif token.kind == "end":
            if current and depth <= 0 and current[-1].text not in {",", "+", ".", "("}:
                yield _Statement(blocks, current)
                current = []
        else:
            depth += nesting(token)
            current.append(token)
    if current:
        yield _Statement(blocks, current)
    return None


def _read_statement(reading: Reading, statement: _Statement, constants: dict[str, Token]) -> None:
    tokens = statement.tokens
    names = [token.text for token in tokens if token.kind == "name"]
    first = tokens[0].text if names[:1] != ["add"] else next((t.text for t in tokens if t.kind == "string"), "")
    if first in _NOT_DEPENDENCIES:
        return
    heads = [name for head in statement.blocks for name in head]
    direct = _MANAGING.isdisjoint(heads) and _MANAGING.isdisjoint(names)
    scope = _scope(first, heads)
    for name, version, line in _coordinates(tokens, constants):
        reading.add("maven", name, version, line, scope, direct=direct)


def _scope(configuration: str, heads: Sequence[str]) -> DependencyScope:
    word = configuration.lower()
    if "test" in word or any("Test" in name or name == "test" for name in heads):
        return DependencyScope.DEVELOPMENT if word in _DEVELOPMENT else DependencyScope.TEST
    if word in _DEVELOPMENT:
        return DependencyScope.DEVELOPMENT
    if word.startswith(tuple(_BUILD)) or word.endswith("annotationprocessor") or "buildscript" in heads:
        return DependencyScope.BUILD
    return DependencyScope.PRODUCTION


def _coordinates(tokens: Sequence[Token], constants: dict[str, Token]) -> Iterator[tuple[str, str, int]]:
    """The modules that a statement names: as one string, as a map, or by a constant."""
    fields = {token.text: index for index, token in enumerate(tokens) if at_index(tokens, index + 1).text in {":", "="}}
    if "group" in fields and "name" in fields:
        group, artifact = (_field(tokens, fields[key] + 2, constants) for key in ("group", "name"))
        version = _field(tokens, fields["version"] + 2, constants).text if "version" in fields else ""
        if group.text and artifact.text:
            yield f"{group.text}/{artifact.text}", version, artifact.line
        return
    found = False
    for index, token in enumerate(tokens):
        if token.kind != "string":
            continue
        text = token.text
        if text.endswith(":") and at_index(tokens, index + 1).text == "+":
            text += _field(tokens, index + 2, constants).text
        if coordinate := _coordinate(text, constants):
            found = True
            yield *coordinate, token.line
    if not found:
        for index, token in enumerate(tokens):
            name, _ = dotted(tokens, index)
            constant = constants.get(name) if token.kind == "name" else None
            if constant and (coordinate := _coordinate(constant.text, constants)):
                yield *coordinate, constant.line
                return


def _coordinate(text: str, constants: dict[str, Token]) -> tuple[str, str] | None:
    found = _COORDINATE.match(text)
    if found is None:
        return None
    artifact, version = (_interpolated(found[part] or "", constants) for part in ("artifact", "version"))
    return f"{found['group']}/{artifact}", version


def _field(tokens: Sequence[Token], index: int, constants: dict[str, Token]) -> Token:
    token = at_index(tokens, index)
    if token.kind == "string":
        return Token("string", _interpolated(token.text, constants), token.line)
    name, _ = dotted(tokens, index)
    return constants.get(name, Token("string", "", token.line))


def _interpolated(text: str, constants: dict[str, Token]) -> str:
    def value(variable: re.Match[str]) -> str:
        name = variable[1].removesuffix(".get").rpartition(".")[2]
        return constants[name].text if name in constants else variable[0]

    return _VARIABLE.sub(value, text) if "$" in text else text


def read_settings(reading: Reading) -> None:
    """Reads `settings.gradle` and `settings.gradle.kts`: the modules, and version catalogs that are declared there."""
    tokens, reading.problems[:] = tokens_of(reading.text, "kotlin" if reading.path.endswith(".kts") else "groovy")
    name = Token("string", "", 1)
    modules: list[str] = []
    for statement in _statements(reading, tokens):
        texts = [token for token in statement.tokens if token.kind == "string"]
        first = statement.tokens[0].text
        names = [token.text for token in statement.tokens if token.kind == "name"]
        if first == "include":
            modules += (token.text.strip(":").replace(":", "/") for token in texts if "$" not in token.text)
        elif names[:2] == ["rootProject", "name"] and texts:
            name = texts[0]
        elif first == "library":
            _read_library(reading, texts)
    reading.project = Project("maven", name.text, "", name.line, workspace=tuple(modules))


def _read_library(reading: Reading, texts: Sequence[Token]) -> None:
    """Reads `library("alias", "group:artifact:version")` or `library("alias", "group", "artifact")`."""
    match texts:
        case [_, coordinate] if found := _coordinate(coordinate.text, {}):
            reading.add("maven", *found, coordinate.line)
        case [_, group, artifact, *version]:
            reading.add("maven", f"{group.text}/{artifact.text}", version[0].text if version else "", artifact.line)


def read_catalog(reading: Reading) -> None:
    """Reads a version catalog, `libs.versions.toml`; its libraries are what build scripts call by an alias."""
    document, reading.problems[:] = read_toml(reading.text)
    versions = {pair.key: _rich(pair.value) for pair in document.get("versions").pairs}
    for library in document.get("libraries").pairs:
        value = library.value
        if found := _coordinate(value.text, {}):
            reading.add("maven", *found, value.line)
            continue
        group, _, artifact = value.get("module").text.partition(":")
        group, artifact = group or value.get("group").text, artifact or value.get("name").text
        reference = value.get("version.ref").text or value.get("version", "ref").text
        version = versions.get(reference, "") if reference else _rich(value.get("version"))
        line = value.line_of("module") or value.line_of("name") or library.line
        if group and artifact:
            reading.add("maven", f"{group}/{artifact}", version, line)


def _rich(version: Value) -> str:
    return version.text or next(
        (version.get(key).text for key in ("strictly", "require", "prefer") if version.get(key).text), ""
    )


def read_lockfile(reading: Reading) -> None:
    """Reads `gradle.lockfile`: one module a line, with the configurations that hold it."""
    for line, content in enumerate(reading.text.split("\n"), 1):
        module, _, configurations = content.partition("=")
        parts = module.strip().split(":")
        if content.startswith("#") or len(parts) != len(("group", "artifact", "version")):
            continue
        scopes = {_scope(name, ()) for name in configurations.strip().split(",")}
        scope = scopes.pop() if len(scopes) == 1 else DependencyScope.PRODUCTION
        if reading.file.startswith("buildscript"):
            scope = DependencyScope.BUILD
        reading.add("maven", f"{parts[0]}/{parts[1]}", parts[2], line, scope, direct=False)
