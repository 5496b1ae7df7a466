"""C and C++: Conan, vcpkg and CMake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.python_module import Text, name_of, parse_module
from connectors.code.manifests.values import Value, read_json

if TYPE_CHECKING:
    from connectors.code.manifests.reading import Reading

_PRODUCTION: Final = DependencyScope.PRODUCTION
_CONAN_FIELDS: Final = {
    "requires": _PRODUCTION,
    "tool_requires": DependencyScope.BUILD,
    "build_requires": DependencyScope.BUILD,
    "python_requires": DependencyScope.BUILD,
    "test_requires": DependencyScope.TEST,
}
_REFERENCE: Final = re.compile(r"(?P<name>[a-z0-9_][a-z0-9_+.-]*)/(?P<version>\[[^\]]*\]|[^@#\s]+)", re.IGNORECASE)


def read_conanfile_txt(reading: Reading) -> None:
    """Reads `conanfile.txt`."""
    section = ""
    for line, whole in enumerate(reading.text.split("\n"), 1):
        content = whole.partition("#")[0].strip()
        if content.startswith("["):
            section = content.strip("[]")
        elif section in _CONAN_FIELDS:
            _add_reference(reading, content, line, _CONAN_FIELDS[section])


def _add_reference(reading: Reading, text: str, line: int, scope: DependencyScope) -> None:
    if found := _REFERENCE.match(text):
        reading.add("conan", found["name"].lower(), found["version"], line, scope)


def read_conanfile_py(reading: Reading) -> None:
    """Reads `conanfile.py` as syntax: the attributes of the recipe, and its calls of `self.requires`."""
    module, reading.problems[:] = parse_module(reading.text)

    def first(name: str) -> Text:
        return next((text for value in module.assigned(name) for text in module.strings(value)), Text("", 1))

    reading.project = Project("conan", first("name").text, first("version").text, first("name").line)
    for field, scope in _CONAN_FIELDS.items():
        for value in module.assigned(field):
            for text, line in module.strings(value):
                _add_reference(reading, text, line, scope)
    for call in module.calls:
        receiver, _, method = name_of(call.func).rpartition(".")
        if receiver == "self" and method in _CONAN_FIELDS:
            for argument in call.args[:1]:
                for text, line in module.strings(argument):
                    _add_reference(reading, text, line, _CONAN_FIELDS[method])


def read_vcpkg(reading: Reading) -> None:
    """Reads `vcpkg.json`."""
    document, reading.problems[:] = read_json(reading.text)
    versions = ("version", "version-semver", "version-string", "version-date")
    version = next((document.get(key).text for key in versions if document.get(key).text), "")
    reading.project = Project("vcpkg", document.get("name").text, version, document.line_of("name") or 1)
    _add_ports(reading, document.get("dependencies"), _PRODUCTION)
    for feature in (*document.get("features").pairs,):
        _add_ports(reading, feature.value.get("dependencies"), DependencyScope.OPTIONAL)


def _add_ports(reading: Reading, ports: Value, scope: DependencyScope) -> None:
    for port in ports.items:
        name = port.get("name") if port.pairs else port
        of_port = DependencyScope.BUILD if port.get("host").true else scope
        reading.add("vcpkg", name.text, port.get("version>=").text, name.line, of_port)
