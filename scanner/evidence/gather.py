"""Gathers the evidence: every section, from what a workspace holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.register.file import FILE_NAME, load
from scanner.evidence import improvement, leadership, operation, performance, policy, records, risk, roles, scope
from scanner.evidence.ground import Ground
from scanner.evidence.model import Basis, Evidence, said
from scanner.reports.coverage_view import coverage_view
from scanner.session import open_session, read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.evidence.history import Series
    from scanner.workspace import Workspace

_GAPS = 200


def ground_of(workspace: Workspace, register: Path | None = None) -> Ground:
    """What the sections are made from.

    Args:
        workspace: Where everything is.
        register: The register; else `aims-register.yaml` beside the ledger.

    Raises:
        SessionError: No scan is stored.
        InputError, LedgerError, TransactionError, InventoryError: A file cannot be used; the message says why.
    """
    session = open_session(workspace)
    return Ground(session, read_ledger(workspace), load(register or register_of(workspace)))


def register_of(workspace: Workspace) -> Path:
    """Where the register is unless the user says otherwise: beside the ledger."""
    return workspace.ledger.parent / FILE_NAME


def gather(ground: Ground, workspace: Workspace) -> Evidence:
    """The whole pack, before it is written down."""
    return Evidence(
        _basis(ground),
        (
            leadership.section(ground),
            scope.section(ground, _originals(workspace)),
            risk.section(ground),
            roles.section(ground),
            policy.section(ground),
            operation.section(ground),
            performance.section(ground, _series(workspace)),
            improvement.section(ground),
            records.section(ground),
        ),
    )


def _originals(workspace: Workspace) -> dict[str, bytes]:
    """The scope document and the ledger, as they are."""
    files = [file for file in (workspace.scope, workspace.ledger) if file is not None and file.exists()]
    return {file.name: file.read_bytes() for file in files}


def _series(workspace: Workspace) -> Series:
    from scanner.evidence.history import Series, series  # SQLAlchemy only where a database is opened

    return series(workspace.database) if workspace.database else Series((), 0, {})


def _basis(ground: Ground) -> Basis:
    result = ground.as_of_today
    coverage = coverage_view(result, _GAPS)
    gaps = [f"{gap.source} {gap.scope}: {gap.outcome} ({gap.reason})" for gap in coverage.gaps.shown]
    unseen = [f"{part.name}: {part.words}" for part in coverage.parts.shown if part.gaps]
    declared = ground.session.declared.scope
    return Basis(
        organisation=said(ground.scope.document.organisation or result.scan.organisation),
        day=ground.session.today,
        scan=said(result.scan.id),
        scanned=result.scan.finished,
        version=said(result.scan.version),
        catalog=result.scan.catalog,
        scope=declared.hash if declared else "",
        heads=ground.ledger.heads,
        covered=coverage.headline,
        complete=coverage.complete,
        gaps=tuple(dict.fromkeys([*unseen, *gaps])),
    )
