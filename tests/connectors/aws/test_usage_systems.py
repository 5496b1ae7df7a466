"""From use to systems: what the account uses without a resource is a system of it, what it only may use a candidate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from classifiers.catalog import load
from classifiers.model import Strength, SystemKind
from classifiers.resources import ResourceMeanings
from connectors.api.asset import asset
from connectors.aws.rows import read_services
from connectors.model import Observation
from inventory.assets import Group, group_assets
from inventory.estate import DEFAULT_KEYS
from tests.connectors.aws.fake_aws import Estate, FakeAws
from tests.connectors.aws.usage_estate import OWN, REGION, SERVICES, scan

CLAUDE = "anthropic.claude-sonnet-4-20250514-v1:0"
ENDPOINT = f"arn:aws:sagemaker:{REGION}:{OWN}:endpoint/churn"
ROWS = {service.row_id(row): row for service in read_services(SERVICES) for row in service.rows}


def seen(row: str, name: str, **facts: object) -> Observation:
    found: Observation = asset(
        ROWS[f"aws/{row}"].kind, f"aws/{row}", name, source=f"account:aws:{OWN}", scope=REGION, **facts
    )  # type: ignore[arg-type]
    return found


def systems(*observations: Observation) -> dict[str, Group]:
    findings = ResourceMeanings(SERVICES, load(())).classify(observations)
    return {group.title: group for group in group_assets(findings, DEFAULT_KEYS)}


def test_a_model_that_is_called_is_a_system_of_the_account() -> None:
    used = seen("usage-metrics/bedrock-model", "arn:aws:cloudwatch:metric", models=(CLAUDE,))
    (system,) = systems(used, seen("usage-cost/bedrock", "arn:aws:ce:bill")).values()
    assert system.kind is SystemKind.AI_SYSTEM
    assert system.anchors == [f"account:aws:{OWN}/amazon-bedrock"]
    assert {finding.strength for finding in system.findings} == {Strength.USE}
    assert {finding.model_family for finding in system.findings} >= {"claude"}


def test_who_may_call_a_model_is_a_candidate_until_one_is_called() -> None:
    grant = seen("usage-permissions/bedrock", "arn:aws:iam::role/a#bedrock", identities=("arn:aws:iam::role/a",))
    (candidate,) = systems(grant).values()
    assert candidate.kind is SystemKind.CANDIDATE
    (system,) = systems(grant, seen("usage-last-used/bedrock", "arn:aws:iam::role/a#bedrock-used")).values()
    assert system.kind is SystemKind.AI_SYSTEM


def test_calls_of_an_endpoint_are_evidence_of_its_system() -> None:
    endpoint = seen("sagemaker/endpoint", ENDPOINT)
    (system,) = systems(endpoint, seen("usage-metrics/sagemaker-endpoint", "arn:metric", refs=(ENDPOINT,))).values()
    assert system.anchors == [ENDPOINT]
    assert {finding.strength for finding in system.findings} == {Strength.ENABLED, Strength.USE}


@pytest.fixture
def anything() -> Iterator[FakeAws]:
    server = FakeAws(
        Estate(regions=(REGION,)), tuple(sorted({row.client for row in ROWS.values() if row.client} | {"bedrock"}))
    ).start()
    yield server
    server.stop()


def test_answers_of_any_valid_shape_are_taken(anything: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.aws.usage_trail._APART", 0.0)
    monkeypatch.setattr("connectors.aws.last_used._TRIES", 1)
    usage = ("cost", "metrics", "bedrock", "permissions", "organization", "trail", "last-used")
    given = scan({"aws": anything.url}, usage=usage, organization=True)
    scopes = {one.scope for one in given.coverage}
    assert {f"global/usage-{name}" for name in ("cost", "bedrock", "permissions", "organization")} <= scopes
    assert {f"{REGION}/usage-{name}" for name in ("metrics", "bedrock", "trail")} <= scopes
    keys = [(one.matchers, one.name) for one in given.observations]
    assert len(keys) == len(set(keys))
