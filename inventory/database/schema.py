"""The tables. What is asked for has a column; the rest of a record is JSON, written and read by the codec."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    insert,
    inspect,
    select,
)

from inventory.database.errors import InventoryError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Dialect

VERSION: Final = 1
"""Of the tables. A change of them adds one, and the steps that bring an older database up to it."""


class AnyText(TypeDecorator[str]):
    """Any text, also one that is not valid Unicode, as a file name may be: stored with the escapes of a JSON string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text as the database holds it."""
        return None if value is None else json.dumps(value)[1:-1]

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text as it was."""
        return None if value is None else str(json.loads(f'"{value}"'))


METADATA: Final = MetaData()

SCHEMA: Final = Table("aimscope_schema", METADATA, Column("version", Integer, nullable=False))

SCANS: Final = Table(
    "scans",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String(64), nullable=False, index=True),
    Column("settings", String(128), nullable=False),
    Column("started", String(32), nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("info", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("denominator", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""`number` is never used twice; `id` says what a scan was of, so that a repeated one replaces itself."""

TASKS: Final = Table(
    "tasks",
    METADATA,
    Column("scan", ForeignKey(SCANS.c.number, ondelete="CASCADE"), primary_key=True),
    Column("task", AnyText, primary_key=True),
    Column("data", Text, nullable=False),
)


LASTING: Final = "code:"
"""What the names of tasks begin with whose outcome stays true as long as what they read is the same."""


def _part(name: str) -> Table:
    """A table of the records of one sort that a finished scan has, in their order."""
    return Table(
        name,
        METADATA,
        Column("scan", ForeignKey(SCANS.c.number, ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("subject", AnyText, nullable=False),
        Column("data", Text, nullable=False),
    )


COVERAGE: Final = _part("coverage")
FINDINGS: Final = _part("findings")
SYSTEMS: Final = _part("systems")
VERDICTS: Final = _part("verdicts")

ANCHORS: Final = Table(
    "anchors",
    METADATA,
    Column("anchor", AnyText, primary_key=True),
    Column("system", AnyText, nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
)
SYSTEMS_SEEN: Final = Table(
    "systems_seen",
    METADATA,
    Column("id", AnyText, primary_key=True),
    Column("first_seen", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
)

Index("scans_by_settings", SCANS.c.settings, SCANS.c.number)


def is_ready(connection: Connection, path: Path) -> bool:
    """Whether the database has our tables; it has none at all when it is new.

    Raises:
        InventoryError: It belongs to another program or to a newer aimscope.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return False
    if SCHEMA.name not in tables:
        what = "is a database of another program. Name another file for the inventory database."
        raise InventoryError(f"{path}: {what}")
    version = connection.execute(select(SCHEMA.c.version)).scalar_one()
    if version > VERSION:
        what = f"was written by a newer aimscope (tables of version {version}, and this one knows {VERSION})"
        raise InventoryError(f"{path}: {what}. Upgrade aimscope, or name another file.")
    return True


def create(connection: Connection) -> None:
    """Makes the tables in a new database."""
    METADATA.create_all(connection)
    connection.execute(insert(SCHEMA).values(version=VERSION))
