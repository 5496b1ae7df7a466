"""The log, on the error stream. It carries sources, tasks and counts, never content of what is scanned."""

from __future__ import annotations

import json
import logging
import sys
from typing import Final

from connectors.api.shapes import harmless

_LEVELS: Final = (logging.WARNING, logging.INFO, logging.DEBUG)
_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class _Lines(logging.Formatter):
    """Sentences; what shows by its shape that it must not be written stands in none, not even in those of a fault."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


class _JsonLines(logging.Formatter):
    """One JSON object a line, with the fields that the caller gave as `extra`; as harmless."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname.lower(), "message": record.getMessage()}
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return harmless(json.dumps(line, default=str, ensure_ascii=False))


def configure(verbose: int, *, quiet: bool, form: str) -> None:
    """Sets the level and shape of the log for this run."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _Lines("aimscope: %(message)s"))
    root = logging.getLogger("aimscope")
    root.handlers[:] = [handler]
    root.propagate = False
    root.setLevel(logging.ERROR if quiet else _LEVELS[min(verbose, len(_LEVELS) - 1)])


def fault(error: Exception) -> None:
    """Tells of a fault of ours; the traceback only where details were asked for."""
    logger = logging.getLogger("aimscope")
    details = logger.isEnabledFor(logging.DEBUG)
    logger.error(
        "a fault of aimscope (%s): %s. Run again with -vv for details, and please report it",
        type(error).__name__, error, exc_info=error if details else None,
    )  # fmt: skip
