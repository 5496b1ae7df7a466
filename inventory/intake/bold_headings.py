"""Takes bold lines for the headings that their authors meant: many documents know no styles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inventory.intake.blocks import Heading, Text
from inventory.intake.markup import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.intake.blocks import Block
    from inventory.intake.words import Words

_BOLD: Final = re.compile(r"\s*(\*\*|__)([^*_\n]{2,80})\1:?\s*\Z")


def with_bold_headings(blocks: Iterable[Block], words: Words) -> Iterator[Block]:
    """The blocks, with a heading for every bold line that announces a section; it holds up to the next heading."""
    bold = ""
    for block in blocks:
        if isinstance(block, Heading):
            bold = ""
            yield block
            continue
        found = _BOLD.match(block.text) if isinstance(block, Text) and not block.item else None
        if found and words.section(found[2]):
            bold = plain(found[2]).rstrip(":")
            yield Heading(replace(block.place, under=(*block.place.under, bold)))
        else:
            yield replace(block, place=replace(block.place, under=(*block.place.under, bold))) if bold else block
