"""The page about facts: what can be said of a system in conditions, baselines, rules and attestations."""

from __future__ import annotations

from typing import Final

from inventory.condition_text import read_condition
from inventory.facts import FACTS, TAG_PREFIX, FactDefinition, FactType, definition
from inventory.scope.op import Op
from inventory.scope.review import CHANGE
from scanner.reference_page import GENERATED, cell, table

_HEAD: Final = f"""{GENERATED}

# Facts

A fact is something that is known of a system: what a scan observed, what a tag says, what a person attested, or what the
scope document declares of its boundary, or a vendor of its product. [The scope document](../scope-document.md#conditions) names facts in
conditions, baselines and rules, and [attestations](../scope-document.md#attestations) state them. Where several origins
state one fact, a decision records what the first of *observed, tag, attested, declared* says; a condition is broken by any
of them.

A fact that nothing states is *not known*: it is neither true nor false. *Origin* is how a fact can come to be known: what
[a scan observes](../scope-document.md#what-a-scan-observes), what a tag says (`environment` and `ai-…` by default, other keys
under [`tags`](settings.md#tags)), what a person attests, what a boundary or a vendor declares.
"""

_EXAMPLES: Final = {
    "providers": "providers only openai, azure-openai",
    "models": "models none_of gpt-4o*",
    "regions": "regions only eu-west-1, eu-central-1",
    "environment": "environment only development, staging",
    "deployed": "deployed equals false",
    "data_categories": "data_categories none_of health, biometric",
    "personal_data": "personal_data equals false",
    "autonomy": "autonomy any_of assists, human_in_the_loop",
    "exposure": "exposure equals internal",
    "owner": "owner any_of @acme/support-platform",
    "stage": "stage any_of inception, design_and_development",
    "geography": "geography only AT, DE",
    "entity": "entity equals Acme Retail Ltd",
    "unit": "unit any_of Operations, Shop and support",
    "uses": "uses none_of emotion_recognition, social_scoring",
    "techniques": "techniques none_of agent",
    "features": "features only spelling, search",
    "feature_state": "feature_state any_of off, preview",
    "licence_count": "licence_count at_most 10",
    "permissions": "permissions none_of Mail.*, Files.ReadWrite.All",
    "data_use": "data_use none_of trains, trains_unless_opted_out",
    "users": "users at_most 50",
    "last_used": "last_used absent",
    "archived": "archived equals true",
    "fork": "fork equals false",
    "visibility": "visibility any_of private, internal",
    "host_owner": "host_owner any_of acme",
    "topics": "topics none_of customer-facing",
    "kind": "kind not_equals ai_platform",
    "anchors": "anchors any_of repo:github.com/acme/*",
    "boundary": "boundary only shop, operations",
    f"{TAG_PREFIX}<key>": "tag:<key> any_of prototype, sandbox",
}
"""A condition a fact, as `aimscope decide --condition` takes it."""

_SETTLES: Final = {True: "yes", False: ""}

_MATERIAL: Final = """\
*Material* facts are what a decision rests on, and records. What stands there is the change that asks for a review: *another
value* than the one decided on, *a value more*, or some where there was *none* (or on, where it was off). *Off* means that it
asks only where [`review.triggers`](../scope-document.md#review) says so, or a `baseline` that somebody wrote names it.
`data_use` is what the vendor says to all its customers; an attestation about your own contract goes before it.
"""


def facts_reference() -> str:
    """The page about facts.

    Raises:
        KeyError: A fact has no example.
        ValueError: An example is no condition on its fact.
    """
    tag = definition(f"{TAG_PREFIX}<key>")
    assert tag is not None  # noqa: S101 - any key makes a tag
    headings = ("fact", "type", "origin", "material", "meaning", "example condition")
    return "\n".join(
        [
            _HEAD,
            table(headings, map(_row, (*FACTS, tag))),
            _MATERIAL,
            "## Questions\n",
            "What a person is asked where nothing states the fact and a verdict hangs on it.\n",
            table(("fact", "question"), ((_code(row.name), cell(row.question)) for row in FACTS if row.question)),
            "## Operations\n",
            "Which operation fits which type; [what each means](../scope-document.md#conditions).\n",
            table(("type", *map(_code, Op)), map(_fits, FactType)),
        ]
    )


def _row(row: FactDefinition) -> tuple[str, ...]:
    return (
        _code(row.name),
        row.type.value,
        ", ".join(row.origins),
        _asks(row),
        cell(row.meaning),
        _code(_example(row)),
    )


def _asks(row: FactDefinition) -> str:
    """Which change asks for a review; empty where none can."""
    if not row.material:
        return ""
    return CHANGE[row.trigger] + ("" if row.significant else " (off)")


def _example(row: FactDefinition) -> str:
    """The example of a fact, once it has been read as the condition that it claims to be."""
    text = _EXAMPLES[row.name]
    if read_condition(text)["fact"] != row.name:
        raise ValueError(f"the example of `{row.name}` is about another fact: {text}")
    return text


def _fits(kind: FactType) -> tuple[str, ...]:
    return (kind.value, *(_SETTLES[kind in op.types] for op in Op))


def _code(text: str) -> str:
    return f"`{cell(text)}`"
