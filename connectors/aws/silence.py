"""What keeps silent, so that a scan does not wait for it again and again: a Region that hangs would cost hours."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Final

_SERVICE: Final = 6
"""So many attempts in a row that nobody answered, and a service of a Region is taken for silent."""

_REGION: Final = 3
"""So many silent services, with no answer from any other since, and the Region is."""


class Silences:
    """Counts attempts that got no answer in time, by Region and service, over all accounts. Safe in any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streaks: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))

    def service(self, region: str, service: str) -> bool:
        """Whether a service in a Region is silent, so that one attempt is enough."""
        with self._lock:
            return self._streaks[region][service] >= _SERVICE

    def region(self, region: str) -> bool:
        """Whether nothing of a Region answers, so that asking is in vain."""
        with self._lock:
            return sum(streak >= _SERVICE for streak in self._streaks[region].values()) >= _REGION

    def told(self, region: str, service: str, *, answered: bool) -> None:
        """Takes note of an attempt. An answer shows that the Region is there, and the service."""
        if answered and not self._streaks.get(region):
            return
        with self._lock:
            if answered:
                self._streaks[region].clear()
            else:
                self._streaks[region][service] += 1
