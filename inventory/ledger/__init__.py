"""The decision ledger `aims-decisions.jsonl`: append-only, one event a line, each with the hashes of those it knew.

Two branches that both appended merge as a set: git's union merge keeps all lines, and neither their order nor a line
that stands twice changes anything.
"""

from __future__ import annotations

from inventory.ledger.event import DamagedEventError, RecordedEvent, encode, seal
from inventory.ledger.file import Fault, FaultKind, LedgerError, load, read
from inventory.ledger.history import History
from inventory.ledger.standing import Standing, standing

__all__ = [
    "DamagedEventError",
    "Fault",
    "FaultKind",
    "History",
    "LedgerError",
    "RecordedEvent",
    "Standing",
    "encode",
    "load",
    "read",
    "seal",
    "standing",
]
