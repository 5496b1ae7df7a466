"""The entry that a decision makes in the scope document, or the fields that it changes in one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from inventory.decision import Answer
from inventory.facts import facts_of, material_values
from inventory.scope.document import Entry, EntryStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from inventory.model import AISystem, FactValue

Fields = dict[str, Any]
"""Plain JSON values; `None` takes a field out."""

STATUSES = {status.answer: status for status in EntryStatus}
"""The status that each answer declares; a deferral declares none."""

_REVIEWED = {Answer.IN, Answer.OUT}
_LONGEST_ID = 60


def present_facts(system: AISystem | None) -> dict[str, FactValue]:
    """The material facts that a decision on a system rests on."""
    return material_values(facts_of(system)) if system else {}


def binds_others(entry: Entry, system: AISystem) -> bool:
    """Whether an entry may be about more than this system: it names a pattern, or an anchor that is not the system's."""
    return not set(entry.bind) <= {*system.anchors, system.id, *system.aliases}


def exact_anchors(entry: Entry) -> tuple[str, ...]:
    """The anchors that an entry names one by one."""
    return tuple(anchor for anchor in entry.bind if "*" not in anchor)


def new_entry_id(name: str, taken: Collection[str]) -> str:
    """An id made of the name, unlike all that are taken."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name)[:_LONGEST_ID].strip("-") or "system"
    number = 2
    candidate = slug
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


def new_entry(entry_id: str, system: AISystem) -> Fields:
    """The fields of an entry for a system that has none, before anything is decided."""
    name = " ".join(system.name.split())
    return {"id": entry_id, "name": name or entry_id, "status": None, "owner": None, "bind": [system.anchors[0]]}


def decided_fields(
    entry: Entry | None,
    system: AISystem | None,
    *,
    answer: Answer,
    because: str,
    owner: str,
    conditions: tuple[Mapping[str, object], ...],
    until: date | None,
) -> Fields:
    """The fields that a decision sets.

    Justification, conditions and review date belong to the decision: where the status stays, they stay unless new ones
    are given; where it changes, they go with it.
    """
    status = STATUSES[answer]
    stays = entry is not None and entry.status is status
    fields: Fields = {"status": status.value}
    if owner := owner or (entry.owner if entry and entry.owner else "") or (system.owner if system else ""):
        fields["owner"] = owner
    for name, value in (("justification", because), ("conditions", [dict(one) for one in conditions])):
        if value or not stays:
            fields[name] = value or None
    if answer in _REVIEWED and system is not None:
        known = {**(entry.baseline if entry and stays else {}), **present_facts(system)}
        fields["baseline"] = _plain(known) or None
    elif not stays:
        fields["baseline"] = None
    if until or not stays:
        fields["review_due"] = until.isoformat() if until else None
    return fields


def as_yaml(fields: Mapping[str, Any]) -> Fields:
    """Fields as the scope document writes them, in its order: a day is a day, not a text that looks like one."""
    ordered = {name: fields[name] for name in Entry.model_fields if name in fields}
    due = fields.get("review_due")
    return {**ordered, "review_due": date.fromisoformat(due)} if due else ordered


def _plain(facts: Mapping[str, FactValue]) -> Fields:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(facts.items())}
