"""What a log says of each host that is looked for: how often, from when until when, by how many."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.imports import cells
from connectors.imports.distinct import Distinct
from connectors.imports.formats import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from connectors.imports.formats import Said

MAX_HOSTS: Final = 4096
"""Names that are told apart; what is below one domain is told as one from there on."""

_CACHED: Final = 100_000


@dataclass(slots=True)
class Reach:
    """What a log says of a host.

    Attributes:
        count: Lines that let it through.
        refused: Lines that did not.
        first: The first day.
        last: The last.
        clients: How many asked, none of whom is kept.
    """

    count: int = 0
    refused: int = 0
    first: str = ""
    last: str = ""
    clients: Distinct = field(default_factory=Distinct)

    def seen(self, day: str) -> None:
        """It was seen on a day."""
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)

    def join(self, other: Reach) -> None:
        """Adds what another part of the log says."""
        self.count += other.count
        self.refused += other.refused
        self.seen(other.first)
        self.seen(other.last)
        self.clients.join(other.clients)


class Wanted:
    """The hosts that are looked for; one that starts with a dot stands for any name below it."""

    def __init__(self, hosts: Mapping[str, object]) -> None:
        self._hosts = frozenset(host.encode() for host in hosts)
        self._known: dict[bytes, bytes] = {}

    @property
    def texts(self) -> list[bytes]:
        """All of them, sorted."""
        return sorted(self._hosts)

    def of(self, host: bytes) -> bytes:
        """Which of them a host is; empty where it is none."""
        known = self._known.get(host)
        if known is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            known = self._known[host] = self._find(host)
        return known

    def _find(self, host: bytes) -> bytes:
        if host in self._hosts:
            return host
        parts = host.split(b".")
        for start in range(len(parts)):
            if (below := b"." + b".".join(parts[start:])) in self._hosts:
                return below
        return b""


class Tally:
    """Counts lines. What keeps a log from being read to its end stands in `cut`.

    Args:
        today: The day of the scan.
        words: Expressions of what was not let through.
    """

    def __init__(self, today: date, words: tuple[str, ...] = ()) -> None:
        self.hosts: dict[bytes, Reach] = {}
        self.counts: Counter[str] = Counter()
        self.cut = ""
        self._today = today
        self._refusal = re.compile("|".join(words).encode() or rb"(?!)", re.IGNORECASE)
        self._refused: dict[bytes, bool] = {}

    def add(self, said: Said, wanted: Wanted) -> None:
        """Counts a line, if it is about a host that is looked for."""
        host = host_of(said.place)
        found = wanted.of(host)
        if not found:
            self.counts["named elsewhere"] += 1
            return
        reach = self._reach(host, found)
        if said.action and self._is_refused(said.action):
            reach.refused += 1
        else:
            reach.count += 1
        time = said.time
        if time[4:5] in {b"-", b"/"} or time[:10].isdigit():
            time = time[:10]
        reach.seen(cells.day(time[:64].decode("latin-1"), self._today))
        if said.client:
            reach.clients.add(said.client[:256].lower())

    def join(self, other: Tally) -> None:
        """Adds what another part of the log gave."""
        self.counts.update(other.counts)
        self.cut = self.cut or other.cut
        for host, reach in other.hosts.items():
            self._reach(host, host).join(reach)

    def _reach(self, host: bytes, found: bytes) -> Reach:
        reach = self.hosts.get(host)
        if reach is None:
            if len(self.hosts) >= MAX_HOSTS and found.startswith(b"."):
                host = found
            reach = self.hosts.setdefault(host, Reach())
        return reach

    def _is_refused(self, action: bytes) -> bool:
        action = action[:80]
        known = self._refused.get(action)
        if known is None:
            if len(self._refused) >= _CACHED:
                self._refused.clear()
            known = self._refused[action] = self._refusal.search(action) is not None
        return known
