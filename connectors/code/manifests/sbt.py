"""sbt: `build.sbt`, and the definitions below `project/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.scripts import Token, at_index, constants_of, dotted, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.code.manifests.reading import Reading

_CROSS: Final = frozenset({"%", "%%", "%%%"})
_SCOPES: Final = {"test": DependencyScope.TEST, "it": DependencyScope.TEST, "optional": DependencyScope.OPTIONAL}


def read_sbt(reading: Reading) -> None:
    """Reads an sbt build: `organisation %% artifact % version % configuration`, in `.sbt` and `.scala` files."""
    tokens, reading.problems[:] = tokens_of(reading.text, "scala")
    tokens = [token for token in tokens if token.kind != "end"]
    constants = constants_of(tokens)
    if reading.folder != "project":
        reading.project = _project(tokens, constants)
    # What `project/*.sbt` asks for is the build's own; `project/*.scala` holds constants of the project.
    build = reading.folder == "project" and reading.file.endswith(".sbt")
    for index, token in enumerate(tokens):
        # Of `organisation % artifact % version` only the first sign starts a module.
        if token.text in _CROSS and token.kind == "sign" and at_index(tokens, index - 2).text not in _CROSS:
            plugin = at_index(tokens, index - 3).text == "addSbtPlugin"
            _read_module(reading, tokens, index, constants, DependencyScope.BUILD if build or plugin else None)


def _read_module(
    reading: Reading,
    tokens: Sequence[Token],
    cross: int,
    constants: dict[str, Token],
    scope: DependencyScope | None,
) -> None:
    organisation = at_index(tokens, cross - 1)
    if organisation.kind == "name":
        organisation = constants.get(organisation.text, organisation)
    artifact, after = _text(tokens, cross + 1, constants)
    if organisation.kind != "string" or not artifact.text or at_index(tokens, after).text != "%":
        return
    version, after = _text(tokens, after + 1, constants)
    configuration = ""
    if at_index(tokens, after).text == "%":
        token = at_index(tokens, after + 1)
        configuration = token.text if token.kind == "string" else dotted(tokens, after + 1)[0]
    words = configuration.lower().partition("->")[0].split(",")
    otherwise = next((_SCOPES[word.strip()] for word in words if word.strip() in _SCOPES), DependencyScope.PRODUCTION)
    reading.add("maven", f"{organisation.text}/{artifact.text}", version.text, artifact.line, scope or otherwise)


def _text(tokens: Sequence[Token], index: int, constants: dict[str, Token]) -> tuple[Token, int]:
    """A string, or the constant that a dotted name stands for, and the index behind it."""
    token = at_index(tokens, index)
    if token.kind == "string":
        return token, index + 1
    name, after = dotted(tokens, index)
    return constants.get(name, Token("string", "", token.line)), max(after, index + 1)


def _project(tokens: Sequence[Token], constants: dict[str, Token]) -> Project:
    name = constants.get("name", Token("string", "", 1))
    members = [
        at_index(tokens, index + 2).text
        for index, token in enumerate(tokens)
        if token.text == "file" and at_index(tokens, index + 2).kind == "string"
    ]
    version = constants.get("version", Token("string", "", 1))
    workspace = tuple(member for member in members if member not in {"", "."})
    main = constants.get("mainClass")
    entry_points = (f"main={main.text}",) if main else ()
    return Project("maven", name.text, version.text, name.line, workspace=workspace, entry_points=entry_points)
