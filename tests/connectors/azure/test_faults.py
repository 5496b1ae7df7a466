"""What goes wrong: the rest is found, and coverage says what was not seen and which permission would show it."""

from __future__ import annotations

import dataclasses

import pytest

from connectors.model import Outcome
from tests.connectors.azure.fake_azure import FakeAzure, Fault
from tests.connectors.azure.scanning import TARGET, connector, scan

AI = "global/cognitive-services"


def two_accounts(azure: FakeAzure, number: int = 1) -> str:
    subscription = azure.subscription(number, f"Number {number}")
    for name in ("one", "two"):
        account = azure.resource(
            subscription, "Microsoft.CognitiveServices/accounts", name, kind="OpenAI",
            properties={"endpoint": f"https://{name}-{number}.openai.azure.com/"},
        )  # fmt: skip
        for deployment in ("a", "b", "c"):
            azure.child(account, "deployments", deployment, properties={"model": {"name": "gpt-4o"}})
    return subscription


@pytest.mark.parametrize(
    ("what", "outcome", "said"),
    [
        ("403", Outcome.PARTIAL, "grant Microsoft.CognitiveServices/accounts/deployments/read"),
        ("500", Outcome.PARTIAL, "scan again"),
        ("html", Outcome.PARTIAL, "not JSON"),
        ("list", Outcome.PARTIAL, "not a list"),
        ("hang", Outcome.PARTIAL, "did not answer in time"),
        ("elsewhere", Outcome.PARTIAL, "another host"),
        ("again", Outcome.PARTIAL, "read before"),
        ("429", Outcome.PARTIAL, "throttled"),
    ],
)
def test_one_list_that_fails_hides_only_itself(azure: FakeAzure, what: str, outcome: Outcome, said: str) -> None:
    subscription = two_accounts(azure)
    azure.faults.append(Fault("accounts/one/deployments?", what))

    result = scan(azure, "cognitive-services", retries=1)

    assert len(result.of("cognitive-services/openai-account")) == 2
    found = result.of("cognitive-services/deployment")
    assert sum("/accounts/two/" in name for name in found) == 3
    coverage = result.covered(subscription, AI)
    assert coverage.outcome is outcome
    assert said in coverage.reason
    assert "Microsoft.CognitiveServices/accounts/deployments" in coverage.reason
    assert "jo@example.com" not in coverage.reason


def test_what_fails_on_a_later_page_keeps_the_pages_before(azure: FakeAzure) -> None:
    subscription = two_accounts(azure)
    azure.faults.append(Fault("accounts/one/deployments?", "500", after=1))

    result = scan(azure, "cognitive-services", retries=0)

    assert len(result.of("cognitive-services/deployment")) == 5
    assert "page 2" in result.covered(subscription, AI).reason


def test_throttling_is_waited_out(azure: FakeAzure) -> None:
    two_accounts(azure)
    azure.faults += [Fault("ResourceGraph", "429", times=1), Fault("deployments", "429", times=2)]

    result = scan(azure, "cognitive-services")

    assert len(result.of("cognitive-services/deployment")) == 6
    assert not result.incomplete


def test_a_list_of_too_many_pages_is_partial(azure: FakeAzure) -> None:
    subscription = two_accounts(azure)

    result = scan(azure, "cognitive-services", max_pages=1)

    coverage = result.covered(subscription, AI)
    assert coverage.outcome is Outcome.PARTIAL
    assert "raise `max_pages`" in coverage.reason


def test_a_question_to_the_graph_of_too_many_pages_is_partial(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    for number in range(5):
        azure.resource(subscription, "Microsoft.Search/searchServices", f"search-{number}")

    result = scan(azure, "ai-search", max_pages=2)

    assert len(result.of("ai-search/search-service")) == 4
    coverage = result.covered(subscription, "global/ai-search")
    assert coverage.outcome is Outcome.PARTIAL
    assert "Resource Graph has more than 2 pages; raise `max_pages`" in coverage.reason


def test_a_subscription_without_permission_is_denied_and_not_empty(azure: FakeAzure) -> None:
    denied, good = two_accounts(azure, 1), two_accounts(azure, 2)
    azure.allowed[denied] = ["Microsoft.Authorization/*/read"]
    azure.tables["resources"] = [row for row in azure.tables["resources"] if row["subscriptionId"] != denied]

    result = scan(azure, "cognitive-services")

    assert len(result.of("cognitive-services/deployment")) == 6
    assert result.covered(good, AI).outcome is Outcome.COMPLETE
    coverage = result.covered(denied, AI)
    assert coverage.outcome is Outcome.DENIED
    assert "grant Microsoft.CognitiveServices/accounts/read" in coverage.reason


def test_a_subscription_that_the_user_names_and_nobody_sees_is_denied(azure: FakeAzure) -> None:
    good = two_accounts(azure)
    hidden = "11111111-1111-4111-8111-111111111111"

    result = scan(azure, "cognitive-services", subscriptions=(good, hidden.upper()))

    assert result.plan.sources == tuple(sorted((f"account:azure:{good}", f"account:azure:{hidden}")))
    coverage = result.covered(hidden, "")
    assert coverage.outcome is Outcome.DENIED
    assert "Reader" in coverage.reason


def test_a_subscription_that_the_graph_refuses_does_not_hide_the_others(azure: FakeAzure) -> None:
    subscriptions = [two_accounts(azure, number) for number in (1, 2, 3)]
    azure.faults.append(Fault(f'"{subscriptions[1]}"', "403"))

    result = scan(azure, "cognitive-services")

    assert len(result.of("cognitive-services/deployment")) == 12
    outcomes = [result.covered(name, AI).outcome for name in subscriptions]
    assert outcomes == [Outcome.COMPLETE, Outcome.DENIED, Outcome.COMPLETE]


def test_a_graph_that_fails_is_failed_for_all_and_not_asked_for_each(azure: FakeAzure) -> None:
    subscriptions = [two_accounts(azure, number) for number in (1, 2, 3)]
    azure.faults.append(Fault("accounts", "500"))
    azure.faults.append(Fault("ResourceGraph", "500"))

    result = scan(azure, "cognitive-services", retries=0)

    assert {result.covered(name, AI).outcome for name in subscriptions} == {Outcome.FAILED}
    assert not result.of("cognitive-services/openai-account")
    assert len([said for said in azure.asked if "ResourceGraph" in said]) == 2


@pytest.mark.parametrize("how", ["limit_hit", "truncated"])
def test_an_answer_that_the_graph_cut_off_is_partial(azure: FakeAzure, how: str) -> None:
    subscription = two_accounts(azure)
    setattr(azure, how, True)

    result = scan(azure, "cognitive-services")

    assert len(result.of("cognitive-services/deployment")) == 6
    assert result.covered(subscription, AI).outcome is Outcome.PARTIAL


def test_credentials_that_run_out_end_the_scan_quickly_and_lose_nothing_found(azure: FakeAzure) -> None:
    subscriptions = [two_accounts(azure, number) for number in range(1, 9)]
    azure.faults.append(Fault("deployments?", "401 ExpiredAuthenticationToken", after=4))

    result = scan(azure, "", concurrency=1)

    assert result.of("cognitive-services/openai-account")
    assert result.of("cognitive-services/deployment")
    first = [one for one in result.coverage if one.source.endswith(subscriptions[0])]
    assert Outcome.COMPLETE in {one.outcome for one in first}
    lost = [one for one in result.coverage if one.outcome is Outcome.FAILED]
    assert len(lost) > 7 * len(result.plan.tasks) // 10
    assert all("sign in again" in one.reason for one in lost)
    assert {(task.source, task.scope) for task in result.plan.tasks} == {
        (one.source, one.scope) for one in result.coverage
    }
    assert len([said for said in azure.asked if "deployments?" in said]) < 10


def test_without_credentials_nothing_is_asked_twice(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    two_accounts(azure)
    monkeypatch.delenv("AIMSCOPE_TEST_TOKEN")

    result = scan(azure)

    (coverage,) = result.coverage
    assert coverage.source == "account:azure:tenant"
    assert coverage.outcome is Outcome.DENIED
    assert "AIMSCOPE_TEST_TOKEN" in coverage.reason
    assert azure.asked == []


def test_subscriptions_that_cannot_be_listed_are_failed_by_name(azure: FakeAzure) -> None:
    subscription = two_accounts(azure)
    azure.faults.append(Fault("/subscriptions?", "500"))

    result = scan(azure, subscriptions=(subscription,), retries=0)

    assert result.plan.tasks == ()
    assert result.covered(subscription, "").outcome is Outcome.FAILED


def test_a_subscription_of_another_tenant_is_denied_alone(azure: FakeAzure) -> None:
    other, own = two_accounts(azure, 1), two_accounts(azure, 2)
    azure.faults.append(Fault(f"/subscriptions/{other}/", "401 InvalidAuthenticationTokenTenant"))

    result = scan(azure, "cognitive-services")

    assert result.covered(own, AI).outcome is Outcome.COMPLETE
    coverage = result.covered(other, AI)
    assert coverage.outcome is Outcome.PARTIAL
    assert "another tenant" in coverage.reason


def test_a_preview_that_a_location_lacks_is_asked_for_once_there(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    for number in range(5):
        azure.resource(subscription, "Microsoft.CognitiveServices/accounts", f"ai-{number}", kind="AIServices")
    azure.faults.append(Fault("arcDeployments", "400 NoRegisteredProviderFound"))

    result = scan(azure, "cognitive-services")

    assert result.covered(subscription, AI).outcome is Outcome.COMPLETE
    assert len([said for said in azure.asked if "arcDeployments" in said]) == 1


def test_a_service_that_a_subscription_lacks_is_not_applicable(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    azure.faults.append(Fault("Microsoft.VideoIndexer", "409 MissingSubscriptionRegistration"))

    result = scan(azure, "video-indexer")

    assert result.covered(subscription, "global/video-indexer").outcome is Outcome.NOT_APPLICABLE


def test_a_deleted_subscription_is_not_asked(azure: FakeAzure) -> None:
    gone = azure.subscription(1, "Gone", state="Deleted")

    result = scan(azure)

    assert result.plan.tasks == ()
    assert result.covered(gone, "").outcome is Outcome.NOT_APPLICABLE


def test_a_task_runs_in_a_process_that_has_not_planned(azure: FakeAzure) -> None:
    subscription = two_accounts(azure)
    task = next(one for one in connector(azure).plan().tasks if one.scope == AI)

    result = connector(azure, dataclasses.replace(TARGET)).run(task)

    assert len([one for one in result.observations if "deployments" in one.name]) == 6
    assert result.coverage[0].source == f"account:azure:{subscription}"
    assert result.coverage[0].outcome is Outcome.COMPLETE
