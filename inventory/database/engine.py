"""The connection to SQLite: set up so that several processes can read and write one file, and none loses a write."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, NullPool, create_engine, event

from inventory.database.errors import InventoryError, in_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

WAIT_SECONDS: Final = 60
"""How long one process waits for another to end a write; writes take milliseconds, the end of a large scan seconds."""

_WRITES: Final = "aimscope_writes"


class Database:
    """A SQLite file, a transaction at a time.

    No connection outlives its transaction: workers are forked off this process and must not inherit one, and a file
    without a connection is whole in itself, so that it can be copied.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise InventoryError(f"{path}: is a folder. Name a file for the inventory database.")
        self._engine = _engine(path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database.

        Raises:
            InventoryError: The database refused.
        """
        with in_sentences(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, after all that are under way; all of it holds at its end, or nothing.

        Raises:
            InventoryError: The database refused.
        """
        engine = self._engine.execution_options(**{_WRITES: True})
        with in_sentences(self.path), engine.begin() as connection:
            yield connection


def _engine(path: Path) -> Engine:
    url = URL.create("sqlite", database=str(path.absolute()))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """The driver is told to leave transactions to `_begin`: its own start too late to keep two writers apart."""
    try:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _switch_to_wal(connection)
    except BaseException:
        connection.close()  # the pool does not know it yet, and would leave it open
        raise


def _switch_to_wal(connection: Any) -> None:
    """Lets readers read while another writes. SQLite does not wait for the lock that this needs, so we do."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            busy = getattr(error, "sqlite_errorname", "") in {"SQLITE_BUSY", "SQLITE_LOCKED"}
            if not busy or time.monotonic() >= deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that reads first and writes later could meet a database that has moved on."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
