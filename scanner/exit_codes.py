"""Exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a process ends with.

    `scan` and `gate` use all of them; checking commands end with 0 (good), 1 (faults found) or 2 (usage).
    """

    GOOD = 0
    DECISIONS = 1
    USAGE = 2
    INCOMPLETE = 3
    INCOMPLETE_AND_DECISIONS = 4
    FAULT = 70


def of_scan(*, decisions: bool, incomplete: bool) -> ExitCode:
    """The exit code of a scan."""
    if incomplete:
        return ExitCode.INCOMPLETE_AND_DECISIONS if decisions else ExitCode.INCOMPLETE
    return ExitCode.DECISIONS if decisions else ExitCode.GOOD
