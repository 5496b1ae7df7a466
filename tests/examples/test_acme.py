"""The example organisation shows what its README says: what is found, what is not, and every verdict there is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from classifiers.model import Context, Role, SystemKind
from connectors.model import Outcome
from inventory.facts import known_value
from inventory.ledger import load
from inventory.scope.load import load_scope
from inventory.verdict import Status
from inventory.verify import verify
from scanner.demo import ACME, CLOCK
from scanner.result import ScanResult
from scanner.run import run
from scanner.workspace import SETTINGS_FILE, from_settings
from tests.examples.acme_ledger import rebuild

REPO = "repo:github.com/acme/"

AI_SYSTEMS = {
    "claims-triage": ({"azure-openai", "mistral"}, {"mistral-small-latest"}),
    "demand-forecast": (set(), set()),
    "document-search": ({"deepseek"}, {"deepseek-chat"}),
    "meeting-notes": (set(), {"small"}),
    "parcel-eta#ParcelEta": (set(), set()),
    "platform": ({"amazon-bedrock"}, {"eu.amazon.nova-pro-v1:0"}),
    "platform#libs/prompting": (set(), set()),
    "platform#services/faq-bot": ({"openai"}, {"gpt-3.5-turbo"}),
    "platform#tools/incident-summary": ({"anthropic"}, {"claude-haiku-4-5"}),
    "price-index": (set(), set()),
    "product-copy": ({"openai"}, {"gpt-4o-mini"}),
    "recruiting-screen": ({"mistral", "openai"}, {"gpt-4o", "mistral-large-latest"}),
    "support-assistant": ({"anthropic", "openai"}, {"claude-sonnet-4-5", "text-embedding-3-small"}),
}
"""Anchor to providers and models. The gateway has a test of its own."""

GATEWAY = "platform#services/chat-gateway"

DEPLOYED = {
    "claims-triage", "demand-forecast", "document-search", "parcel-eta#ParcelEta", "platform#services/chat-gateway",
    "platform#services/faq-bot", "product-copy", "recruiting-screen", "support-assistant",
}  # fmt: skip

WITHOUT_AI = ("shop-web/", "warehouse/", "platform/services/billing/")

STATUSES = {
    "recruiting-screen": Status.EXCLUSION_CONTRADICTED,
    "document-search": Status.POLICY_BROKEN,
    "claims-triage": Status.ATTESTATION_CONTRADICTED,
    "faq-bot": Status.STILL_RUNNING,
    f"{REPO}platform#tools/incident-summary": Status.AMBIGUOUS,
    f"{REPO}parcel-eta#ParcelEta": Status.OUTSIDE_BOUNDARY,
    f"{REPO}product-copy": Status.UNDECLARED,
    "support-assistant": Status.CHANGED,
    "image-tagging": Status.NOT_OBSERVED,
    "office-copilot": Status.UNBOUND,
    "prompting": Status.UNRECORDED,
    "demand-forecast": Status.REVIEW_DUE,
    "field-inspection": Status.UNVERIFIED,
    f"{REPO}platform": Status.DEFERRED,
    "price-index": Status.DISMISSED,
    "chat-gateway": Status.IN_SCOPE,
    "coding-assistants": Status.IN_SCOPE,
    "meeting-notes": Status.EXCLUDED,
}
"""The entry that binds a subject, or the anchor of one that no single entry binds, to its status."""


@pytest.fixture(scope="module")
def scanned() -> Iterator[ScanResult]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", CLOCK)
        yield run(replace(from_settings(ACME / SETTINGS_FILE), database=None))


def test_the_ai_systems_are_found_with_their_providers_and_models(scanned: ScanResult) -> None:
    found = {
        system.anchors[0].removeprefix(REPO): (set(system.providers), set(system.models))
        for system in scanned.systems
        if system.kind is SystemKind.AI_SYSTEM
    }
    found.pop(GATEWAY, None)
    assert found == AI_SYSTEMS


def test_the_gateway_is_found_with_its_models(scanned: ScanResult) -> None:
    (gateway,) = (system for system in scanned.systems if system.anchors[0] == REPO + GATEWAY)
    assert gateway.kind.holds_ai
    assert "litellm" in gateway.providers
    assert set(gateway.models) == {"azure/gpt-4.1", "azure/gpt-4.1-mini"}


def test_the_coding_assistants_are_found_once_for_all_repositories(scanned: ScanResult) -> None:
    assistants = [system for system in scanned.systems if not system.kind.holds_ai]
    assert {system.kind for system in assistants} == {SystemKind.DEV_ASSISTANT}
    assert sorted(system.sources for system in assistants) == [(f"{REPO}platform",), (f"{REPO}support-assistant",)]


def test_what_is_deployed_is_known(scanned: ScanResult) -> None:
    deployed = {
        system.anchors[0].removeprefix(REPO)
        for system in scanned.systems
        if known_value(system.facts.get("deployed", ()))
    }
    assert deployed == DEPLOYED


def test_what_has_no_ai_gives_nothing(scanned: ScanResult) -> None:
    places = [f"{finding.location.source}/{finding.location.path}".removeprefix(REPO) for finding in scanned.findings]
    assert [place for place in places if place.startswith(WITHOUT_AI)] == []


def test_prose_is_no_evidence(scanned: ScanResult) -> None:
    in_prose = [finding for finding in scanned.findings if finding.location.path.endswith(".md")]
    assert {finding.role for finding in in_prose} == {Role.AGENT_CONFIG}


def test_a_fake_client_in_a_test_is_no_deployment(scanned: ScanResult) -> None:
    in_tests = [finding for finding in scanned.findings if "/test/" in f"/{finding.location.path}"]
    assert {finding.context for finding in in_tests} <= {Context.TEST}


def test_owners_are_known(scanned: ScanResult) -> None:
    owners = {system.anchors[0].removeprefix(REPO): system.owner for system in scanned.systems}
    assert owners["platform#services/faq-bot"] == "@acme/support-platform"
    assert owners["platform#tools/incident-summary"] == "@acme/platform"
    assert owners["claims-triage"] == "claims-team"


def test_everything_was_seen_that_was_asked(scanned: ScanResult) -> None:
    assert {part.outcome for part in scanned.coverage} == {Outcome.COMPLETE}


def test_every_status_occurs_where_it_was_designed_to(scanned: ScanResult) -> None:
    anchors = {system.id: system.anchors[0] for system in scanned.systems}
    found = {verdict.entry or anchors[verdict.subject]: verdict.status for verdict in scanned.verdicts}
    assert found == STATUSES
    assert set(found.values()) == set(Status)


def test_the_exclusion_is_contradicted_by_each_of_its_conditions(scanned: ScanResult) -> None:
    first = scanned.verdicts[0]
    loudest = [reason for reason in first.reasons if reason.status is Status.EXCLUSION_CONTRADICTED]
    assert [reason.rule for reason in loudest] == [
        f"entries.recruiting-screen.conditions[{number}]" for number in (0, 1)
    ]
    assert "mistral" in loudest[1].text


def test_the_ledger_is_whole() -> None:
    verification = verify(ACME / "aims-decisions.jsonl", ())
    assert verification.good
    assert verification.notices == ()


def test_the_ledger_says_what_was_decided(tmp_path: Path) -> None:
    """When this fails, `python -m tests.examples.acme_ledger` writes ledger and baselines anew; look at the difference."""
    acme = tmp_path / "acme"
    shutil.copytree(ACME, acme)
    rebuild(acme)
    assert load_scope(acme / "aims-scope.yaml").document == load_scope(ACME / "aims-scope.yaml").document
    assert _decided(acme) == _decided(ACME)


def _decided(acme: Path) -> list[dict[str, object]]:
    """The events without what depends on the knowledge base of the day: its hash, that of the evidence, and the chain."""
    events = [asdict(event) for event in load(acme / "aims-decisions.jsonl").order]
    return [
        {name: value for name, value in event.items() if name not in {"id", "parents", "refers", "catalog", "evidence"}}
        for event in events
    ]
