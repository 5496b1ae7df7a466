"""Imports of a repository's own modules, which are not the package of that name."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from connectors.model import Observation, ObservationKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SOURCE_ROOT: Final = re.compile(r"(?:^|/)(?:java|kotlin|scala)/(.+)$")
_PROJECT_LANGUAGES: Final = {"golang": "go", "npm": "javascript", "cargo": "rust", "pub": "dart", "gem": "ruby"}


def mark_local(observations: Sequence[Observation], paths: Iterable[str]) -> list[Observation]:
    """Marks imports that the same checkout answers, with the attribute `local`."""
    imports = [one for one in observations if one.kind is ObservationKind.IMPORT]
    if not imports:
        return list(observations)
    paths = list(paths)
    answers: dict[str, Callable[[Observation], bool]] = {
        "python": _Python(paths, {one.name.partition(".")[0] for one in imports}).answers,
        "cpp": _Headers(paths).answers,
    }
    packages = _JvmPackages(paths).answers
    answers |= {"java": packages, "kotlin": packages, "scala": packages}
    projects = _Projects(observations).answers
    answers |= dict.fromkeys(_PROJECT_LANGUAGES.values(), projects)

    def is_local(one: Observation) -> bool:
        answer = answers.get(str(one.attributes.get("language")))
        return one.kind is ObservationKind.IMPORT and answer is not None and answer(one)

    return [
        replace(one, attributes={**one.attributes, "local": True}) if is_local(one) else one for one in observations
    ]


class _Python:
    """Looks an absolute import up as Python does: where the path of the importing file begins.

    That is the folder of a script, or the folder that holds the outermost package of a module; and, for what is
    installed in place, the root of the checkout and its `src` and `lib`.
    """

    def __init__(self, paths: Iterable[str], names: set[str]) -> None:
        self._places: set[tuple[str, str]] = set()
        self._packages: set[str] = set()
        for path in paths:
            if not path.endswith((".py", ".pyi")):
                continue
            folder, _, file = path.rpartition("/")
            stem = file.rpartition(".")[0]
            if stem == "__init__":
                self._packages.add(folder)
                parent, _, name = folder.rpartition("/")
                if name in names:
                    self._places.add((parent, name))
            elif stem in names:
                self._places.add((folder, stem))
        self._start = lru_cache(maxsize=8192)(self._start_of)

    def answers(self, one: Observation) -> bool:
        starts = {self._start(one.location.path.rpartition("/")[0]), "", "src", "lib"}
        return any((start, one.name.partition(".")[0]) in self._places for start in starts)

    def _start_of(self, folder: str) -> str:
        while folder and folder in self._packages:
            folder = folder.rpartition("/")[0]
        return folder


class _Headers:
    """An included header that lies in the checkout, wherever the compiler is told to look."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            if path.endswith((".h", ".hpp", ".hh", ".hxx", ".cuh", ".inc")):
                self._by_name[path.rpartition("/")[2]].append("/" + path)

    def answers(self, one: Observation) -> bool:
        return any(path.endswith("/" + one.name) for path in self._by_name.get(one.name.rpartition("/")[2], ()))


class _JvmPackages:
    """A Java, Kotlin or Scala package that the checkout has sources of."""

    def __init__(self, paths: Iterable[str]) -> None:
        folders = {path.rpartition("/")[0] for path in paths if path.endswith((".java", ".kt", ".scala"))}
        self._packages = {found[1].replace("/", ".") for folder in folders if (found := _SOURCE_ROOT.search(folder))}

    def answers(self, one: Observation) -> bool:
        package = one.name.rpartition(".")[0]
        return package in self._packages or one.name in self._packages


class _Projects:
    """An import of a project of the same checkout, by the name that its manifest gives it."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._names = {
            (
                _PROJECT_LANGUAGES.get(str(one.attributes.get("ecosystem")), ""),
                _spelt(str(one.attributes.get("project", ""))),
            )
            for one in observations
            if one.kind is ObservationKind.UNIT and one.attributes.get("project")
        }

    def answers(self, one: Observation) -> bool:
        language, name = str(one.attributes.get("language")), _spelt(one.name)
        while name:
            if (language, name) in self._names:
                return True
            name = name.rpartition("/")[0]
        return False


def _spelt(name: str) -> str:
    return name.replace("::", "/").replace("-", "_").lower()
