"""`aimscope scope render`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner.commands.errors import mended
from scanner.commands.options import PATH, located
from scanner.exit_codes import ExitCode
from scanner.session import open_session, read_ledger
from scanner.statement.formats import FORMATS, StatementError, of_file, render
from scanner.whole_file import write_whole

if TYPE_CHECKING:
    from scanner.statement.formats import Format
    from scanner.workspace import Workspace


@click.command(name="render")
@click.argument("outputs", nargs=-1, required=True, metavar="[FORMAT|FILE]...")
@click.option("--template", type=PATH, help="Template of yours: Jinja for Markdown and HTML, a document for DOCX.")
@mended
@located("scope", "ledger", "database")
def command(workspace: Workspace, outputs: tuple[str, ...], template: Path | None) -> int:
    """Write the scope statement that an auditor reads, held against the last stored scan.

    FORMAT prints: markdown or html. FILE is written; its ending says the format: .md, .html, .docx or .pdf.
    """
    if template is not None and len(outputs) > 1:
        raise click.UsageError("--template is for one format: name one FILE or FORMAT.")
    forms = [_format(name, workspace, template) for name in outputs]
    from scanner.statement.view import statement  # what it stands on is slow to import

    told = statement(open_session(workspace), read_ledger(workspace))
    documents = [render(told, form, template) for form in forms]
    for name, content in zip(outputs, documents, strict=True):
        if name in FORMATS:
            click.echo(content.decode(), nl=False)
        else:
            _write(Path(name), content)
            click.echo(f"Statement: {name}", err=True)
    return ExitCode.GOOD


def _format(name: str, workspace: Workspace, template: Path | None) -> Format:
    """Refuses what cannot be written before anything is."""
    if name in FORMATS:
        if not FORMATS[name].printed:
            raise click.UsageError(f"{name} is no text to print: name a file that ends in {FORMATS[name].endings[0]}.")
        return FORMATS[name]
    file = Path(name)
    kept = workspace.own_files | ({template.resolve()} if template else frozenset())
    if file.resolve() in kept:
        raise StatementError(f"{file}: is a file that the statement is made from. Name another.")
    if not file.resolve().parent.is_dir():
        raise StatementError(f"{file}: there is no such folder. {_MEND}")
    return of_file(file)


def _write(file: Path, content: bytes) -> None:
    try:
        write_whole(file, content)
    except OSError as error:
        raise StatementError(f"{file}: cannot be written: {error.strerror}. {_MEND}") from error


_MEND: Final = "Name a file in a folder that exists and that you may write to."
