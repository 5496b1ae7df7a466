"""The .NET family: project files, central package versions, `packages.config`, `packages.lock.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.values import read_json
from connectors.code.manifests.xml import Element, attribute_line, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.reading import Reading

_PROPERTY: Final = re.compile(r"\$\(([\w.]+)\)")
_PRODUCTION: Final = DependencyScope.PRODUCTION
_ITEMS: Final = {
    "PackageReference": (True, None),
    "GlobalPackageReference": (True, DependencyScope.DEVELOPMENT),
    "DotNetCliToolReference": (True, DependencyScope.BUILD),
    "PackageVersion": (False, None),
}
"""Items that name packages: whether they ask for it or only fix its version, and for what."""

_RUNNING_SDKS: Final = ("Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.BlazorWebAssembly")
_TEST_SDK: Final = "microsoft.net.test.sdk"


def read_project(reading: Reading) -> None:
    """Reads a project file, `*.csproj` and its like."""
    root, reading.problems[:] = read_xml(reading.text)
    properties = _properties(root)
    name = properties.get("PackageId") or properties.get("AssemblyName") or reading.file.rpartition(".")[0]
    runs = properties.get("OutputType", "").lower() in {"exe", "winexe"}
    runs = runs or root.attributes.get("Sdk", "").startswith(_RUNNING_SDKS)
    reading.project = Project(
        "nuget",
        _resolved(name, properties),
        properties.get("Version", ""),
        root.line or 1,
        entry_points=(reading.file.rpartition(".")[0],) if runs else (),
        private=properties.get("IsPackable", "").lower() == "false",
    )
    names = {_package(item).lower() for item in _items(root)}
    tests = properties.get("IsTestProject", "").lower() == "true" or _TEST_SDK in names
    _read_items(reading, root, properties, DependencyScope.TEST if tests else _PRODUCTION)


def read_props(reading: Reading) -> None:
    """Reads `Directory.Packages.props`, `Directory.Build.props` and `Directory.Build.targets`."""
    root, reading.problems[:] = read_xml(reading.text)
    _read_items(reading, root, _properties(root), _PRODUCTION)


def _properties(root: Element) -> dict[str, str]:
    return {prop.name: prop.content for group in root.every("PropertyGroup") for prop in group.children}


def _items(root: Element) -> Iterator[Element]:
    """The items of a project, those under a condition included."""
    pending = [root]
    while pending:
        element = pending.pop()
        if element.name in _ITEMS:
            yield element
        elif element.name in {"Project", "ItemGroup", "Choose", "When", "Otherwise"}:
            pending += reversed(element.children)


def _package(item: Element) -> str:
    return (item.attributes.get("Include") or item.attributes.get("Update") or "").strip()


def _read_items(reading: Reading, root: Element, properties: dict[str, str], scope: DependencyScope) -> None:
    lines = reading.text.split("\n")
    for item in _items(root):
        direct, of_kind = _ITEMS[item.name]
        versions = (item.attributes.get(key) or item.find(key).content for key in ("VersionOverride", "Version"))
        version = _resolved(next(filter(None, versions), ""), properties)
        private = (item.attributes.get("PrivateAssets") or item.find("PrivateAssets").content).lower() == "all"
        of_item = of_kind or (DependencyScope.DEVELOPMENT if private and scope is _PRODUCTION else scope)
        line = attribute_line(lines, item, "Include" if "Include" in item.attributes else "Update")
        for name in _resolved(_package(item), properties).split(";"):
            reading.add("nuget", name.strip(), version, line, of_item, direct=direct)


def _resolved(text: str, properties: dict[str, str]) -> str:
    return _PROPERTY.sub(lambda name: properties.get(name[1], name[0]), text) if "$(" in text else text


def read_packages_config(reading: Reading) -> None:
    """Reads `packages.config`."""
    root, reading.problems[:] = read_xml(reading.text)
    lines = reading.text.split("\n")
    for package in root.every("package"):
        development = package.attributes.get("developmentDependency", "").lower() == "true"
        scope = DependencyScope.DEVELOPMENT if development else _PRODUCTION
        line = attribute_line(lines, package, "id")
        reading.add("nuget", package.attributes.get("id", ""), package.attributes.get("version", ""), line, scope)


def read_packages_lock(reading: Reading) -> None:
    """Reads `packages.lock.json`; a package that several frameworks lock alike is taken once."""
    document, reading.problems[:] = read_json(reading.text)
    seen: set[tuple[str, str]] = set()
    for framework in document.get("dependencies").pairs:
        for package in framework.value.pairs:
            kind, version = (package.value.get(key).text for key in ("type", "resolved"))
            if kind == "Project" or (package.key, version) in seen:
                continue
            seen.add((package.key, version))
            reading.add("nuget", package.key, version, package.line, direct=kind == "Direct")
