"""How the reading of a file ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOLERATED: Final = 0.01
"""The share of lines that may be unreadable in a file that still counts as read: a cut-off last line hides nothing."""


def coverage(source: str, scope: str, counts: Mapping[str, int], unread: int, reason: str = "") -> Coverage:
    """Complete, unless the file was not read to its end, or more than a hundredth of what mattered could not be read.

    Args:
        source: Identity of the source.
        scope: What was read.
        counts: Lines read, taken, and dropped with the reason.
        unread: How many lines hide what they say.
        reason: Why the rest was not read at all, where it was not.
    """
    read = counts.get("lines", 0)
    if not reason and unread > max(1, read * _TOLERATED):
        reason = f"{unread} of {read} lines could not be read; look at them, and export the file again"
    told = {name: number for name, number in sorted(counts.items()) if number}
    return Coverage(source, scope, Outcome.PARTIAL if reason else Outcome.COMPLETE, reason, told)
