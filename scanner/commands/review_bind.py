"""`aimscope review --bind`: which systems the entries without `bind` may be about, for a person to confirm."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

import click

from inventory.bind import Binding, bind
from inventory.matching import Match, Matcher, Suggested, compare
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain
from scanner.reports.wording import count
from scanner.session import SessionError, acting
from scanner.subject import find
from scanner.told import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scanner.session import Acting, Session
    from scanner.workspace import Workspace

_NEXT: Final = "  To bind one: aimscope review --bind {}={}"
_QUESTION: Final = "Is it this one? y binds it, n shows the next, skip leaves the entry, quit ends"
_ANSWERS: Final = ("y", "n", "skip", "quit")


def bind_named(pairs: Sequence[str], session: Session, workspace: Workspace, by: str) -> int:
    """Records the bindings that were typed as ENTRY=SYSTEM, all or none.

    Raises:
        SessionError: A pair names no entry or no system.
        Exception: One of the errors of `inventory.bind.bind`.
    """
    _record([_typed(pair, session) for pair in pairs], session, acting(workspace, by))
    return ExitCode.GOOD


def show_or_ask(session: Session, workspace: Workspace, by: str, output: str) -> int:
    """Shows what the entries without `bind` may be about; at a terminal, asks about each and records what is confirmed.

    Raises:
        Exception: One of the errors of `inventory.bind.bind`.
    """
    suggested = suggestions(session)
    if output == "json":
        click.echo(json.dumps(_plain_data(suggested), indent=2, ensure_ascii=False))
    else:
        bound = _ask(suggested, session, workspace, by) if _at_terminal() else _show(suggested)
        return ExitCode.DECISIONS if bound < len(suggested) else ExitCode.GOOD
    return ExitCode.DECISIONS if suggested else ExitCode.GOOD


def suggestions(session: Session) -> list[Suggested]:
    """The entries without `bind`, with the systems that each may be about: none that an entry binds already."""
    unbound = [entry for entry in session.entries if not entry.bind]
    taken = {system.id for entry in session.entries for system in session.bound(entry.id)}
    matcher = Matcher([system for system in session.systems if system.id not in taken]) if unbound else None
    return [matcher.suggest(entry) for entry in unbound] if matcher else []


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(suggested: Sequence[Suggested], session: Session, workspace: Workspace, by: str) -> int:
    """Asks about each suggestion, and records a binding as soon as it is confirmed. Gives how many were."""
    likely = [one for one in suggested if one.matches]
    bound: set[str] = set()
    for number, one in enumerate(likely, 1):
        click.echo(f"\n[{number} of {len(likely)}] {_entry_line(one)}")
        for match in (match for match in one.matches if match.system.id not in bound):
            click.echo("\n".join(_match_lines(match)))
            answer = click.prompt(_QUESTION, type=click.Choice(_ANSWERS), show_choices=False)
            if answer == "quit":
                return len(bound)
            if answer == "y":
                _record([Binding(one.entry.id, match.system, _because(match))], session, acting(workspace, by))
                bound.add(match.system.id)
            if answer != "n":
                break
    if len(likely) < len(suggested):
        without = count(len(suggested) - len(likely), "entry has", "entries have")
        click.echo(f"{without} a name like no system's: bind them with --bind ENTRY=SYSTEM.", err=True)
    return len(bound)


def _typed(pair: str, session: Session) -> Binding:
    entry_id, parted, named = pair.partition("=")
    entry = next((entry for entry in session.entries if entry.id == entry_id), None)
    if not parted or entry is None:
        what = f"`{plain(entry_id)}` is no entry of the scope document" if parted else f"`{plain(pair)}` has no `=`"
        raise SessionError(
            f"{what}. Write --bind ENTRY=SYSTEM; `aimscope review --bind` lists the entries without one."
        )
    system = find(named, session).system
    if system is None:
        raise SessionError(f"`{plain(named)}` is not one system. Name it by its id or an anchor.")
    return Binding(entry.id, system, _because(compare(entry, system)))


def _record(bindings: Sequence[Binding], session: Session, act: Acting) -> None:
    for event in bind(bindings, act.files, by=act.by, now=act.now, catalog=session.scanned.scan.catalog):
        click.echo(told(event, act.files))


def _because(match: Match) -> str:
    return "; ".join(match.agrees)


def _show(suggested: Sequence[Suggested]) -> int:
    """Prints what is suggested, and how to bind the first. Gives how many were bound: none."""
    rows = [
        (one.entry.id, str(match.score), match.system.id, match.system.name, _because(match), "; ".join(match.differs))
        for one in suggested
        for match in one.matches
    ]
    if rows:
        show_table(("entry", "score", "system", "name", "agrees", "differs"), rows)
    likely = [one for one in suggested if one.matches]
    entries = count(len(suggested), "entry", "entries") if suggested else "No entry"
    click.echo(f"{entries} without a binding; for {len(likely)} there is a system with a name like it.", err=True)
    for one in likely[:1]:
        click.echo(_NEXT.format(plain(one.entry.id), plain(one.matches[0].system.id)), err=True)
    return 0


def _entry_line(one: Suggested) -> str:
    entry = one.entry
    owner = f", owner {plain(entry.owner)}" if entry.owner else ""
    return f"{plain(entry.id)}: {plain(entry.title)} ({entry.status.replace('_', ' ')}{owner})"


def _match_lines(match: Match) -> list[str]:
    system = match.system
    anchor = plain(system.anchors[0]) if system.anchors else ""
    lines = [f"  {match.score:3} {plain(system.id)} {plain(system.name)}  {anchor}"]
    lines += [f"      agrees: {plain(_because(match))}"] if match.agrees else []
    return lines + [f"      differs: {plain(difference)}" for difference in match.differs]


def _plain_data(suggested: Sequence[Suggested]) -> dict[str, object]:
    return {
        "unbound": len(suggested),
        "suggestions": [
            {
                "entry": one.entry.id,
                "name": one.entry.title,
                "status": one.entry.status.value,
                "owner": one.entry.owner or "",
                "systems": [
                    {
                        "system": match.system.id,
                        "name": match.system.name,
                        "anchors": list(match.system.anchors),
                        "score": match.score,
                        "agrees": list(match.agrees),
                        "differs": list(match.differs),
                    }
                    for match in one.matches
                ],
            }
            for one in suggested
        ],
    }
