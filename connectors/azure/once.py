"""Answers that many tasks share: the first asks, the others wait for it."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

from connectors.api.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Once(Generic[Value]):
    """Answers by key, each asked for once; safe in many threads. A refusal is remembered too."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Value | ApiError] = {}
        self._locks: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def get(self, key: Hashable, ask: Callable[[], Value]) -> Value:
        """The answer for a key.

        Raises:
            ApiError: As `ask` raised it, whenever that was.
        """
        with self._lock:
            lock = self._locks[key]
        with lock:
            if key not in self._kept:
                try:
                    self._kept[key] = ask()
                except ApiError as error:
                    self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, ApiError):
            raise kept
        return kept
