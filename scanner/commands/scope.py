"""`aimscope scope validate`, `test`, `schema` and `render`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from inventory.reconcile.contradictions import ENDED
from inventory.scope.conditions import Truth, describe, evaluate
from inventory.scope.load import load_scope
from inventory.scope.schema import scope_schema
from scanner import clock
from scanner.attested import standing
from scanner.commands.errors import mended
from scanner.commands.options import PATH, located
from scanner.commands.scope_import import command as import_
from scanner.commands.scope_render import command as render
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain
from scanner.reports.wording import count, listing
from scanner.session import SessionError, open_session
from scanner.workspace import load_attested

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from classifiers.model import Finding
    from inventory.scope.conditions import Judgement
    from inventory.scope.document import Entry
    from scanner.session import Session
    from scanner.workspace import Workspace

_PLACES: Final = 3
"""So many findings are named that break a condition."""

NOTHING: Final = "nothing to test"
"""The outcome of a condition of an entry that no system shows, or that declares that its system has ended."""


@click.group(name="scope")
def command() -> None:
    """Import, validate, test and render the scope document."""


command.add_command(import_)
command.add_command(render)


@command.command(name="validate")
@click.argument("file", required=False, type=PATH)
@mended
@located()
def validate_command(workspace: Workspace, file: Path | None) -> int:
    """Check that FILE, or the scope document of the settings, is one; every problem with line and mend."""
    path = file or workspace.scope
    if path is None:
        raise SessionError("there is no scope document. Write one to start from with `aimscope init`, or name a FILE.")
    document = load_scope(path).document
    parts = [
        count(len(document.boundaries), "boundary", "boundaries"),
        count(len(document.entries), "entry", "entries"),
        count(len(document.rules), "rule"),
        count(len(document.policy), "policy", "policies"),
        count(len(document.records), "record"),
    ]
    click.echo(f"{path}: in order, with {listing(parts)}.")
    if attested := load_attested(workspace):
        for line in standing(attested, clock.now().date()):
            click.echo(plain(line))
    return ExitCode.GOOD


@command.command(name="test")
@mended
@located("scope", "ledger", "database")
def test_command(workspace: Workspace) -> int:
    """Hold every condition of every entry against the last stored scan.

    A condition holds, or is broken, or is not known, and then it says what would have to be seen or attested. The exit
    code is 1 where one is broken or not known.
    """
    session = open_session(workspace)
    findings = {finding.id: finding for finding in session.scanned.findings}
    rows = [row for entry in session.entries for row in _outcomes(entry, session, findings)]
    if rows:
        show_table(("outcome", "entry", "system", "condition", "because"), rows)
    outcomes = [row[0] for row in rows]
    said = [f"{outcomes.count(outcome):,} {outcome}" for outcome in _OUTCOMES.values()]
    click.echo(
        f"{count(len(rows), 'condition')}: {listing([*said, f'{outcomes.count(NOTHING):,} with {NOTHING}'])}.", err=True
    )
    good = {_OUTCOMES[Truth.HOLDS], NOTHING}
    return ExitCode.GOOD if set(outcomes) <= good else ExitCode.DECISIONS  # 1: faults found


def _outcomes(entry: Entry, session: Session, findings: Mapping[str, Finding]) -> Iterator[tuple[str, ...]]:
    systems = () if entry.status.answer in ENDED else session.bound(entry.id)
    for condition in entry.conditions:
        if not systems:
            why = (
                "the entry declares that it has ended" if entry.status.answer in ENDED else "no system shows the entry"
            )
            yield NOTHING, entry.id, "", describe(condition), why
        for system in systems:
            judgement = evaluate(condition, session.view(system.id).known)
            yield _OUTCOMES[judgement.truth], entry.id, system.id, describe(condition), _because(judgement, findings)


def _because(judgement: Judgement, findings: Mapping[str, Finding]) -> str:
    """Why, and which findings break it: those that say the very value, else all behind the fact."""
    behind = [findings[one] for one in judgement.findings if one in findings]
    telling = [one for one in behind if {one.provider, one.model, *one.techniques} & set(judgement.values)] or behind
    shown = [*map(_place, telling)] or list(judgement.findings)
    more = f" and {len(shown) - _PLACES} more" if len(shown) > _PLACES else ""
    return f"{judgement.text}. Shown by {', '.join(shown[:_PLACES])}{more}" if shown else judgement.text


def _place(finding: Finding) -> str:
    place = finding.location
    line = f":{place.line}" if place.line else ""
    return f"{finding.name} in {' '.join(filter(None, (place.source, place.path)))}{line}"


_OUTCOMES: Final = {Truth.HOLDS: "holds", Truth.BROKEN: "broken", Truth.NOT_KNOWN: "not known"}


@command.command(name="schema")
def schema_command() -> int:
    """Print the JSON Schema of aims-scope.yaml, for editors and other programs."""
    click.echo(scope_schema(), nl=False)
    return ExitCode.GOOD
