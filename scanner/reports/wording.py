"""The words in which reports speak of statuses, kinds and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from classifiers.model import Context, Role, Strength, SystemKind
from connectors.model import Outcome
from inventory.denominator import Share
from inventory.verdict import Status


class Tone(StrEnum):
    """What sort of attention a status wants, most urgent first."""

    CONTRADICTED = "contradicted"
    OPEN = "open"
    CHANGED = "changed"
    UPKEEP = "upkeep"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status in plain words.

    Attributes:
        title: What it says.
        meaning: Why it matters and what it asks for, in a sentence.
        tone: What sort of attention it wants.
    """

    title: str
    meaning: str
    tone: Tone


STATUS: Final = {
    Status.EXCLUSION_CONTRADICTED: StatusWords(
        "Excluded, but the facts contradict it",
        "It was left out of the scope on a condition that no longer holds. The exclusion needs a new decision.",
        Tone.CONTRADICTED,
    ),
    Status.POLICY_BROKEN: StatusWords(
        "Forbidden by the policy, and in use",
        "What the policy forbids was observed. It has to go, or the policy needs an exception.",
        Tone.CONTRADICTED,
    ),
    Status.ATTESTATION_CONTRADICTED: StatusWords(
        "Attested one way, observed another",
        "Somebody vouched for a fact, and the scan saw otherwise. It needs a new attestation or a decision.",
        Tone.CONTRADICTED,
    ),
    Status.STILL_RUNNING: StatusWords(
        "Declared gone, but still there",
        "It was decommissioned or rejected on paper, and it was observed. Remove it, or decide that it stays.",
        Tone.CONTRADICTED,
    ),
    Status.AMBIGUOUS: StatusWords(
        "Decided in more than one way",
        "More than one entry or decision claims it, and only one can hold.",
        Tone.OPEN,
    ),
    Status.OUTSIDE_BOUNDARY: StatusWords(
        "Outside every boundary of the scope",
        "It belongs to a part of the organisation that the scope does not name.",
        Tone.OPEN,
    ),
    Status.UNDECLARED: StatusWords(
        "Found, and nobody has decided",
        "It is in use and no entry of the scope covers it: in or out, with a justification.",
        Tone.OPEN,
    ),
    Status.CHANGED: StatusWords(
        "Changed since it was decided",
        "The decision rests on facts that are no longer so. It has to be assessed again.",
        Tone.CHANGED,
    ),
    Status.NOT_OBSERVED: StatusWords(
        "In scope, but not there any more",
        "Everything that would show it was looked at, and nothing does. It looks decommissioned.",
        Tone.CHANGED,
    ),
    Status.UNBOUND: StatusWords(
        "Decided, but not tied to anything a scan can see",
        "Without a binding nobody can tell whether the facts still agree.",
        Tone.UPKEEP,
    ),
    Status.UNRECORDED: StatusWords(
        "Declared, but nobody is on record for it",
        "It stands in the scope document, and the ledger has no matching decision.",
        Tone.UPKEEP,
    ),
    Status.REVIEW_DUE: StatusWords(
        "Review overdue",
        "The date set for its review has passed.",
        Tone.UPKEEP,
    ),
    Status.UNVERIFIED: StatusWords(
        "Could not be verified",
        "What would show it was not fully covered, or a condition rests on a fact that nobody has stated.",
        Tone.UPKEEP,
    ),
    Status.DEFERRED: StatusWords("Deferred", "Somebody has put the decision off, to a date.", Tone.SETTLED),
    Status.DISMISSED: StatusWords("Dismissed: no AI", "Somebody looked, and it is no AI.", Tone.SETTLED),
    Status.IN_SCOPE: StatusWords("In scope", "Decided, and nothing contradicts it.", Tone.SETTLED),
    Status.EXCLUDED: StatusWords("Out of scope", "Decided, and nothing contradicts it.", Tone.SETTLED),
}

TONE: Final = {
    Tone.CONTRADICTED: "Facts contradict a decision",
    Tone.OPEN: "Nobody has decided",
    Tone.CHANGED: "The facts have moved on",
    Tone.UPKEEP: "The record needs care",
    Tone.SETTLED: "Decided, and nothing contradicts it",
}

KIND: Final = {
    SystemKind.AI_SYSTEM: "AI system",
    SystemKind.EMBEDDED_AI: "AI inside a product",
    SystemKind.AI_PLATFORM: "AI platform",
    SystemKind.DEV_ASSISTANT: "Coding assistant",
    SystemKind.CANDIDATE: "Candidate",
    SystemKind.NOT_AI: "No AI",
}

STRENGTH: Final = {
    Strength.USE: "proves use",
    Strength.ENABLED: "proves it is on",
    Strength.CAPABILITY: "shows the capability",
    Strength.HINT: "only a hint",
}

CONTEXT: Final = {
    Context.PRODUCTION: "",
    Context.DEVELOPMENT: "development",
    Context.TEST: "test",
    Context.EXAMPLE: "example",
    Context.DOCS: "documentation",
}
"""Said only where it is not what runs."""

ROLE: Final = {
    Role.SDK: "SDK",
    Role.FRAMEWORK: "framework",
    Role.PROVIDER: "provider",
    Role.MODEL: "model",
    Role.ENDPOINT: "endpoint",
    Role.SERVICE: "service",
    Role.MODEL_FILE: "model file",
    Role.DATASET: "data set",
    Role.MCP_SERVER: "MCP server",
    Role.AGENT_CONFIG: "agent configuration",
    Role.WORKFLOW: "workflow",
    Role.IMAGE: "container image",
    Role.CLOUD_RESOURCE: "cloud resource",
    Role.SAAS_FEATURE: "SaaS feature",
    Role.LICENCE: "licence",
    Role.OAUTH_GRANT: "OAuth grant",
    Role.EGRESS: "network traffic",
}

SHARE: Final = {Share.COVERED: "covered", Share.PARTLY: "partly", Share.NO_SOURCE: "no source configured"}

OUTCOME: Final = {
    Outcome.COMPLETE: "seen in full",
    Outcome.PARTIAL: "seen in part",
    Outcome.DENIED: "access denied",
    Outcome.FAILED: "could not be read",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_APPLICABLE: "not applicable",
}

DECISION: Final[dict[str, str]] = {
    "in": "Take it into scope",
    "out": "Leave it out of scope",
    "not-ai": "Dismiss it: no AI",
    "defer": "Defer the decision",
    "decommissioned": "Declare it decommissioned",
    "rejected": "Reject it",
    "adopt": "Put a name to the declaration",
    "approve": "Approve or reject the proposal",
    "attest": "Attest it",
    "bind": "Bind it",
    "cover": "Close the coverage gap",
    "declare_boundary": "Declare the boundary",
    "look": "Have a person look",
    "reassess": "Assess it again",
    "remove": "Remove it, or make an exception",
    "review": "Review it",
}
"""By `inventory.decision.Answer` and `inventory.reconcile.suggest.Step`, by value: the latter is slow to import."""


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, as `1 system` or `1,200 systems`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(parts: list[str]) -> str:
    """Words in a row, as `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
