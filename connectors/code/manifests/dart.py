"""Dart: `pubspec.yaml` and `pubspec.lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from connectors.code.manifests.reading import Reading
    from connectors.code.manifests.values import Value

_SECTIONS: Final = {
    "dependencies": DependencyScope.PRODUCTION,
    "dev_dependencies": DependencyScope.DEVELOPMENT,
}


def read_pubspec(reading: Reading) -> None:
    """Reads `pubspec.yaml`; what comes with an SDK (`flutter`) is no package."""
    document, reading.problems[:] = read_yaml(reading.text)
    reading.project = Project(
        "pub",
        document.get("name").text,
        document.get("version").text,
        document.line_of("name") or 1,
        workspace=document.get("workspace").texts(),
        entry_points=tuple(program.key for program in document.get("executables").pairs),
        private=document.get("publish_to").text == "none",
    )
    for section, scope in _SECTIONS.items():
        for package in document.get(section).pairs:
            if not package.value.get("sdk").text:
                reading.add("pub", package.key, _version(package.value), package.line, scope)


def _version(value: Value) -> str:
    if version := value.text or value.get("version").text:
        return version
    if git := value.get("git").text or value.get("git", "url").text:
        return f"git+{git}"
    path = value.get("path").text
    return f"path:{path}" if path else ""


def read_pubspec_lock(reading: Reading) -> None:
    """Reads `pubspec.lock`."""
    document, reading.problems[:] = read_yaml(reading.text)
    for package in document.get("packages").pairs:
        asked_for = package.value.get("dependency").text
        if package.value.get("source").text == "sdk":
            continue
        scope = DependencyScope.DEVELOPMENT if asked_for == "direct dev" else DependencyScope.PRODUCTION
        version = package.value.get("version").text
        reading.add("pub", package.key, version, package.line, scope, direct=asked_for.startswith("direct"))
