"""One scan from start to end: catalog, declarations, pipeline, database, reports."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from classifiers.catalog import load
from scanner import pipeline
from scanner.workspace import load_declared

if TYPE_CHECKING:
    from scanner.result import ScanResult
    from scanner.workspace import Workspace

_LOG = logging.getLogger("aimscope.run")


def run(workspace: Workspace, *, resume: bool, printed: str, quiet: bool) -> ScanResult:
    """Scans, reconciles, keeps and reports."""
    import click

    from scanner.reports import json_report

    catalog = load(workspace.catalog)
    declared = load_declared(workspace)
    result = pipeline.scan(workspace.sources, catalog, declared, workspace.limits, workspace.workers)
    click.echo(json_report.render(result), nl=False)
    return result
