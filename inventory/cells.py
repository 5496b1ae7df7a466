"""Text in the cells of a spreadsheet, which takes some texts for formulas and refuses others."""

from __future__ import annotations

import re
from typing import Final

MAX_CELL: Final = 32_767
"""Characters in a cell, in units of UTF-16, as spreadsheets count them."""

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA: Final = re.compile(
    r"""
    (^ | [;\r\n\x85\u2028\u2029])   # where a cell begins: some programs take semicolons for commas, some end more lines
    (               # what they may skip: blanks, quotes, characters without width
        [\t\x20\xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff"']*+
        [=+@\uff1d\uff0b\uff20\uff0d-]     # what begins a formula, in full width, too
    )
    """,
    re.VERBOSE,
)


def inert(text: str) -> str:
    """The text so that no spreadsheet takes it, or a part of it, for a formula, and every spreadsheet can hold it.

    Characters that XML does not allow are removed, an apostrophe stands before what would begin a formula, and what is
    too long is cut.
    """
    safe = _FORMULA.sub(r"\1'\2", _NOT_IN_XML.sub("", text))
    if safe[:1] in {"\t", "\r", "\n"}:
        safe = f"'{safe}"
    return _cut(safe)


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL:
        return text
    return units[: 2 * (MAX_CELL - 1)].decode("utf-16-le", "ignore") + "…"
