"""Reads a system out of an item of a list: `**Support chat**: answers customers (owner: Ann Lee)`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from inventory.intake.markup import plain

_BOLD: Final = re.compile(r"\A(\*\*|__)(?=\S)(.{1,200}?)(?<=\S)\1\s*(.*)\Z", re.DOTALL)
_APART: Final = re.compile(r"\s+[\u2013\u2014-]\s+|\s*[\u2013\u2014]\s*|:\s+|\s+\((?=[^()]* [^()]*\)\W*\Z)")
_BECAUSE: Final = re.compile(r",?\s+(?:because|since|due to|on the grounds that)\s+|,\s+as\s+(?=\w)", re.IGNORECASE)
_OWNER: Final = re.compile(
    r"[;,]?\s*\(?\b(?:owner|owned by)\b\s*(?::|=|(?<=by))\s*([^;()\n]{1,120}?)\s*(?:\)|;|\.(?=\s|\Z)|\Z)", re.IGNORECASE
)
_ANCHOR: Final = re.compile(r"`?(?<![\w:/])((?:repo|assistant|okta|aws|azure|gcp):[^\s,;)`]+)`?")
_MOST_WORDS: Final = 10
_LONGEST: Final = 90


class Item(NamedTuple):
    """What an item says of a system; a name alone where it says no more."""

    name: str
    rest: str
    owner: str
    anchors: list[str]


def read_item(text: str, *, excluded: bool) -> Item | None:
    """The system that an item names; none where it is a sentence and names none.

    Args:
        text: The item, with its markup.
        excluded: Whether what follows the name is a justification, so that `because` divides them too.
    """
    anchors = [anchor.rstrip(".") for anchor in _ANCHOR.findall(text)]
    text = _ANCHOR.sub("", text)
    owner = ""
    if found := _OWNER.search(plain(text)):
        owner = found[1].strip()
        text = _OWNER.sub(" ", text if found[0] in text else plain(text))
    name, rest = _divided(text.strip(), excluded=excluded)
    name = plain(name).strip(" .:;,\u2013\u2014-")
    rest = plain(rest).strip(" ,;:\u2013\u2014-")
    if rest.count(")") > rest.count("("):
        rest = rest.rstrip(" .)")
    if not name or len(name) > _LONGEST or (not rest and len(name.split()) > _MOST_WORDS):
        return None
    return Item(name, rest, owner, anchors)


def _divided(text: str, *, excluded: bool) -> tuple[str, str]:
    if bold := _BOLD.match(text):
        return bold[2], bold[3].lstrip(" :\u2013\u2014-")
    apart = _APART.search(text)
    because = _BECAUSE.search(text) if excluded else None
    found = min((one for one in (apart, because) if one), key=lambda one: one.start(), default=None)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")
