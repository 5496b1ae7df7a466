"""Reasons that come from the policy: a provider, model, feature or use that may not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.facts import value_set
from inventory.scope.conditions import among, evidence
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.model import Fact
    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Policy

_FACTS = {
    "provider": ("providers",),
    "model": ("models",),
    "feature": ("features",),
    "use": ("uses", "techniques"),
}
"""For each sort of thing that a policy names, the facts that show it."""


def broken_policy(view: SystemView, policies: Sequence[Policy]) -> Iterator[Reason]:
    """What is used against the policy. See `Policy` for how `forbid` and `allow` work together."""
    inside = {boundary.id for boundary in view.boundaries}
    applying = [(number, one) for number, one in enumerate(policies) if one.boundary is None or one.boundary in inside]
    if not applying or view.dismissed:
        return
    for sort, names in _FACTS.items():
        forbidden = [(number, one, named) for number, one in applying if (named := _named(one.forbid, sort))]
        allowed = [(number, one, named) for number, one in applying if (named := _named(one.allow, sort))]
        for value, facts in _used(view, names):
            if any(among(value, named) for _, _, named in allowed):
                continue
            broken = [(number, one) for number, one, named in forbidden if among(value, named)]
            if not forbidden:
                broken = [(number, one) for number, one, _ in allowed]
            for number, one in broken[:1]:
                yield _reason(f"{sort} `{value}`", number, one, facts)


def _named(target: object, sort: str) -> tuple[str, ...]:
    return getattr(target, sort) if target is not None else ()


def _used(view: SystemView, names: Sequence[str]) -> list[tuple[str, list[Fact]]]:
    used: dict[str, list[Fact]] = {}
    for name in names:
        for fact in view.known.of(name):
            for value in value_set(fact.value):
                used.setdefault(str(value), []).append(fact)
    return sorted(used.items())


def _reason(what: str, number: int, policy: Policy, facts: Sequence[Fact]) -> Reason:
    where = f" in boundary `{policy.boundary}`" if policy.boundary else ""
    verb = "is forbidden" if policy.forbid else "is not among what is allowed"
    text = f"The {what} {verb}{where}: {policy.because}"
    return Reason(Status.POLICY_BROKEN, text, f"policy[{number}]", evidence(facts))
