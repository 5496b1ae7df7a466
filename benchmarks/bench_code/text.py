"""Text of made-up files: one template file a language, filled with words until the file has its size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.bench_code.words import sentences, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

TEMPLATES: Final = Path(__file__).with_name("templates")
_SLOT: Final = re.compile("«([^»]+)»")
_AI_EVERY: Final = 5
"""In a file with AI, so many ordinary blocks stand before each that calls a model."""


@dataclass(frozen=True, slots=True)
class Template:
    """A language's parts, as format strings.

    Attributes:
        head: How a file begins; `{ai}` stands where AI packages are imported.
        blocks: Ordinary parts.
        tail: How a file ends.
        ai_head: Imports of AI packages, or empty.
        ai_blocks: Parts that call a model; none where a file of this language never does.
    """

    head: str
    blocks: tuple[str, ...]
    tail: str
    ai_head: str
    ai_blocks: tuple[str, ...]


@cache
def template(language: str) -> Template:
    """The template of a language."""
    parts: dict[str, list[str]] = {}
    written = (TEMPLATES / f"{language}.txt").read_text("utf-8")
    for section in written.split("=== ")[1:]:
        name, _, body = section.partition("\n")
        parts.setdefault(name, []).append(_as_format(body))
    head, tail, ai_head = ("".join(parts.get(name, ())) for name in ("head", "tail", "ai head"))
    return Template(head, tuple(parts["block"]), tail, ai_head, tuple(parts.get("ai block", ())))


def _as_format(body: str) -> str:
    return _SLOT.sub(r"{\1}", body.replace("{", "{{").replace("}", "}}"))


class Author:
    """Writes files; the same random numbers give the same text."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._sentences = sentences(random)

    def write(self, language: str, size: int, *, ai: bool) -> str:
        """A file of a language, of about so many characters; with `ai`, one that imports and calls AI."""
        parts = template(language)
        imports = parts.ai_head if ai else ""
        written = [parts.head.replace("{ai}\n", imports).format_map(self._fill())]
        length = len(written[0]) + len(parts.tail)
        number = 0
        while length < size or (ai and number == 0):
            block = self._block(parts, number, ai=ai)
            written.append(block)
            length += len(block)
            number += 1
        written.append(parts.tail.format_map(self._fill()))
        return "".join(written)

    def _block(self, parts: Template, number: int, *, ai: bool) -> str:
        blocks = parts.ai_blocks if ai and number % _AI_EVERY == 0 else parts.blocks
        return blocks[int(self._random.random() * len(blocks))].format_map(self._fill())

    def _fill(self) -> Mapping[str, str | int]:
        """What the slots hold: words `a` to `e`, as types `A` to `E`, as constants `A1` …, prose, a number."""
        values: dict[str, str | int] = {}
        for letter in "abcde":
            while (drawn := word(self._random)) in values.values():
                pass
            values[letter] = drawn
            values[letter.upper()] = drawn.capitalize()
            values[letter.upper() + "1"] = drawn.upper()
        prose = self._sentences[int(self._random.random() * len(self._sentences))]
        values["t"] = prose
        values["T"] = prose.capitalize() + "."
        values["n"] = 2 + int(self._random.random() * 98)
        return values
