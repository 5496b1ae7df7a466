"""`aimscope approve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.approve import approve, reject
from inventory.ledger import standing
from scanner.commands.errors import mended
from scanner.commands.options import BY, located
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.session import acting, read_ledger
from scanner.told import SHOWN, subject, told

if TYPE_CHECKING:
    from scanner.workspace import Workspace


@click.command(name="approve")
@click.argument("proposals", nargs=-1, metavar="[EVENT|SYSTEM|ENTRY]...")
@click.option("--reject", "rejects", is_flag=True, help="Close the proposals instead; what held before still holds.")
@click.option("--because", default="", help="Why they are rejected.")
@click.option("--list", "lists", is_flag=True, help="List the open proposals.")
@BY
@mended
@located("scope", "ledger")
def command(
    workspace: Workspace, *, proposals: tuple[str, ...], rejects: bool, because: str, lists: bool, by: str
) -> int:
    """Approve proposed decisions, or reject them; all that are named, or none.

    A proposal is named by its event id or the beginning of one, by its system or by its entry. Nobody approves what
    they have proposed themselves; to reject it is to withdraw it.
    """
    if lists == bool(proposals) or (lists and (rejects or because)):
        raise click.UsageError("Name the proposals to approve, or give --list alone to see them.")
    if because and not rejects:
        raise click.UsageError("--because goes with --reject: an approval takes over the reason of the proposal.")
    if lists:
        _list(workspace)
        return ExitCode.GOOD
    act = acting(workspace, by)
    if rejects:
        events = reject(proposals, act.files, because=because, by=act.by, now=act.now)
    else:
        events = approve(proposals, act.files, by=act.by, now=act.now)
    for event in events:
        click.echo(told(event, act.files))
    return ExitCode.GOOD


def _list(workspace: Workspace) -> None:
    pending = standing(read_ledger(workspace)).state.pending
    if not pending:
        click.echo("No proposal is open.", err=True)
        return
    rows = [(one.id[:SHOWN], one.answer, subject(one), one.by.name, one.at, one.because) for one in pending]
    show_table(("event", "answer", "about", "proposed by", "at", "because"), rows)
