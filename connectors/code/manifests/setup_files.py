"""`setup.cfg` and `setup.py`; the latter is read as syntax and never run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.python_module import Module, Text, name_of, parse_module
from connectors.code.manifests.reading import Reading, scope_of
from connectors.code.manifests.requirements import add_requirements, canonical, requirement

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

_FIELDS: Final = {
    "install_requires": DependencyScope.PRODUCTION,
    "setup_requires": DependencyScope.BUILD,
    "tests_require": DependencyScope.TEST,
    "requires": DependencyScope.PRODUCTION,
}
_FILLED_IN: Final = re.compile(r"(?:[<>=!~]=|[<>])?(?:%[sd(]|\{)")


def read_setup_cfg(reading: Reading) -> None:
    """Reads `setup.cfg`."""
    options = tuple(_options(reading.text))
    values = {(option.section, option.key): option.lines for option in options}
    for option in options:
        if option.section == "options" and option.key in _FIELDS:
            add_requirements(reading, _requirements(option), _FIELDS[option.key])
        elif option.section == "options.extras_require":
            add_requirements(reading, _requirements(option), scope_of(option.key, DependencyScope.OPTIONAL))
    if name := values.get(("metadata", "name")):
        version = values.get(("metadata", "version"), [Text("", 0)])[0].text
        scripts = values.get(("options.entry_points", "console_scripts"), [])
        reading.project = Project(
            "pypi",
            canonical(name[0].text),
            version,
            name[0].line,
            entry_points=tuple(_entry_point(script.text) for script in scripts),
        )


def _entry_point(text: str) -> str:
    name, equals, target = text.partition("=")
    return f"{name.strip()}{equals}{target.strip()}"


class _Option(NamedTuple):
    """An option of an INI file, and the lines of its value that are not blank or comments."""

    section: str
    key: str
    line: int
    lines: list[Text]


def _options(text: str) -> Iterator[_Option]:
    section, values = "", list[Text]()
    for line, whole in enumerate(text.split("\n"), 1):
        content = whole.strip()
        if not content or content[0] in "#;":
            continue
        if whole[0] in " \t":
            values.append(Text(content, line))
        elif content[0] == "[":
            section, values = content.strip("[]").strip(), []
        else:
            key, _, value = content.partition("=" if "=" in content else ":")
            values = [Text(value.strip(), line)] if value.strip() else []
            name = key.strip()
            yield _Option(section, name.lower().replace("-", "_") if section == "options" else name, line, values)


def _requirements(option: _Option) -> Iterator[Text]:
    """The requirements of an option: one a line, or between semicolons where they stand beside the key."""
    for text, line in option.lines:
        content = re.split(r"\s#", text)[0]
        if not content.startswith("file:"):
            beside = line == option.line and len(option.lines) == 1
            yield from (Text(part, line) for part in (content.split(";") if beside else [content]))


def read_setup_py(reading: Reading) -> None:
    """Reads `setup.py`: the arguments of `setup`, and what the names in them stand for."""
    module, reading.problems[:] = parse_module(reading.text)
    arguments: dict[str, list[ast.expr]] = {}
    for call in module.calls:
        if name_of(call.func).rpartition(".")[2] == "setup":
            for key, value in module.arguments(call):
                arguments.setdefault(key, []).append(value)
            _read_project(reading, module, call, arguments)
    for field, scope in _FIELDS.items():
        for value in arguments.get(field, ()):
            _read_requirements(reading, module, value, scope)
    for value in arguments.get("extras_require", ()):
        for key, group in module.entries(value):
            _read_requirements(reading, module, group, scope_of(key, DependencyScope.OPTIONAL))
    if module.steps <= 0:
        reading.problem(1, "has names that refer to too many others", "list the requirements in pyproject.toml")


def _read_requirements(reading: Reading, module: Module, value: ast.expr, scope: DependencyScope) -> None:
    for text, line in module.strings(value):
        if text.endswith((".txt", ".in")):
            reading.include(text)
        else:
            # What is filled in when it runs ("torch>=%s") is left out.
            written = text if requirement(text) else _FILLED_IN.split(text)[0]
            add_requirements(reading, iter([(written, line)]), scope)


def _read_project(reading: Reading, module: Module, call: ast.Call, arguments: dict[str, list[ast.expr]]) -> None:
    def first(key: str) -> Text:
        return next((text for value in arguments.get(key, ()) for text in module.strings(value)), Text("", 0))

    name = first("name")
    scripts = [
        script.text
        for value in arguments.get("entry_points", ())
        for key, group in module.entries(value)
        if key in {"console_scripts", "gui_scripts"}
        for script in module.strings(group)
    ]
    reading.project = Project(
        "pypi",
        canonical(name.text),
        first("version").text if any(map(str.isdigit, first("version").text)) else "",
        name.line or call.lineno,
        entry_points=tuple(map(_entry_point, scripts)),
    )
