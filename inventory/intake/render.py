"""Writes what was imported as YAML that people read: one field a line, and beside it where it comes from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from inventory.scope.document import Boundary, Entry, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.intake.draft import Draft

_PLAIN: Final = re.compile(r"[A-Za-z](?:[\w,.;()/&+'\u2019\u2013@-]| (?![ #]))*(?<=[\w.)])")
_RESERVED: Final = re.compile(r"(?:true|false|yes|no|on|off|null|y|n)\Z", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DAYS: Final = frozenset({"review_due", "approved_on", "date", "next_due"})
_BESIDE: Final = 80
_ABOVE: Final = 200

ENTRY_FIELDS: Final = tuple(name for name in Entry.model_fields if name != "id")
BOUNDARY_FIELDS: Final = tuple(name for name in Boundary.model_fields if name not in {"id", "match"})
RECORD_FIELDS: Final = tuple(Record.model_fields)


def item(part_id: str, draft: Draft, fields: Iterable[str], column: int, comment: str) -> str:
    """An item of a list, with a comment above it that says where it comes from."""
    dash, inner = " " * column + "- ", " " * (column + 2)
    lines = [f"{' ' * column}# {_one_line(comment, _ABOVE)}\n"]
    if part_id:
        lines.append(f"{dash}id: {scalar('id', part_id)}\n")
    for name in fields:
        if name in draft.fields:
            said = {key.partition(".")[2]: draft.said(key) for key in draft.origins if key.startswith(f"{name}.")}
            lines.append(field(name, draft.fields[name], len(inner), draft.said(name), said))
    text = "".join(lines)
    return text if part_id else text.replace(f"\n{inner}", f"\n{dash}", 1)


def field(name: str, value: Any, column: int, comment: str = "", below: Mapping[str, str] | None = None) -> str:
    """A field with its value; `below` holds the comments of the values in it."""
    return "".join(_field(name, value, " " * column, comment, below or {}))


def scalar(name: str, value: Any) -> str:
    """A value on one line, in quotes where it needs them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if name in _DAYS and _DAY.match(text):
        return text
    if _PLAIN.fullmatch(text) and not _RESERVED.match(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def _field(name: str, value: Any, indent: str, comment: str, below: Mapping[str, str]) -> Iterator[str]:
    beside = f"  # {_one_line(comment)}" if comment else ""
    if isinstance(value, dict):
        yield f"{indent}{name}:{beside}\n"
        for key, held in value.items():
            yield from _field(key, held, f"{indent}  ", below.get(key, ""), {})
    elif isinstance(value, list | tuple):
        yield f"{indent}{name}:{beside}\n"
        yield from (f"{indent}  - {scalar('', member)}\n" for member in value)
    elif isinstance(value, str) and "\n" in value:
        yield f"{indent}{name}: |-{beside}\n"
        yield from (f"{indent}  {line}\n" if line else "\n" for line in value.split("\n"))
    else:
        yield f"{indent}{name}: {scalar(name, value)}{beside}\n"


def _one_line(text: str, longest: int = _BESIDE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
