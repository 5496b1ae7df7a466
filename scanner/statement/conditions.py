"""Conditions with their results, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.scope.conditions import Truth
from scanner.statement.blocks import Mark
from scanner.statement.cells import cell, table

if TYPE_CHECKING:
    from scanner.statement.blocks import Table
    from scanner.statement.model import Tested

_TRUTH: Final = {
    Truth.HOLDS: ("holds", Mark.GOOD),
    Truth.BROKEN: ("broken", Mark.BAD),
    Truth.NOT_KNOWN: ("not known", Mark.OPEN),
    None: ("nothing to test", Mark.MUTED),
}


def conditions_table(conditions: tuple[Tested, ...]) -> Table:
    """Conditions, what each was tested on, and what that gave."""
    rows = [(cell(one.condition), cell(one.system), cell(*_TRUTH[one.truth]), cell(one.because)) for one in conditions]
    return table(("Condition", "Tested on", "Result", "Because"), (26, 20, 14, 40), rows)
