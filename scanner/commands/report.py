"""`aimscope report`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands.errors import mended
from scanner.commands.options import located
from scanner.commands.tables import show_table
from scanner.compare import compare
from scanner.exit_codes import ExitCode
from scanner.reports.formats import FORMATS, of_file, render, write
from scanner.session import open_inventory, stored_scan

if TYPE_CHECKING:
    from scanner.workspace import Workspace


@click.command(name="report")
@click.argument("reports", nargs=-1, metavar="[FORMAT|FILE]...")
@click.option("--scan", "scan_id", default="", metavar="ID", help="Report this scan; else the last.")
@click.option("--against", default="", metavar="ID", help="Also tell what changed since this scan.")
@click.option("--list", "lists", is_flag=True, help="List the stored scans, newest first.")
@mended
@located("database")
def command(workspace: Workspace, *, reports: tuple[str, ...], scan_id: str, against: str, lists: bool) -> int:
    """Write reports of a stored scan, or of what changed between two.

    FORMAT prints: terminal, html, markdown, json, sarif or csv. FILE is written; its ending says the format, which can
    also be .xlsx. The verdicts are those of the scan; `aimscope review` tells those of today.
    """
    if lists == bool(reports) or (lists and (scan_id or against)):
        raise click.UsageError("Name formats or files to write, or give --list alone to see the stored scans.")
    if lists:
        _list(workspace)
        return ExitCode.GOOD
    for name in reports:
        _require_format(name)
    result, previous = stored_scan(workspace, scan_id), stored_scan(workspace, against) if against else None
    result = replace(result, changes=compare(previous, result))
    for name in reports:
        if name in FORMATS:
            click.echo(render(result, name, previous), nl=False)
        else:
            write(result, Path(name), previous)
            click.echo(f"Report: {name}", err=True)
    return ExitCode.GOOD


def _require_format(name: str) -> None:
    """Refuses what cannot be written before anything is."""
    if name not in FORMATS:
        of_file(Path(name))
    elif FORMATS[name].binary:
        raise click.UsageError(f"{name} is no text to print: name a file that ends in {FORMATS[name].endings[0]}.")


def _list(workspace: Workspace) -> None:
    scans = open_inventory(workspace).scans()
    rows = [(scan.id, scan.started, scan.version, scan.organisation, ", ".join(scan.sources)) for scan in scans]
    show_table(("scan", "started", "aimscope", "organisation", "sources"), rows)
