"""Markdown as far as its links are concerned: what a page points at, and where others can point to in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)")
_INLINE = re.compile(r"\]\(\s*<?(?P<target>[^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?(?P<target>[^\s>]+)>?")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<text>.*?)(?:\s+#+)?\s*$")
_SHOWN_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\([^)]*\)")
_ID = re.compile(r"<[^>]*\b(?:id|name)=\"(?P<id>[^\"]+)\"")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


@dataclass(frozen=True)
class Link:
    """A link to something in the repository, and the line that it stands on."""

    line: int
    target: str


def links(text: str) -> list[Link]:
    """The relative links of a page; what stands in code is none."""
    return [
        Link(number, match["target"])
        for number, line in _prose(text)
        for match in (*_INLINE.finditer(_CODE.sub("", line)), *_REFERENCE.finditer(line))
        if not _ELSEWHERE.match(match["target"])
    ]


def anchors(text: str) -> set[str]:
    """What a `#` can name in a page: headings as the code hosts write them, and ids of HTML."""
    seen: Counter[str] = Counter()
    found = set()
    for _, line in _prose(text):
        found |= {match["id"] for match in _ID.finditer(_CODE.sub("", line))}
        if heading := _HEADING.match(line):
            slug = _slug(heading["text"])
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return found


def broken(page: Path, root: Path) -> list[str]:
    """The links of a page that lead nowhere, or out of the repository, each with its line and why."""
    return [
        f"{page.relative_to(root)}:{link.line}: {link.target}: {why}"
        for link in links(page.read_text("utf-8"))
        if (why := _why(link.target, page, root))
    ]


def _why(target: str, page: Path, root: Path) -> str:
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page.resolve()
    if not file.is_relative_to(root.resolve()):
        return "leads out of the repository"
    if not file.exists():
        return "is not there"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8")):
        return "has no such heading"
    return ""


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside of fenced code, with their numbers."""
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.match(line)
        if closing:
            if fence and fence["fence"].startswith(closing) and not line.strip(" `~"):
                closing = ""
        elif fence:
            closing = fence["fence"]
        else:
            yield number, line


def _slug(heading: str) -> str:
    shown = _SHOWN_LINK.sub(r"\g<text>", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
