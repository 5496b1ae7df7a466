"""Lock files of npm, pnpm, Yarn, Bun and Deno."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.javascript import SECTIONS, actual, jsr_name, specifier
from connectors.code.manifests.model import DependencyScope
from connectors.code.manifests.values import Value, read_json
from connectors.code.manifests.yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.reading import Reading

_PRODUCTION: Final = DependencyScope.PRODUCTION
_MODULES: Final = "node_modules/"
_NAME_AND_VERSION: Final = re.compile(r"(?P<name>@?[^@]+)@(?P<version>.*)\Z")
_PNPM_OLD_KEY: Final = re.compile(r"/(?P<name>(?:@[^/]+/)?[^/@]+)/(?P<version>\d[^/_]*)(?:_.*)?\Z")
_YARN_VERSION: Final = re.compile(r"version:? \"?([^\"]+)")


def read_package_lock(reading: Reading) -> None:
    """Reads `package-lock.json` and `npm-shrinkwrap.json`."""
    document, reading.problems[:] = read_json(reading.text)
    packages = document.get("packages")
    if not packages.pairs:
        _read_nested(reading, document)
        return
    asked_for = {name for entry in packages.pairs if _MODULES not in entry.key for name in _asked_for(entry.value)}
    for entry in packages.pairs:
        before, inside, place = entry.key.rpartition(_MODULES)
        if not inside or entry.value.get("link").true:
            continue
        direct = place in asked_for and _MODULES not in before
        name = entry.value.get("name").text or place
        if direct or reading.wanted("npm", name):
            version = entry.value.get("version").text
            reading.add("npm", name, version, entry.line, _npm_scope(entry.value), direct=direct)


def _read_nested(reading: Reading, document: Value) -> None:
    """Reads the first version of the format, which nests packages and does not tell what the project asks for."""
    pending = [document.get("dependencies")]
    while pending:
        for entry in pending.pop().pairs:
            name, version = actual(entry.key, entry.value.get("version").text)
            reading.add("npm", name, version, entry.line, _npm_scope(entry.value), direct=False)
            pending.append(entry.value.get("dependencies"))


def _asked_for(package: Value) -> Iterator[str]:
    for section in SECTIONS:
        for pair in package.get(section).pairs:
            yield pair.key


def _npm_scope(package: Value) -> DependencyScope:
    for pair in package.pairs:
        if pair.key in {"dev", "devOptional"} and pair.value.true:
            return DependencyScope.DEVELOPMENT
        if pair.key == "optional" and pair.value.true:
            return DependencyScope.OPTIONAL
    return _PRODUCTION


def read_pnpm_lock(reading: Reading) -> None:
    """Reads `pnpm-lock.yaml`."""
    document, reading.problems[:] = read_yaml(reading.text)
    importers = [importer.value for importer in document.get("importers").pairs] or [document]
    direct: set[tuple[str, str]] = set()
    for importer in importers:
        for section, scope in SECTIONS.items():
            for package in importer.get(section).pairs:
                written = package.value.get("version").text or package.value.text
                if written.startswith(("link:", "file:", "workspace:")):
                    continue
                name, version = _pnpm_version(package.key, written)
                direct.add((name, version))
                reading.add("npm", name, version, package.line, scope)
    for entry in document.get("packages").pairs:
        name, version = _pnpm_key(entry.key)
        if (name, version) not in direct:
            scope = DependencyScope.DEVELOPMENT if entry.value.get("dev").true else _PRODUCTION
            reading.add("npm", name, entry.value.get("version").text or version, entry.line, scope, direct=False)


def _pnpm_version(name: str, written: str) -> tuple[str, str]:
    """The package behind a locked version, without the peers that it was resolved with; an alias names it whole."""
    if written.startswith("/") or re.match(r"@?[a-zA-Z][^(]*@\d", written):
        return _pnpm_key(written)
    return name, written.partition("(")[0].partition("_")[0]


def _pnpm_key(key: str) -> tuple[str, str]:
    key = key.partition("(")[0]
    found = _PNPM_OLD_KEY.match(key) or _NAME_AND_VERSION.match(key.removeprefix("/"))
    return (found["name"], found["version"]) if found else ("", "")


def read_yarn_lock(reading: Reading) -> None:
    """Reads `yarn.lock` of either generation, an entry at a time; only the later one tells what is asked for."""
    entries = tuple(_yarn_entries(reading.text))
    asked_for = {
        line.split(":")[0].strip(' "')
        for keys, _, body in entries
        if "@workspace:" in keys
        for line in body
        if line.startswith("    ")
    }
    for keys, line, body in entries:
        if "@workspace:" in keys:
            continue
        alias, name = _yarn_name(keys.split(", ")[0])
        version = next((found[1] for text in body if (found := _YARN_VERSION.match(text.strip()))), "")
        reading.add("npm", name, version, line, direct=alias in asked_for)


def _yarn_entries(text: str) -> Iterator[tuple[str, int, list[str]]]:
    keys, first, body = "", 0, list[str]()
    for line, content in enumerate(text.split("\n"), 1):
        if content[:1] == " ":
            body.append(content)
        elif content[:1] not in {"", "#"}:
            if keys and "@" in keys:
                yield keys, first, body
            keys, first, body = content.removeprefix("? ").rstrip(":").replace('"', ""), line, []
    if keys and "@" in keys:
        yield keys, first, body


def _yarn_name(key: str) -> tuple[str, str]:
    """The name under which a package is asked for, and its own."""
    found = _NAME_AND_VERSION.match(key)
    if found is None:
        return "", ""
    name = found["name"]
    target = found["version"]
    return name, actual(name, target)[0] if "@" in target.removeprefix("npm:@") else name


def read_bun_lock(reading: Reading) -> None:
    """Reads `bun.lock`."""
    document, reading.problems[:] = read_json(reading.text)
    asked_for = {
        pair.key: scope
        for workspace in document.get("workspaces").pairs
        for section, scope in reversed(SECTIONS.items())
        for pair in workspace.value.get(section).pairs
    }
    for entry in document.get("packages").pairs:
        found = _NAME_AND_VERSION.match(next(iter(entry.value.texts()), ""))
        if found and not found["version"].startswith(("workspace:", "link:", "file:")):
            scope = asked_for.get(entry.key)
            version = found["version"].removeprefix("npm:")
            reading.add("npm", found["name"], version, entry.line, scope or _PRODUCTION, direct=scope is not None)


def read_bun_binary_lock(reading: Reading) -> None:
    """Says of `bun.lockb` that it is not read: its format is Bun's own and not documented."""
    reading.problem(1, "is Bun's binary lock file, which is not read", "run `bun install --save-text-lockfile`")


def read_deno_lock(reading: Reading) -> None:
    """Reads `deno.lock`."""
    document, reading.problems[:] = read_json(reading.text)
    workspace = document.get("workspace")
    members = [workspace, *(member.value for member in workspace.get("members").pairs)]
    texts = [
        text
        for member in members
        for text in (*member.get("dependencies").texts(), *member.get("packageJson", "dependencies").texts())
    ]
    asked_for = {found[0] for text in texts if (found := specifier(text))}
    for holder in (document, document.get("packages")):
        for registry in ("npm", "jsr"):
            for entry in holder.get(registry).pairs:
                _add_deno(reading, registry, entry.key, entry.line, asked_for)


def _add_deno(reading: Reading, registry: str, key: str, line: int, asked_for: set[str]) -> None:
    if found := _NAME_AND_VERSION.match(key):
        name = jsr_name(found["name"]) if registry == "jsr" else found["name"]
        version = found["version"].partition("_")[0]
        reading.add("npm", name, version, line, direct=name in asked_for)
