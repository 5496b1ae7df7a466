"""Conda: environment files and recipes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.requirements import requirement
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from connectors.code.manifests.values import Value

_SPEC: Final = re.compile(r"(?:[\w./-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<version>[^\[#]*)", re.ASCII)
_SET: Final = re.compile(r"\{%-?\s*set\s+(?P<name>\w+)\s*=\s*[\"'](?P<value>[^\"'\n]*)[\"']")
_VARIABLE: Final = re.compile(r"\$?\{\{\s*(?P<name>\w++)[^{}\n]*+\}\}")
_REQUIREMENTS: Final = {
    "build": DependencyScope.BUILD,
    "host": DependencyScope.BUILD,
    "run": DependencyScope.PRODUCTION,
    "run_constrained": DependencyScope.OPTIONAL,
    "run_constraints": DependencyScope.OPTIONAL,
}


def read_environment(reading: Reading) -> None:
    """Reads `environment.yml`, with its `pip` part."""
    document, problems = read_yaml(reading.text)
    listed = document.get("dependencies").items
    # Other tools write files of this name too: without the list there is nothing to report, nor to complain about.
    if not listed and not document.get("channels").items:
        return
    reading.problems += problems
    scope = scope_of(reading.file.rpartition(".")[0], DependencyScope.PRODUCTION)
    if name := document.get("name").text:
        reading.project = Project("conda", name, "", document.line_of("name"))
    for item in listed:
        _add(reading, item, scope)
        for entry in item.get("pip").items:
            _add_pip(reading, entry, scope)


def _add(reading: Reading, item: Value, scope: DependencyScope) -> None:
    if found := _SPEC.match(item.text):
        version = found["version"].strip()
        version = version[1:].partition("=")[0] if re.match(r"=[^=]", version) else version
        reading.add("conda", found["name"].lower(), version, item.line, scope)


def _add_pip(reading: Reading, item: Value, scope: DependencyScope) -> None:
    if item.text.startswith("-r "):
        reading.include(item.text[3:])
    elif found := requirement(item.text):
        reading.add("pypi", found.name, found.version, item.line, scope)


def read_recipe(reading: Reading) -> None:
    """Reads `meta.yaml` of conda-build and `recipe.yaml` of rattler-build."""
    document, problems = read_yaml(reading.text)
    outputs = document.get("outputs").items
    if not document.get("requirements").pairs and not outputs:
        return
    reading.problems += problems
    known = {found["name"]: found["value"] for found in _SET.finditer(reading.text)}
    known |= {pair.key: pair.value.text for pair in document.get("context").pairs}
    package = document.get("package")
    name, version = (_resolved(package.get(key).text, known) for key in ("name", "version"))
    reading.project = Project("conda", name.lower(), version, package.line_of("name") or 1)
    for part in (document, *outputs):
        requirements = part.get("requirements")
        for field, scope in _REQUIREMENTS.items():
            for item in requirements.get(field).items:
                _add(reading, item, scope)
        for item in (*part.get("test", "requires").items, *part.get("test", "requirements").items):
            _add(reading, item, DependencyScope.TEST)


def _resolved(text: str, known: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda variable: known.get(variable["name"], ""), text).strip()
