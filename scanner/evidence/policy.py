"""Component 5: the rules of the scope document on what may be used, and what breaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.verdict import Status
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, table
from scanner.reports.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.scope.document import Policy
    from inventory.verdict import Reason, Verdict
    from scanner.evidence.ground import Ground

_EVIDENCE = 20
"""So many findings of one violation are named; all stand in the inventory."""


def section(ground: Ground) -> Section:
    """The policy, and its violations with their evidence."""
    rules = {"rule": "Rule", "says": "Says", "what": "What", "where": "Where", "because": "Because"}
    found = {
        "subject": "System", "name": "Name", "owner": "Likely owner", "rule": "Rule", "what": "Violation",
        "evidence": "Evidence",
    }  # fmt: skip
    rows = [
        (verdict.subject, verdict.name, verdict.owner, reason.rule, reason.text, evidence(ground, reason))
        for verdict, reason in violations(ground)
    ]
    return Section(
        components()["policy"],
        (_point(ground, len(rows)),),
        (
            table("violations", "Violations", found, rows, "No violation was observed."),
            table(
                "rules",
                "What the scope document says",
                rules,
                (_rule(number, one) for number, one in enumerate(ground.scope.policy)),
                "No rule is declared.",
            ),
        ),
    )


def violations(ground: Ground) -> Iterator[tuple[Verdict, Reason]]:
    """The verdicts that say that a policy is broken, with each reason."""
    for verdict in ground.session.verdicts:
        for reason in verdict.reasons:
            if reason.status is Status.POLICY_BROKEN:
                yield verdict, reason


def evidence(ground: Ground, reason: Reason) -> tuple[str, ...]:
    """Where the findings behind a reason stand."""
    wanted = set(reason.findings)
    found = (finding for finding in ground.session.scanned.findings if finding.id in wanted)
    places = (
        f"{one.name}: {one.location.source}"
        + (f", {one.location.path}:{one.location.line}" if one.location.path else "")
        for one in found
    )
    return tuple(sorted(dict.fromkeys(places)))[:_EVIDENCE]


def rule_in_words(policy: Policy) -> str:
    """A rule by what it says and not by its place in the document, which an edit elsewhere changes."""
    _, says, what, where, _ = _rule(0, policy)
    return f"policy: {says} {', '.join(what)} ({where})"


def rule_of(ground: Ground, reason: Reason) -> Policy:
    """The rule that a broken policy comes from."""
    return ground.scope.policy[int(reason.rule.removeprefix("policy[").removesuffix("]"))]


def _point(ground: Ground, violations_found: int) -> Point:
    if violations_found:
        return Point(f"{count(violations_found, 'violation')} of the policy observed.", open=True)
    if not ground.scope.policy:
        return Point("The scope document has no policy, so nothing can break one.", open=True)
    return Point("Nothing that was observed breaks the policy.")


def _rule(number: int, policy: Policy) -> tuple[str, str, tuple[str, ...], str, str]:
    target = policy.forbid or policy.allow
    sorts = ("provider", "model", "feature", "use")
    what = tuple(f"{sort} {value}" for sort in sorts for value in getattr(target, sort))
    return (
        f"policy[{number}]",
        "forbids" if policy.forbid else "allows",
        what,
        policy.boundary or "everywhere",
        policy.because,
    )
