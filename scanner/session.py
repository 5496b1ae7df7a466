"""What the commands after a scan stand on: the last stored scan, held against what is declared and decided today."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from inventory.attestation import AttestationIndex
from inventory.binding import EntryIndex
from inventory.decision_state import Decisions
from inventory.facts import facts_of
from inventory.identity import resolve
from inventory.ledger import load
from inventory.reconcile import reconcile
from inventory.reconcile.world import World
from inventory.scope.review import USUAL
from inventory.transaction import Files, recover
from scanner import clock
from scanner.workspace import load_declared

if TYPE_CHECKING:
    from datetime import date, datetime

    from inventory.database import Inventory
    from inventory.decision import Identity
    from inventory.ledger import History
    from inventory.model import AISystem
    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Entry, ScopeDocument
    from inventory.scope.review import Review
    from inventory.verdict import Verdict
    from scanner.result import ScanResult
    from scanner.workspace import Declared, Workspace


class SessionError(Exception):
    """A command lacks what it stands on; the message says what, and how to come by it."""


@dataclass(frozen=True)
class Session:
    """A stored scan and what holds today. Everything but the scan is worked out when it is first asked for.

    Attributes:
        scanned: The scan as it was stored.
        declared: Scope document, decisions and attestations as they are now.
        today: The day for which it is judged.
    """

    scanned: ScanResult
    declared: Declared
    today: date

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What reconciling the stored scan finds today, most urgent first."""
        return reconcile(
            self.scanned.systems, self._scope, self.declared.decisions, self.scanned.coverage, self.declared.attestations,
            today=self.today, catalog_hash=self.scanned.scan.catalog,
        )  # fmt: skip

    @cached_property
    def systems(self) -> tuple[AISystem, ...]:
        """The systems of the scan with the facts that people attest: what a decision rests on."""
        attested = AttestationIndex(self.declared.attestations, self.today)
        return tuple(
            replace(system, facts=facts_of(system, *facts)) if (facts := attested.facts(system)) else system
            for system in self.scanned.systems
        )

    @cached_property
    def decisions(self) -> Decisions:
        """The decisions in force by system and entry."""
        return Decisions(self.declared.decisions)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the scope document declares."""
        return self._scope.entries if self._scope else ()

    @property
    def review(self) -> Review:
        """When a review is due."""
        return self._scope.review if self._scope else USUAL

    def bound(self, entry_id: str) -> tuple[AISystem, ...]:
        """The systems that an entry binds."""
        return tuple(self._bound[entry_id])

    def view(self, system_id: str) -> SystemView:
        """All that concerns one system, as reconciling sees it."""
        system = self._as_scanned[system_id]
        return self._world.view(system, self._world.entries_of(system))

    def verdict(self, subject: str) -> Verdict | None:
        """The verdict on a system or an entry, or none."""
        return next((verdict for verdict in self.verdicts if verdict.subject == subject), None)

    @property
    def _scope(self) -> ScopeDocument | None:
        return self.declared.scope.document if self.declared.scope else None

    @cached_property
    def _world(self) -> World:
        return World(
            self._scope, self.declared.decisions, self.scanned.coverage, self.declared.attestations,
            today=self.today, catalog_hash=self.scanned.scan.catalog,
        )  # fmt: skip

    @cached_property
    def _as_scanned(self) -> dict[str, AISystem]:
        return {system.id: system for system in self.scanned.systems}

    @cached_property
    def _bound(self) -> dict[str, list[AISystem]]:
        index = EntryIndex(self.entries, self.decisions)
        bound: dict[str, list[AISystem]] = {entry.id: [] for entry in self.entries}
        for system in self.systems:
            for entry in index.of(system):
                bound[entry.id].append(system)
        return bound


def open_session(workspace: Workspace) -> Session:
    """The last stored scan and what holds today.

    Raises:
        SessionError: No scan is stored.
        InventoryError: The database cannot be used.
        InputError, LedgerError, TransactionError: See `scanner.workspace.load_declared`.
    """
    return Session(stored_scan(workspace), load_declared(workspace), clock.now().date())


def stored_scan(workspace: Workspace, scan_id: str = "") -> ScanResult:
    """A stored scan, the last one where none is named.

    Raises:
        SessionError: No scan is stored.
        InventoryError: There is none of this id, or the database cannot be used.
    """
    from scanner.keeping import from_record  # SQLAlchemy only where a database is opened

    inventory = open_inventory(workspace)
    record = inventory.scan(scan_id) if scan_id else inventory.last_scan()
    if record is None:
        raise SessionError(f"{workspace.database}: {_NO_SCAN}")
    return from_record(record)


def open_inventory(workspace: Workspace) -> Inventory:
    """The inventory database, which must be there.

    Raises:
        SessionError: There is none.
        InventoryError: It cannot be used.
    """
    from inventory.database import Inventory  # SQLAlchemy only where a database is opened

    if workspace.database is None:
        raise SessionError(
            "no inventory database is named. Name one with --database, or as `database` in the settings."
        )
    if not workspace.database.exists():
        raise SessionError(f"{workspace.database}: {_NO_SCAN}")
    return Inventory.open(workspace.database)


def read_ledger(workspace: Workspace) -> History:
    """The events of the ledger; a write that was cut off is finished first.

    Raises:
        LedgerError: The ledger was edited or has gaps.
        TransactionError: A cut-off write cannot be finished.
    """
    if workspace.scope is not None:
        recover(Files(workspace.scope, workspace.ledger))
    return load(workspace.ledger)


@dataclass(frozen=True, slots=True)
class Acting:
    """Who records something, where and when."""

    files: Files
    by: Identity
    now: datetime


def acting(workspace: Workspace, by: str) -> Acting:
    """Who records something, where and when.

    Args:
        workspace: Where the scope document and the ledger are.
        by: What the user typed, or the empty string.

    Raises:
        SessionError: No scope document is named.
        IdentityError: It cannot be told who acts.
        TransactionError: Scope document and ledger have the same name.
    """
    if workspace.scope is None:
        raise SessionError(
            "there is no scope document to record decisions in. "
            "Write one to start from with `aimscope init`, or name it with --scope."
        )
    files = Files(workspace.scope, workspace.ledger)
    return Acting(files, resolve(by, files.scope.resolve().parent, os.environ), clock.now())


_NO_SCAN = "no scan is stored here yet. Run `aimscope scan`, or name the database of an earlier one with --database."
