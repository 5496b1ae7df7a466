"""`aimscope explain`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from scanner.commands.errors import mended
from scanner.commands.options import located
from scanner.exit_codes import ExitCode
from scanner.explanation import document, explain
from scanner.explanation_text import sections
from scanner.session import open_session, read_ledger
from scanner.subject import find

if TYPE_CHECKING:
    from scanner.workspace import Workspace


@click.command(name="explain")
@click.argument("system")
@click.option("--format", "printed", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True,
              help="What is printed.")  # fmt: skip
@mended
@located("scope", "ledger", "database")
def command(workspace: Workspace, system: str, printed: str) -> int:
    """Show why a system is one, where it was seen, what is declared and what was decided.

    SYSTEM is the id of a system or the beginning of one, an anchor, or the id of an entry; never a name.
    """
    session = open_session(workspace)
    explanation = explain(find(system, session), session, read_ledger(workspace))
    if printed == "json":
        # Nothing but ASCII: a terminal that shows it obeys no character of it.
        click.echo(json.dumps(document(explanation, session), indent=2))
        return ExitCode.GOOD
    for number, (heading, lines) in enumerate(sections(explanation, session.scanned.names)):
        click.echo(("\n" if number else "") + click.style(heading, bold=True))
        for line in lines:
            click.echo(f"  {line}")
    return ExitCode.GOOD
