"""When each system and each anchor was first and last seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Table, bindparam, insert, select, update

from inventory.database.schema import ANCHORS, SYSTEMS_SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, Connection

    from inventory.model import AISystem

Span = tuple[str, str]
"""First and last seen."""


def see(connection: Connection, systems: Sequence[AISystem], when: str) -> tuple[AISystem, ...]:
    """Records that a scan which started then saw these systems, and gives them with their dates.

    A scan that ends out of turn widens a span and never narrows it. A system that absorbed others is as old as the
    oldest of them.
    """
    known = _spans(connection, SYSTEMS_SEEN, SYSTEMS_SEEN.c.id)
    spans = {system.id: _widest([known.get(one) for one in (system.id, *system.aliases)], when) for system in systems}
    _save(connection, SYSTEMS_SEEN, SYSTEMS_SEEN.c.id, known, {one: (span, {}) for one, span in spans.items()})
    _see_anchors(connection, systems, when)
    return tuple(replace(system, first_seen=spans[system.id][0], last_seen=spans[system.id][1]) for system in systems)


def known_anchors(connection: Connection) -> dict[str, str]:
    """Every anchor that was ever seen, and the id of the system that it belongs to."""
    return {row.anchor: row.system for row in connection.execute(select(ANCHORS.c.anchor, ANCHORS.c.system))}


def _see_anchors(connection: Connection, systems: Sequence[AISystem], when: str) -> None:
    """An anchor stays with the system that it is known under, as long as that system still has it."""
    before = known_anchors(connection)
    claims: dict[str, str] = {}
    for system in systems:
        for anchor in system.anchors:
            if claims.setdefault(anchor, system.id) != system.id and before.get(anchor) == system.id:
                claims[anchor] = system.id
    known = _spans(connection, ANCHORS, ANCHORS.c.anchor)
    claimed = {anchor: (_widest([known.get(anchor)], when), {"system": system}) for anchor, system in claims.items()}
    _save(connection, ANCHORS, ANCHORS.c.anchor, known, claimed)


def _spans(connection: Connection, table: Table, key: Column[str]) -> dict[str, Span]:
    rows = connection.execute(select(key, table.c.first_seen, table.c.last_seen))
    return {one: (first, last) for one, first, last in rows}


def _widest(spans: Sequence[Span | None], when: str) -> Span:
    known = [span for span in spans if span]
    return min([when, *(first for first, _ in known)]), max([when, *(last for _, last in known)])


def _save(
    connection: Connection,
    table: Table,
    key: Column[str],
    known: Mapping[str, Span],
    seen: Mapping[str, tuple[Span, Mapping[str, str]]],
) -> None:
    """Adds what is new and changes what is there, in the SQL that every database knows."""
    rows = {one: {"first_seen": first, "last_seen": last, **further} for one, ((first, last), further) in seen.items()}
    added = [{key.name: one, **row} for one, row in rows.items() if one not in known]
    changed = [{"known": one, **row} for one, row in rows.items() if one in known]
    if added:
        connection.execute(insert(table), added)
    if changed:
        connection.execute(update(table).where(key == bindparam("known")), changed)
