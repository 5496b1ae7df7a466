"""Reasons that come from facts against what a person has said: conditions, attestations, an end that was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.decision import Answer
from inventory.reconcile.world import runs
from inventory.scope.conditions import Truth, evaluate
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Entry

ENDED = frozenset({Answer.DECOMMISSIONED, Answer.REJECTED})
"""Answers that say that a system does not run."""


def broken_conditions(view: SystemView) -> Iterator[Reason]:
    """Conditions of the entries that facts break, or that nobody can tell.

    A broken condition contradicts an exclusion; any other declaration asks to be assessed again.
    """
    for entry in view.entries:
        if entry.status.answer in ENDED:
            continue
        broken = Status.EXCLUSION_CONTRADICTED if entry.status.answer is Answer.OUT else Status.CHANGED
        for number, condition in enumerate(entry.conditions):
            judgement = evaluate(condition, view.known)
            rule = condition_rule(entry, number)
            if judgement.truth is Truth.BROKEN:
                yield Reason(broken, f"Entry `{entry.id}`: {judgement.text}.", rule, judgement.findings)
            elif judgement.truth is Truth.NOT_KNOWN:
                yield Reason(Status.UNVERIFIED, f"Entry `{entry.id}`: {judgement.text}.", rule)


def condition_rule(entry: Entry, number: int) -> str:
    """How a reason names the condition that it comes from."""
    return f"entries.{entry.id}.conditions[{number}]"


def still_running(view: SystemView) -> Iterator[Reason]:
    """Entries that say that the system has ended, where it is seen."""
    for entry in view.entries:
        if entry.status.answer in ENDED and runs(view.system):
            text = f"Entry `{entry.id}` declares it {entry.status}, and it is seen in {_some(view.system.sources)}."
            yield Reason(Status.STILL_RUNNING, text, f"entries.{entry.id}.status", view.system.findings[:5])


def _some(sources: Sequence[str]) -> str:
    named = ", ".join(sources[:3]) or "a source"
    return f"{named} and {len(sources) - 3} more" if len(sources) > 3 else named  # noqa: PLR2004 - as many as are named
