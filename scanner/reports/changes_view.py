"""What changed since the last scan, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.facts import show
from scanner.reports.few import Few, few
from scanner.reports.plain import plain
from scanner.reports.wording import KIND, STATUS

if TYPE_CHECKING:
    from inventory.model import AISystem
    from inventory.verdict import Status
    from scanner.changes import ChangedFact, ChangedVerdict, Changes


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what it is about and what is said of it."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """Changes since a scan: titles, and the changes of that sort."""

    scan: str
    since: str
    lists: tuple[tuple[str, Few[Change]], ...]


def changes_view(changes: Changes | None, rows: int) -> ChangesView | None:
    """Changes with so many rows at most of each sort, the sorts that have any; none where there is no last scan."""
    if changes is None:
        return None
    lists = (
        ("New questions", few(changes.raised, rows, _verdict)),
        ("Settled", few(changes.settled, rows, _verdict)),
        ("New systems", few(changes.new, rows, _system)),
        ("Gone", few(changes.gone, rows, _system)),
        ("Not seen this time, and perhaps still there", few(changes.unseen, rows, _system)),
        ("Changed facts", few(changes.facts, rows, _fact)),
    )
    return ChangesView(plain(changes.scan), plain(changes.since), tuple(one for one in lists if one[1].total))


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
