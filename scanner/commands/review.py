"""`aimscope review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from inventory.verdict import Status
from scanner.commands.errors import mended
from scanner.commands.options import BY, located
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.reports.command import command_for
from scanner.reports.wording import count
from scanner.session import open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.verdict import Verdict
    from scanner.session import Session
    from scanner.workspace import Workspace

_FIRST: Final = 3
"""So many commands stand under the table, ready to copy."""


@click.command(name="review")
@click.option("--all", "everything", is_flag=True, help="Also what is settled, candidates and coding assistants.")
@click.option("--status", "statuses", type=click.Choice([status.value for status in Status]), multiple=True,
              help="Only verdicts of this status, counted or not; may be given several times.")  # fmt: skip
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False),
              help="Also write them as a sheet to fill in, for `aimscope decide --from`.")  # fmt: skip
@click.option("--bind", "bindings", is_flag=False, flag_value="", multiple=True, metavar="[ENTRY=SYSTEM]",
              help="Show which systems the entries without `bind` may be about, and at a terminal ask about each; or record that an entry is about a system.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="How --bind shows what it suggests.")  # fmt: skip
@BY
@mended
@located("scope", "ledger", "database")
def command(
    workspace: Workspace,
    *,
    everything: bool,
    statuses: tuple[str, ...],
    xlsx: Path | None,
    bindings: tuple[str, ...],
    output: str,
    by: str,
) -> int:
    """Show the decisions that are needed, most urgent first.

    It holds the last stored scan against the scope document, the ledger and the date of today; it scans nothing. The
    exit code is 1 where something that it shows asks for a decision, else 0.
    """
    if bindings:
        _only_bind(asked=everything or bool(statuses) or xlsx is not None)
        return _bind(tuple(filter(None, bindings)), open_session(workspace), workspace, by, output)
    if output != "text":
        raise click.UsageError("--format is for --bind. `aimscope report json` writes the whole queue as JSON.")
    session = open_session(workspace)
    queue = _queue(session.verdicts, statuses, everything=everything)
    if queue:
        show_table(("status", "id", "name", "owner", "suggested", "why"), map(_row, queue))
    _summary(queue, session)
    if xlsx is not None:
        _write_sheet(xlsx, queue, session)
    return ExitCode.DECISIONS if any(verdict.asks for verdict in queue) else ExitCode.GOOD


def _only_bind(*, asked: bool) -> None:
    if asked:
        raise click.UsageError("--bind shows no queue: leave out --all, --status and --xlsx.")


def _bind(pairs: tuple[str, ...], session: Session, workspace: Workspace, by: str, output: str) -> int:
    from scanner.commands.review_bind import bind_named, show_or_ask

    return bind_named(pairs, session, workspace, by) if pairs else show_or_ask(session, workspace, by, output)


def _queue(verdicts: Sequence[Verdict], statuses: tuple[str, ...], *, everything: bool) -> list[Verdict]:
    if statuses:
        return [verdict for verdict in verdicts if verdict.status.value in statuses]
    return [verdict for verdict in verdicts if everything or (verdict.asks and verdict.counted)]


def _row(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.status,
        verdict.subject,
        verdict.name,
        verdict.owner,
        verdict.suggestion.decision if verdict.suggestion else "",
        verdict.reasons[0].text,
    )


def _summary(queue: Sequence[Verdict], session: Session) -> None:
    """What stands under the table goes to the error stream: the table may go to another program."""
    info = session.scanned.scan
    asking = [verdict for verdict in queue if verdict.asks]
    decisions = count(len(asking), "decision is", "decisions are") if asking else "No decision is"
    click.echo(f"{decisions} needed: {info.id} of {info.started}, held against what is declared today.", err=True)
    if session.declared.scope is None:
        click.echo("There is no scope document, so nothing is undeclared. `aimscope init` writes one.", err=True)
    if session.scanned.incomplete:
        click.echo("That scan was incomplete: `aimscope report terminal` says what was not seen.", err=True)
    for line in [line for verdict in asking if (line := command_for(verdict))][:_FIRST]:
        click.echo(f"  {line}", err=True)


def _write_sheet(path: Path, queue: Sequence[Verdict], session: Session) -> None:
    from inventory.sheet import write_sheet  # openpyxl only for a sheet

    write_sheet(path, queue, session.systems, session.decisions)
    rows = sum(verdict.subject_kind.decidable for verdict in queue)
    click.echo(
        f"{path}: {count(rows, 'row')} to fill in; take them back with `aimscope decide --from {path}`.", err=True
    )
