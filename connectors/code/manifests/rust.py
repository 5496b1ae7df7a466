"""Rust: `Cargo.toml` and `Cargo.lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.toml import read_toml

if TYPE_CHECKING:
    from connectors.code.manifests.reading import Reading
    from connectors.code.manifests.values import Pair, Value

_SECTIONS: Final = {
    "dependencies": DependencyScope.PRODUCTION,
    "dev-dependencies": DependencyScope.DEVELOPMENT,
    "dev_dependencies": DependencyScope.DEVELOPMENT,
    "build-dependencies": DependencyScope.BUILD,
    "build_dependencies": DependencyScope.BUILD,
}


def read_cargo_toml(reading: Reading) -> None:
    """Reads `Cargo.toml`; what `workspace.dependencies` lists is direct only where a member asks for it."""
    document, reading.problems[:] = read_toml(reading.text)
    reading.project = _project(document)
    for table in (document, *(target.value for target in document.get("target").pairs)):
        for section, scope in _SECTIONS.items():
            for crate in table.get(section).pairs:
                _add(reading, crate, scope)
    for crate in document.get("workspace", "dependencies").pairs:
        _add(reading, crate, DependencyScope.PRODUCTION, direct=False)


def _project(document: Value) -> Project | None:
    package, workspace = document.get("package"), document.get("workspace")
    if not package.pairs and not workspace.pairs:
        return None
    programs = [program.get("name").text for program in document.get("bin").items]
    return Project(
        "cargo",
        package.get("name").text,
        package.get("version").text,
        package.line_of("name") or package.line or workspace.line,
        workspace=workspace.get("members").texts(),
        entry_points=tuple(name for name in programs if name),
        private=package.get("publish").text == "false",
    )


def _add(reading: Reading, crate: Pair, scope: DependencyScope, *, direct: bool = True) -> None:
    value = crate.value
    if scope is DependencyScope.PRODUCTION and value.get("optional").true:
        scope = DependencyScope.OPTIONAL
    renamed = value.get("package")
    name, line = (renamed.text, renamed.line) if renamed.text else (crate.key, crate.line)
    reading.add("cargo", name, _version(value), line, scope, direct=direct)


def _version(value: Value) -> str:
    if version := value.text or value.get("version").text:
        return version
    if git := value.get("git").text:
        revision = next((value.get(key).text for key in ("rev", "tag", "branch") if value.get(key).text), "")
        return f"git+{git}" + (f"@{revision}" if revision else "")
    if path := value.get("path").text:
        return f"path:{path}"
    return "workspace" if value.get("workspace").true else ""


def read_cargo_lock(reading: Reading) -> None:
    """Reads `Cargo.lock`; what its local packages ask for is direct."""
    document, reading.problems[:] = read_toml(reading.text)
    packages = [*document.get("package").items, *(root for root in [document.get("root")] if root.pairs)]
    local = [package for package in packages if not package.get("source").text]
    asked_for = {text.split(" ")[0] for package in local for text in package.get("dependencies").texts()}
    for package in packages:
        name = package.get("name")
        if package.get("source").text:
            reading.add("cargo", name.text, package.get("version").text, name.line, direct=name.text in asked_for)
