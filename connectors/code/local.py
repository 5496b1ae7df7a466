"""Imports of a repository's own modules, which are not the package of that name."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from connectors.model import Observation, ObservationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def mark_local(observations: Sequence[Observation], paths: Iterable[str]) -> list[Observation]:
    """Marks Python imports that a module of the same checkout answers, with the attribute `local`.

    Python looks an absolute import up where its path begins: in the folder of a script, or in the folder that holds the
    outermost package of a module; and in the root of the checkout and its `src` and `lib`.
    """
    imports = {
        observation.name.partition(".")[0]
        for observation in observations
        if observation.kind is ObservationKind.IMPORT and observation.attributes.get("language") == "python"
    }
    if not imports:
        return list(observations)
    modules = _Modules(paths, imports)
    return [
        replace(observation, attributes={**observation.attributes, "local": True})
        if observation.kind is ObservationKind.IMPORT
        and observation.attributes.get("language") == "python"
        and modules.answers(observation.name.partition(".")[0], observation.location.path)
        else observation
        for observation in observations
    ]


class _Modules:
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

    def answers(self, name: str, path: str) -> bool:
        starts = {self._start(path.rpartition("/")[0]), "", "src", "lib"}
        return any((start, name) in self._places for start in starts)

    def _start_of(self, folder: str) -> str:
        while folder and folder in self._packages:
            folder = folder.rpartition("/")[0]
        return folder
