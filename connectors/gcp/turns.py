"""Whose turn it is: where a project works is listed first, and quiet locations in turn, a part of them each day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from connectors.gcp.lists import NOWHERE
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.api.task import Task

Active = frozenset[tuple[str, str]] | None
"""APIs and locations in which a project works; None where nobody tells."""

LEFT_OUT: Final = "left_out"


@dataclass(frozen=True, slots=True)
class Turns:
    """The order of a day.

    Attributes:
        active: By identity of the project.
        days: In how many days all that is quiet has had its turn; 0 asks everything.
        today: The day.
    """

    active: Mapping[str, Active]
    days: int
    today: date

    def ordered(self, lists: Iterable[tuple[str, str, Task]]) -> tuple[list[Task], list[Coverage]]:
        """The lists of today in order, and coverage of what is left for another day.

        What nobody tells of is not quiet: it is listed. So is what has no location, which costs little.

        Args:
            lists: API, location, and the task that lists there.
        """
        busy: list[Task] = []
        quiet: list[Task] = []
        left: list[Coverage] = []
        for api, location, task in lists:
            active = self.active.get(task.source)
            if active is None or (api, location) in active or location in {"", "-", NOWHERE}:
                busy.append(task)
            elif self.days and (stale := self._stale(task)):
                left.append(Coverage(task.source, task.scope, Outcome.SKIPPED, f"stale since {stale}", {LEFT_OUT: 1}))
            else:
                quiet.append(task)
        return [*busy, *quiet], left

    def _stale(self, task: Task) -> str:
        """The day on which it had its turn last; empty where that is today."""
        slot = int(hashlib.sha256(task.key.encode()).hexdigest()[:8], 16) % self.days
        ago = (self.today.toordinal() - slot) % self.days
        return (self.today - timedelta(days=ago)).isoformat() if ago else ""
