"""What keeps silent, so that a scan does not wait for it again and again: a Region that hangs would cost hours."""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUTS: Final = (ConnectTimeoutError, ReadTimeoutError)

_SERVICE: Final = 6
"""So many attempts in a row that nobody answered, and a service of a Region is taken for silent."""

_REGION: Final = 3
"""So many silent services, with no answer from any other since, and the Region is."""


class Silences:
    """Counts attempts that got no answer in time, by Region and service, over all accounts. Safe in any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streaks: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._silent: defaultdict[str, set[str]] = defaultdict(set)
        self._trials: set[tuple[str, str]] = set()

    def service(self, region: str, service: str) -> bool:
        """Whether a service in a Region is silent."""
        return self._streaks.get((region, service), 0) >= _SERVICE

    def region(self, region: str) -> bool:
        """Whether nothing of a Region answers."""
        return len(self._silent.get(region, ())) >= _REGION

    def any(self, region: str, service: str) -> bool:
        """Whether a service in a Region is silent, or all of the Region, so that an attempt is not worth repeating."""
        return self.service(region, service) or self.region(region)

    @contextmanager
    def attempt(self, region: str, service: str) -> Iterator[None]:
        """One attempt, which an error of `TIMEOUTS` ends in silence, and any other error in nothing known.

        Raises:
            ReadTimeoutError: Nobody would answer: the Region is silent, or the service and another attempt is under way.
        """
        trial = self.service(region, service)
        with self._lock:
            if self.region(region) or (trial and (region, service) in self._trials):
                raise ReadTimeoutError(endpoint_url=f"{service} in {region}")
            if trial:
                self._trials.add((region, service))
        try:
            yield
        except TIMEOUTS:
            with self._lock:
                self._streaks[region, service] += 1
                if self.service(region, service):
                    self._silent[region].add(service)
            raise
        else:
            if self._streaks:
                with self._lock:
                    self._streaks.pop((region, service), None)
                    self._silent.pop(region, None)
        finally:
            if trial:
                with self._lock:
                    self._trials.discard((region, service))
