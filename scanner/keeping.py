"""Keeps a scan in the inventory database: each task as it ends, the outcome at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.model import Result
from inventory.database import Inventory
from inventory.scan import ScanInfo, ScanRecord, TaskRecord
from scanner import __version__, clock
from scanner.compare import compare
from scanner.result import ScanResult

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from classifiers.catalog import Catalog


class Keeper:
    """The journal of a running scan. Call `begin` first and `finish` last."""

    def __init__(self, database: Path) -> None:
        self._inventory = Inventory.open(database)
        self._scan = 0
        self._kept: dict[str, TaskRecord] = {}
        self._before: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close: every call is a transaction of its own."""

    @property
    def known(self) -> dict[str, str]:
        """Anchor to system id, from every scan before."""
        return self._inventory.known_anchors()

    def begin(self, settings_digest: str, catalog: Catalog, *, resume: bool) -> None:
        """Begins a scan, or takes up the one with these settings that was cut off."""
        self._before = self._inventory.reusable_scan(settings_digest)
        cut_off = self._inventory.unfinished_scan(settings_digest) if resume else None
        if cut_off is not None:
            self._scan = cut_off.number
            self._kept = self._inventory.finished_tasks(self._scan)
            return
        started = clock.iso(clock.now())
        info = ScanInfo(f"running-{settings_digest[:16]}", started, "", __version__, catalog.digest, "", "", ())
        self._scan = self._inventory.begin_scan(info, settings_digest)

    @property
    def remembers(self) -> bool:
        """Whether an earlier scan left anything to recall."""
        return bool(self._kept) or self._before is not None

    def recall(self, key: str) -> Result | None:
        """What a task gave before the scan was cut off, or in the last scan where nothing has changed since; or none."""
        kept = self._kept.get(key)
        if kept is None and self._before is not None:
            kept = self._inventory.take_over(self._before, key, self._scan)
        if kept is None:
            return None
        return Result(list(kept.observations), list(kept.coverage), Counter(kept.counts))

    def keep(self, key: str, result: Result) -> None:
        """Keeps what a task gave; once this returns, no kill loses it."""
        record = TaskRecord(tuple(result.observations), tuple(result.coverage), dict(result.counts))
        self._inventory.store_task(self._scan, key, record)

    def finish(self, result: ScanResult) -> ScanResult:
        """Keeps the outcome; gives it back with each system's dates, what changed, and the scan before."""
        last = self._inventory.last_scan()
        previous = from_record(last) if last else None
        record = self._inventory.finish_scan(self._scan, to_record(result))
        dated = replace(result, systems=record.systems)
        return replace(dated, changes=compare(previous, dated), before=previous)


def to_record(result: ScanResult) -> ScanRecord:
    """A result as the inventory keeps it."""
    return ScanRecord(
        result.scan, result.coverage, result.findings, result.systems, result.verdicts, result.names, result.denominator
    )


def from_record(record: ScanRecord) -> ScanResult:
    """A kept scan as reports take it."""
    return ScanResult(
        record.info, record.coverage, record.findings, record.systems, record.verdicts, record.names, record.denominator
    )
