"""Entries with a similar name, as a hint to a person. A name decides nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.scope.document import Entry

_WORD = re.compile(r"[^\W_]+")
_COMMON = 32
"""A word that so many names share says nothing about any of them."""
_COMPARED = 8
"""So many names are compared in full, those that share most words."""
_ALIKE = 85
"""Of 100: how alike two names must be."""


class SimilarNames:
    """Finds, among some entries, the one with the most similar name, comparing only names that share an uncommon word."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.id)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            for word in _words(entry.title):
                self._by_word[word].append(number)

    def nearest(self, name: str) -> Entry | None:
        """The entry whose name is most like this one, or none that is alike."""
        shared = Counter(
            number
            for word in _words(name)
            if len(numbers := self._by_word.get(word, [])) <= _COMMON
            for number in numbers
        )
        if not shared:
            return None
        from rapidfuzz import fuzz

        candidates = sorted(shared, key=lambda number: (-shared[number], number))[:_COMPARED]
        likeness = {
            number: fuzz.token_sort_ratio(_plain(name), _plain(self._entries[number].title)) for number in candidates
        }
        best = max(candidates, key=lambda number: (likeness[number], -number))
        return self._entries[best] if likeness[best] >= _ALIKE else None


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.casefold()))


def _plain(name: str) -> str:
    return " ".join(_WORD.findall(name.casefold()))
