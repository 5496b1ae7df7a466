"""Reads what a cell says of a field of the scope document, in the field's own type, or says that it is not clear."""

from __future__ import annotations

import ast
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from connectors.imports.cells import day
from inventory.facts import FactType, definition
from inventory.intake.markup import plain
from inventory.scope.document import OrganisationRole

if TYPE_CHECKING:
    from inventory.intake.words import Words

ONE_LINE: Final = frozenset({"name", "owner"})
_ROLES: Final = frozenset(role.value for role in OrganisationRole)
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_LIST: Final = re.compile(r"\A\[.*\]\Z", re.DOTALL)
_PARTS: Final = re.compile(r"\s*(?:[;\n]|,\s)\s*")
_MAX_LIST: Final = 10_000
_SHORT: Final = 60
"""Cells up to this length often stand in many rows."""


class UnclearError(Exception):
    """A cell says something that the field cannot hold; the message says what was expected."""


def text_of(cell: str) -> str:
    """A cell as text; a cell that holds a list, as programs write it, as its members."""
    return _short_text(cell) if len(cell) <= _SHORT else _text(cell)


@lru_cache(maxsize=32768)
def _short_text(cell: str) -> str:
    return _text(cell)


def _text(cell: str) -> str:
    if cell.startswith("[") and _LIST.match(cell) and len(cell) < _MAX_LIST:
        try:
            members = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return plain(cell)
        if isinstance(members, list):
            return "; ".join(plain(str(member)) for member in members)
    return plain(cell)


@lru_cache(maxsize=4096)
def day_of(text: str) -> str:
    """The day that a text names, in ISO 8601.

    Raises:
        UnclearError: It names none, or one that is two days in two countries.
    """
    found = day(text, date.min) if _YEAR.search(text) else ""
    if not found:
        raise UnclearError("no day that is clear; write it as 2027-01-31")
    return found


def fact_of(name: str, text: str, words: Words) -> object:
    """The value of a fact.

    Raises:
        UnclearError: The text is none.
    """
    row = definition(name)
    kind = row.type if row else FactType.TEXT
    if kind is FactType.BOOLEAN:
        answer = words.yes_no(text)
        if answer is None:
            raise UnclearError("neither yes nor no")
        return answer
    if kind is FactType.NUMBER:
        if not text.isdigit():
            raise UnclearError("no number")
        return int(text)
    if kind is FactType.SET:
        return [words.value(name, part) or part for part in dict.fromkeys(_PARTS.split(text)) if part]
    if name in words.values:
        if not (word := words.value(name, text)):
            raise UnclearError(f"none of {', '.join(sorted(set(words.values[name].values())))}")
        return word
    return text


def field_of(name: str, text: str, words: Words) -> object:
    """The value of a field of an entry.

    Raises:
        UnclearError: The text is none.
    """
    if name == "review_due":
        return day_of(text)
    if name == "role":
        word = text if text in _ROLES else words.value("role", text)
        if not word:
            raise UnclearError(f"none of {', '.join(sorted(_ROLES))}")
        return word
    if name == "bind":
        anchors = [part for part in _PARTS.split(text) if part]
        unclear = [
            one for one in anchors if not re.match(r"(?:repo|assistant|arn|sys-)[:\w]|\w+:\S+/", one) or " " in one
        ]
        if unclear:
            raise UnclearError("no anchor; write one as `repo:github.com/acme/shop`")
        return anchors
    return " ".join(text.split()) if name in ONE_LINE else text
