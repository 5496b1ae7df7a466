"""`package.json`, `pnpm-workspace.yaml`, and the manifests of Deno."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.values import Pair, Value, read_json
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.reading import Reading

SECTIONS: Final = {
    "dependencies": DependencyScope.PRODUCTION,
    "devDependencies": DependencyScope.DEVELOPMENT,
    "peerDependencies": DependencyScope.PRODUCTION,
    "optionalDependencies": DependencyScope.OPTIONAL,
}
"""Sections of `package.json` that name packages, and of the lock files that repeat them."""

_ALIAS: Final = re.compile(r"npm:(?P<name>(?:@[^@/\s]+/)?[^@/\s]+)(?:@(?P<version>.*))?\Z")
_SPECIFIER: Final = re.compile(
    r"(?P<registry>npm|jsr):/?(?P<name>(?:@[^@/\s]+/)?[^@/\s]+)(?:@(?P<version>[^/\s]+))?(?:/.*)?\Z"
)
_ESM: Final = re.compile(r"https://esm\.sh/(?:\*|v\d+/)?(?P<name>(?:@[^@/\s]+/)?[^@/\s?]+)(?:@(?P<version>[^/\s?&]+))?")


def actual(name: str, version: str) -> tuple[str, str]:
    """The package and version behind an alias (`npm:name@version`), or as they are."""
    alias = _ALIAS.match(version)
    return (alias["name"], alias["version"] or "") if alias else (name, version)


def read_package_json(reading: Reading) -> None:
    """Reads `package.json`."""
    document, reading.problems[:] = read_json(reading.text)
    reading.project = project_of(document)
    optional_peers = {
        peer.key for peer in document.get("peerDependenciesMeta").pairs if peer.value.get("optional").true
    }
    for section, scope in SECTIONS.items():
        for package in document.get(section).pairs:
            optional = section == "peerDependencies" and package.key in optional_peers
            name, version = actual(package.key, package.value.text)
            reading.add("npm", name, version, package.line, DependencyScope.OPTIONAL if optional else scope)


def project_of(document: Value) -> Project:
    """The project that a `package.json`, `deno.json` or an entry of a workspace describes."""
    workspaces = document.get("workspaces")
    if not (members := workspaces.texts() or workspaces.get("packages").texts()):
        members = document.get("workspace").texts() or document.get("workspace", "members").texts()
    return Project(
        "npm",
        document.get("name").text,
        document.get("version").text,
        document.line_of("name") or 1,
        workspace=members,
        entry_points=tuple(_entry_points(document)),
        private=document.get("private").true,
    )


def _entry_points(document: Value) -> Iterator[str]:
    programs = document.get("bin")
    if programs.text:
        yield f"{document.get('name').text.rpartition('/')[2]}={programs.text}"
    for program in programs.pairs:
        yield f"{program.key}={program.value.text}"
    for field in ("main", "module"):
        if target := document.get(field).text:
            yield f"{field}={target}"


def read_pnpm_workspace(reading: Reading) -> None:
    """Reads `pnpm-workspace.yaml`: the members, and the versions that its catalogs fix."""
    document, reading.problems[:] = read_yaml(reading.text)
    if members := document.get("packages").texts():
        reading.project = Project("npm", "", "", document.line_of("packages"), workspace=members)
    catalogs = [document.get("catalog"), *(catalog.value for catalog in document.get("catalogs").pairs)]
    for catalog in catalogs:
        for package in catalog.pairs:
            name, version = actual(package.key, package.value.text)
            reading.add("npm", name, version, package.line, direct=False)


def read_deno_json(reading: Reading) -> None:
    """Reads `deno.json`, `deno.jsonc` and import maps."""
    document, reading.problems[:] = read_json(reading.text)
    if reading.file.startswith("deno."):
        reading.project = project_of(document)
    maps = [document.get("imports"), *(scope.value for scope in document.get("scopes").pairs)]
    for entries in maps:
        for entry in entries.pairs:
            _add_import(reading, entry)


def _add_import(reading: Reading, entry: Pair) -> None:
    if found := specifier(entry.value.text):
        name, version = found
        reading.add("npm", name, version, entry.value.line)


def specifier(text: str) -> tuple[str, str] | None:
    """The package and version that an import specifier names: `npm:`, `jsr:` or an address of esm.sh."""
    if found := _SPECIFIER.match(text):
        name = jsr_name(found["name"]) if found["registry"] == "jsr" else found["name"]
        return name, found["version"] or ""
    if found := _ESM.match(text):
        return found["name"], found["version"] or ""
    return None


def jsr_name(name: str) -> str:
    """The name in npm's registry of a package of JSR."""
    return "@jsr/" + name.removeprefix("@").replace("/", "__")
