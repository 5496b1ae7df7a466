"""Swift Package Manager: `Package.swift` and `Package.resolved`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.scripts import Token, at_index, calls_of, nesting, tokens_of
from connectors.code.manifests.values import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.code.manifests.reading import Reading

_REPOSITORY: Final = re.compile(r"(?:\w+://)?(?:[^/@\s]*@)?[^/:\s]+[:/](?:\d+/)?(?P<path>[^\s?#]+)")
_TARGETS: Final = frozenset({"target", "executableTarget", "testTarget", "macro", "plugin"})
_CALLS: Final = _TARGETS | {"Package", "package", "executable"}


def read_package_swift(reading: Reading) -> None:
    """Reads `Package.swift`; a package that only test targets use is of scope test."""
    tokens, reading.problems[:] = tokens_of(reading.text, "swift")
    tokens = [token for token in tokens if token.kind != "end"]
    name, programs = Token("string", "", 1), list[str]()
    used: dict[str, set[bool]] = {}
    calls = [(index, tokens[index + 2 : end]) for index, end in calls_of(tokens) if tokens[index].text in _CALLS]
    for index, called in calls:
        token = tokens[index]
        arguments = dict(_arguments(called))
        if token.text == "Package" and at_index(tokens, index - 1).text != ".":
            name = arguments.get("name", name)
        elif token.text in {"executable", "executableTarget"} and "name" in arguments:
            programs.append(arguments["name"].text)
        if token.text in _TARGETS:
            for package in _packages_used(called):
                used.setdefault(package.lower(), set()).add(token.text == "testTarget")
    entry_points = tuple(dict.fromkeys(programs))
    reading.project = Project("swift", name.text, "", name.line, entry_points=entry_points)
    for index, called in calls:
        if tokens[index].text == "package" and at_index(tokens, index - 1).text == ".":
            _read_package(reading, called, used)


def _read_package(reading: Reading, called: Sequence[Token], used: dict[str, set[bool]]) -> None:
    arguments = dict(_arguments(called))
    place = arguments.get("url") or arguments.get("id")
    if place is None:
        return
    package = repository_name(place.text) if "url" in arguments else place.text.lower().replace(".", "/", 1)
    names = {package.rpartition("/")[2], arguments.get("name", place).text.lower()}
    tests = set[bool]().union(*(used.get(name, ()) for name in names))
    scope = DependencyScope.TEST if tests == {True} else DependencyScope.PRODUCTION
    strings = [part for part in called if part.kind == "string"]
    version = strings[strings.index(place) + 1 :]
    reading.add("swift", package, version[0].text if version else "", place.line, scope)


def _arguments(tokens: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """The arguments of a call that are strings, by their labels; those of calls inside it are not among them."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += nesting(token)
        labelled = token.kind == "string" and at_index(tokens, index - 1).text == ":"
        if labelled and not depth and at_index(tokens, index - 2).kind == "name":
            yield tokens[index - 2].text, token


def _packages_used(tokens: Sequence[Token]) -> Iterator[str]:
    """The packages whose products a target uses: by `package: "…"`, or by a bare product name."""
    for index, token in enumerate(tokens):
        before = at_index(tokens, index - 1).text
        if token.kind == "string" and (
            (before == ":" and at_index(tokens, index - 2).text == "package") or before in {"[", ","}
        ):
            yield token.text


def read_package_resolved(reading: Reading) -> None:
    """Reads `Package.resolved`, which does not tell what the project asks for itself."""
    document, reading.problems[:] = read_json(reading.text)
    for pin in (*document.get("pins").items, *document.get("object", "pins").items):
        state = pin.get("state")
        versions = (state.get(key).text for key in ("version", "branch", "revision"))
        version = next((version for version in versions if version not in {"", "null"}), "")
        place = pin.get("location") if pin.get("location").text else pin.get("repositoryURL")
        if pin.get("kind").text == "registry":
            place = pin.get("identity")
            name = place.text.lower().replace(".", "/", 1)
        else:
            name = repository_name(place.text)
        reading.add("swift", name, version, place.line, direct=False)


def repository_name(url: str) -> str:
    """`owner/repo` of a repository's address, in lower case; empty for a folder."""
    found = _REPOSITORY.match(url)
    parts = found["path"].strip("/").removesuffix(".git").split("/") if found else []
    return "/".join(parts[-2:]).lower() if len(parts) > 1 else ""
