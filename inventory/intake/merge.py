"""Makes one draft of what is declared twice, and gives every draft an id that the next import finds again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.draft import Draft, Origin, named
from inventory.intake.remarks import short

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from inventory.intake.remarks import Remarks

_LONGEST: Final = 60
_WITHIN: Final = 20
_HASH: Final = 6


class Merger:
    """Collects drafts.

    Args:
        remarks: Takes what does not agree.

    Attributes:
        merge: Whether drafts of one name are one system; else only those that repeat their own id and name.
        add_up: Fields whose values add up.
    """

    def __init__(self, remarks: Remarks) -> None:
        self.merge = True
        self.add_up: Collection[str] = ()
        self._remarks = remarks
        self._drafts: list[Draft] = []
        self._by_own: dict[tuple[str, str], Draft] = {}
        self._by_name: dict[tuple[str, str], Draft] = {}

    def add(self, draft: Draft) -> None:
        """Takes a draft in."""
        within = named(draft.within)
        own, name = (within, draft.own.casefold()), (within, named(draft.name))
        found = self._found(draft, own, name)
        if found is not None:
            self._join(found, draft)
            draft = found
        else:
            self._drafts.append(draft)
        if draft.own:
            self._by_own.setdefault((within, draft.own.casefold()), draft)
        if draft.name:
            self._by_name.setdefault(name, draft)

    def drafts(self) -> list[Draft]:
        """All of them, in the order in which they were met."""
        return self._drafts

    def _found(self, draft: Draft, own: tuple[str, str], name: tuple[str, str]) -> Draft | None:
        same_id = self._by_own.get(own) if draft.own else None
        if same_id is not None:
            if not draft.name or not same_id.name or named(same_id.name) == name[1]:
                return same_id
            self._remarks.ask(
                f"the id {short(draft.own)} stands at two names, {short(same_id.name)} and {short(draft.name)}; they are two systems",
                draft.places[0],
            )
            return None
        if not self.merge or not draft.name:
            return None
        same_name = self._by_name.get(name)
        return None if same_name is not None and same_name.own and draft.own else same_name

    def _join(self, draft: Draft, other: Draft) -> None:
        """Takes what another draft says into a draft."""
        # What one row leaves open another may say.
        if draft.held and not other.held and "status" in other.fields:
            draft.held = ""
        elif other.held and not draft.held and "status" not in draft.fields:
            draft.held = other.held
        shift = len(draft.places)
        draft.places += other.places
        for field, value in _flat(other.fields):
            origin = other.origins.get(field, Origin(0, ""))
            self._join_field(draft, field, value, Origin(origin.at + shift, origin.column))
        for column, text in other.left.items():
            _leave(draft, column, text)
        draft.own = draft.own or other.own

    def _join_field(self, draft: Draft, field: str, value: Any, origin: Origin) -> None:
        there = dict(_flat(draft.fields)).get(field)
        if there is None:
            _set(draft.fields, field, value)
            draft.origins[field] = origin
        elif field in self.add_up:
            if value not in there.split("\n"):
                _set(draft.fields, field, f"{there}\n{value}")
        elif there != value and not (field == "name" and named(there) == named(value)):
            self._differ(draft, field, there, value, origin)

    def _differ(self, draft: Draft, field: str, there: Any, value: Any, origin: Origin) -> None:
        place = draft.places[origin.at]
        if field == "status":
            draft.held = f"it is declared {there} and {value}"
            self._remarks.ask(f"{short(draft.name)} is declared {there} and {value}; it is held back", place)
            return
        self._remarks.ask(
            f"{short(draft.name)}: `{field}` is {short(str(there))} and {short(str(value))}; the first is taken", place
        )
        _leave(draft, f"{field} ({place.short})", str(value))


def assign_ids(drafts: Iterable[Draft]) -> list[tuple[str, Draft]]:
    """An id for every draft: of its own id, else of where it belongs and its name; the same in the next import."""
    taken: dict[str, int] = {}
    ids = []
    for draft in drafts:
        base = _base(draft)
        number = taken.get(base, 0) + 1
        taken[base] = number
        candidate = base if number == 1 else f"{base}-{number}"
        while number > 1 and candidate in taken:
            number += 1
            candidate = f"{base}-{number}"
        taken[base] = number
        taken.setdefault(candidate, 1)
        ids.append((candidate, draft))
    return ids


def slug(text: str, longest: int = _LONGEST) -> str:
    """A text as an id; a long one is cut, and its hash keeps it unlike others that begin the same."""
    whole = _plain(text)
    if whole and len(whole) <= longest:
        return whole
    mark = hashlib.sha256(text.encode()).hexdigest()[:_HASH]
    return f"{whole[: longest - _HASH - 1].rstrip('-')}-{mark}" if whole else f"system-{mark}"


def _base(draft: Draft) -> str:
    within = _plain(draft.within)
    if draft.own:
        own = slug(draft.own)
        if not within or own == within or own.startswith(f"{within}-"):
            return own
    said = draft.own or draft.name
    if len(within) <= _WITHIN:
        return slug(f"{draft.within} {said}".strip())
    # The long name of an agency leaves no room for that of its system.
    mark = hashlib.sha256(f"{draft.within} {said}".encode()).hexdigest()[:_HASH]
    return slug(f"{within[:_WITHIN].rsplit('-', 1)[0]} {_plain(said)[: _LONGEST - _WITHIN - _HASH - 2]} {mark}")


def _plain(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def _flat(fields: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for field, value in fields.items():
        if field == "baseline":
            yield from ((f"baseline.{name}", held) for name, held in value.items())
        else:
            yield field, value


def _set(fields: dict[str, Any], field: str, value: Any) -> None:
    if field.startswith("baseline."):
        fields.setdefault("baseline", {})[field.removeprefix("baseline.")] = value
    else:
        fields[field] = value


def _leave(draft: Draft, column: str, text: str) -> None:
    there = draft.left.get(column)
    if there is None:
        draft.left[column] = text
    elif text not in there:
        draft.left[column] = f"{there}\n{text}"
