"""PHP: `composer.json` and `composer.lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.values import read_json

if TYPE_CHECKING:
    from connectors.code.manifests.reading import Reading

_SECTIONS: Final = {
    "require": DependencyScope.PRODUCTION,
    "require-dev": DependencyScope.DEVELOPMENT,
}
_LOCKED_SECTIONS: Final = {
    "packages": DependencyScope.PRODUCTION,
    "packages-dev": DependencyScope.DEVELOPMENT,
}


def read_composer_json(reading: Reading) -> None:
    """Reads `composer.json`; the platform (`php`, `ext-…`) is no package: packages have a vendor."""
    document, reading.problems[:] = read_json(reading.text)
    reading.project = Project(
        "composer",
        document.get("name").text.lower(),
        document.get("version").text,
        document.line_of("name") or 1,
        entry_points=document.get("bin").texts(),
    )
    for section, scope in _SECTIONS.items():
        for package in document.get(section).pairs:
            if "/" in package.key:
                reading.add("composer", package.key.lower(), package.value.text, package.line, scope)


def read_composer_lock(reading: Reading) -> None:
    """Reads `composer.lock`, which does not tell what the project asks for itself."""
    document, reading.problems[:] = read_json(reading.text)
    for section, scope in _LOCKED_SECTIONS.items():
        for package in document.get(section).items:
            name = package.get("name")
            reading.add("composer", name.text.lower(), package.get("version").text, name.line, scope, direct=False)
