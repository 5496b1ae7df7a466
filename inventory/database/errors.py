"""What can go wrong with a database, in sentences with the mend."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError

from connectors.codec import CodecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class InventoryError(Exception):
    """The database cannot be used; the message names it, says why, and what to do."""


@contextmanager
def in_sentences(path: Path) -> Iterator[None]:
    """Turns errors of the database into sentences.

    Raises:
        InventoryError: The database refused.
    """
    try:
        yield
    except CodecError as error:
        raise InventoryError(f"{path}: holds a record that cannot be read ({error}). {_DAMAGED}") from error
    except DBAPIError as error:
        raise InventoryError(_sentence(path, error.orig or error)) from error
    except sqlite3.Error as error:
        raise InventoryError(_sentence(path, error)) from error


def _sentence(path: Path, error: BaseException) -> str:
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, sentence in _SENTENCES.items():
        if name.startswith(prefix):
            return f"{path}: {sentence}"
    return f"{path}: the database refused: {error}. Run again with -vv for details."


_DAMAGED: Final = (
    "Restore it from a copy, or move it away and scan again: that loses history, while every decision stays in the "
    "scope document and the ledger."
)
_SENTENCES: Final = {
    "SQLITE_NOTADB": "is not a database. Name another file for the inventory database, or move this one away.",
    "SQLITE_CORRUPT": f"is damaged. {_DAMAGED}",
    "SQLITE_READONLY": "cannot be written. Give write permission on it and on its folder, or name another file.",
    "SQLITE_PERM": "cannot be written. Give write permission on it and on its folder, or name another file.",
    "SQLITE_CANTOPEN": "cannot be opened. Name a file in a folder that exists and that you may write to.",
    "SQLITE_FULL": "its disk is full. Make room and run again with --resume: what was stored stays stored.",
    "SQLITE_IOERR": "its disk cannot be read or written. Check the disk and its quota, or name a file on another one.",
    "SQLITE_BUSY": "another process is writing and does not end. Wait for it, and run again with --resume.",
    "SQLITE_LOCKED": "another process is writing and does not end. Wait for it, and run again with --resume.",
}
"""By the beginning of the name that SQLite gives an error."""
