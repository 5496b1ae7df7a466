"""Julia: `Project.toml` and `Manifest.toml`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.toml import read_toml

if TYPE_CHECKING:
    from connectors.code.manifests.reading import Reading

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def read_project(reading: Reading) -> None:
    """Reads `Project.toml`; only what has a UUID is a package, since other tools write files of this name."""
    document, reading.problems[:] = read_toml(reading.text)
    if _UUID.fullmatch(document.get("uuid").text) or document.get("deps").pairs:
        name, version = document.get("name"), document.get("version")
        reading.project = Project("julia", name.text, version.text, name.line or 1)
    tests = {name for target in document.get("targets").pairs for name in target.value.texts()}
    constraints = {pair.key: pair.value.text for pair in document.get("compat").pairs}
    for section, scope in (
        ("deps", DependencyScope.PRODUCTION),
        ("weakdeps", DependencyScope.OPTIONAL),
        ("extras", DependencyScope.OPTIONAL),
    ):
        for package in document.get(section).pairs:
            if _UUID.fullmatch(package.value.text):
                of_package = DependencyScope.TEST if section == "extras" and package.key in tests else scope
                reading.add("julia", package.key, constraints.get(package.key, ""), package.line, of_package)


def read_manifest(reading: Reading) -> None:
    """Reads `Manifest.toml` of either format, which does not tell what the project asks for itself."""
    document, reading.problems[:] = read_toml(reading.text)
    packages = document.get("deps").pairs or document.pairs
    for package in packages:
        for entry in package.value.items:
            if _UUID.fullmatch(entry.get("uuid").text):
                reading.add("julia", package.key, entry.get("version").text, entry.line, direct=False)
