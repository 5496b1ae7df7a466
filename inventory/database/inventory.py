"""What a run asks of the inventory database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import and_, delete, insert, not_, or_, select, update

from classifiers.model import Finding
from connectors.codec import dumps
from connectors.model import Coverage
from inventory.database import schema
from inventory.database.engine import Database
from inventory.database.errors import InventoryError
from inventory.database.schema import COVERAGE, FINDINGS, LASTING, SCANS, SYSTEMS, TASKS, VERDICTS
from inventory.database.seen import known_anchors, see
from inventory.denominator import CoveredPart
from inventory.model import AISystem
from inventory.scan import CODEC, ScanInfo, ScanRecord, TaskRecord, UnfinishedScan
from inventory.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self

    from sqlalchemy import Connection, Row, Table

Record = TypeVar("Record", Coverage, Finding, AISystem, Verdict)

_ABANDONED_AFTER: Final = timedelta(days=7)
"""An unfinished scan that began so long before the last finished one is not under way any more."""


class Inventory:
    """The scans of an estate, and when each of its systems was first and last seen.

    Every method is one transaction, so that several processes can use one database at a time, and a process that is
    killed leaves what its finished calls stored. Every method raises `InventoryError`, with the mend, where the database
    cannot be used: it is damaged, not writable, on a full disk, or locked for more than a minute.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens the database in a SQLite file, and makes it where there is none.

        Args:
            path: The file; its folder must exist.

        Raises:
            InventoryError: It is no inventory database, or a newer aimscope wrote it.
        """
        database = Database(path)
        with database.reading() as connection:
            ready = schema.is_ready(connection, path)
        if not ready:
            with database.writing() as connection:
                if not schema.is_ready(connection, path):  # another process may have been quicker
                    schema.create(connection)
        return cls(database)

    def begin_scan(self, info: ScanInfo, settings_digest: str) -> int:
        """Records that a scan has begun, and gives the number that its tasks are stored under.

        Args:
            info: About the scan; `finished` does not matter yet.
            settings_digest: Hash of all that decides what its tasks are: only the same tasks can be taken up again.
        """
        begun = replace(info, finished="")
        row = {
            "id": info.id,
            "settings": settings_digest,
            "started": info.started,
            "finished": False,
            "info": dumps(begun),
            "names": "{}",
            "denominator": "[]",
        }
        with self._database.writing() as connection:
            number: int = connection.execute(insert(SCANS).values(row).returning(SCANS.c.number)).scalar_one()
        return number

    def store_task(self, scan: int, task: str, record: TaskRecord) -> None:
        """Stores what a task gave; once this returns, no kill loses it.

        Args:
            scan: Number of the scan.
            task: What tells the task from the others of its scan: a hash of what it was to read, for instance.
            record: What it gave.
        """
        data = dumps(record)
        with self._database.writing() as connection:
            connection.execute(delete(TASKS).where(TASKS.c.scan == scan, TASKS.c.task == task))
            connection.execute(insert(TASKS).values(scan=scan, task=task, data=data))

    def finished_tasks(self, scan: int) -> dict[str, TaskRecord]:
        """What the tasks of an unfinished scan gave, by task."""
        with self._database.reading() as connection:
            rows = connection.execute(select(TASKS.c.task, TASKS.c.data).where(TASKS.c.scan == scan))
            return {task: CODEC.loads(TaskRecord, data) for task, data in rows}

    def reusable_scan(self, settings_digest: str) -> int | None:
        """Number of the newest finished scan with these settings, whose tasks may be taken over; none where there is none."""
        newest = (
            select(SCANS.c.number)
            .where(SCANS.c.settings == settings_digest, SCANS.c.finished)
            .order_by(SCANS.c.number.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            number: int | None = connection.execute(newest).scalar()
            return number

    def take_over(self, scan: int, task: str, taker: int) -> TaskRecord | None:
        """What a task of a finished scan gave, which now belongs to the taker; none where it kept no such task."""
        with self._database.writing() as connection:
            asked = select(TASKS.c.data).where(TASKS.c.scan == scan, TASKS.c.task == task)
            data = connection.execute(asked).scalar()
            if data is None:
                return None
            connection.execute(delete(TASKS).where(TASKS.c.scan == taker, TASKS.c.task == task))
            connection.execute(update(TASKS).where(TASKS.c.scan == scan, TASKS.c.task == task).values(scan=taker))
        return CODEC.loads(TaskRecord, data)

    def unfinished_scan(self, settings_digest: str) -> UnfinishedScan | None:
        """The newest scan with these settings, where it was cut off; none where it finished or there is none."""
        newest = select(SCANS).where(SCANS.c.settings == settings_digest).order_by(SCANS.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).first()
            return None if row is None or row.finished else UnfinishedScan(row.number, CODEC.loads(ScanInfo, row.info))

    def finish_scan(self, scan: int, record: ScanRecord) -> ScanRecord:
        """Stores the outcome of a scan, all of it or nothing.

        What its tasks gave stays, as long as it may be taken over by the next scan of the same settings.

        A finished scan of the same id, which has the same sources, knowledge base, scope and start, is replaced.

        Args:
            scan: Number of the scan.
            record: The outcome.

        Returns:
            The outcome with each system's dates.
        """
        info = record.info
        with self._database.writing() as connection:
            dated = replace(record, systems=see(connection, record.systems, info.started))
            twins = SCANS.c.id == info.id, SCANS.c.finished, SCANS.c.number != scan
            connection.execute(delete(SCANS).where(*twins))
            for table in (COVERAGE, FINDINGS, SYSTEMS, VERDICTS):
                connection.execute(delete(table).where(table.c.scan == scan))
            mine = select(SCANS.c.settings).where(SCANS.c.number == scan).scalar_subquery()
            older = select(SCANS.c.number).where(SCANS.c.settings == mine, SCANS.c.number < scan)
            passing = or_(TASKS.c.scan.in_(older), and_(TASKS.c.scan == scan, not_(TASKS.c.task.startswith(LASTING))))
            connection.execute(delete(TASKS).where(passing))
            _store(connection, COVERAGE, scan, ((part.source, part) for part in dated.coverage))
            _store(connection, FINDINGS, scan, ((finding.id, finding) for finding in dated.findings))
            _store(connection, SYSTEMS, scan, ((system.id, system) for system in dated.systems))
            _store(connection, VERDICTS, scan, ((verdict.subject, verdict) for verdict in dated.verdicts))
            connection.execute(
                update(SCANS)
                .where(SCANS.c.number == scan)
                .values(
                    id=info.id,
                    started=info.started,
                    finished=True,
                    info=dumps(info),
                    names=json.dumps(dict(record.names)),
                    denominator=dumps(record.denominator),
                )
            )
        return dated

    def last_scan(self) -> ScanRecord | None:
        """The newest finished scan, or none."""
        newest = select(SCANS).where(SCANS.c.finished).order_by(SCANS.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).first()
            return None if row is None else _load(connection, row)

    def scan(self, scan_id: str) -> ScanRecord:
        """A finished scan.

        Raises:
            InventoryError: There is none of that id.
        """
        asked = select(SCANS).where(SCANS.c.id == scan_id, SCANS.c.finished)
        with self._database.reading() as connection:
            row = connection.execute(asked).first()
            if row is not None:
                return _load(connection, row)
        stored = ", ".join(info.id for info in self.scans()[:_NAMED]) or "none yet"
        raise InventoryError(f"{self._database.path}: holds no finished scan {scan_id}. The newest are: {stored}.")

    def scans(self) -> tuple[ScanInfo, ...]:
        """All finished scans, newest first."""
        finished = select(SCANS.c.info).where(SCANS.c.finished).order_by(SCANS.c.number.desc())
        with self._database.reading() as connection:
            return tuple(CODEC.loads(ScanInfo, info) for info in connection.execute(finished).scalars())

    def known_anchors(self) -> dict[str, str]:
        """Every anchor that was ever seen, and the id of the system that it belongs to."""
        with self._database.reading() as connection:
            return known_anchors(connection)

    def prune(self, keep: int) -> None:
        """Forgets all finished scans but the newest, and scans that were cut off long ago.

        When systems were first and last seen stays.

        Args:
            keep: How many finished scans stay, at least one.
        """
        if keep < 1:
            raise ValueError("at least one scan has to stay: the next one is compared with it")
        newest = select(SCANS.c.number, SCANS.c.started).where(SCANS.c.finished).order_by(SCANS.c.number.desc())
        with self._database.writing() as connection:
            finished = connection.execute(newest).all()
            if not finished:
                return
            old = [row.number for row in finished[keep:]]
            connection.execute(delete(SCANS).where(SCANS.c.number.in_(old)))
            long_ago = datetime.fromisoformat(finished[0].started) - _ABANDONED_AFTER
            cut_off = SCANS.c.started < long_ago.isoformat().replace("+00:00", "Z")
            connection.execute(delete(SCANS).where(~SCANS.c.finished, cut_off))


_NAMED: Final = 5


def _store(connection: Connection, table: Table, scan: int, records: Iterable[tuple[str, Record]]) -> None:
    rows = [
        {"scan": scan, "position": position, "subject": subject, "data": dumps(record)}
        for position, (subject, record) in enumerate(records)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _load(connection: Connection, scan: Row[tuple[object, ...]]) -> ScanRecord:
    def records(table: Table, kind: type[Record]) -> tuple[Record, ...]:
        stored = select(table.c.data).where(table.c.scan == scan.number).order_by(table.c.position)
        return tuple(CODEC.loads(kind, data) for data in connection.execute(stored).scalars())

    return ScanRecord(
        info=CODEC.loads(ScanInfo, scan.info),
        coverage=records(COVERAGE, Coverage),
        findings=records(FINDINGS, Finding),
        systems=records(SYSTEMS, AISystem),
        verdicts=records(VERDICTS, Verdict),
        names=json.loads(scan.names),
        denominator=CODEC.loads(tuple[CoveredPart, ...], scan.denominator),
    )
