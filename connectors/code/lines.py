"""Formats that are read line by line: Dockerfiles, environment samples, properties, Bicep.

Offers the same questions as a syntax tree, so that the rules need not know which of the two they ask.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.code.syntax import Around, Place

if TYPE_CHECKING:
    from connectors.code.languages import Language

_ASSIGNED: Final = re.compile(r"^\s*(?:export\s+|ENV\s+|ARG\s+|LABEL\s+)?([\w.\-\[\]]+)\s*[=: ]\s*")
_DELIMITERS: Final = b" \t\r\n\"'`=,;()[]{}<>|&"


class Lines:
    """A file of lines with `#`-like comments, keys and values."""

    def __init__(self, language: Language, content: bytes) -> None:
        self.language = language
        self.content = content

    def place(self, start: int, end: int) -> Place | None:
        """Where the bytes stand: a word of its line, with the line's key; none in comments."""
        low = self.content.rfind(b"\n", 0, start) + 1
        high = self.content.find(b"\n", end)
        high = len(self.content) if high < 0 else high
        line = self.content[low:high].decode("utf-8", "replace")
        if line.lstrip().startswith(self.language.comment):
            return None
        key = _ASSIGNED.match(line)
        word_start, word_end = self._word(start, end, low, high)
        is_key = key is not None and low + key.start(1) <= start < low + key.end(1)
        name = "" if key is None or is_key else key[1]
        kind = "string" if self.content[word_start - 1 : word_start] in {b'"', b"'", b"`"} else "word"
        return Place(kind, word_start, word_end, Around(key=name, is_key=is_key, bounds=(low, high)))

    def _word(self, start: int, end: int, low: int, high: int) -> tuple[int, int]:
        while start > low and self.content[start - 1] not in _DELIMITERS:
            start -= 1
        while end < high and self.content[end] not in _DELIMITERS:
            end += 1
        return start, end
