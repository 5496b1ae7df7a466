"""Every operation of the rows, asked of a fake that answers under botocore's own service models."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.api.archive import Archive
from connectors.aws import Target
from connectors.model import ObservationKind, Outcome
from tests.connectors.aws.estate import ROWS, Scan, connector, fake, scan
from tests.connectors.aws.fake_aws import Asked, Estate, FakeAws

ACCOUNT = "111111111111"
SOURCE = f"account:aws:{ACCOUNT}"
NARROWED = {"datazone", "entityresolution", "sso-admin", "pinpoint"}
"""Services whose rows keep only some of what their lists hold."""


@pytest.fixture(scope="module")
def server() -> Iterator[FakeAws]:
    with fake(Estate(regions=("us-east-1",))) as serving:
        yield serving


@pytest.fixture(scope="module")
def everything(server: FakeAws) -> Scan:
    return scan(connector(server.url, Target(tiers=("A", "B", "C", "D"))))


def test_everything_that_every_operation_lists_is_found_once(server: FakeAws, everything: Scan) -> None:
    found = everything.by_row()
    listed = server.estate.listed
    for service in ROWS:
        for row in service.rows:
            if service.name in NARROWED or row.keep or row.signs:
                continue
            expected = listed[ACCOUNT, "us-east-1", row.client or service.name, row.operation]
            assert found[service.row_id(row)] == expected, row.id
            assert expected or "us-east-1" not in everything.outcomes(), row.id
    keys = [(one.matchers, one.name) for one in everything.observations]
    assert len(keys) == len(set(keys))


def test_every_scope_that_was_asked_is_complete(everything: Scan) -> None:
    assert [one for one in everything.coverage if one.outcome is not Outcome.COMPLETE] == []


def test_the_tier_next_to_ai_is_asked_only_if_wanted(server: FakeAws) -> None:
    seen = scan(connector(server.url))
    assert not any(scope.endswith(("/iam", "/opensearch", "/glue")) for scope in seen.outcomes())


def test_the_parts_of_a_system_name_one_another(everything: Scan) -> None:
    known = {one.name: one for one in everything.observations if one.kind is ObservationKind.ASSET}
    agents = [one for one in known.values() if one.matchers == ("aws/bedrock-agent/agent",)]
    assert agents
    assert all(one.attributes["models"] for one in agents)
    aliases = [one for one in known.values() if one.matchers == ("aws/bedrock-agent/agent-alias",)]
    assert {one.attributes["parent"] for one in aliases} == {one.name for one in agents}


def test_an_account_says_what_its_organisation_says_of_it(everything: Scan) -> None:
    (account,) = (one for one in everything.observations if one.kind is ObservationKind.ACCOUNT)
    assert account.attributes["title"] == "management"
    assert account.attributes["tag:unit"] == "retail"
    assert account.attributes["refs"] == ("Workloads", "ou-abcd-12345678")


def test_a_replay_without_network_and_credentials_gives_the_same(
    server: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target(services=("bedrock-agent", "bedrock", "sagemaker", "qbusiness"))
    recorded = scan(connector(server.url, target, Archive.recording(tmp_path / "archive")))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    replayed = scan(connector("http://127.0.0.1:9", target, Archive.replaying(tmp_path / "archive")))
    assert replayed == recorded
    assert recorded.observations


def test_no_prompt_and_no_credential_is_archived(server: FakeAws, tmp_path: Path) -> None:
    scan(
        connector(
            server.url, Target(role="reader", accounts=("222222222222",)), Archive.recording(tmp_path / "archive")
        )
    )
    text = "".join(file.read_text() for file in sorted((tmp_path / "archive").glob("*.jsonl")))
    assert text
    for secret in ("SessionToken", '"session"', 'secret"'):
        assert secret not in text
    answers = [json.loads(line.partition(" ")[2])["answer"] for line in text.splitlines()]
    said = {key for one in answers for key, value in strings(one) if value != "…" and key in SAYING}
    assert not said


SAYING = {"instruction", "collaborationInstruction", "systemPrompt", "text", "inputText", "payload", "Question"}
"""Keys under which prompts, programs and people speak."""


def strings(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield from strings(held, name)
    elif isinstance(value, list):
        for held in value:
            yield from strings(held, key)
    elif isinstance(value, str):
        yield key, value


def test_all_accounts_of_an_organisation_are_asked_in_all_their_regions() -> None:
    accounts = {"111111111111": "management", "222222222222": "shop", "333333333333": "bank"}
    with fake(Estate(accounts=accounts, regions=("us-east-1", "eu-west-1"))) as serving:
        made = connector(serving.url, Target(organization=True, role="reader", services=("bedrock-agent",)))
        seen = scan(made)
        assert seen.sources == tuple(f"account:aws:{account}" for account in accounts)
        assert dict(made.plan().titles)["account:aws:333333333333"] == "bank"
    agents = {one.name for one in seen.observations if one.matchers == ("aws/bedrock-agent/agent",)}
    assert len(agents) == 3 * 3 * 2
    assert {name.split(":")[4] for name in agents} == set(accounts)


def test_more_accounts_than_requests_at_once_are_entered_at_the_same_time() -> None:
    accounts = {f"{number:012d}": "" for number in range(111111111111, 111111111111 + 6)}
    found: list[Scan] = []
    with fake(Estate(accounts=accounts)) as serving:
        made = connector(serving.url, Target(organization=True, role="reader", services=("kendra",)), concurrency=2)
        thread = threading.Thread(target=lambda: found.append(scan(made)), daemon=True)
        thread.start()
        thread.join(60)
    assert found, "each request waits for a role, and each role for a place among the requests"
    assert len(found[0].sources) == len(accounts)


def test_a_region_that_is_named_but_not_enabled_is_told(server: FakeAws) -> None:
    seen = scan(connector(server.url, Target(regions=("us-east-1", "eu-west-9"), services=("bedrock",))))
    assert seen.outcomes()["eu-west-9"] is Outcome.NOT_APPLICABLE


def test_activity_is_asked_within_a_window_and_bounded(server: FakeAws) -> None:
    seen = scan(connector(server.url, Target(services=("sagemaker",), max_activity=2)))
    assert seen.by_row()["aws/sagemaker/training-job"] == 2
    told = next(one for one in seen.coverage if one.scope == "us-east-1/sagemaker")
    assert told.outcome is Outcome.COMPLETE
    assert told.counts["left_out"] > 0
    asked = next(one for one in server.estate.log if one.operation == "ListTrainingJobs")
    assert asked.params["CreationTimeAfter"]


def test_what_the_provider_lists_of_its_own_is_counted_and_left_out() -> None:
    def catalogue(asked: Asked) -> int:
        return 2 if asked.operation == "ListHubs" else 0

    with fake(Estate(count=catalogue)) as serving:
        seen = scan(connector(serving.url, Target(services=("sagemaker",))))
    assert seen.by_row()["aws/sagemaker/hub"] == 2


def test_a_list_that_is_longer_than_its_bound_is_partial(server: FakeAws) -> None:
    seen = scan(connector(server.url, Target(services=("comprehend",), tiers=("A",), max_pages=1)))
    assert seen.outcomes()["us-east-1/comprehend"] is Outcome.PARTIAL
    assert "raise `max_pages`" in seen.reason("us-east-1/comprehend")
