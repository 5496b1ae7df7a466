"""`make demo`: the main job on the example organisation, in a copy that its reader may play with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ACME: Final = ROOT / "examples" / "acme"
