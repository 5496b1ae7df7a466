"""Takes the markup out of a text, so that `**Yes**` is yes."""

from __future__ import annotations

import re
from typing import Final

_LINK: Final = re.compile(r"!?\[([^\]\n]{0,500})\]\(<?([^)\s>]{1,1000})>?(?:\s+\"[^\"\n]{0,200}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.{1,300}?)(?<=\S)\1(?![\w*_])", re.DOTALL)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"</?(?:b|i|u|em|strong|span|p|sub|sup|code)\b[^<>]{0,200}>", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_CHECKED: Final = re.compile(r"\A\[([ xX])\]\s+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u2028\u2029]")


def plain(text: str) -> str:
    """The text as people read it: no emphasis, links by their words, and nothing that a screen would obey."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n"))
    if _MARKED.search(text):
        text = _COMMENT.sub("", _BREAK.sub("\n", text))
        text = _LINK.sub(r"\1", _CHECKED.sub("", text.strip()))
        text = _TAG.sub("", text)
        for _ in range(_NESTED if len(text) <= _LONG else 0):
            text = _EMPHASIS.sub(r"\2", text)
        text = _ESCAPED.sub(r"\1", text)
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def links(text: str) -> tuple[str, ...]:
    """Where the links of a text lead."""
    return tuple(found[2] for found in _LINK.finditer(text))


_MARKED: Final = re.compile(r"[*_~`\[\]<\\]")
_NESTED: Final = 3
_LONG: Final = 65_536
"""In longer texts emphasis stays: nobody writes such a paragraph, and looking for it takes long."""
