"""Reads `aims-scope.yaml`: the document and where each part stands, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.scope.document import ScopeDocument, scope_hash
from inventory.validation import closest, show_path, validate
from inventory.yaml_file import InputError, Problem, YamlFile, parse_yaml, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from inventory.scope.document import Boundary, Entry


class ScopeError(InputError):
    """The scope document cannot be used; `problems` says where and why, and the mend."""


@dataclass(frozen=True, slots=True)
class LoadedScope:
    """A scope document and its text.

    Attributes:
        document: What is declared.
        file: Where each part stands.
        hash: See `scope_hash`.
    """

    document: ScopeDocument
    file: YamlFile
    hash: str


def load_scope(path: Path) -> LoadedScope:
    """Reads a scope document.

    Raises:
        ScopeError: The file cannot be read, or is no scope document.
    """
    try:
        return _load(read_yaml(path))
    except InputError as error:
        raise ScopeError(error.problems) from error


def parse_scope(content: bytes, name: str) -> LoadedScope:
    """Reads the content of a scope document that messages call `name`.

    Raises:
        ScopeError: It is no scope document.
    """
    try:
        return _load(parse_yaml(content, name))
    except InputError as error:
        raise ScopeError(error.problems) from error


def _load(file: YamlFile) -> LoadedScope:
    if file.value is None:
        mend = "Declare something, or write a file to start from with `aimscope init`."
        raise InputError([Problem(file.name, 0, "is empty", mend)])
    document = validate(ScopeDocument, file)
    problems = [
        *_repeated_ids(file, "boundaries", document.boundaries),
        *_repeated_ids(file, "entries", document.entries),
        *_unknown_boundaries(file, document),
        *_unknown_entries(file, document),
    ]
    if problems:
        raise InputError(problems)
    return LoadedScope(document, file, scope_hash(document))


def _repeated_ids(file: YamlFile, section: str, parts: Sequence[Boundary | Entry]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, part in enumerate(parts):
        if part.id in first:
            path = (section, index, "id")
            line = file.line((section, first[part.id], "id"))
            what = f"{show_path(path)} `{part.id}` stands already in line {line}"
            yield file.problem(path, what, "Give one of them another id, or make them one.")
        first.setdefault(part.id, index)


def _unknown_boundaries(file: YamlFile, document: ScopeDocument) -> Iterator[Problem]:
    known = sorted({boundary.id for boundary in document.boundaries})
    for index, policy in enumerate(document.policy):
        if policy.boundary is not None and policy.boundary not in known:
            path = ("policy", index, "in")
            names = f"Use one of {', '.join(known)}, or declare it" if known else "Declare it"
            yield file.problem(
                path, f"{show_path(path)} `{policy.boundary}` is no boundary", f"{names} in `boundaries`."
            )


def _unknown_entries(file: YamlFile, document: ScopeDocument) -> Iterator[Problem]:
    known = {entry.id for entry in document.entries}
    for index, interface in enumerate(document.document.interfaces):
        for place, entry in enumerate(interface.entries):
            if entry not in known:
                path = ("document", "interfaces", index, "entries", place)
                meant = closest(entry, sorted(known))
                mend = f"Write `{meant}`." if meant else "Declare it in `entries`, or remove it here."
                yield file.problem(path, f"{show_path(path)} `{entry}` is no entry", mend)
