"""Counts how many different ones there were, keeping none of them: the smallest of their hashes tell.

Bar-Yossef, Jayram, Kumar, Sivakumar and Trevisan, "Counting distinct elements in a data stream" (2002): where hashes are
spread evenly, the k-th smallest says how many there are. Up to k the count is exact. Sketches of parts join into that of
the whole, whatever the parts. Nothing but the count leaves the process.
"""

from __future__ import annotations

import hashlib
import heapq
from functools import lru_cache
from typing import Final

_KEPT: Final = 256
"""Exact up to here; above, two counts of three are within 6 %."""

_SPACE: Final = 1 << 64


class Distinct:
    """A sketch of a set."""

    __slots__ = ("_hashes", "_limit")

    def __init__(self) -> None:
        self._hashes: set[int] = set()
        self._limit = _SPACE

    def add(self, member: bytes) -> None:
        """Adds one; again changes nothing."""
        hashed = _hash(member)
        if hashed < self._limit:
            self._hashes.add(hashed)
            self._shrink(2 * _KEPT)

    def join(self, other: Distinct) -> None:
        """Adds all that another has seen."""
        self._hashes |= other._hashes
        self._shrink(_KEPT)

    def __len__(self) -> int:
        """How many there were."""
        if len(self._hashes) <= _KEPT:
            return len(self._hashes)
        largest = heapq.nsmallest(_KEPT, self._hashes)[-1]
        return round((_KEPT - 1) * _SPACE / largest)

    def _shrink(self, most: int) -> None:
        if len(self._hashes) > most:
            self._hashes = set(heapq.nsmallest(_KEPT + 1, self._hashes))
            self._limit = max(self._hashes)


@lru_cache(maxsize=65536)
def _hash(member: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(member, digest_size=8).digest(), "big")
