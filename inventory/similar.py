"""Similar names, as a hint to a person. A name decides nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import chain, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.scope.document import Entry

_WORD = re.compile(r"[^\W_]+")
_WORDS = 8
"""So many words of a name are enough to find it by."""
_COMMON = 32
"""What so many names share says nothing about any of them."""
_COMPARED = 8
"""So many names are compared in full, those that share most."""
_ALIKE = 85
"""Of 100: how alike two names must be."""


class NameIndex:
    """Finds, among many names, those that are worth comparing with one.

    Two names are, when they share a word that few have, or two words that few have together: in a large estate every
    word alone may be common.
    """

    def __init__(self, names: Sequence[str], *, common: int = _COMMON) -> None:
        """Takes the names, and how many may share a word before it says nothing."""
        self._plain = [plain_name(name) for name in names]
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._plain):
            for key in _keys(name):
                numbers[key].append(number)
        self._by_key = {key: found for key, found in numbers.items() if len(found) <= common}

    def alike(self, name: str, limit: int = _COMPARED) -> list[tuple[int, float]]:
        """The numbers of the names that share most with this one, and how alike each is, most alike first."""
        plain = plain_name(name)
        shared = Counter(chain.from_iterable(self._by_key.get(key, ()) for key in _keys(plain)))
        if not shared:
            return []
        from rapidfuzz import fuzz  # only where names are compared

        most = sorted(shared, key=lambda number: (-shared[number], number))[:limit]
        found = [(number, fuzz.token_sort_ratio(plain, self._plain[number])) for number in most]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


class SimilarNames:
    """Finds, among some entries, the one with the most similar name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.id)
        self._names = NameIndex([entry.title for entry in self._entries])

    def nearest(self, name: str) -> Entry | None:
        """The entry whose name is most like this one, or none that is alike."""
        for number, likeness in self._names.alike(name)[:1]:
            return self._entries[number] if likeness >= _ALIKE else None
        return None


def name_likeness(one: str, other: str) -> float:
    """How alike two names are, whatever the order of their words: 0 to 100."""
    from rapidfuzz import fuzz  # only where names are compared

    return fuzz.token_sort_ratio(plain_name(one), plain_name(other))


def words(text: str) -> frozenset[str]:
    """The words of a text, without regard to case."""
    return frozenset(_WORD.findall(text.casefold()))


def plain_name(name: str) -> str:
    """A name as words with one space between, without regard to case."""
    return " ".join(_WORD.findall(name.casefold()))


def _keys(plain: str) -> Iterator[str]:
    """What two names may share: words, and pairs of words."""
    found = sorted(set(plain.split(" ")) - {""})[:_WORDS]
    yield from found
    yield from map(" ".join, combinations(found, 2))
