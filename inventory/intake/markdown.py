"""Reads Markdown: YAML front matter, headings, paragraphs, lists and tables, each with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.blocks import Block, Cells, Heading, Pair, Place, Table, Text
from inventory.intake.markup import plain
from inventory.yaml_file import InputError, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATX: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\Z")
_SETEXT: Final = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_ITEM: Final = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)\Z")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_DELIMITERS: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_CELL: Final = re.compile(r"(?<!\\)\|")
_LABELLED: Final = re.compile(r" {0,3}[^\s:|>*+-][^:\n]{1,40}:\S{0,3}[ \t]+\S|\*\*[^:\n]{2,40}(?::\*\*|\*\*:)[ \t]+\S")
"""A line such as `Owner: Ann Lee`; several below each other are no paragraph."""

_RULE: Final = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*\Z")


def read_markdown(text: str, file: str) -> Iterator[Block]:
    """The blocks of a Markdown text."""
    lines = text.splitlines()
    start, pairs = _front_matter(lines, file)
    yield from pairs
    yield from _Reader(lines, file).blocks(start)


def _front_matter(lines: list[str], file: str) -> tuple[int, list[Block]]:
    """The first line of the text below the front matter, and what that says."""
    if not lines or lines[0].strip() != "---":
        return 0, []
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), None)
    if end is None:
        return 0, []
    try:
        matter = parse_yaml("\n".join(["", *lines[1:end]]).encode(), file)
    except InputError:
        kept = Text("\n".join(lines[1:end]), item=False, place=Place(file, 2, under=("front matter",)))
        return end + 1, [kept]
    if not isinstance(matter.value, dict):
        return end + 1, []
    return end + 1, [
        Pair(key, _shown(value), Place(file, matter.line((key,)), under=("front matter",)))
        for key, value in matter.value.items()
        if value is not None
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(held)}" for key, held in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return str(getattr(value, "written", value))


class _Reader:
    def __init__(self, lines: list[str], file: str) -> None:
        self._lines = lines
        self._file = file
        self._headings: list[tuple[int, str]] = []

    def blocks(self, start: int) -> Iterator[Block]:
        at = start
        while at < len(self._lines):
            line = self._lines[at]
            if not line.strip() or _is_rule(line):
                at += 1
            elif fence := _FENCE.match(line):
                end = self._fence_end(at, fence[1])
                yield Text("\n".join(self._lines[at + 1 : end]), item=False, place=self._place(at))
                at = end + 1
            elif line.lstrip().startswith("<!--"):
                at = self._comment_end(at)
            elif heading := _ATX.match(line):
                yield self._heading(at, len(heading[1]), heading[2] or "")
                at += 1
            elif self._is_table(at):
                end = self._table_end(at)
                yield self._table(at, end)
                at = end
            else:
                end = self._text_end(at)
                if all(_LABELLED.match(text) for text in self._lines[at:end]):
                    yield from (
                        Text(self._lines[number], item=False, place=self._place(number)) for number in range(at, end)
                    )
                else:
                    yield self._said(at, end)
                at = end

    def _said(self, at: int, end: int) -> Block:
        """A paragraph, an item with the lines that continue it, or a heading that is underlined."""
        if end - at > 1 and (underline := _SETEXT.match(self._lines[end - 1])):
            return self._heading(at, 1 if underline[1][0] == "=" else 2, " ".join(self._lines[at : end - 1]))
        item = _ITEM.match(self._lines[at])
        first = item[2] if item else self._lines[at]
        text = "\n".join([first, *self._lines[at + 1 : end]])
        text = re.sub(r"(?m)^[ \t]*>[ \t]?", "", text)
        depth = len(item[1].expandtabs(4)) // 2 if item else 0
        return Text(re.sub(r"(?<! {2})(?<!\\)\n[ \t]*", " ", text), item is not None, self._place(at), depth)

    def _text_end(self, at: int) -> int:
        end = at + 1
        while end < len(self._lines):
            line = self._lines[end]
            if _SETEXT.match(line) and not _ITEM.match(self._lines[at]) and self._lines[end - 1].strip():
                return end + 1
            if not line.strip() or _ITEM.match(line) or _ATX.match(line) or _FENCE.match(line) or self._is_table(end):
                return end
            end += 1
        return end

    def _fence_end(self, at: int, fence: str) -> int:
        for number in range(at + 1, len(self._lines)):
            if self._lines[number].strip().startswith(fence):
                return number
        return len(self._lines)

    def _comment_end(self, at: int) -> int:
        for number in range(at, len(self._lines)):
            if "-->" in self._lines[number]:
                return number + 1
        return len(self._lines)

    def _is_table(self, at: int) -> bool:
        following = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        return "|" in self._lines[at] and "|" in following and _DELIMITERS.match(following) is not None

    def _table_end(self, at: int) -> int:
        end = at + 2
        while end < len(self._lines) and "|" in self._lines[end]:
            end += 1
        return end

    def _table(self, at: int, end: int) -> Table:
        rows = [Cells(_split(self._lines[number]), number + 1) for number in (at, *range(at + 2, end))]
        return Table(rows, iter(()), self._place(at))

    def _heading(self, at: int, level: int, text: str) -> Heading:
        self._headings = [(depth, above) for depth, above in self._headings if depth < level]
        self._headings.append((level, plain(text)))
        return Heading(self._place(at))

    def _place(self, at: int) -> Place:
        return Place(self._file, at + 1, under=tuple(text for _, text in self._headings))


def _is_rule(line: str) -> bool:
    return _RULE.match(line) is not None


def _split(line: str) -> list[str]:
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inner)]
