"""Writes issues, interested parties, activities and interfaces into `document`; each is written once, and then a person's."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.context import ACTIVITIES, EXTERNAL, INTERFACES, INTERNAL, PARTIES, WORDS
from inventory.intake.draft import Left, named
from inventory.intake.frame import Frame
from inventory.intake.plan import Outcome
from inventory.intake.remarks import short
from inventory.intake.render import field, item, scalar
from inventory.intake.trace import hash_of
from inventory.scope.context import InterestedParty, Interface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from inventory.intake.chunks import Chunk
    from inventory.intake.draft import Draft
    from inventory.intake.plan import Step
    from inventory.intake.taken import ContextPart, Taken
    from inventory.intake.trace import Source

_FIELDS: Final = tuple(dict.fromkeys([*InterestedParty.model_fields, *Interface.model_fields]))
_LAST_FIRST: Final = (INTERFACES, ACTIVITIES, PARTIES, EXTERNAL, INTERNAL, WORDS)
"""What is written later stands above what was written before."""

_NO_ENTRY: Final = {Outcome.REFUSED, Outcome.REMOVED, Outcome.NO_SYSTEM}


def part_id(part: ContextPart) -> str:
    """How the trace and the report name a part."""
    said = (*part.path, part.draft.name, part.draft.fields.get("kind", ""))
    return ".".join(one for one in ("document", *said) if one)


def name_entries(taken: Taken, steps: Iterable[Step], there: Mapping[str, Chunk]) -> None:
    """Puts the ids of entries in the place of the names of systems; what names no entry is asked, and kept."""
    ids = {named(str(chunk.fields.get("name") or entry_id)): entry_id for entry_id, chunk in there.items()}
    ids |= {named(entry_id): entry_id for entry_id in there}
    for step in steps:
        if step.outcome not in _NO_ENTRY:
            ids |= {named(one): step.entry_id for one in (step.draft.name, step.draft.own, step.entry_id) if one}
    for path, draft in taken.context:
        if path == INTERFACES and (written := draft.fields.pop("entries", None)):
            found = list(dict.fromkeys(ids[named(one)] for one in written if named(one) in ids))
            if found:
                draft.fields["entries"] = found
            place = draft.places[draft.origins["entries"].at]
            for one in written:
                if named(one) not in ids:
                    taken.remarks.ask(f"{short(draft.name)}: no entry is named {short(one)}", place)
                    taken.left.append(Left(f"{draft.name}: {one}", "names no entry", place))


def set_context(text: str, taken: Taken, mine: Source, told: list[tuple[str, str]], name: str) -> str:
    """The text of the document with these parts in it.

    Args:
        text: The document without its entries.
        taken: What was read.
        mine: What the file said when it was imported before.
        told: Takes what became of each part.
        name: What messages call the document.
    """
    by_path = sorted(taken.context, key=lambda part: _LAST_FIRST.index(part.path))
    for path, parts in groupby(by_path, key=lambda part: part.path):
        frame = Frame(text, name)
        there = _there(frame.value("document"), path)
        how = [(part, _how(there, part, mine.parts.get(part_id(part)))) for part in parts]
        new = [part.draft for part, outcome in how if outcome == "new"]
        below = path[:-1] if path == WORDS else path
        if new and not frame.add_below(("document", *below), _rendered(path, new)):
            how = [(part, "conflict" if outcome == "new" else outcome) for part, outcome in how]
        told += [(part_id(part), outcome) for part, outcome in how]
        text = frame.text()
    return text


def _there(document: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path; none where nothing does."""
    value = document
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _how(there: Any, part: ContextPart, was: str | None) -> str:
    """What becomes of a part."""
    fields = part.draft.fields
    same = next((one for one in _listed(there) if _key(one) == _key(fields)), None)
    if part.path == WORDS and there is not None:
        same = there
    if same is None:
        return "new" if was is None else "removed by a person since"
    held = same if isinstance(same, dict) else {"text": same}
    if all(_texts(held.get(name)) == _texts(value) for name, value in fields.items()):
        return "unchanged"
    return "kept as a person wrote it" if was == hash_of(fields) else "conflict"


def _key(value: Any) -> tuple[str, str]:
    """What tells parts of one list apart: a text, a party, or what lies outside and how it bears on the scope."""
    if not isinstance(value, dict):
        return named(str(getattr(value, "written", value))), ""
    said = next((value[name] for name in ("text", "party", "outside") if name in value), "")
    return named(str(getattr(said, "written", said))), str(value.get("kind") or "")


def _texts(value: Any) -> list[str]:
    return [str(getattr(one, "written", one)).strip() for one in _listed(value)]


def _listed(value: Any) -> list[Any]:
    """What YAML holds as a list; one value alone needs no brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _rendered(path: tuple[str, ...], drafts: Sequence[Draft]) -> Callable[[int], str]:
    def lines(column: int) -> str:
        return "".join(_lines(path, draft, column) for draft in drafts)

    return lines


def _lines(path: tuple[str, ...], draft: Draft, column: int) -> str:
    place = draft.places[0]
    beside = f"{place.short}, {draft.origins['text'].column}".rstrip(", ") if "text" in draft.origins else ""
    if path == WORDS:
        return field("text", draft.fields["text"], column, beside)
    if beside:
        return f"{' ' * column}- {scalar('', draft.fields['text'])}  # {' '.join(beside.split())}\n"
    return item("", draft, _FIELDS, column, f"Imported from {place}")
