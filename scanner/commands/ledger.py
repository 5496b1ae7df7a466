"""`aimscope ledger verify` and `aimscope ledger show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from inventory.ledger import standing
from inventory.scope.load import load_scope
from inventory.verify import RecordedHead, verify
from scanner.commands.errors import mended
from scanner.commands.options import located
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain
from scanner.reports.wording import count, listing
from scanner.session import read_ledger
from scanner.told import SHOWN, decided_by, standings, subject

if TYPE_CHECKING:
    from inventory.ledger import RecordedEvent
    from inventory.verify import Verification
    from scanner.workspace import Workspace

_LONGEST: Final = 1000


@click.group(name="ledger")
def command() -> None:
    """Verify and show the decision ledger."""


@command.command(name="verify")
@click.option("--head", "heads", multiple=True, metavar="HASH",
              help="A head that was recorded elsewhere, as in a signed tag; may be given several times.")  # fmt: skip
@mended
@located("scope", "ledger")
def verify_command(workspace: Workspace, heads: tuple[str, ...]) -> int:
    """Find every edit and gap of the ledger, and every recorded head that is missing.

    That the ledger was cut off or written anew shows only against a head that was recorded elsewhere: in the scope
    document, or given with --head. It says which of these it has checked. The exit code is 1 where something is wrong.
    """
    verification = verify(workspace.ledger, [_in_scope(workspace), RecordedHead("--head", heads)])
    for notice in verification.notices:
        click.echo(f"note: {plain(str(notice), _LONGEST)}")
    for fault in verification.faults:
        click.echo(plain(str(fault), _LONGEST))
    _summary(verification)
    return ExitCode.GOOD if verification.good else ExitCode.DECISIONS  # 1: faults found


def _in_scope(workspace: Workspace) -> RecordedHead:
    recorded = load_scope(workspace.scope).document.document.ledger_head if workspace.scope else ()
    return RecordedHead("the scope document", recorded)


def _summary(verification: Verification) -> None:
    events = count(verification.events, "event")
    click.echo(f"{events}: {count(len(verification.faults), 'fault') if verification.faults else 'no fault'}.")
    for head in verification.heads:
        click.echo(f"head: {head}")
    if verification.checked:
        click.echo(f"Held against the heads recorded in: {listing(list(verification.checked))}.")
    if verification.not_checked:
        places = listing(list(verification.not_checked))
        click.echo(f"Not held against {places}: no head is recorded there, so truncation and rewriting do not show.")


@command.command(name="show")
@click.option("--system", "about", default="", help="Only events about this system id, anchor or entry.")
@mended
@located("scope", "ledger")
def show_command(workspace: Workspace, about: str) -> int:
    """Show the events of the ledger in their order, and which of them are in force or open."""
    history = read_ledger(workspace)
    stands = standings(standing(history).state)
    events = [event for event in history.order if not about or _is_about(event, about)]
    if not events:
        click.echo(f"The ledger holds no event{f' about {plain(about)}' if about else ''}.", err=True)
        return ExitCode.GOOD
    headings = ("event", "at", "did", "answer", "about", "by", "stands", "until", "because")
    show_table(headings, [_row(event, stands.get(event.id, "")) for event in events])
    return ExitCode.GOOD


def _is_about(event: RecordedEvent, about: str) -> bool:
    return about in {event.subject, event.entry, *event.anchors} or event.subject.startswith(about)


def _row(event: RecordedEvent, stands: str) -> tuple[str, ...]:
    did = event.id[:SHOWN], event.at, event.kind, event.answer
    return *did, subject(event), decided_by(event), stands, event.until, event.because
