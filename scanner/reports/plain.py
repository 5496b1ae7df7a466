"""Text from a source as text that people can read safely, whatever format it is then written in."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 240
"""A name, a path or a snippet needs no more; what is longer is cut, and says so."""


def plain(value: str, limit: int = LONGEST) -> str:
    """The text on one line, with nothing in it that acts on a screen.

    Control characters, directional overrides, zero-width characters and undecodable bytes are shown as escapes, so that
    they can be seen and do nothing. Escaping for a format is that format's own task.
    """
    cut = value[: limit + 1]
    if not cut.isprintable():
        cut = "".join(map(_visible, cut))
    cut = " ".join(cut.split())
    return cut if len(cut) <= limit else cut[: limit - 1] + "…"


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode()
