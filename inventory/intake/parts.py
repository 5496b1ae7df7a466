"""Fields of the document, boundaries and records: what of them is new, what changed, and what a person has said since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.intake.chunks import Chunks, split
from inventory.intake.context_parts import set_context
from inventory.intake.frame import Frame, known_titles
from inventory.intake.render import BOUNDARY_FIELDS, RECORD_FIELDS, item
from inventory.intake.trace import hash_of

if TYPE_CHECKING:
    from inventory.intake.draft import Draft
    from inventory.intake.taken import Said, Taken
    from inventory.intake.trace import Source


def set_parts(chunks: Chunks, taken: Taken, mine: Source, told: list[tuple[str, str]], name: str) -> Chunks:
    """The document with these parts in it; the entries are as they were.

    Args:
        chunks: The document.
        taken: What was read.
        mine: What the file said when it was imported before.
        told: Takes what became of each part.
        name: What messages call the document.
    """
    frame = Frame(chunks.head + chunks.tail, name)
    _document(frame, taken, mine, told)
    _boundaries(frame, taken, mine, told)
    _records(frame, taken, mine, told)
    edited = split(set_context(frame.text(), taken, mine, told, name), name)
    return Chunks(edited.head, chunks.entries, edited.tail, chunks.column, chunks.apart)


def _document(frame: Frame, taken: Taken, mine: Source, told: list[tuple[str, str]]) -> None:
    written = frame.value("document") or {}
    there = {key: str(getattr(value, "written", value)) for key, value in written.items() if value is not None}
    changes: dict[str, Said] = {}
    for field, said in taken.document.items():
        old, was = there.get(field), mine.parts.get(f"document.{field}")
        if old is not None and old.strip() == said.value:
            how = "unchanged"
        elif old is None and was is None:
            how = "new"
        elif old is not None and was == hash_of(old.strip()):
            how = "changed"
        else:
            how = "kept as a person wrote it" if was == hash_of(said.value) else "conflict"
        told.append((f"document.{field}", how))
        if how in {"new", "changed"}:
            changes[field] = said
    comments = {field: f"{said.place.short}, {said.column}".rstrip(", ") for field, said in changes.items()}
    for field in frame.set_document(changes, comments):
        told[[what for what, _ in told].index(f"document.{field}")] = (f"document.{field}", "conflict")


def _boundaries(frame: Frame, taken: Taken, mine: Source, told: list[tuple[str, str]]) -> None:
    there = known_titles(frame.value("boundaries"), "id")
    new = []
    for part_id, draft in taken.boundaries:
        how = _how(there.get(part_id), draft.fields, mine.parts.get(f"boundary.{part_id}"))
        told.append((f"boundary.{part_id}", how))
        if how == "new":
            new.append((part_id, draft))
    if new:
        frame.add_items("boundaries", lambda column: "".join(
            item(part_id, draft, BOUNDARY_FIELDS, column, f"Imported from {draft.places[0]}") for part_id, draft in new
        ))  # fmt: skip


def _records(frame: Frame, taken: Taken, mine: Source, told: list[tuple[str, str]]) -> None:
    there = known_titles(frame.value("records"), "title")
    new: list[Draft] = []
    for draft in taken.records:
        how = _how(there.get(draft.name), draft.fields, mine.parts.get(f"record.{draft.name}"))
        told.append((f"record.{draft.name}", how))
        if how == "new" and draft.name not in {one.name for one in new}:
            new.append(draft)
    if new:
        frame.add_items("records", lambda column: "".join(
            item("", draft, RECORD_FIELDS, column, f"Imported from {draft.places[0]}") for draft in new
        ))  # fmt: skip


def _how(there: object, imported: dict[str, object], was: str | None) -> str:
    """What becomes of a part that is written once and then a person's."""
    if there is None:
        return "new" if was is None else "removed by a person since"
    if isinstance(there, dict) and all(_same(there.get(name), value) for name, value in imported.items()):
        return "unchanged"
    return "kept as a person wrote it" if was == hash_of(imported) else "conflict"


def _same(there: object, value: object) -> bool:
    if isinstance(value, list):
        return [str(one) for one in (there if isinstance(there, list) else [there])] == value
    return str(there) == str(value)
