"""The text of a scope document as its entries and the rest, so that one entry can change and all others stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.problem import IntakeError
from inventory.intake.reading import fields_of
from inventory.scope_text import ScopeTextError, set_entries

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTRIES: Final = re.compile(r"^entries[ \t]*:(?:[ \t]*(\[[ \t]*\]))?([ \t]*(?:[ \t]#[^\n]*)?)$", re.MULTILINE)
_FLOW: Final = re.compile(r"^(?:entries[ \t]*:[ \t]*[^\s#\[]|entries[ \t]*:[ \t]*\[[ \t]*[^\s\]]|\{)", re.MULTILINE)
_MEND: Final = "Write `entries` as one entry a dash and one field a line, then import again."


@dataclass(slots=True)
class Chunk:
    """The lines of one entry, the comments above it included.

    Attributes:
        text: They.
        line: Where they begin.
        fields: What they say.
    """

    text: str
    line: int
    fields: dict[str, Any]

    def edited(self, fields: Mapping[str, Any]) -> str:
        """The lines with these fields in them; a field whose value is none is taken out."""
        opening = "entries:\n"
        return set_entries(opening + self.text, [{"id": self.fields["id"], **fields}]).removeprefix(opening)


@dataclass(slots=True)
class Chunks:
    """A scope document in parts.

    Attributes:
        head: All before the entries, the line `entries:` included where there is one.
        entries: The entries by id, in their order.
        tail: All behind them.
        column: Where their dashes stand.
        apart: Whether an empty line stands between them.
        added: The lines of entries that are new.
        added_values: How many values they hold.
    """

    head: str
    entries: dict[str, Chunk]
    tail: str
    column: int = 2
    apart: bool = True
    added: str = ""
    added_values: int = 0

    def text(self) -> str:
        """The whole document."""
        return "".join([self.head, *(chunk.text for chunk in self.entries.values()), self.added, self.tail])


def split(text: str, name: str) -> Chunks:
    """A document in parts.

    Raises:
        IntakeError: Its entries are written in a way that cannot be edited.
        InputError: An entry is none.
    """
    if _FLOW.search(text):
        raise IntakeError(f"{name}: its entries are written in brackets. {_MEND}")
    if "\r\n" in text:
        raise IntakeError(f"{name}: its lines end as on Windows. Save it with line feeds alone, then import again.")
    found = _ENTRIES.search(text)
    if found is None:
        head = text if not text or text.endswith("\n") else f"{text}\n"
        return Chunks(head, {}, "")
    opening = found[0] if found[1] is None else f"entries:{found[2]}"
    head = f"{text[: found.start()]}{opening}\n"
    lines = text[found.end() + 1 :].splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return _cut(head, lines, name)


def _cut(head: str, lines: list[str], name: str) -> Chunks:
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    dash = re.match(r" *(?=- )", first)
    if dash is None:
        return Chunks(head, {}, "".join(lines))
    column = len(dash[0])
    starts, end = _starts(lines, dash[0] + "- ", column)
    bounds = [0, *(_with_comments(lines, start, column) for start in starts[1:]), end]
    offset = head.count("\n") + 1
    entries: dict[str, Chunk] = {}
    for begin, finish in pairwise(bounds):
        text = "".join(lines[begin:finish])
        fields = fields_of(text, name, offset + begin)
        entry_id = str(getattr(fields.get("id"), "written", fields.get("id")))
        if entry_id in entries:
            raise IntakeError(f"{name}:{offset + begin}: the entry `{entry_id}` stands there twice. Make them one.")
        entries[entry_id] = Chunk(text, offset + begin, {**fields, "id": entry_id})
    apart = len(bounds) < 3 or not lines[bounds[1]].strip()  # noqa: PLR2004 - one entry tells nothing
    return Chunks(head, entries, "".join(lines[end:]), column, apart)


def _starts(lines: list[str], dash: str, column: int) -> tuple[list[int], int]:
    """The lines on which entries begin, and the first behind them."""
    starts = []
    end = last = 0
    for number, line in enumerate(lines):
        if line.startswith(dash):
            starts.append(number)
        elif line.strip() and not line.startswith((" ", "#", "\t")) and not (column == 0 and line.startswith("-")):
            end = number
            break
        last = number
    else:
        return starts, last + 1
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return starts, end


def _with_comments(lines: list[str], start: int, column: int) -> int:
    """The first line of the comments and empty lines above an entry; what is further in may be the text of a value."""
    while start and (
        not (text := lines[start - 1].strip()) or (text.startswith("#") and _indent(lines[start - 1]) <= column)
    ):
        start -= 1
    return start


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def edited(chunk: Chunk, fields: Mapping[str, Any], name: str) -> str:
    """The lines of an entry with other fields.

    Raises:
        IntakeError: They cannot be edited without touching what somebody wrote.
    """
    try:
        return chunk.edited(fields)
    except ScopeTextError as error:
        raise IntakeError(f"{name}:{chunk.line}: {error}") from error
