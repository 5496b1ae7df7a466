"""The trace of imports: `aims-imported.jsonl` beside the scope document.

It says of every entry from which rows it came and of every row what became of it, keeps what no field holds, and
remembers what each field was when it was imported, so that what a person has changed since is never overwritten.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.problem import IntakeError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from inventory.intake.blocks import Place
    from inventory.intake.draft import Draft, Left

FILE_NAME: Final = "aims-imported.jsonl"
MAX_BYTES: Final = 1024 * 1024 * 1024


@dataclass(slots=True)
class Source:
    """One imported file in the trace.

    Attributes:
        file: Its name.
        mapping: How it was read.
        lines: Its lines as they stand.
        base: Of each entry, the hash of every field as it was imported.
        parts: The same of what is no entry: fields of the document, boundaries, records.
    """

    file: str
    mapping: str
    lines: list[str] = field(default_factory=list)
    base: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)


def read_trace(path: Path, anew: str) -> dict[str, Source]:
    """The imports so far, by the name of the file.

    Args:
        path: The trace.
        anew: The file that is imported now: its lines are written anew, and so not kept.

    Raises:
        IntakeError: It cannot be read, or is none.
    """
    sources: dict[str, Source] = {}
    current: Source | None = None
    try:
        if path.exists() and path.stat().st_size > MAX_BYTES:
            raise IntakeError(f"{path}: is larger than a trace of imports may be. Move it away, and import anew.")
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = _row(path, number, line)
                if "source" in row:
                    current = Source(str(row["source"]), str(row.get("read", "")))
                    sources[current.file] = current
                if current is None:
                    raise IntakeError(
                        f"{path}:{number}: stands before the line of its source. Put the file back from git."
                    )
                if current.file != anew:
                    current.lines.append(line)
                if "entry" in row:
                    current.base[str(row["entry"])] = row.get("base", {})
                elif "part" in row:
                    current.parts[str(row["part"])] = str(row.get("base", ""))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise IntakeError(f"{path}: cannot be read ({error}). Put it back from git, or remove it.") from error
    return sources


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise IntakeError(f"{path}:{number}: is no line of a trace. Put the file back from git, or remove it.")
    return row


def source_line(file: str, mapping: str, digest: str, counts: Mapping[str, int]) -> str:
    """The line that a source begins with."""
    return _dumped({"source": file, "sha256": digest, "read": mapping, "rows": dict(counts)})


def entry_line(
    entry_id: str, draft: Draft, base: Mapping[str, str], clean: Callable[[str], str], because: str = ""
) -> str:
    """The line of an entry; `because` says why its rows are held back now."""
    origins = {name: draft.said(name) for name in draft.origins}
    return _dumped(
        {
            "entry": entry_id,
            **({"because": because} if because else {}),
            **_where(draft.places),
            **_own(draft),
            "from": origins,
            "base": dict(base),
            **_kept(draft, clean),
        }
    )


def held_line(draft: Draft, because: str, clean: Callable[[str], str]) -> str:
    """The line of rows that made no entry."""
    said = {name: clean(str(value)) for name, value in draft.fields.items() if name != "name"}
    return _dumped(
        {
            "held": clean(draft.name),
            "because": because,
            **_where(draft.places),
            **_own(draft),
            "said": said,
            **_kept(draft, clean),
        }
    )


def part_line(part: str, value: Any, place: Place) -> str:
    """The line of a part of the document that is no entry."""
    return _dumped({"part": part, **_where([place]), "base": hash_of(value)})


def left_line(left: Left, clean: Callable[[str], str]) -> str:
    """The line of a text that was not understood."""
    return _dumped({"left": clean(left.text), "why": left.why, **_where([left.place])})


def lines_of(path: Path, file: str, entries: Collection[str]) -> list[str]:
    """The lines of these entries of one file."""
    found, current = [], ""
    if entries and path.exists():
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = _row(path, number, line)
                current = str(row.get("source", current))
                if current == file and row.get("entry") in entries:
                    found.append(line)
    return found


def write_trace(path: Path, sources: Iterable[Source]) -> None:
    """Replaces the trace in one step; where nothing changes, the file is not touched.

    Raises:
        IntakeError: It cannot be written; the scope document is written by then, and the next import takes it up.
    """
    content = "".join(line for source in sorted(sources, key=lambda one: one.file) for line in source.lines).encode()
    staged = path.with_name(f".{path.name}.new")
    try:
        if path.exists() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return
        staged.unlink(missing_ok=True)
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        staged.replace(path)
    except OSError as error:
        raise IntakeError(f"{path}: cannot be written: {error.strerror}. Mend that, and import again.") from error


@lru_cache(maxsize=4096)
def _text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def hash_of(value: Any) -> str:
    """A value as the trace remembers it."""
    return _text_hash(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False))


def _where(places: list[Place]) -> dict[str, Any]:
    under = list(dict.fromkeys(" / ".join(place.under) for place in places if place.under))
    return {places[0].unit: [place.number for place in places], **({"under": under} if under else {})}


def _own(draft: Draft) -> dict[str, str]:
    return {name: value for name, value in (("within", draft.within), ("id", draft.own)) if value}


def _kept(draft: Draft, clean: Callable[[str], str]) -> dict[str, Any]:
    return {"left": {column: clean(text) for column, text in draft.left.items()}} if draft.left else {}


def _dumped(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def others(sources: Mapping[str, Source], file: str) -> Iterator[Source]:
    """The sources but this one."""
    return (source for name, source in sources.items() if name != file)
