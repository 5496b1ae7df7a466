"""`pom.xml`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.xml import Element, read_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.code.manifests.reading import Reading

_PROPERTY: Final = re.compile(r"\$\{([^${}]+)\}")
_MOST_ROUNDS: Final = 5
_LONGEST: Final = 300
"""Rounds of replacing properties, and the characters they may grow to: properties may name each other."""

_SCOPES: Final = {"test": DependencyScope.TEST}
_PLUGIN_GROUP: Final = "org.apache.maven.plugins"


def read_pom(reading: Reading) -> None:
    """Reads `pom.xml`."""
    root, reading.problems[:] = read_xml(reading.text)
    _Pom(reading, root).read()


class _Pom:
    """A project object model and the properties that its texts may name."""

    def __init__(self, reading: Reading, root: Element) -> None:
        self._reading = reading
        self._root = root
        self._properties = _properties(root)
        self._managed = {
            self._name(dependency): dependency.find("version").content
            for dependency in root.every("dependencyManagement", "dependencies", "dependency")
        }

    def read(self) -> None:
        root = self._root
        artifact = root.find("artifactId")
        if artifact.content:
            self._reading.project = Project(
                "maven",
                f"{self._properties['project.groupId']}/{self._resolved(artifact.content)}",
                self._resolved(self._properties["project.version"]),
                artifact.content_line,
                workspace=tuple(module.content for module in root.every("modules", "module") if module.content),
            )
        for part in (root, *root.every("profiles", "profile")):
            for dependency in part.every("dependencies", "dependency"):
                self._add(dependency)
            for dependency in part.every("dependencyManagement", "dependencies", "dependency"):
                self._add(dependency, direct=False)
            for plugin in part.every("build", "plugins", "plugin"):
                self._add(plugin, DependencyScope.BUILD)
                for dependency in plugin.every("dependencies", "dependency"):
                    self._add(dependency, DependencyScope.BUILD)

    def _add(self, element: Element, scope: DependencyScope | None = None, *, direct: bool = True) -> None:
        artifact = element.find("artifactId")
        if not artifact.content:
            return
        name = self._name(element)
        version = self._resolved(element.find("version").content or self._managed.get(name, ""))
        if scope is None:
            optional = self._resolved(element.find("optional").content) == "true"
            otherwise = DependencyScope.OPTIONAL if optional else DependencyScope.PRODUCTION
            scope = _SCOPES.get(self._resolved(element.find("scope").content), otherwise)
        self._reading.add("maven", name, version, artifact.content_line, scope, direct=direct)

    def _name(self, element: Element) -> str:
        group = element.find("groupId").content or _PLUGIN_GROUP
        return f"{self._resolved(group)}/{self._resolved(element.find('artifactId').content)}"

    def _resolved(self, text: str) -> str:
        for _ in range(_MOST_ROUNDS):
            if "${" not in text:
                break
            longer = _PROPERTY.sub(lambda name: self._properties.get(name[1].strip(), name[0]), text)
            if longer == text or len(longer) > _LONGEST:
                break
            text = longer
        return text


def _properties(root: Element) -> Mapping[str, str]:
    """The properties that a pom defines itself, and those that its coordinates give."""
    parent = root.find("parent")
    properties = {child.name: child.content for table in root.every("properties") for child in table.children}
    for field in ("groupId", "artifactId", "version"):
        own, inherited = root.find(field).content, parent.find(field).content
        value = own or (inherited if field != "artifactId" else "")
        properties |= {f"project.{field}": value, f"pom.{field}": value, f"project.parent.{field}": inherited}
    return properties
