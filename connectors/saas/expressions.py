"""JMESPath over untrusted answers: what does not fit an expression is nothing, never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError

Expression = Any
"""A compiled expression; jmespath types it as nothing more."""


class _Functions(functions.Functions):
    """What answers of vendors need beside the functions of JMESPath itself."""

    @functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_split(self, text: str, separator: str) -> list[str]:
        return [part for part in text.split(separator) if part] if separator else [text]

    @functions.signature({"types": ["string"]})
    def _func_lower(self, text: str) -> str:
        return text.lower()


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


@cache
def compiled(path: str) -> Expression:
    """An expression, ready for use.

    Raises:
        ValueError: It is no JMESPath.
    """
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        raise ValueError(f"`{path}` is no JMESPath: {' '.join(str(error).split())}") from error


def at(value: Any, path: str) -> Any:
    """What stands at a path; None where nothing does, or where the value is of another shape than the path expects."""
    if not path:
        return None
    if isinstance(value, dict) and path.isidentifier():
        return value.get(path)
    try:
        return compiled(path).search(value, options=_OPTIONS)
    except (JMESPathError, TypeError, ValueError, AttributeError):
        return None


def texts(value: Any) -> Iterator[str]:
    """Texts and numbers in a value, lists opened."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def strings(value: Any) -> dict[str, str]:
    """The entries of a mapping whose values are texts, as tags."""
    return (
        {str(key): held for key, held in value.items() if isinstance(held, str)} if isinstance(value, Mapping) else {}
    )


def host(written: str) -> str:
    """The host of a URL or host name in lower case; empty where there is none."""
    text = written.strip()
    try:
        found = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return found if "." in found and not set(found) - _HOST_LETTERS else ""


_HOST_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
