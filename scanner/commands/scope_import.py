"""`aimscope scope import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner.commands.errors import mended
from scanner.commands.options import PATH
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain
from scanner.workspace import LEDGER_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

_SCOPE_FILE: Final = Path("aims-scope.yaml")
_STATUSES: Final = ("in_scope", "excluded", "decommissioned", "rejected", "not_ai")
_LONGEST: Final = 400
_PIECE: Final = 4000


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--mapping", "mapped", default="", help="How its columns are read: a mapping of ours, or a file of yours."
)
@click.option("--into", type=PATH, default=_SCOPE_FILE, show_default=True, help="The scope document.")
@click.option("--sheet", default="", help="The sheet of a spreadsheet; else all that people see.")
@click.option(
    "--status",
    type=click.Choice(_STATUSES),
    help="What systems are whose status is not clear; else they are held back.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed."
)
@mended
def command(file: Path, mapped: str, into: Path, sheet: str, status: str | None, form: str, *, dry_run: bool) -> int:
    """Take an existing scope statement or inventory into the scope document.

    FILE is Markdown, DOCX, XLSX or CSV. Every field says where it came from; what is not understood is listed and kept in
    aims-imported.jsonl beside the scope document. The exit code is 1 where something asks for a person.
    """
    from connectors.yaml_nodes import uncollected
    from inventory.intake.importing import import_file
    from inventory.intake.mapping import mapping_named
    from inventory.intake.reader import read
    from inventory.intake.report import as_json, as_lines
    from inventory.transaction import Files

    mapping = mapping_named(mapped) if mapped else None
    clean = _cleaner()
    with uncollected():
        taken = read(file, mapping=mapping, sheet=sheet, status=status or "")
        found = import_file(file, Files(into, into.with_name(LEDGER_FILE)), taken, clean=clean, write=not dry_run)
    if form == "json":
        click.echo(as_json(found, clean), nl=False)
    else:
        for line in as_lines(found, written=not dry_run):
            indent = "  " if line.startswith("  ") else ""
            click.echo(indent + plain(clean(line), _LONGEST))
    return ExitCode.DECISIONS if found.asks else ExitCode.GOOD


def _cleaner() -> Callable[[str], str]:
    """Takes addresses of people and secrets out of a text, however long it is."""
    from connectors.api.redact import redactor
    from connectors.api.shapes import SECRET

    redact = redactor("")

    def clean(text: str) -> str:
        if "@" not in text and not SECRET.search(text):
            return text
        return "".join(str(redact(text[at : at + _PIECE])) for at in range(0, len(text), _PIECE))

    return clean
