"""The table of parsers: which files each reads, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from connectors.code.manifests.model import Manifest, Problem, Wanted
from connectors.code.manifests.reading import Reading, decode

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Parser:
    """How one kind of manifest is recognised and read.

    Attributes:
        kind: Its name.
        ecosystem: Package URL type of what it mostly names.
        reader: Module and function that read it. It is imported when the first of its kind is met: a checkout holds few
            kinds, and a small one is scanned in half a second.
        files: Names of the files, or patterns (`*.csproj`, `requirements/*.txt`) with a plain extension.
        lock: Whether it records what was resolved.
        binary: Whether its content is not text.
    """

    kind: str
    ecosystem: str
    reader: str
    files: tuple[str, ...] = ()
    lock: bool = False
    binary: bool = False

    @property
    def patterns(self) -> tuple[str, ...]:
        """The files it reads; a parser without any is named after its only file."""
        return self.files or (self.kind,)

    def read(self, reading: Reading) -> None:
        """Reads a manifest of this kind."""
        module, _, function = self.reader.partition(".")
        read: Callable[[Reading], None] = getattr(import_module(f"connectors.code.manifests.{module}"), function)
        read(reading)


PARSERS: Final = {
    parser.kind: parser
    for parser in (
        Parser("requirements.txt", "pypi", "requirements.read_requirements",
               ("*requirements*.txt", "*requirements*.in", "requirements/*.txt", "requirements/*.in", "reqs.txt")),
        Parser("requirements.lock", "pypi", "requirements.read_requirements", ("requirements*.lock",), lock=True),
        Parser("pyproject.toml", "pypi", "pyproject.read_pyproject"),
        Parser("Pipfile", "pypi", "pyproject.read_pipfile"),
        Parser("pixi.toml", "conda", "pyproject.read_pixi"),
        Parser("setup.cfg", "pypi", "setup_files.read_setup_cfg"),
        Parser("setup.py", "pypi", "setup_files.read_setup_py"),
        Parser("poetry.lock", "pypi", "python_locks.read_locked_packages", lock=True),
        Parser("pdm.lock", "pypi", "python_locks.read_locked_packages", lock=True),
        Parser("pylock.toml", "pypi", "python_locks.read_locked_packages", ("pylock.toml", "pylock.*.toml"), lock=True),
        Parser("uv.lock", "pypi", "python_locks.read_uv_lock", lock=True),
        Parser("Pipfile.lock", "pypi", "python_locks.read_pipfile_lock", lock=True),
        Parser("environment.yml", "conda", "conda.read_environment",
               ("environment.yml", "environment.yaml", "env.yml", "env.yaml", "environment*.yml", "environment*.yaml",
                "*-environment.yml", "*_environment.yml", "conda*.yml", "conda*.yaml", "*-conda.yml", "*_conda.yml")),
        Parser("meta.yaml", "conda", "conda.read_recipe", ("meta.yaml", "meta.yml", "recipe.yaml")),
        Parser("package.json", "npm", "javascript.read_package_json"),
        Parser("pnpm-workspace.yaml", "npm", "javascript.read_pnpm_workspace",
               ("pnpm-workspace.yaml", "pnpm-workspace.yml")),
        Parser("deno.json", "npm", "javascript.read_deno_json",
               ("deno.json", "deno.jsonc", "import_map.json", "importmap.json", "import-map.json")),
        Parser("package-lock.json", "npm", "javascript_locks.read_package_lock",
               ("package-lock.json", "npm-shrinkwrap.json"), lock=True),
        Parser("pnpm-lock.yaml", "npm", "javascript_locks.read_pnpm_lock", lock=True),
        Parser("yarn.lock", "npm", "javascript_locks.read_yarn_lock", lock=True),
        Parser("bun.lock", "npm", "javascript_locks.read_bun_lock", lock=True),
        Parser("bun.lockb", "npm", "javascript_locks.read_bun_binary_lock", lock=True, binary=True),
        Parser("deno.lock", "npm", "javascript_locks.read_deno_lock", lock=True),
        Parser("pom.xml", "maven", "maven.read_pom", ("pom.xml", "*.pom")),
        Parser("build.gradle", "maven", "gradle.read_build",
               ("build.gradle", "build.gradle.kts", "*.gradle", "*.gradle.kts")),
        Parser("settings.gradle", "maven", "gradle.read_settings", ("settings.gradle", "settings.gradle.kts")),
        Parser("libs.versions.toml", "maven", "gradle.read_catalog", ("*.versions.toml",)),
        Parser("gradle.lockfile", "maven", "gradle.read_lockfile", ("*gradle.lockfile",), lock=True),
        Parser("build.sbt", "maven", "sbt.read_sbt", ("*.sbt", "project/Dependencies.scala")),
        Parser("go.mod", "golang", "golang.read_go_mod"),
        Parser("go.work", "golang", "golang.read_go_work"),
        Parser("Cargo.toml", "cargo", "rust.read_cargo_toml"),
        Parser("Cargo.lock", "cargo", "rust.read_cargo_lock", lock=True),
        Parser("csproj", "nuget", "dotnet.read_project", ("*.csproj", "*.fsproj", "*.vbproj")),
        Parser("Directory.Packages.props", "nuget", "dotnet.read_props"),
        Parser("Directory.Build.props", "nuget", "dotnet.read_props",
               ("Directory.Build.props", "Directory.Build.targets")),
        Parser("packages.config", "nuget", "dotnet.read_packages_config"),
        Parser("packages.lock.json", "nuget", "dotnet.read_packages_lock", lock=True),
        Parser("Gemfile", "gem", "ruby.read_gems", ("Gemfile", "gems.rb")),
        Parser("gemspec", "gem", "ruby.read_gems", ("*.gemspec",)),
        Parser("Gemfile.lock", "gem", "ruby.read_gemfile_lock", ("Gemfile.lock", "gems.locked"), lock=True),
        Parser("composer.json", "composer", "php.read_composer_json"),
        Parser("composer.lock", "composer", "php.read_composer_lock", lock=True),
        Parser("Package.swift", "swift", "swift.read_package_swift", ("Package.swift", "Package@swift-*.swift")),
        Parser("Package.resolved", "swift", "swift.read_package_resolved", lock=True),
        Parser("Podfile", "cocoapods", "ruby.read_pods"),
        Parser("podspec", "cocoapods", "ruby.read_pods", ("*.podspec",)),
        Parser("Podfile.lock", "cocoapods", "ruby.read_podfile_lock", lock=True),
        Parser("pubspec.yaml", "pub", "dart.read_pubspec", ("pubspec.yaml", "pubspec.yml")),
        Parser("pubspec.lock", "pub", "dart.read_pubspec_lock", lock=True),
        Parser("mix.exs", "hex", "elixir.read_mix_exs"),
        Parser("mix.lock", "hex", "elixir.read_mix_lock", lock=True),
        Parser("DESCRIPTION", "cran", "r.read_description"),
        Parser("renv.lock", "cran", "r.read_renv_lock", lock=True),
        Parser("Project.toml", "julia", "julia.read_project", ("Project.toml", "JuliaProject.toml")),
        Parser("Manifest.toml", "julia", "julia.read_manifest",
               ("Manifest.toml", "JuliaManifest.toml", "Manifest-v*.toml"), lock=True),
        Parser("conanfile.txt", "conan", "cpp.read_conanfile_txt"),
        Parser("conanfile.py", "conan", "cpp.read_conanfile_py"),
        Parser("vcpkg.json", "vcpkg", "cpp.read_vcpkg"),
        Parser("CMakeLists.txt", "vcpkg", "cmake.read_cmake", ("CMakeLists.txt", "*.cmake")),
    )
}  # fmt: skip
"""Every parser, by its kind."""


def _rules() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """Kinds by file name, and by extension the patterns that may fit."""
    by_name: dict[str, str] = {}
    by_extension: dict[str, list[tuple[str, str]]] = {}
    for parser in PARSERS.values():
        for pattern in parser.patterns:
            if "*" not in pattern and "/" not in pattern:
                by_name[pattern] = parser.kind
                continue
            by_extension.setdefault(pattern[pattern.rfind(".") :], []).append((pattern, parser.kind))
    return by_name, by_extension


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    inside = re.escape(pattern).replace(r"\*", "[^/]*")
    return re.compile(rf"(?:.*/)?{inside}\Z", re.IGNORECASE | re.DOTALL)


_BY_NAME, _BY_EXTENSION = _rules()


def recognise(path: str) -> str | None:
    """The kind of manifest that a file is by its path (with forward slashes), or none."""
    name = path[path.rfind("/") + 1 :]
    if (kind := _BY_NAME.get(name)) is not None:
        return kind
    rules = _BY_EXTENSION.get(name[name.rfind(".") :])
    if rules is None:
        return None
    return next((kind for pattern, kind in rules if _expression(pattern).match(path)), None)


def parse(kind: str, path: str, content: bytes, wanted: Wanted) -> Manifest:
    """Reads a manifest.

    Args:
        kind: What `recognise` said of it.
        path: Its path inside the source.
        content: Its bytes.
        wanted: Says of a package that is not a direct dependency (ecosystem, name) whether to keep it.

    Returns:
        What could be read, and problems for what could not.
    """
    parser = PARSERS[kind]
    text = "" if parser.binary else decode(content)
    reading = Reading(path, text, wanted, lock=parser.lock)
    if "\0" in text:
        reading.problem(1, "is not text", "save it as UTF-8")
    else:
        parser.read(reading)
    problems = reading.problems
    if len(problems) > _MOST_PROBLEMS:
        more = Problem(
            problems[_MOST_PROBLEMS].line, f"has {len(problems) - _MOST_PROBLEMS} more faults", "mend these first"
        )
        problems = [*problems[:_MOST_PROBLEMS], more]
    return Manifest(
        kind,
        reading.lock,
        reading.project,
        tuple(dict.fromkeys(reading.dependencies)),
        tuple(problems),
        tuple(reading.includes),
    )
