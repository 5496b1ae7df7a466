"""How the statement looks in print, the same in every format that has colours: quiet, and legible without them."""

from __future__ import annotations

from typing import Final

from scanner.statement.blocks import Mark

INK: Final = "1F2933"
MUTED: Final = "5B6673"
LINE: Final = "C5CDD6"
HEAD: Final = "EDF1F5"
ACCENT: Final = "1F4E79"

COLOUR: Final = {Mark.PLAIN: INK, Mark.GOOD: "1B6B38", Mark.OPEN: "8A5200", Mark.BAD: "A61B1B", Mark.MUTED: MUTED}
"""Dark enough for small print on white; the words say the same."""

TINT: Final = {Mark.OPEN: "FDF6E7", Mark.BAD: "FBECEC"}
"""Behind a note."""
