"""Which package an import stands for: one that a manifest asks for before the usual one, named as it is written there."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from connectors.code.matchers import canonical_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEPARATORS: Final = re.compile(r"[-_./:\\]+")
_NPM_NAME: Final = re.compile(r"(?:@[^/]+/)?[^/]+")
_FAMILY: Final = "*"


class DeclaredPackages:
    """The packages that the manifests of a source ask for."""

    def __init__(self) -> None:
        self._written: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def add(self, ecosystem: str, name: str) -> None:
        """Notes a package as a manifest writes it."""
        self._written[ecosystem].setdefault(canonical_package(ecosystem, name), name)

    def imported(self, packages: Sequence[tuple[str, str]], module: str) -> tuple[str, str]:
        """Ecosystem and name of the package that brings a module; the ecosystem is empty where none is known to.

        Args:
            packages: What the module may stand for, the most usual first; a trailing `*` stands for a family.
            module: The module as it is imported.
        """
        for ecosystem, name in packages:
            if declared := self._declared(ecosystem, name, module):
                return ecosystem, declared
        ecosystem, usual = packages[0]
        return ecosystem, _of_family(ecosystem, usual, module) if usual.endswith(_FAMILY) else usual

    def _declared(self, ecosystem: str, name: str, module: str) -> str:
        written = self._written[ecosystem]
        if not name.endswith(_FAMILY):
            return written.get(canonical_package(ecosystem, name), "")
        fitting = {known: written[known] for known in _kin(canonical_package(ecosystem, name), _plain(module), written)}
        nearest = max(fitting, key=lambda known: _common(_plain(known), _plain(module)), default="")
        return fitting.get(nearest, "")


def _kin(family: str, module: str, names: dict[str, str]) -> Iterator[str]:
    """Names of a family, and names of packages whose root the module lies under."""
    for name in names:
        if name.startswith(family.removesuffix(_FAMILY)) or f"{module}-".startswith(f"{_plain(name)}-"):
            yield name


def _of_family(ecosystem: str, family: str, module: str) -> str:
    """The package of a family that a module would come with by the custom of its ecosystem, else the family's stem."""
    stem = family.removesuffix(_FAMILY)
    name = module
    if ecosystem == "npm":
        name = found[0] if (found := _NPM_NAME.match(module)) else module
    elif ecosystem == "pypi":
        name = canonical_package("pypi", module.partition(".")[0])
    fits = canonical_package(ecosystem, name).startswith(canonical_package(ecosystem, stem))
    return name if fits else stem.rstrip("-_./")


def _common(one: str, other: str) -> int:
    """How many characters two names begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _plain(name: str) -> str:
    return _SEPARATORS.sub("-", name).strip("-").lower()
