"""What changed since the last scan, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.facts import show
from scanner.reports.plain import plain
from scanner.reports.wording import KIND, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.model import AISystem
    from inventory.verdict import Status
    from scanner.changes import ChangedFact, ChangedVerdict, Changes


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what it is about and what is said of it."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Changes of one sort."""

    title: str
    shown: tuple[Change, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ChangesView:
    """Changes since a scan, the sorts that have any."""

    scan: str
    since: str
    lists: tuple[ChangeList, ...]


def changes_view(changes: Changes | None, rows: int) -> ChangesView | None:
    """Changes with so many rows at most of each sort; none where there is no last scan."""
    if changes is None:
        return None
    lists = (
        _list("New questions", map(_verdict, changes.raised), rows),
        _list("Settled", map(_verdict, changes.settled), rows),
        _list("New systems", map(_system, changes.new), rows),
        _list("Gone", map(_system, changes.gone), rows),
        _list("Not seen this time, and perhaps still there", map(_system, changes.unseen), rows),
        _list("Changed facts", map(_fact, changes.facts), rows),
    )
    return ChangesView(plain(changes.scan), plain(changes.since), tuple(one for one in lists if one.total))


def _list(title: str, found: Iterable[Change], rows: int) -> ChangeList:
    changes = tuple(found)
    return ChangeList(title, changes[:rows], len(changes))


def _system(system: AISystem) -> Change:
    return Change(plain(system.name), KIND[system.kind])


def _verdict(changed: ChangedVerdict) -> Change:
    return Change(plain(changed.name), f"{_status(changed.before)} → {_status(changed.after)}")


def _status(status: Status | None) -> str:
    return STATUS[status].title if status else "No verdict"


def _fact(changed: ChangedFact) -> Change:
    fact, after = plain(changed.fact.replace("_", " ")), plain(show(changed.after))
    if changed.before is None:
        said = f"{fact} became known: {after}"
    else:
        said = f"{fact} was {plain(show(changed.before))}, and is now {after}"
    return Change(plain(changed.name), said + (_RECLASSIFIED if changed.reclassified else ""))


_RECLASSIFIED: Final = " (a newer knowledge base reads the same evidence)"
