"""The command that answers a verdict, ready to copy."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from inventory.verdict import Status, SubjectKind
from scanner.reports.plain import plain

if TYPE_CHECKING:
    from inventory.verdict import Verdict

BECAUSE: Final = '--because "…"'
"""What a person has to fill in: a decision without a reason is none."""

_ANSWERS: Final = frozenset({"in", "out", "not-ai", "defer", "decommissioned", "rejected"})
_CONFIRMS: Final = frozenset({"reassess", "review"})
_NEEDS_A_LOOK: Final = frozenset({"attest", "bind", "declare_boundary", "look", "remove"})


def command_for(verdict: Verdict) -> str:
    """The command that carries out the suggestion, or that shows what is needed to; empty where there is none.

    The id is quoted for a shell, and stripped of what acts on a screen: a copied line does what it looks like.
    """
    decision = verdict.suggestion.decision if verdict.suggestion else ""
    if not decision or not verdict.subject_kind.decidable:
        return ""
    subject = shlex.quote(plain(verdict.subject))
    if decision in _CONFIRMS:
        decision = _stands(verdict)
    if decision in _ANSWERS:
        return f"aimscope decide {subject} {decision} {BECAUSE}"
    if decision in _NEEDS_A_LOOK and verdict.subject_kind is not SubjectKind.SYSTEM:
        return ""
    entry = shlex.quote(plain(verdict.entry or verdict.subject))
    further = {"adopt": f"aimscope decide --adopt {entry}", "approve": f"aimscope approve {subject}"}
    further |= dict.fromkeys(_NEEDS_A_LOOK, f"aimscope explain {subject}")
    return further.get(decision, "")


def _stands(verdict: Verdict) -> str:
    """The answer that holds so far, to be confirmed or not."""
    return "out" if any(reason.status is Status.EXCLUDED for reason in verdict.reasons) else "in"
