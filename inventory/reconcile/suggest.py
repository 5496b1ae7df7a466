"""What a verdict suggests to a person, and the questions that the facts leave open."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from classifiers.model import SystemKind
from inventory.attestation import OFF, STATE
from inventory.decision import Answer
from inventory.facts import FACTS, definition, known_value, show
from inventory.reconcile.contradictions import condition_rule
from inventory.scope.conditions import Truth, evaluate
from inventory.verdict import Status, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Rule
    from inventory.similar import SimilarNames
    from inventory.verdict import Reason


class Step(StrEnum):
    """What to do where the answer of a decision is not what is missing."""

    ADOPT = "adopt"
    APPROVE = "approve"
    ATTEST = "attest"
    BIND = "bind"
    COVER = "cover"
    DECLARE_BOUNDARY = "declare_boundary"
    LOOK = "look"
    REASSESS = "reassess"
    REMOVE = "remove"
    REVIEW = "review"


_USUAL: dict[Status, tuple[Answer | Step, str]] = {
    Status.EXCLUSION_CONTRADICTED: (Answer.IN, "The exclusion rests on a condition that no longer holds."),
    Status.POLICY_BROKEN: (Step.REMOVE, "The policy forbids it; otherwise it needs an exception in the policy."),
    Status.ATTESTATION_CONTRADICTED: (Step.ATTEST, "What was attested is not what is seen: attest it anew, or decide."),
    Status.STILL_RUNNING: (Step.REMOVE, "It was declared to be gone; if it is to stay, decide so."),
    Status.AMBIGUOUS: (Step.BIND, "Only one decision can hold: bind it by one entry, or decide anew."),
    Status.OUTSIDE_BOUNDARY: (
        Step.DECLARE_BOUNDARY,
        "Name its part of the organisation as a boundary, or decide about it.",
    ),
    Status.CHANGED: (Step.REASSESS, "The decision was made on other facts."),
    Status.NOT_OBSERVED: (Answer.DECOMMISSIONED, "Nothing shows it any more, and everything was looked at."),
    Status.UNBOUND: (Step.BIND, "Name the anchors of the system, as `aimscope explain` shows them."),
    Status.UNRECORDED: (Step.ADOPT, "Record who decided it: `aimscope decide --adopt`."),
    Status.REVIEW_DUE: (Step.REVIEW, "Confirm what was decided, or decide anew."),
}

_DECIDES = frozenset(
    {
        Status.EXCLUSION_CONTRADICTED,
        Status.OUTSIDE_BOUNDARY,
        Status.UNDECLARED,
        Status.CHANGED,
        Status.UNVERIFIED,
        Status.REVIEW_DUE,
    }
)
"""Statuses whose answer rests on facts that a person may know."""


def suggestion(reasons: Sequence[Reason], view: SystemView | None, rules: Sequence[Rule]) -> Suggestion | None:
    """The suggested decision for the most urgent reason; none where nothing is asked."""
    first = reasons[0]
    if first.status.settled:
        return None
    if first.rule == "proposal":
        return Suggestion(Step.APPROVE, "Somebody has decided it already; it waits for a second identity.")
    if first.status is Status.UNVERIFIED:
        return _unverified(first, view)
    if first.status is Status.UNDECLARED and view is not None:
        return _by_rules(view, rules) or _by_kind(view)
    decision, because = _USUAL[first.status]
    return Suggestion(decision, because)


def questions(status: Status, view: SystemView, names: SimilarNames) -> tuple[str, ...]:
    """What the facts leave open."""
    return (*_ending(view), *(_similar(status, view, names)), *_state(view), *(_unknown(status, view)))


def _by_rules(view: SystemView, rules: Sequence[Rule]) -> Suggestion | None:
    for number, rule in enumerate(rules):
        if all(evaluate(condition, view.known).truth is Truth.HOLDS for condition in rule.when):
            return Suggestion(rule.suggest.answer, f"{rule.because} (rules[{number}])")
    return None


def _by_kind(view: SystemView) -> Suggestion:
    if view.system.kind is SystemKind.CANDIDATE:
        return Suggestion(Step.LOOK, "Only hints, tests, examples or documents speak for it.")
    if view.system.kind is SystemKind.DEV_ASSISTANT:
        return Suggestion(Answer.IN, "An assistant is used here; one decision covers it in the whole organisation.")
    state = known_value(view.known.of(STATE))
    if view.system.kind is SystemKind.EMBEDDED_AI and state is None:
        return Suggestion(
            Step.ATTEST, "Whether its AI is on is not known: ask its vendor or administrator, attest it, and decide."
        )
    if state == OFF:
        return Suggestion(Answer.OUT, f"Its AI is off: leave it out on the condition that `{STATE}` stays `{OFF}`.")
    environment = known_value(view.known.of("environment"))
    where = f" in {show(environment)}" if environment is not None else ""
    return Suggestion(Answer.IN, f"AI is used{where}; what is left out of the scope needs a justification.")


def _unverified(reason: Reason, view: SystemView | None) -> Suggestion:
    """Coverage where a scan could tell; an attestation where none can, or where everything was looked at."""
    if reason.rule.startswith("attestations."):
        return Suggestion(Step.ATTEST, "What was attested has expired: attest it again, or remove it.")
    for entry in view.entries if view else ():
        for number, condition in enumerate(entry.conditions):
            row = definition(condition.fact)
            if condition_rule(entry, number) == reason.rule and not (
                row and view and row.observable(view.known.sources) and view.known.gaps
            ):
                return Suggestion(Step.ATTEST, "No scan can tell: somebody has to attest it, or a tag to say it.")
    return Suggestion(Step.COVER, "What was not looked at cannot be told from what is gone.")


def _ending(view: SystemView) -> Iterator[str]:
    for one in view.expired:
        yield f"{one.statement}. That expired on {one.expires} and no longer counts: is it still so?"
    for one in view.ending:
        yield f"{one.statement}. That expires on {one.expires}: is it still so?"


def _similar(status: Status, view: SystemView, names: SimilarNames) -> Iterator[str]:
    if status is Status.UNDECLARED and (entry := names.nearest(view.system.name)):
        anchor = view.system.anchors[0] if view.system.anchors else view.system.id
        yield f"Is it what entry `{entry.id}` ({entry.title}) declares? Then add `{anchor}` to its `bind`."


def _state(view: SystemView) -> Iterator[str]:
    """Whether the AI in a product is on, where nothing tells: what else there is to ask where single features are attested."""
    if view.system.kind is not SystemKind.EMBEDDED_AI or view.known.of(STATE) or view.dismissed:
        return
    said = {one.feature.casefold() for one in view.attested if one.feature}
    open_ones = sorted({name for one in view.attested for name in one.others if name.casefold() not in said})
    what = f"Are its features {', '.join(open_ones)} on" if said and open_ones else "Is its AI on"
    yield f"{what}, off or only licensed? No source tells: ask the vendor or its administrator, and attest it."


def _unknown(status: Status, view: SystemView) -> Iterator[str]:
    if status in _DECIDES:
        declared = {name for entry in view.entries for name in entry.baseline}
        for row in FACTS:
            if row.question and row.name not in declared and not view.known.of(row.name):
                yield row.question
