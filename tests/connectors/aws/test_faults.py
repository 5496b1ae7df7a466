"""What goes wrong is told where it hides something, with the mend; everything else is found."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.aws import Target
from connectors.model import Outcome
from tests.connectors.aws.estate import Scan, connector, fake, scan
from tests.connectors.aws.fake_aws import Asked, Estate, Fault

ACCOUNT = "111111111111"
SERVICES = ("bedrock-agent", "lexv2-models", "personalize")
AGENTS = "us-east-1/bedrock-agent"


def asked_of(service: str, operation: str = "") -> Any:
    return lambda asked: asked.service == service and operation in {"", asked.operation}


def scan_with(
    *faults: Fault, target: Target | None = None, estate: Estate | None = None, **manners: Any
) -> tuple[Scan, Estate]:
    estate = estate or Estate()
    estate.faults += faults
    with fake(estate) as server:
        return scan(connector(server.url, target or Target(services=SERVICES), **manners)), estate


def test_a_service_that_is_denied_is_told_with_the_action_and_the_others_are_found() -> None:
    seen, _ = scan_with(Fault(lambda asked: asked.service.startswith("bedrock-agent"), 403, "AccessDeniedException"))
    assert seen.outcomes()[AGENTS] is Outcome.DENIED
    assert "bedrock:ListAgents is denied" in seen.reason(AGENTS)
    assert seen.outcomes()["us-east-1/lexv2-models"] is Outcome.COMPLETE
    assert seen.by_row()["aws/lexv2-models/bot"] == 3


def test_one_list_that_is_denied_leaves_its_service_partial() -> None:
    seen, _ = scan_with(Fault(asked_of("bedrock-agent", "ListFlows"), 403, "AccessDeniedException"))
    assert seen.outcomes()[AGENTS] is Outcome.PARTIAL
    assert "bedrock:ListFlows" in seen.reason(AGENTS)
    assert seen.by_row()["aws/bedrock-agent/agent"] == 3
    assert "aws/bedrock-agent/flow" not in seen.by_row()


def test_what_a_denied_detail_would_tell_is_missing_and_the_thing_is_not() -> None:
    seen, _ = scan_with(Fault(asked_of("bedrock-agent", "GetAgent"), 403, "AccessDeniedException"))
    agents = [one for one in seen.observations if one.matchers == ("aws/bedrock-agent/agent",)]
    assert len(agents) == 3
    assert not any("models" in one.attributes for one in agents)
    assert seen.outcomes()[AGENTS] is Outcome.PARTIAL
    assert "bedrock:GetAgent is denied" in seen.reason(AGENTS)


def test_an_account_whose_role_cannot_be_assumed_does_not_stop_the_others() -> None:
    accounts = {ACCOUNT: "management", "222222222222": "closed", "333333333333": "open"}
    closed = Fault(
        lambda asked: asked.operation == "AssumeRole" and "222222222222" in asked.params["RoleArn"], 403, "AccessDenied"
    )
    seen, _ = scan_with(
        closed,
        target=Target(organization=True, role="reader", services=("bedrock-agent",)),
        estate=Estate(accounts=accounts, regions=("us-east-1", "eu-west-1")),
    )
    assert "account:aws:222222222222" in seen.sources
    told = [one for one in seen.coverage if one.source == "account:aws:222222222222"]
    assert [(one.scope, one.outcome) for one in told] == [("", Outcome.DENIED)]
    assert "arn:aws:iam::222222222222:role/reader cannot be assumed" in told[0].reason
    assert seen.by_row()["aws/bedrock-agent/agent"] == 2 * 2 * 3


def test_a_throttle_that_passes_is_waited_for() -> None:
    seen, estate = scan_with(Fault(asked_of("bedrock-agent", "ListAgents"), 400, "ThrottlingException", times=2))
    assert seen.outcomes()[AGENTS] is Outcome.COMPLETE
    assert seen.by_row()["aws/bedrock-agent/agent"] == 3
    assert estate.asked["bedrock-agent", "ListAgents"] == 4


def test_a_throttle_that_lasts_is_told() -> None:
    seen, _ = scan_with(Fault(asked_of("bedrock-agent", "ListAgents"), 400, "ThrottlingException"))
    assert seen.outcomes()[AGENTS] is Outcome.PARTIAL
    assert "bedrock:ListAgents was throttled" in seen.reason(AGENTS)


def test_a_service_that_fails_for_a_moment_is_asked_again() -> None:
    seen, _ = scan_with(Fault(asked_of("personalize"), 500, times=2))
    assert seen.outcomes()["us-east-1/personalize"] is Outcome.COMPLETE


def test_a_service_that_fails_is_told() -> None:
    seen, _ = scan_with(Fault(asked_of("personalize"), 500))
    assert seen.outcomes()["us-east-1/personalize"] is Outcome.FAILED
    assert seen.by_row()["aws/lexv2-models/bot"] == 3


def test_a_service_that_keeps_silent_is_given_up() -> None:
    silent = Fault(asked_of("lexv2-models"), 0)
    seen, _ = scan_with(silent, target=Target(services=SERVICES, tiers=("A",)), read_seconds=0.8, retries=0)
    assert seen.outcomes()["us-east-1/lexv2-models"] is Outcome.FAILED
    assert "no answer in time" in seen.reason("us-east-1/lexv2-models")
    assert seen.outcomes()[AGENTS] is Outcome.COMPLETE


@pytest.mark.parametrize(
    "body", [b"<html>proxy</html>", b'{"agentSummaries": [{"agentId"', b'["agentSummaries"]', b'{"agentSummaries": 5}']
)
def test_a_page_that_is_no_answer_is_not_taken_for_an_empty_one(body: bytes) -> None:
    seen, _ = scan_with(Fault(asked_of("bedrock-agent", "ListAgents"), 200, body=body))
    assert seen.outcomes()[AGENTS] is Outcome.PARTIAL
    assert "bedrock:ListAgents: the answer cannot be read" in seen.reason(AGENTS)


def test_credentials_that_expire_stop_the_questions_to_their_account() -> None:
    count = 0

    def later(asked: Asked) -> bool:
        nonlocal count
        count += asked.service in SERVICES
        return asked.service in SERVICES and count > 10

    seen, estate = scan_with(Fault(later, 403, "ExpiredTokenException"), target=Target(services=SERVICES))
    failed = [scope for scope, outcome in seen.outcomes().items() if outcome.incomplete]
    assert failed
    assert all("expired" in seen.reason(scope) for scope in failed)
    assert seen.observations
    assert sum(estate.asked[service, operation] for service, operation in estate.asked if service in SERVICES) < 30


def test_a_list_that_leads_back_to_its_page_ends() -> None:
    body = b'{"agentSummaries": [], "nextToken": "same"}'
    seen, estate = scan_with(Fault(asked_of("bedrock-agent", "ListAgents"), 200, body=body))
    assert "the list repeats a page" in seen.reason(AGENTS)
    assert estate.asked["bedrock-agent", "ListAgents"] == 2


def test_tags_that_may_not_be_seen_are_told_and_hide_no_resource() -> None:
    seen, _ = scan_with(Fault(asked_of("resourcegroupstaggingapi"), 403, "AccessDeniedException"))
    assert seen.outcomes()["us-east-1/resourcegroupstaggingapi"] is Outcome.DENIED
    assert "tag:GetResources" in seen.reason("us-east-1/resourcegroupstaggingapi")
    assert seen.by_row()["aws/bedrock-agent/agent"] == 3


def test_a_service_that_an_account_has_not_is_not_incomplete() -> None:
    seen, _ = scan_with(Fault(asked_of("personalize"), 403, "OptInRequired"))
    assert seen.outcomes()["us-east-1/personalize"] is Outcome.NOT_APPLICABLE


def test_without_credentials_nothing_is_asked_and_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    seen = scan(connector("http://127.0.0.1:9"))
    assert [(one.source, one.outcome) for one in seen.coverage] == [("aws", Outcome.FAILED)]
    assert "there are no AWS credentials" in seen.coverage[0].reason


def test_an_endpoint_that_cannot_be_reached_is_told() -> None:
    seen = scan(connector("http://127.0.0.1:9", retries=0))
    assert seen.coverage[0].outcome is Outcome.FAILED
    assert "cannot be reached" in seen.coverage[0].reason
