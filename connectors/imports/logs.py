"""Imports a log: which of the hosts that are looked for were reached, looked up or refused, how often and by how many."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from connectors.api.asset import asset
from connectors.imports.coverage import coverage
from connectors.imports.opening import head
from connectors.imports.preview import SHOWN, Preview
from connectors.imports.sweep import Sweep
from connectors.model import ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.imports.formats import Log
    from connectors.imports.given import Given
    from connectors.imports.tally import Reach, Tally
    from connectors.model import Observation

_HIDING: Final = ("too long", "not understood")


class LogImporter:
    """Reads a log.

    Args:
        given: What reading needs.
        log: The log as it was recognised.
    """

    def __init__(self, given: Given, log: Log) -> None:
        self._given = given
        self._log = log
        self._refused, words = given.rows.refused
        self._sweep = Sweep(log, given.signals.hosts, words, given.today)

    def read(self, path: Path) -> Result:
        """What the log says."""
        return self._result(self._sweep.file(path, self._given.workers))

    def preview(self, path: Path) -> Preview:
        """How the log is understood."""
        beginning = head(path)
        whole = not beginning or path.stat().st_size == len(beginning)
        text = beginning if whole else beginning[: beginning.rfind(b"\n") + 1]
        result = self._result(self._sweep.stream(io.BytesIO(text)))
        return Preview(
            f"{self._log.key} ({self._log.format.id})",
            self._log.format.name,
            self._log.columns(),
            first=result.observations[:SHOWN],
            coverage=result.coverage,
            whole=whole,
        )

    def _result(self, tally: Tally) -> Result:
        scope = self._log.key.partition("/")[2]
        found = [
            one
            for host, reach in sorted(tally.hosts.items())
            for one in self._observed(host.decode("latin-1"), reach, scope)
        ]
        counts = tally.counts.copy()
        counts["taken"] = sum(reach.count + reach.refused for reach in tally.hosts.values())
        unread = sum(counts[f"dropped: {why}"] for why in _HIDING)
        relevant = unread + counts["taken"] + counts["named elsewhere"]
        problem = tally.cut
        if not problem and unread > max(1, relevant // 100):
            problem = f"{unread} of {relevant} lines that name a known host are not as {self._log.format.name} writes them; say with --as what it is"
        return Result(found, [coverage(self._given.source, scope, counts, 0, problem)])

    def _observed(self, host: str, reach: Reach, scope: str) -> Iterator[Observation]:
        for row, count in ((self._log.key, reach.count), (self._refused, reach.refused)):
            if not count or not row:
                continue
            kind = ObservationKind.CONTROL if row == self._refused else ObservationKind.USAGE
            found = asset(
                kind, row, f"{self._given.source}/{host}", source=self._given.source, scope=scope, title=host, hosts=(host.lstrip("."),),
                count=count, clients=len(reach.clients) or None, first_seen=reach.first, last_seen=reach.last,
                snippet=f"{self._log.format.name}: {count} lines",
            )  # fmt: skip
            yield replace(found, matchers=(*found.matchers, *sorted(self._given.signals.of_host(host))))
