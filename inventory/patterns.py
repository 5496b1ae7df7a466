"""Anchors with wildcards: `*` stands for any run of characters, and every other character for itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CROWD = 16
"""From so many patterns with the same beginning, their ends tell them apart."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A compiled pattern. Matching reads the text once, however many wildcards there are."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> Glob:
        """Compiles a pattern."""
        return cls(tuple(pattern.split("*")))

    @property
    def prefix(self) -> str:
        """What every match begins with."""
        return self.parts[0]

    @property
    def suffix(self) -> str:
        """What every match ends with."""
        return self.parts[-1]

    def matches(self, text: str) -> bool:
        """Whether the pattern matches the whole text."""
        if len(self.parts) == 1:
            return text == self.parts[0]
        first, *between, last = self.parts
        if not (text.startswith(first) and text.endswith(last)):
            return False
        position, end = len(first), len(text) - len(last)
        for part in between:
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
        return position <= end


class PatternIndex:
    """Finds which of many patterns match a text, without trying each.

    Exact patterns stand in a dictionary; the others under their literal beginning, and where many share one, under
    their literal end as well.
    """

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        """Takes pairs of a pattern and the number of whom it belongs to."""
        self._exact: dict[str, list[int]] = defaultdict(list)
        by_prefix: dict[str, list[tuple[Glob, int]]] = defaultdict(list)
        for pattern, owner in patterns:
            if "*" in pattern:
                glob = Glob.of(pattern)
                by_prefix[glob.prefix].append((glob, owner))
            else:
                self._exact[pattern].append(owner)
        self._groups = {prefix: _Group(globs) for prefix, globs in by_prefix.items()}
        self._lengths = sorted({len(prefix) for prefix in by_prefix})

    def find(self, text: str) -> Iterator[int]:
        """The numbers of those who have a pattern that matches, perhaps more than once."""
        yield from self._exact.get(text, ())
        for length in self._lengths:
            if length > len(text):
                return
            if group := self._groups.get(text[:length]):
                yield from group.find(text)


class _Group:
    """Patterns with the same literal beginning."""

    def __init__(self, globs: list[tuple[Glob, int]]) -> None:
        by_suffix: dict[str, list[tuple[Glob, int]]] = defaultdict(list)
        for glob, owner in globs:
            by_suffix[glob.suffix if len(globs) > _CROWD else ""].append((glob, owner))
        self._by_suffix = dict(by_suffix)
        self._lengths = sorted({len(suffix) for suffix in by_suffix})

    def find(self, text: str) -> Iterator[int]:
        for length in self._lengths:
            if length > len(text):
                return
            for glob, owner in self._by_suffix.get(text[len(text) - length :], ()):
                if glob.matches(text):
                    yield owner
