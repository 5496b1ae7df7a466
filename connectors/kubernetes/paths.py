"""Values at a path in an object, and the forms in which they may leave the connector."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from connectors.code.tokens import redacted_url
from connectors.kubernetes.rows import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_REFERENCE: Final = 300
_REFERENCE: Final = re.compile(r"[\w.~/@][\w.:/@+~=-]*\Z")
_HOST: Final = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?\Z")
_steps = lru_cache(maxsize=1024)(steps)


def values(value: Any, path: str) -> Iterator[str | int | float | bool]:
    """The scalars at a path, lists gone through."""
    return _values(value, _steps(path))


def _values(value: Any, keys: tuple[str, ...]) -> Iterator[str | int | float | bool]:
    if isinstance(value, list):
        for member in value:
            yield from _values(member, keys)
    elif not keys:
        if isinstance(value, str | int | float | bool):
            yield value
    elif isinstance(value, dict):
        for member in value.values() if keys[0] == "*" else (value.get(keys[0]),):
            yield from _values(member, keys[1:])


def mapping(given: Any) -> dict[str, Any]:
    """A JSON object as it is, and for anything else an empty one: what a cluster gives is not to be trusted."""
    return given if isinstance(given, dict) else {}


def mappings(given: Any) -> list[dict[str, Any]]:
    """The JSON objects in a list; none where it is no list."""
    return [entry for entry in given if isinstance(entry, dict)] if isinstance(given, list) else []


def strings(given: Any) -> list[str]:
    """The texts in a list, or a text by itself."""
    if isinstance(given, str):
        return [given]
    return [entry for entry in given if isinstance(entry, str)] if isinstance(given, list) else []


def texts(value: Any, path: str) -> list[str]:
    """The texts at a path."""
    return [found for found in values(value, path) if isinstance(found, str) and found]


def model(written: str) -> str:
    """A model as it may leave the connector: an identifier, a path, or a URL without user and query; else nothing."""
    text = redacted_url(written) if "://" in written else written
    return text if len(text) <= _MAX_REFERENCE and _REFERENCE.match(text) else ""


def host(written: str) -> str:
    """The host of a URL, or of a host with a port, in lower case; nothing where there is none."""
    authority = written.partition("://")[2] or written
    authority = authority.partition("/")[0].partition("?")[0].rpartition("@")[2]
    name = authority.partition(":")[0].lower().rstrip(".")
    return name if _HOST.match(name) else ""
