"""The words and sentences that made-up programs are made of.

Ordinary words of real programs, on purpose: many of them (`data`, `text`, `model`, `agent`, `pipeline`) are also the names
of AI packages, and a tree without such words would be quicker to scan than any real one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

VOCABULARY: Final = Path(__file__).with_name("words.txt")
"""Words of programs, the usual first; after an empty line, small words of prose."""
_WORDS, _SMALL = (part.split() for part in VOCABULARY.read_text("utf-8").split("\n\n"))
_SMALL_SHARE: Final = 0.45
_SENTENCES: Final = 3000


def word(random: Random) -> str:
    """Any word; the first ones of the list more often, as in real programs."""
    return _WORDS[int(random.random() ** 2 * len(_WORDS))]


def sentences(random: Random) -> tuple[str, ...]:
    """Sentences to draw from: prose that fits in a string of any language, without quotes and braces."""
    return tuple(_sentence(random) for _ in range(_SENTENCES))


def _sentence(random: Random) -> str:
    length = 4 + int(random.random() * 12)
    return " ".join(
        _SMALL[int(random.random() * len(_SMALL))] if random.random() < _SMALL_SHARE else word(random)
        for _ in range(length)
    )
