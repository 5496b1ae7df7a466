"""Imports a file into the scope document: the document and the trace beside it, under the lock that decisions take."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.intake import trace
from inventory.intake.blocks import places
from inventory.intake.chunks import Chunks, edited, split
from inventory.intake.context_parts import name_entries, part_id
from inventory.intake.limits import count_values, require_readable
from inventory.intake.parts import set_parts
from inventory.intake.plan import Outcome, Planner, Step, flat
from inventory.intake.problem import IntakeError
from inventory.intake.reading import fields_of
from inventory.intake.render import ENTRY_FIELDS, item
from inventory.scope.load import parse_scope
from inventory.transaction import Files, Snapshot, commit, recover, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from inventory.intake.taken import Taken

_NEW: Final = """\
# The declared scope of the AI management system (ISO/IEC 42001, clause 4.3).
# Begun by `aimscope scope import`: what stands behind a field is the column or heading that it was read from, and
# aims-imported.jsonl beside this file keeps every row and all that was not understood.
# Check it, bind each entry to its system, and put your name to it with `aimscope decide --adopt`.

document:

boundaries:

entries:

records:
"""
_SMALL: Final = 512 * 1024
"""Up to this size the whole document is read again before it is written."""


_WHOLE: Final = {Outcome.REFUSED, Outcome.REMOVED, Outcome.NO_SYSTEM}
"""What becomes of all rows of a system alike; of others the first decides, and the rest are merged into it."""


@dataclass(slots=True)
class Imported:
    """What an import did, or would do.

    Attributes:
        file: Name of the file.
        into: The scope document.
        taken: What was read.
        steps: What became of each system.
        gone: Entries that an earlier version of the file held and this one does not; they stay.
        parts: What became of fields of the document, boundaries and records: pairs of what and how.
        written: Whether the scope document changed, or would.
    """

    file: str
    into: Path
    taken: Taken
    steps: list[Step]
    gone: list[str]
    parts: list[tuple[str, str]] = field(default_factory=list)
    written: bool = False

    @property
    def counts(self) -> Counter[str]:
        """Rows by what became of them; they add up to all that were read."""
        counts: Counter[str] = Counter()
        for step in self.steps:
            rows = len(step.draft.places)
            if step.outcome in _WHOLE:
                counts[step.outcome] += rows
            else:
                counts[step.outcome] += 1
                counts[Outcome.MERGED] += rows - 1
        counts["blank"] = self.taken.rows["blank"]
        return counts

    @property
    def conflicts(self) -> int:
        """Fields that stay as a person wrote them."""
        return sum(len(step.conflicts) for step in self.steps) + sum(how == "conflict" for _, how in self.parts)

    @property
    def asks(self) -> bool:
        """Whether anything needs a person."""
        refused = any(step.outcome is Outcome.REFUSED for step in self.steps)
        return refused or self.conflicts > 0 or any(one.asks for one in self.taken.remarks.all())


def import_file(path: Path, files: Files, taken: Taken, *, clean: Callable[[str], str], write: bool) -> Imported:
    """Holds what was read of a file against the scope document, and writes what is new and what changed.

    Args:
        path: The file that was read.
        files: Scope document and ledger.
        taken: What was read of it.
        clean: Takes people and secrets out of a text that is kept.
        write: Whether to write; else only to say what would be written.

    Raises:
        IntakeError: Scope document or trace cannot be edited; nothing was written.
        inventory.yaml_file.InputError: The scope document is none.
        inventory.transaction.TransactionError: Somebody else is writing, or the file cannot be written.
    """
    if not files.scope.resolve().parent.is_dir():
        raise IntakeError(f"{files.scope}: there is no such folder. Name a scope document in a folder that exists.")
    _clean_texts(taken, clean)
    log = files.scope.resolve().with_name(trace.FILE_NAME)
    with _snapshot(files, write=write) as snapshot:
        sources = trace.read_trace(log, path.name)
        before = (snapshot.scope or b"").decode("utf-8-sig")
        if len(before) <= _SMALL and before.strip():
            parse_scope(before.encode(), str(files.scope))
        chunks = split(before or _NEW, str(files.scope))
        mine = sources.get(path.name) or trace.Source(path.name, taken.mapping)
        planner = Planner(chunks.entries, _base(sources, mine, taken), by_name=taken.by_name)
        steps = planner.steps(taken.entries)
        gone = sorted(set(mine.base) - {step.entry_id for step in steps})
        name_entries(taken, steps, chunks.entries)
        found = Imported(path.name, files.scope, taken, steps, gone)
        parts = set_parts(chunks, taken, mine, found.parts, str(files.scope))
        _write_entries(parts, steps, str(files.scope))
        after = parts.text()
        _check(files.scope, after, parts)
        found.written = after.encode() != (snapshot.scope or b"") and (bool(before) or bool(after != _NEW))
        if write:
            if found.written:
                commit(snapshot, scope=after.encode())
            sources[path.name] = _trace(path, found, trace.lines_of(log, path.name, set(found.gone)), clean)
            trace.write_trace(log, sources.values())
    return found


@contextmanager
def _snapshot(files: Files, *, write: bool) -> Iterator[Snapshot]:
    if write:
        with writing(files) as snapshot:
            yield snapshot
        return
    recover(files)
    files = files.resolved()
    try:
        scope = files.scope.read_bytes() if files.scope.exists() else None
    except OSError as error:
        raise IntakeError(f"{files.scope}: cannot be read: {error.strerror}. Name a file that you may read.") from error
    yield Snapshot(files, scope, None)


def _clean_texts(taken: Taken, clean: Callable[[str], str]) -> None:
    """Takes secrets and addresses out of fields that are no owner's."""
    for _, draft in taken.entries:
        for name in ("name", "purpose", "justification"):
            if name in draft.fields:
                draft.fields[name] = clean(draft.fields[name])
    for draft in taken.records:
        draft.name = clean(draft.name)
        draft.fields["title"] = clean(draft.fields["title"])
    for _, draft in taken.context:
        draft.name = clean(draft.name)
        draft.fields = {
            name: [clean(one) for one in value] if isinstance(value, list) else clean(value)
            for name, value in draft.fields.items()
        }
    if said := taken.document.get("statement"):
        taken.document["statement"] = said._replace(value=clean(said.value))


def _base(sources: dict[str, trace.Source], mine: trace.Source, taken: Taken) -> dict[str, dict[str, str]]:
    """What fields were when they were imported: from this file, or from one that the same mapping read under another name."""
    base: dict[str, dict[str, str]] = {}
    for source in trace.others(sources, mine.file):
        if source.mapping == taken.mapping and not taken.by_name:
            base |= source.base
    return base | mine.base


def _write_entries(chunks: Chunks, steps: Sequence[Step], name: str) -> None:
    new = []
    for step in steps:
        if step.outcome is Outcome.NEW:
            new.append(_rendered(step, chunks, name))
        elif step.changes:
            chunk = chunks.entries[step.entry_id]
            chunk.text = edited(chunk, step.changes, name)
    if new:
        if not chunks.head.rstrip().endswith("entries:") and "\nentries:" not in f"\n{chunks.head}":
            chunks.head = f"{chunks.head}\nentries:\n"
        between = "\n" if chunks.apart else ""
        text = between.join(new)
        chunks.added = (between if chunks.entries else "") + text
        chunks.added_values = sum(count_values(step.draft.fields) + 1 for step in steps if step.outcome is Outcome.NEW)


def _rendered(step: Step, chunks: Chunks, name: str) -> str:
    """A new entry, read again: what is written says what was meant."""
    text = item(step.entry_id, step.draft, ENTRY_FIELDS, chunks.column, f"Imported from {places(step.draft.places)}")
    if flat(fields_of(text, name, 0)) != flat(step.draft.fields):
        raise IntakeError(f"{name}: the entry `{step.entry_id}` cannot be written as it was read. Report this, please.")
    return text


def _check(path: Path, text: str, chunks: Chunks) -> None:
    """Refuses what no command could read."""
    values = sum(count_values(chunk.fields) for chunk in chunks.entries.values()) + chunks.added_values
    require_readable(path, text, values)
    whole = text if len(text) <= _SMALL else chunks.head + chunks.tail
    parse_scope(whole.encode(), str(path))


def _trace(path: Path, found: Imported, gone: list[str], clean: Callable[[str], str]) -> trace.Source:
    """What the trace says of this file now; of entries that are gone from it, what it said before."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            digest.update(chunk)
    taken = found.taken
    source = trace.Source(path.name, taken.mapping)
    lines = source.lines
    lines.append(
        trace.source_line(
            path.name, taken.mapping, digest.hexdigest(), {"read": taken.rows["read"], "blank": taken.rows["blank"]}
        )
    )
    lines += [trace.part_line(f"document.{name}", said.value, said.place) for name, said in taken.document.items()]
    lines += [trace.part_line(part_id(part), part.draft.fields, part.draft.places[0]) for part in taken.context]
    lines += [trace.part_line(f"boundary.{part}", draft.fields, draft.places[0]) for part, draft in taken.boundaries]
    lines += [trace.part_line(f"record.{draft.name}", draft.fields, draft.places[0]) for draft in taken.records]
    for step in found.steps:
        if step.outcome in {Outcome.REFUSED, Outcome.NO_SYSTEM} and not step.base:
            lines.append(trace.held_line(step.draft, step.because, clean))
        else:
            lines.append(trace.entry_line(step.entry_id, step.draft, step.base, clean, step.because))
    lines += gone
    lines += [trace.left_line(left, clean) for left in taken.left]
    return source
