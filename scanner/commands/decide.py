"""`aimscope decide`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inventory.condition_text import read_condition
from inventory.decide import Decision, adopt, decide
from inventory.decision import Answer
from inventory.verdict import Status
from scanner.commands.errors import mended
from scanner.commands.options import BY, located
from scanner.exit_codes import ExitCode
from scanner.session import acting, open_session
from scanner.subject import find
from scanner.told import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from inventory.ledger import RecordedEvent
    from scanner.session import Acting, Session
    from scanner.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Terms:
    """A decision on one system, as it was typed."""

    system: str | None
    answer: str | None
    because: str
    owner: str
    conditions: tuple[str, ...]
    until: datetime | None
    entry: str

    @property
    def given(self) -> bool:
        """Whether anything of it was typed."""
        return any((self.system, self.because, self.owner, self.conditions, self.until, self.entry))


@click.command(name="decide")
@click.argument("system", required=False)
@click.argument("answer", required=False, type=click.Choice([answer.value for answer in Answer]), metavar="[ANSWER]")
@click.option("--because", default="", help="Why. `out`, `not-ai` and `rejected` need it.")
@click.option("--owner", default="", help="Who answers for the system; else the likely owner.")
@click.option("--condition", "conditions", multiple=True, metavar="'FACT OP VALUE'",
              help="What must stay true, as 'regions only eu-west-1'; may be given several times.")  # fmt: skip
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY",
              help="Next review, or end of a deferral; else a year or thirty days from now.")  # fmt: skip
@click.option(
    "--entry", default="", help="Entry of the scope document to carry it, where it is not the one that binds."
)
@click.option("--from", "sheet", type=click.Path(path_type=Path, dir_okay=False),
              help="Take the decisions of a sheet that `aimscope review --xlsx` wrote: all rows or none.")  # fmt: skip
@click.option("--adopt", "adopted", multiple=True, metavar="ENTRY",
              help="Record an entry that somebody wrote by hand; may be given several times.")  # fmt: skip
@click.option("--adopt-all", is_flag=True, help="Record all entries that no decision carries.")
@BY
@mended
@located("scope", "ledger", "database")
def command(
    workspace: Workspace, *, sheet: Path | None, adopted: tuple[str, ...], adopt_all: bool, by: str, **typed: Any
) -> int:
    """Record a decision about a system, in the scope document and the ledger together.

    SYSTEM is the id of a system or the beginning of one, an anchor, or the id of an entry; never a name. ANSWER is in
    (it belongs to the scope), out (it is excluded), not-ai, defer, decommissioned or rejected. Where the scope document
    asks for an approval, the decision is proposed, and holds when somebody else approves it.
    """
    terms = _Terms(**typed)
    _one_way(terms, sheet, adopted, adopt_all=adopt_all)
    session, act = open_session(workspace), acting(workspace, by)
    if adopted or adopt_all:
        events = _adopt(adopted or _unrecorded(session), session, act)
    else:
        events = _decide(_of_sheet(sheet, session) if sheet else [_of_terms(terms, session)], session, act)
    for event in events:
        click.echo(told(event, act.files))
    if not events:
        click.echo(f"{sheet}: no row is filled in" if sheet else "Every entry is recorded or proposed", nl=False)
        click.echo("; nothing was written.")
    return ExitCode.GOOD


def _one_way(terms: _Terms, sheet: Path | None, adopted: tuple[str, ...], *, adopt_all: bool) -> None:
    ways = [terms.given, sheet is not None, bool(adopted), adopt_all]
    if sum(ways) != 1 or (terms.given and not (terms.system and terms.answer)):
        raise click.UsageError(
            "Say in one way what to record: SYSTEM and ANSWER with their options, or --from, or --adopt, or --adopt-all."
        )


def _of_terms(terms: _Terms, session: Session) -> Decision:
    subject = find(str(terms.system), session)
    if subject.entry and terms.entry:
        raise click.UsageError("SYSTEM is an entry already: leave out --entry.")
    entry = subject.entry.id if subject.entry else terms.entry
    return Decision(
        subject.system or entry,
        Answer(str(terms.answer)),
        because=terms.because,
        owner=terms.owner,
        conditions=tuple(map(_condition, terms.conditions)),
        until=terms.until.date() if terms.until else None,
        entry=entry,
    )


def _condition(text: str) -> dict[str, object]:
    try:
        return read_condition(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--condition") from error


def _of_sheet(path: Path, session: Session) -> list[Decision]:
    from inventory.sheet_reading import read_sheet  # openpyxl only for a sheet

    return read_sheet(path, session.verdicts, session.systems, session.decisions)


def _unrecorded(session: Session) -> tuple[str, ...]:
    """The entries that ask for adoption; one that is proposed asks for an approval instead."""
    reasons = [reason for verdict in session.verdicts for reason in verdict.reasons]
    rules = {reason.rule for reason in reasons if reason.status is Status.UNRECORDED}
    return tuple(entry.id for entry in session.entries if f"entries.{entry.id}" in rules)


def _decide(decisions: Sequence[Decision], session: Session, act: Acting) -> tuple[RecordedEvent, ...]:
    if not decisions:
        return ()
    return decide(decisions, act.files, by=act.by, now=act.now, catalog=session.scanned.scan.catalog)


def _adopt(entries: Sequence[str], session: Session, act: Acting) -> tuple[RecordedEvent, ...]:
    if not entries:
        return ()
    return adopt(entries, session.systems, act.files, by=act.by, now=act.now, catalog=session.scanned.scan.catalog)
