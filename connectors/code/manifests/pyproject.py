"""`pyproject.toml` in all its dialects: PEP 621 and 735, Poetry, uv, PDM, Hatch, Rye, Flit, Pixi; and Pipfile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import DependencyScope, Project
from connectors.code.manifests.reading import Reading, scope_of, without_secrets
from connectors.code.manifests.requirements import add_requirements, canonical
from connectors.code.manifests.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.values import Value

_PRODUCTION: Final = DependencyScope.PRODUCTION
_DEVELOPMENT: Final = DependencyScope.DEVELOPMENT
_OPTIONAL: Final = DependencyScope.OPTIONAL


def read_pyproject(reading: Reading) -> None:
    """Reads `pyproject.toml`."""
    document, reading.problems[:] = read_toml(reading.text)
    tool = document.get("tool")
    reading.project = _project(document)
    _read_standard(reading, document)
    _read_poetry(reading, tool.get("poetry"))
    add_requirements(reading, _texts(tool.get("uv", "dev-dependencies")), _DEVELOPMENT)
    add_requirements(reading, _texts(tool.get("rye", "dev-dependencies")), _DEVELOPMENT)
    add_requirements(reading, _texts(tool.get("flit", "metadata", "requires")), _PRODUCTION)
    _read_groups(reading, tool.get("pdm", "dev-dependencies"), _DEVELOPMENT)
    _read_groups(reading, tool.get("flit", "metadata", "requires-extra"), _OPTIONAL)
    for environment in tool.get("hatch", "envs").pairs:
        scope = scope_of(environment.key, _DEVELOPMENT)
        for field in ("dependencies", "extra-dependencies"):
            add_requirements(reading, _texts(environment.value.get(field)), scope)
    read_pixi_tables(reading, tool.get("pixi"))
    _name_sources(reading, tool.get("uv", "sources"))


def _texts(value: Value) -> Iterator[tuple[str, int]]:
    return ((item.text, item.line) for item in value.items)


def _project(document: Value) -> Project | None:
    standard, poetry = document.get("project"), document.get("tool", "poetry")
    flit = document.get("tool", "flit", "metadata")
    members = document.get("tool", "uv", "workspace", "members").texts()
    own = next((table for table in (standard, poetry) if table.pairs), flit)
    if not own.pairs and not members:
        return None
    name = own.get("name").text or own.get("dist-name").text or own.get("module").text
    return Project(
        "pypi",
        canonical(name),
        own.get("version").text,
        own.line_of("name") or own.line or 1,
        workspace=members,
        entry_points=tuple(_entry_points(standard, poetry)),
        private="Private :: Do Not Upload" in own.get("classifiers").texts(),
    )


def _entry_points(standard: Value, poetry: Value) -> Iterator[str]:
    tables = [standard.get("scripts"), standard.get("gui-scripts"), poetry.get("scripts")]
    tables += [group.value for group in standard.get("entry-points").pairs]
    for table in tables:
        for script in table.pairs:
            target = script.value.text or script.value.get("reference").text or script.value.get("callable").text
            yield f"{script.key}={target}"


def _read_standard(reading: Reading, document: Value) -> None:
    project = document.get("project")
    add_requirements(reading, _texts(document.get("build-system", "requires")), DependencyScope.BUILD)
    add_requirements(reading, _texts(project.get("dependencies")), _PRODUCTION)
    _read_groups(reading, project.get("optional-dependencies"), _OPTIONAL)
    _read_groups(reading, document.get("dependency-groups"), _OPTIONAL)


def _read_groups(reading: Reading, groups: Value, otherwise: DependencyScope) -> None:
    """Reads lists of requirements under the name of a group; tables in them (`include-group`) name no package."""
    for group in groups.pairs:
        texts = ((text, line) for text, line in _texts(group.value) if not text.startswith(("-e ", "--")))
        add_requirements(reading, texts, scope_of(group.key, otherwise))


def _read_poetry(reading: Reading, poetry: Value) -> None:
    _read_table(reading, poetry.get("dependencies"), _PRODUCTION)
    _read_table(reading, poetry.get("dev-dependencies"), _DEVELOPMENT)
    for group in poetry.get("group").pairs:
        optional = _OPTIONAL if group.value.get("optional").true else _PRODUCTION
        _read_table(reading, group.value.get("dependencies"), scope_of(group.key, optional))


def _read_table(reading: Reading, table: Value, scope: DependencyScope) -> None:
    """Reads a table of packages as Poetry and Pipenv write it: name to constraint, to a table, or to a list of them."""
    for package in table.pairs:
        if package.key == "python":
            continue
        value = package.value.items[0] if package.value.items else package.value
        of_package = _OPTIONAL if value.get("optional").true and scope is _PRODUCTION else scope
        reading.add("pypi", canonical(package.key), _version(value), package.line, of_package)


def _version(value: Value) -> str:
    if value.text:
        return value.text
    if version := value.get("version").text:
        return version
    for form in ("git", "url", "path", "file"):
        if target := value.get(form).text:
            revision = next((value.get(key).text for key in ("rev", "tag", "branch", "ref") if value.get(key).text), "")
            prefix = {"git": "git+", "url": ""}.get(form, "path:")
            return f"{prefix}{target}" + (f"@{revision}" if revision else "")
    return "workspace" if value.get("workspace").true else ""


def _name_sources(reading: Reading, sources: Value) -> None:
    """Says of what `tool.uv.sources` redirects where it comes from."""
    redirected = {canonical(source.key): without_secrets(_version(source.value)) for source in sources.pairs}
    reading.dependencies = [
        replace(dependency, version=redirected.get(dependency.name) or dependency.version)
        if dependency.ecosystem == "pypi"
        else dependency
        for dependency in reading.dependencies
    ]


def read_pixi(reading: Reading) -> None:
    """Reads `pixi.toml`."""
    document, reading.problems[:] = read_toml(reading.text)
    own = document.get("workspace") if document.get("workspace").pairs else document.get("project")
    if own.pairs:
        reading.project = Project(
            "conda", own.get("name").text, own.get("version").text, own.line_of("name") or own.line
        )
    read_pixi_tables(reading, document)


def read_pixi_tables(reading: Reading, pixi: Value) -> None:
    """Reads the dependency tables of Pixi, from `pixi.toml` or from `tool.pixi`."""
    tables = [(pixi, _PRODUCTION)]
    tables += [(feature.value, scope_of(feature.key, _OPTIONAL)) for feature in pixi.get("feature").pairs]
    tables += [(target.value, scope) for table, scope in tuple(tables) for target in table.get("target").pairs]
    for table, scope in tables:
        _read_table(reading, table.get("pypi-dependencies"), scope)
        for field, of_field in (
            ("dependencies", scope),
            ("host-dependencies", DependencyScope.BUILD),
            ("build-dependencies", DependencyScope.BUILD),
        ):
            for package in table.get(field).pairs:
                version = package.value.text or package.value.get("version").text
                reading.add("conda", package.key.lower(), version, package.line, of_field)


def read_pipfile(reading: Reading) -> None:
    """Reads `Pipfile`."""
    document, reading.problems[:] = read_toml(reading.text)
    for category in document.pairs:
        if category.key == "packages":
            _read_table(reading, category.value, _PRODUCTION)
        elif category.key == "dev-packages":
            _read_table(reading, category.value, _DEVELOPMENT)
        elif category.key not in {"requires", "scripts", "pipenv", "source"}:
            _read_table(reading, category.value, scope_of(category.key, _OPTIONAL))
