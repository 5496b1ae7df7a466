"""What the bytes around a literal already rule out, before a file is parsed for it: parsing is what a scan costs most.

A screen refuses only what the rule of its region would refuse, and lets through what it cannot tell. The one exception:
a Python root without a dot (`agent.run()`) counts only on a line that imports, for it mostly is a variable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code import tokens
from connectors.code.matchers import LiteralMatcher, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from connectors.code.languages import Language

    Screen: TypeAlias = Callable[[LiteralMatcher, bytes, int, int, Language], bool]

_QUOTES: Final = (b'"', b"'", b"`")
_LONGEST_PREFIX: Final = 120
_TOKEN: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/@+-~"
_CALL_BYTES: Final = 400
_COMMAND_BYTES: Final = 1000
_STRING_ARGUMENT: Final = re.compile(rb"\(\s*(?:\w+\s*[=:]\s*)?[rbuf]?[\"'`]")


def screen_of(region: Region) -> Screen | None:
    """The screen of a region, or none where nothing can be told without parsing.

    A screen gets the matcher, the content, the bounds of the literal there and the language.
    """
    return _SCREENS.get(region)


def _import(matcher: LiteralMatcher, content: bytes, start: int, _end: int, language: Language) -> bool:
    """From what stands before a root on its line; in Python a dotted name in full may be used anywhere."""
    if language.quoted:
        return content[start - 1 : start] in _QUOTES
    if not language.import_words:
        return True
    before = content[content.rfind(b"\n", 0, start) + 1 : start]
    if any(word in before for word in language.import_words):
        return True
    return "." in matcher.text and language.name == "python" and content[start - 1 : start] != b"."


def _model(matcher: LiteralMatcher, content: bytes, start: int, end: int, language: Language) -> bool:
    """The token has to be an identifier of the family, and in a program it begins behind a quotation mark."""
    if _is_program(language):
        before = content[max(0, start - _LONGEST_PREFIX) : start].rstrip(_TOKEN)
        if before[-1:] not in _QUOTES:
            return False
    low, high = tokens.token(content, start, end, 0, len(content))
    return tokens.is_model(content[low:high].decode("utf-8", "replace").strip(".:/"), matcher.expression)


def _command(matcher: LiteralMatcher, content: bytes, start: int, end: int, language: Language) -> bool:
    """A program spawns a command that a string begins with; the command's further words follow."""
    if _is_program(language) and content[start - 1 : start] not in _QUOTES:
        return False
    after = content[end : end + _COMMAND_BYTES]
    return all(word.encode() in after for word in matcher.text.split()[1:])


def _call(matcher: LiteralMatcher, content: bytes, _start: int, end: int, _language: Language) -> bool:
    """The argument that names a model has to be a string."""
    if matcher.keys:
        return next(iter(matcher.keys)).encode() in content[end : end + _CALL_BYTES]
    return _STRING_ARGUMENT.match(content, end) is not None


def _is_program(language: Language) -> bool:
    return not (language.configuration or language.name == "shell")


_SCREENS: Final[Mapping[Region, Screen]] = {
    Region.IMPORT: _import,
    Region.MODEL: _model,
    Region.COMMAND: _command,
    Region.CALL: _call,
}
