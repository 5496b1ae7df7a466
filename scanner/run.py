"""One scan from start to end: knowledge base, declarations, pipeline, inventory, reports."""

from __future__ import annotations

import hashlib
import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING

from classifiers.catalog import load
from scanner import pipeline
from scanner.workspace import load_declared

if TYPE_CHECKING:
    from pathlib import Path

    from classifiers.catalog import Catalog
    from scanner.keeping import Keeper
    from scanner.result import ScanResult
    from scanner.workspace import Workspace

_LOG = logging.getLogger("aimscope.run")


def run(workspace: Workspace, *, resume: bool = False, progress: pipeline.Progress | None = None) -> ScanResult:
    """Scans the sources of a workspace, reconciles, and keeps the result where the workspace has a database.

    Args:
        workspace: What to scan and where everything lies.
        resume: Whether to take up a scan of the same settings that was cut off.
        progress: Hears what the scan does.

    Raises:
        Exception: One of the errors of `classifiers`, `connectors` or `inventory` that name what to mend.
    """
    catalog = load(workspace.catalog)
    declared = load_declared(workspace)
    with _keeper(workspace.database) as keeper:
        if keeper is not None:
            keeper.begin(_settings_digest(workspace, catalog), catalog, resume=resume)
        result = pipeline.scan(
            workspace.sources,
            catalog,
            declared,
            workspace.limits,
            workspace.workers,
            progress,
            known=keeper.known if keeper else None,
            journal=keeper,
            leave_out=workspace.own_files,
        )
        result = keeper.finish(result) if keeper else result
    _LOG.info(
        "scan finished",
        extra={"scan": result.scan.id, "findings": len(result.findings), "systems": len(result.systems)},
    )
    return result


def write_reports(result: ScanResult, files: tuple[Path, ...]) -> None:
    """Writes a report to each file, in the format that its ending names."""
    from scanner.reports.formats import write

    for file in files:
        write(result, file, result.before)


def _keeper(database: Path | None) -> Keeper | nullcontext[None]:
    if database is None:
        return nullcontext()
    from scanner.keeping import Keeper

    return Keeper(database)


def _settings_digest(workspace: Workspace, catalog: Catalog) -> str:
    parts = [catalog.digest, str(workspace.limits), *(str(source) for source in workspace.sources)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
