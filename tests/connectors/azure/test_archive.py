"""An archive gives the same scan again, and holds nothing that must not be kept."""

from __future__ import annotations

from pathlib import Path

from connectors.api.archive import Archive
from tests.connectors.azure.fake_azure import TOKEN, FakeAzure, Fault
from tests.connectors.azure.scanning import connector, scan

SECRET = "a-value-that-must-never-be-kept"


def an_estate(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop", groups=["Acme"])
    account = azure.resource(
        subscription, "Microsoft.CognitiveServices/accounts", "AI", kind="AIServices",
        tags={"createdBy": "jo@example.com"}, systemData={"createdBy": "jo@example.com"},
    )  # fmt: skip
    for name in ("a", "b", "c"):
        azure.child(
            account,
            "deployments",
            name,
            properties={"model": {"name": "gpt-4o"}},
            systemData={"createdBy": "jo@example.com"},
        )
    azure.child(account, "connections", "c", properties={"credentials": {"key": SECRET}, "category": "ApiKey"})
    azure.resource(subscription, "Microsoft.App/containerApps", "app", properties={
        "template": {"containers": [{"image": "x", "env": [{"name": "OPENAI_API_KEY", "value": SECRET}]}]},
    })  # fmt: skip
    azure.metrics[account.lower()] = {"AzureOpenAIRequests": {"a": [1.0]}}
    azure.faults.append(Fault("raiPolicies", "403"))


def test_a_replay_gives_the_same_without_network(azure: FakeAzure, tmp_path: Path) -> None:
    an_estate(azure)
    live = scan(azure, asked=connector(azure, archive=Archive.recording(tmp_path / "archive")))
    asked = len(azure.asked)

    replayed = scan(azure, asked=connector(azure, archive=Archive.replaying(tmp_path / "archive")))

    assert len(azure.asked) == asked
    assert replayed.observations == live.observations
    assert replayed.coverage == live.coverage
    assert replayed.plan == live.plan
    assert any("usage" in repr(one.kind) for one in live.observations)


def test_nothing_secret_stands_in_the_archive_or_in_what_is_handed_on(azure: FakeAzure, tmp_path: Path) -> None:
    an_estate(azure)
    result = scan(azure, asked=connector(azure, archive=Archive.recording(tmp_path / "archive")))

    written = "".join(file.read_text() for file in (tmp_path / "archive").iterdir()) + repr(result)
    assert "OPENAI_API_KEY" in written
    for secret in (SECRET, TOKEN, "jo@example.com"):
        assert secret not in written


def test_the_same_answers_give_the_same_whatever_runs_at_once(azure: FakeAzure) -> None:
    an_estate(azure)

    alone, together = scan(azure, concurrency=1), scan(azure, concurrency=8)

    assert alone.observations == together.observations
    assert alone.coverage == together.coverage
