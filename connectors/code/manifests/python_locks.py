"""Lock files of Python: `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml` and `Pipfile.lock`."""

from __future__ import annotations

from typing import Final

from connectors.code.manifests.model import DependencyScope
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.requirements import canonical
from connectors.code.manifests.toml import read_toml
from connectors.code.manifests.values import Value, read_json

_PRODUCTION: Final = DependencyScope.PRODUCTION
_MAIN_GROUPS: Final = frozenset({"main", "default"})
_LOCAL_SOURCES: Final = frozenset({"editable", "virtual", "directory", "workspace"})


def read_locked_packages(reading: Reading) -> None:
    """Reads `poetry.lock`, `pdm.lock` and `pylock.toml`; none of them tells what the project asks for itself."""
    document, reading.problems[:] = read_toml(reading.text)
    for package in (*document.get("package").items, *document.get("packages").items):
        name = package.get("name")
        reading.add("pypi", canonical(name.text), package.get("version").text, name.line, _scope(package), direct=False)


def _scope(package: Value) -> DependencyScope:
    groups = package.get("groups").texts() or package.get("category").texts()
    if groups and _MAIN_GROUPS.isdisjoint(groups):
        return scope_of(groups[0], DependencyScope.OPTIONAL)
    return DependencyScope.OPTIONAL if package.get("optional").true else _PRODUCTION


def read_uv_lock(reading: Reading) -> None:
    """Reads `uv.lock`; what its local packages ask for is direct."""
    document, reading.problems[:] = read_toml(reading.text)
    packages = document.get("package").items
    local = [package for package in packages if any(pair.key in _LOCAL_SOURCES for pair in package.get("source").pairs)]
    asked_for: dict[str, DependencyScope] = {}
    for package in local:
        _collect(asked_for, package.get("dependencies"), _PRODUCTION)
        for table in ("optional-dependencies", "dev-dependencies"):
            for group in package.get(table).pairs:
                _collect(asked_for, group.value, scope_of(group.key, DependencyScope.OPTIONAL))
    own = {package.get("name").text for package in local}
    for package in packages:
        name = package.get("name")
        if name.text not in own:
            scope = asked_for.get(name.text)
            version = package.get("version").text
            reading.add(
                "pypi", canonical(name.text), version, name.line, scope or _PRODUCTION, direct=scope is not None
            )


def _collect(asked_for: dict[str, DependencyScope], dependencies: Value, scope: DependencyScope) -> None:
    for dependency in dependencies.items:
        name = dependency.get("name").text
        if scope is _PRODUCTION or name not in asked_for:
            asked_for[name] = scope


def read_pipfile_lock(reading: Reading) -> None:
    """Reads `Pipfile.lock`."""
    document, reading.problems[:] = read_json(reading.text)
    for category in document.pairs:
        if category.key == "_meta":
            continue
        scope = _PRODUCTION if category.key == "default" else scope_of(category.key, DependencyScope.OPTIONAL)
        for package in category.value.pairs:
            version = package.value.get("version").text or package.value.get("ref").text
            reading.add("pypi", canonical(package.key), version, package.line, scope, direct=False)
