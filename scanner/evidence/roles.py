"""Component 4: owner, risk acceptor and approver of each system in scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.decision import EventKind, Identity
from inventory.identity import same_person
from scanner.evidence.asking import categories
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, table
from scanner.reports.wording import count, listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scanner.evidence.ground import Ground, InScope

_NAMED = 6


def section(ground: Ground) -> Section:
    """Who answers for what, who is missing, and who approves for themselves."""
    faults = {one.id: _faults(ground, one) for one in ground.in_scope}
    headings = {
        "system": "System", "name": "Name", "owner": "Owner, as declared", "likely": "Owner, as observed",
        "acceptor": "Risk acceptor", "approver": "Approved by", "approved_at": "Approved at", "faults": "To mend",
    }  # fmt: skip
    rows = []
    for one in ground.in_scope:
        event = one.decisions[-1] if one.decisions else None
        rows.append((
            one.id, one.name, one.entry.owner if one.entry else "", one.system.owner if one.system else "",
            _acceptors(ground, one), event.by.name if event else "", event.at if event else "", faults[one.id],
        ))  # fmt: skip
    return Section(
        components()["roles"],
        tuple(_points(ground.in_scope, faults)),
        (table("roles", "Roles by system", headings, rows, "No system is in scope."),),
    )


def _faults(ground: Ground, one: InScope) -> tuple[str, ...]:
    acceptors = _acceptors(ground, one)
    checks = {
        "no owner": not one.owner,
        "no risk acceptor": not acceptors,
        "no approver": not one.decisions,
        "the owner approved it": _approves_own(one),
        "the owner accepts its risks": any(_same(one.owner, acceptor) for acceptor in acceptors),
    }
    return tuple(fault for fault, holds in checks.items() if holds)


def _points(in_scope: Sequence[InScope], faults: Mapping[str, Sequence[str]]) -> Iterator[Point]:
    words = {
        "no owner": "Without an owner",
        "no risk acceptor": "Without a risk acceptor",
        "no approver": "Without an approver on record",
        "the owner approved it": "Approved by their own owner",
        "the owner accepts its risks": "Risks accepted by the owner",
    }
    for fault, title in words.items():
        if names := [one.name for one in in_scope if fault in faults[one.id]]:
            yield Point(f"{title}: {_some(names)}.", open=True)
    if in_scope and not any(faults.values()):
        yield Point(
            "Every system in scope has an owner, a risk acceptor and an approver, and nobody acts for themselves."
        )


def _acceptors(ground: Ground, one: InScope) -> tuple[str, ...]:
    found = (ground.risk(one, category.id) for category in categories())
    return tuple(dict.fromkeys(row.acceptor for row in found if row and row.acceptor))


def _approves_own(one: InScope) -> bool:
    """Whether the decision in force was made by the owner. A proposal that another approved was not."""
    event = one.decisions[-1] if one.decisions else None
    return event is not None and event.kind is not EventKind.PROPOSED and _same(one.owner, event.by.name)


def _same(one: str, other: str) -> bool:
    return bool(one and other) and same_person(Identity(one), Identity(other))


def _some(names: Sequence[str]) -> str:
    shown = list(names[:_NAMED])
    return listing(shown if len(names) <= _NAMED else [*shown, count(len(names) - _NAMED, "other")])
