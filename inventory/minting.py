"""Ids of systems, which never change: minted from an anchor, never from a title."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def mint(anchor: str, known: Mapping[str, str] = {}) -> str:
    """The id of a system: the one that its anchor is known under, else a hash of the anchor."""
    return known.get(anchor) or "sys-" + hashlib.sha256(anchor.encode("utf-8", "surrogatepass")).hexdigest()[:12]
