"""Whose turn it is: what is billed is asked first, and what is quiet in turn, a part of it each day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.api.task import Task
    from connectors.aws.usage_cost import Bill

_FACTS, _USE, _BILLED, _REST = range(4)
GLOBAL: Final = "global"


@dataclass(frozen=True, slots=True)
class Turns:
    """The order of a day.

    Attributes:
        bill: What accounts spend on.
        days: In how many days all that is quiet has had its turn; 0 asks everything.
        today: The day.
    """

    bill: Bill
    days: int
    today: date

    def ordered(self, listing: Sequence[Task], use: Sequence[Task]) -> tuple[tuple[Task, ...], tuple[Coverage, ...]]:
        """The tasks of today in order, and coverage of what is left for another day.

        What the bill says nothing of is not quiet: it is asked. So is what has no Region, which costs little.

        Args:
            listing: Tasks that list resources, and facts of accounts, which have no rows.
            use: Tasks about use.
        """
        ranked: list[tuple[int, Task]] = []
        left: list[Coverage] = []
        for rank, task in (*((_FACTS, task) for task in listing), *((_USE, task) for task in use)):
            region, _, service = task.scope.partition("/")
            spends = self.bill.spends(task.source, service) if task.rows else None
            if spends is False and self.days and region != GLOBAL and (stale := self._stale(task)):
                left.append(Coverage(task.source, task.scope, Outcome.SKIPPED, f"stale since {stale}", {"left_out": 1}))
            else:
                ranked.append((_rank(rank, task, spends), task))
        return tuple(_in_order(ranked)), tuple(left)

    def _stale(self, task: Task) -> str:
        """The day on which it had its turn last; empty where that is today."""
        slot = int(hashlib.sha256(task.key.encode()).hexdigest()[:8], 16) % self.days
        ago = (self.today.toordinal() - slot) % self.days
        return (self.today - timedelta(days=ago)).isoformat() if ago else ""


def _rank(rank: int, task: Task, spends: bool | None) -> int:
    if rank == _USE or not task.rows:
        return rank
    return _BILLED if spends else _REST


def _in_order(ranked: Iterable[tuple[int, Task]]) -> Iterable[Task]:
    return (task for _, task in sorted(ranked, key=lambda pair: pair[0]))
