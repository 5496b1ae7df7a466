"""R: `DESCRIPTION` and `renv.lock`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.values import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.reading import Reading

_FIELDS: Final = {
    "Depends": DependencyScope.PRODUCTION,
    "Imports": DependencyScope.PRODUCTION,
    "LinkingTo": DependencyScope.BUILD,
    "Suggests": DependencyScope.OPTIONAL,
    "Enhances": DependencyScope.OPTIONAL,
}
_FIELD: Final = re.compile(r"(?P<field>[A-Za-z][\w@/-]*):(?P<value>.*)", re.ASCII)
_PACKAGE: Final = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9.]*)\s*(?:\((?P<version>[^()\n]*)\))?")


def read_description(reading: Reading) -> None:
    """Reads `DESCRIPTION` of an R package; other files of that name say nothing of it."""
    fields = {field: (line, values) for field, line, values in _fields(reading.text)}
    if fields.keys().isdisjoint({"Package", *_FIELDS}):
        return
    if "Package" in fields:
        line, values = fields["Package"]
        version = fields["Version"][1][0][0] if "Version" in fields else ""
        reading.project = Project("cran", values[0][0].strip(), version.strip(), line)
    for field, scope in _FIELDS.items():
        for text, line in fields.get(field, (0, []))[1]:
            for part in text.split(","):
                found = _PACKAGE.match(part.strip())
                if found and found["name"] != "R":
                    reading.add("cran", found["name"], found["version"] or "", line, scope)


def _fields(text: str) -> Iterator[tuple[str, int, list[tuple[str, int]]]]:
    """The fields of a control file: name, line, and the lines of the value."""
    values: list[tuple[str, int]] = []
    for line, content in enumerate(text.split("\n"), 1):
        if content[:1] in {" ", "\t"}:
            values.append((content.strip(), line))
        elif found := _FIELD.match(content):
            values = [(found["value"].strip(), line)]
            yield found["field"], line, values


def read_renv_lock(reading: Reading) -> None:
    """Reads `renv.lock`, which does not tell what the project asks for itself."""
    document, reading.problems[:] = read_json(reading.text)
    for package in document.get("Packages").pairs:
        reading.add("cran", package.key, package.value.get("Version").text, package.line, direct=False)
