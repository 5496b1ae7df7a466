"""What a tenant shows of a product, from what its API listed to the facts of the system that decisions rest on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from classifiers.apps import Apps
from classifiers.model import Context, Finding, Part, Role, Strength, SystemKind
from classifiers.products import load_products
from connectors.api.asset import asset
from connectors.model import Coverage, ObservationKind, Outcome
from inventory.assemble_assets import assemble_assets
from inventory.decision import Answer
from inventory.entry_draft import present_facts
from inventory.estate import TagKeys
from inventory.model import AISystem, Origin
from inventory.verdict import Status
from tests.inventory.builders import entry, event, ledger, only, scope, verdicts

TENANT = "tenant:m365:acme"
TERMS = {"copilot": {"does_not_train": "https://vendor.example/terms, read 2027-05-01"}}
SEEN = (Coverage(TENANT, "", Outcome.COMPLETE),)


def seen(
    name: str, kind: ObservationKind = ObservationKind.ASSET, role: Role = Role.SAAS_FEATURE, **facts: Any
) -> Finding:
    """A finding of the product `copilot`."""
    told = asset(kind, f"saas/m365/{name}", f"m365/{name}", source=TENANT, scope="apps", title=name, **facts)
    return Finding(
        id=f"f-{name}",
        role=role,
        name=name,
        location=told.location,
        context=Context.PRODUCTION,
        strength=Strength.ENABLED,
        confidence=0.95,
        rule=f"saas/m365/{name}/{kind.value}",
        observation=told,
        part=Part.SYSTEM,
        product="copilot",
        system_kind=SystemKind.EMBEDDED_AI,
    )


def used(name: str, role: Role = Role.SAAS_FEATURE, **facts: Any) -> Finding:
    """A finding of the product's use, as a report of its vendor counts it."""
    return replace(seen(name, ObservationKind.USAGE, role, **facts), strength=Strength.USE)


def product(*findings: Finding, terms: Any = TERMS) -> AISystem:
    (system,) = assemble_assets(findings, (), {}, {"copilot": "Copilot"}, TagKeys(), terms)
    return system


def value(system: AISystem, name: str) -> Any:
    return next((fact.value for fact in system.facts.get(name, ())), None)


@pytest.mark.parametrize(
    ("fact", "findings", "expected"),
    [
        ("feature_state", [seen("chat", state="off")], "off"),
        ("feature_state", [seen("chat", state="off"), seen("agents", state="on")], "on"),
        ("feature_state", [seen("plan", role=Role.LICENCE, bought=5)], "licensed"),
        ("feature_state", [seen("app")], None),
        ("feature_state", [used("report"), seen("chat", state="off")], "in_use"),
        ("feature_state", [used("report"), seen("chat", state="on")], "on"),
        ("feature_state", [used("report"), seen("plan", role=Role.LICENCE, bought=5)], "in_use"),
        ("feature_state", [used("sign-ins", role=Role.OAUTH_GRANT)], None),
        ("last_used", [used("report", last_used="2027-05-03T10:00:00Z"), used("more", last_seen="2027-05-04")], "2027-05-04"),
        ("last_used", [used("sign-ins", role=Role.OAUTH_GRANT, last_used="2027-05-03")], None),
        ("features", [seen("chat", state="off"), seen("agents", state="on"), seen("notes", state="preview")], ("agents", "notes")),
        ("features", [seen("chat", state="off")], None),
        ("licence_count", [seen("plan", role=Role.LICENCE, bought=5, assigned=3), seen("more", role=Role.LICENCE, bought=2)], 7),
        ("licence_count", [seen("plan", role=Role.LICENCE, users=4)], 4),
        ("licence_count", [seen("seats", assigned=0)], 0),
        ("licence_count", [seen("app", users=9)], None),
        ("users", [seen("app", users=9), seen("use", ObservationKind.USAGE, users=12)], 12),
        ("permissions", [seen("app", scopes=("Mail.Read",)), seen("grant", ObservationKind.GRANT, permissions=("Files",))], ("Files", "Mail.Read")),
        ("permissions", [seen("log", ObservationKind.USAGE, scopes=("Mail.Send",))], None),
        ("data_use", [seen("app")], ("does_not_train",)),
    ],
)  # fmt: skip
def test_what_is_listed_of_a_product_is_a_fact(fact: str, findings: list[Finding], expected: Any) -> None:
    assert value(product(*findings), fact) == expected


def test_what_its_vendor_states_is_declared_with_its_page() -> None:
    (fact,) = product(seen("app")).facts["data_use"]
    assert fact.origin is Origin.DECLARED
    assert fact.evidence == ("the vendor of copilot: https://vendor.example/terms, read 2027-05-01",)
    assert "data_use" not in product(seen("app"), terms={}).facts


def test_the_catalog_states_the_data_use_of_products_with_page_and_day() -> None:
    stated = Apps(load_products()).data_use
    values = {value for product in stated.values() for value in product}
    assert values == {"does_not_train", "trains_unless_opted_out", "trains"}
    assert all(
        place.startswith("https://") and ", read 20" in place for found in stated.values() for place in found.values()
    )


BEFORE = seen("app", scopes=("Mail.Read",), assigned=0, state="off")


@pytest.mark.parametrize(
    ("now", "terms", "said"),
    [
        (BEFORE, TERMS, []),
        (seen("app", scopes=("Mail.Read", "Mail.Send"), assigned=0, state="off"), TERMS, ["permissions was Mail.Read", "now has Mail.Send as well"]),
        (seen("app", scopes=("Mail.Read",), assigned=40, state="off"), TERMS, ["licence_count was 0", "is now 40"]),
        (seen("app", scopes=("Mail.Read",), assigned=0, state="on"), TERMS, ["feature_state was off", "is now on"]),
        (BEFORE, {"copilot": {"trains": "https://vendor.example/new, read 2027-05-30"}}, ["data_use was does_not_train", "is now trains", "https://vendor.example/new"]),
    ],
)  # fmt: skip
def test_a_wider_grant_a_first_licence_a_switch_and_new_terms_ask_at_once(
    now: Finding, terms: Any, said: list[str]
) -> None:
    decided_on = product(BEFORE)
    decided = event(
        Answer.IN, facts=present_facts(decided_on), subject=decided_on.id, anchors=decided_on.anchors, catalog="an older one"
    )  # fmt: skip
    verdict = only(verdicts([product(now, terms=terms)], scope(entry(bind="product:copilot")), ledger(decided), SEEN))
    changed = " ".join(reason.text for reason in verdict.reasons if reason.status is Status.CHANGED)
    assert bool(changed) is bool(said)
    assert all(part in changed for part in said)


def test_a_decision_records_what_the_product_shows() -> None:
    assert present_facts(product(BEFORE)) == {
        "permissions": ("Mail.Read",), "licence_count": 0, "feature_state": "off", "data_use": ("does_not_train",),
        "deployed": True,
    }  # fmt: skip
