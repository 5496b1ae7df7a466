"""Holds what was taken against the scope document that is there: what is new, what changed, and what a person has said since."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from inventory.intake.draft import Draft, named
from inventory.intake.rows import NO_SYSTEM
from inventory.intake.trace import hash_of
from inventory.scope.document import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.intake.chunks import Chunk


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    REFUSED = "held back"
    REMOVED = "removed by a person since"
    NO_SYSTEM = "declare no system"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that a person has changed since, and that the file changes too: the person's stays.

    Attributes:
        field: Its name.
        there: What the scope document says.
        imported: What the file says.
    """

    field: str
    there: Any
    imported: Any


@dataclass(slots=True)
class Step:
    """What becomes of one draft.

    Attributes:
        entry_id: Its entry.
        draft: It.
        outcome: What becomes of it.
        changes: Fields to set in an entry that is there; none takes one out.
        conflicts: Fields that stay as a person wrote them.
        base: Hashes of the fields as they were imported.
        because: Why it is refused.
    """

    entry_id: str
    draft: Draft
    outcome: Outcome
    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    because: str = ""


class Planner:
    """Plans one import.

    Args:
        entries: The entries that are there.
        base: Of each entry that imports wrote, the hashes of its fields.
        by_name: Whether an entry with the same name is the same system, as in statements.
    """

    def __init__(self, entries: Mapping[str, Chunk], base: Mapping[str, Mapping[str, str]], *, by_name: bool) -> None:
        self._entries = entries
        self._base = base
        self._ids = (
            {named(str(chunk.fields.get("name") or "")): entry_id for entry_id, chunk in entries.items()}
            if by_name
            else {}
        )

    def steps(self, drafts: Iterable[tuple[str, Draft]]) -> list[Step]:
        """What becomes of each draft."""
        return [self._step(entry_id, draft) for entry_id, draft in drafts]

    def _step(self, entry_id: str, draft: Draft) -> Step:
        if draft.held:
            outcome = Outcome.NO_SYSTEM if draft.held == NO_SYSTEM else Outcome.REFUSED
            return Step(entry_id, draft, outcome, because=draft.held, base=dict(self._base.get(entry_id, {})))
        if entry_id not in self._entries and entry_id not in self._base:
            entry_id = self._ids.get(named(draft.name), entry_id)
        chunk, base = self._entries.get(entry_id), self._base.get(entry_id)
        if chunk is None and base is not None:
            why = "its entry was imported before and removed since; it is not brought back"
            return Step(entry_id, draft, Outcome.REMOVED, because=why, base=dict(base))
        if chunk is None:
            return self._new(entry_id, draft)
        return self._held_against(entry_id, draft, chunk, base)

    def _new(self, entry_id: str, draft: Draft) -> Step:
        if why := _wrong({"id": entry_id, **draft.fields}):
            return Step(entry_id, draft, Outcome.REFUSED, because=why)
        base = {name: hash_of(value) for name, value in flat(draft.fields).items()}
        return Step(entry_id, draft, Outcome.NEW, base=base)

    def _held_against(self, entry_id: str, draft: Draft, chunk: Chunk, base: Mapping[str, str] | None) -> Step:
        there, imported = flat(chunk.fields), flat(draft.fields)
        known = base or {}
        step = Step(entry_id, draft, Outcome.UNCHANGED if base is not None else Outcome.MERGED, base=dict(known))
        changes: dict[str, Any] = {}
        for name in dict.fromkeys([*imported, *known]):
            new, old, was = imported.get(name), there.get(name), known.get(name)
            if new == old:
                _remember(step.base, name, new)
            elif new is not None and was == hash_of(new):
                continue  # a person has changed it since, and the file says what it said
            elif (was is None and old is None) or (was is not None and old is not None and hash_of(old) == was):
                changes[name] = new
                _remember(step.base, name, new)
            elif new is not None:
                step.conflicts.append(Conflict(name, old, new))
        if changes.get("status", "") is None:
            del changes["status"]  # what says no status any more is asked, and changes none
        step.changes = _grouped(changes, chunk.fields)
        if step.changes and (why := _wrong({**chunk.fields, **step.changes})):
            return Step(entry_id, draft, Outcome.REFUSED, because=why, base=dict(known))
        if step.changes and base is not None:
            step.outcome = Outcome.CHANGED
        return step


def flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with the facts of the baseline one by one, every value as it is compared."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "baseline" and isinstance(value, dict):
            found |= {f"baseline.{fact}": _plain(held) for fact, held in value.items()}
        elif name not in {"id", "conditions"} and value is not None:
            found[name] = [_plain(value)] if name == "bind" and isinstance(value, str) else _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return getattr(value, "written", value)


def _remember(base: dict[str, str], name: str, value: Any) -> None:
    if value is None:
        base.pop(name, None)
    else:
        base[name] = hash_of(value)


def _grouped(changes: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as the fields of an entry: facts go into the baseline that is there."""
    grouped = {name: value for name, value in changes.items() if not name.startswith("baseline.")}
    facts = {name.partition(".")[2]: value for name, value in changes.items() if name.startswith("baseline.")}
    if facts:
        baseline = {**(there.get("baseline") or {}), **facts}
        grouped["baseline"] = {name: value for name, value in baseline.items() if value is not None} or None
    return grouped


def _wrong(fields: Mapping[str, Any]) -> str:
    """Why an entry would not be one; empty where it is."""
    try:
        Entry.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"it would be no entry: {where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}"
    return ""
