"""What a scan of an estate finds."""

from __future__ import annotations

from connectors.model import ObservationKind, Outcome
from tests.connectors.azure.fake_azure import FakeAzure
from tests.connectors.azure.scanning import scan


def a_shop(azure: FakeAzure) -> str:
    subscription = azure.subscription(1, "Shop", groups=["Retail", "Acme"], tags={"entity": "Acme Retail"})
    account = azure.resource(
        subscription, "Microsoft.CognitiveServices/accounts", "Shop-AI", kind="OpenAI", sku={"name": "S0"},
        tags={"owner": "jo@example.com"}, location="West Europe",
        identity={"type": "SystemAssigned", "principalId": "AAAA-1"},
        properties={"endpoint": "https://Shop-AI.openai.azure.com/", "provisioningState": "Succeeded"},
    )  # fmt: skip
    for name, model in (("chat", "gpt-4o"), ("embed", "text-embedding-3-large"), ("mini", "gpt-4o-mini")):
        azure.child(
            account, "deployments", name, sku={"name": "GlobalStandard", "capacity": 10},
            properties={"model": {"format": "OpenAI", "name": model, "version": "2"}, "raiPolicyName": "Strict"},
        )  # fmt: skip
    azure.child(account, "raiPolicies", "Strict", properties={"type": "UserManaged", "mode": "Blocking"})
    azure.child(account, "raiPolicies", "Microsoft.Default", properties={"type": "SystemManaged"})
    azure.metrics[account.lower()] = {"AzureOpenAIRequests": {"chat": [3.0, 4.0], "mini": [0.0]}}
    return subscription


def test_an_account_with_its_deployments_is_found_whole_and_once(azure: FakeAzure) -> None:
    subscription = a_shop(azure)

    result = scan(azure, "cognitive-services")

    (account,) = result.of("cognitive-services/openai-account").values()
    assert account.kind is ObservationKind.ASSET
    assert account.name == (
        f"/subscriptions/{subscription}/resourcegroups/shop-rg/providers/microsoft.cognitiveservices/accounts/shop-ai"
    )
    assert account.location.source == f"account:azure:{subscription}"
    assert account.attributes["hosts"] == ("shop-ai.openai.azure.com",)
    assert account.attributes["group"] == "shop-rg"
    assert account.attributes["region"] == "westeurope"
    assert account.attributes["identities"] == ("aaaa-1",)
    assert account.attributes["tag:owner"] == "jo@example.com"
    deployments = result.of("cognitive-services/openai-deployment")
    assert {one.attributes["models"] for one in deployments.values()} == {
        ("gpt-4o",), ("text-embedding-3-large",), ("gpt-4o-mini",),
    }  # fmt: skip
    chat = deployments[f"{account.name}/deployments/chat"]
    assert chat.attributes["parent"] == account.name
    assert chat.attributes["content_filter"] == "Strict"
    assert chat.attributes["model_version"] == "2"
    assert chat.attributes["sku"] == "GlobalStandard"
    assert set(chat.attributes["refs"]) <= set(result.of("cognitive-services/rai-policy"))  # type: ignore[arg-type]
    assert not result.incomplete


def test_every_observation_stands_in_a_part_that_coverage_names(azure: FakeAzure) -> None:
    a_shop(azure)

    result = scan(azure)

    covered = {(one.source, one.scope) for one in result.coverage}
    assert {(one.location.source, one.location.path) for one in result.observations} <= covered
    assert {(task.source, task.scope) for task in result.plan.tasks} == covered


def test_use_is_proved_by_a_metric_above_nothing(azure: FakeAzure) -> None:
    a_shop(azure)

    uses = scan(azure, "cognitive-services").of("cognitive-services/openai-use")

    (use,) = uses.values()
    assert use.kind is ObservationKind.USAGE
    assert use.attributes["amount"] == 7
    assert str(use.attributes["parent"]).endswith("/accounts/shop-ai/deployments/chat")


def test_what_the_provider_made_is_counted_and_not_handed_on(azure: FakeAzure) -> None:
    subscription = a_shop(azure)

    result = scan(azure, "cognitive-services")

    assert [one.attributes["title"] for one in result.of("cognitive-services/rai-policy").values()] == ["Strict"]
    assert result.covered(subscription, "global/cognitive-services").counts["dropped"] == 1


def test_an_account_stands_under_its_management_groups(azure: FakeAzure) -> None:
    subscription = a_shop(azure)

    result = scan(azure)

    (account,) = [one for one in result.observations if one.kind is ObservationKind.ACCOUNT]
    assert account.name == f"/subscriptions/{subscription}"
    assert account.attributes["title"] == "Shop"
    assert account.attributes["unit"] == "Retail"
    assert account.attributes["path"] == "Acme/Retail"
    assert account.attributes["tag:entity"] == "Acme Retail"
    assert result.covered(subscription, "global/subscription").outcome is Outcome.COMPLETE
    assert result.plan.titles == ((f"account:azure:{subscription}", "Shop"),)


def test_deployments_of_two_providers_are_read_from_one_list(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    account = azure.resource(subscription, "Microsoft.CognitiveServices/accounts", "Foundry", kind="AIServices")
    for name, maker, model in (("chat", "OpenAI", "gpt-4o"), ("local", "Mistral AI", "Mistral-Large-3")):
        azure.child(account, "deployments", name, properties={"model": {"format": maker, "name": model}})

    result = scan(azure, "cognitive-services")

    assert [one.attributes["models"] for one in result.of("cognitive-services/openai-deployment").values()] == [
        ("gpt-4o",)
    ]
    assert [one.attributes["models"] for one in result.of("cognitive-services/deployment").values()] == [
        ("Mistral-Large-3",)
    ]
    assert len([said for said in azure.asked if "/deployments?" in said]) == 1
