"""Which unchanged files are read beside a change: what tells to which system a file belongs, and what it already holds.

Read are all manifests and deployment files, for they mark the systems of a repository; the files of the systems that the
change touches, and of those around them; and the settings of the coding assistants that it names. Everything else is told
by its path alone. Both sides of the comparison see the same of this, so that what is left out makes no difference by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifiers.context import of_folder
from classifiers.model import SystemKind
from connectors.code.artifacts import PathIndex
from connectors.code.manifests import recognise
from connectors.code.manifests.table import PARSERS
from connectors.code.units import marks_unit
from connectors.model import ObservationKind
from inventory.evidence import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifiers.catalog import Catalog
    from connectors.code.difference import Difference
    from connectors.model import Observation

MOST: Final = 3000
"""Files of touched systems that are read at most: half a second."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Unchanged files to read.

    Attributes:
        paths: All of them, sorted.
        elsewhere: Those of systems that the change does not touch: they mark units and are company for weak names, but
            what they show of their own system is only a part of it.
        left_out: How many files of touched systems are not read for their number.
    """

    paths: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    left_out: int = 0


def surroundings(
    difference: Difference, seen: Sequence[Observation], catalog: Catalog, most: int = MOST
) -> Surroundings:
    """What to read beside a change.

    Args:
        difference: What differs.
        seen: What the files that differ show, before the change and after.
        catalog: The knowledge base.
        most: How many files of touched systems are read at most; those nearest to the change come first.
    """
    marks = {path for path in difference.unchanged if _marks(path)}
    units = _Units([*marks, *(path for one in difference.changed for path in (one.before, one.after))])
    near = _near(difference, units.touched(difference, seen), units)
    others = [path for path in near if path not in marks]
    whole = {*marks.intersection(near), *others[:most], *_of_assistants(difference.unchanged, seen, catalog)}
    return Surroundings(tuple(sorted(marks | whole)), frozenset(marks - whole), max(0, len(others) - most))


class _Units:
    """The parts of a repository that can be systems, by their paths alone."""

    def __init__(self, paths: Iterable[str]) -> None:
        folders = {_folder(path) for path in paths if _marks(path)}
        self._folders = {folder for folder in folders if of_folder(folder) in LIVE}
        self._known: dict[str, str] = {"": ""}

    def of(self, folder: str) -> str:
        """The unit that a folder belongs to."""
        if folder not in self._known:
            self._known[folder] = folder if folder in self._folders else self.of(_folder(folder))
        return self._known[folder]

    def touched(self, difference: Difference, seen: Iterable[Observation]) -> set[str]:
        """Units that a change is in; where it adds or takes away a unit, also the one around it."""
        touched = set()
        for one in difference.changed:
            for path in {one.before, one.after} - {""}:
                touched.add(self.of(_folder(path)))
                if _marks(path) and not (one.before and one.after):
                    touched.add(self.of(_folder(_folder(path))))
        marked = (str(one.attributes["folder"]) for one in seen if one.kind is ObservationKind.UNIT)
        return touched | {self.of(folder) for folder in marked}

    def around(self, unit: str) -> Iterator[str]:
        """The units that a unit lies in."""
        while unit:
            unit = self.of(_folder(unit))
            yield unit


def _near(difference: Difference, touched: set[str], units: _Units) -> list[str]:
    """Files of touched units, then of those around them; first those beside a change."""
    around = {outer for unit in touched for outer in units.around(unit)} - touched
    beside = {_folder(path) for one in difference.changed for path in (one.before, one.after) if path}
    ranked = []
    for path in difference.unchanged:
        folder = _folder(path)
        unit = units.of(folder)
        if unit in touched or unit in around:
            ranked.append((unit in around, folder not in beside, path))
    return [path for _, _, path in sorted(ranked)]


def _of_assistants(paths: Iterable[str], seen: Iterable[Observation], catalog: Catalog) -> list[str]:
    """Files that by their path belong to the coding assistants that the change names: one system for all of them."""
    meanings = [catalog.meanings[key] for one in seen for key in one.matchers if key in catalog.meanings]
    rows = {f"{meaning.row}/" for meaning in meanings if meaning.kind is SystemKind.DEV_ASSISTANT}
    if not rows:
        return []
    index = PathIndex(catalog.matchers)
    return [path for path in paths if any(key.startswith(tuple(rows)) for key in index.keys(path))]


def _marks(path: str) -> bool:
    """Whether a file, by its name, marks its folder as a unit."""
    kind = recognise(path)
    return marks_unit(path) if kind is None or PARSERS[kind].lock else True


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
