"""The parts that a scan is made of."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.api.errors import ApiError
from connectors.azure import Target
from connectors.azure.arm import Arm
from connectors.azure.credentials import Bearer
from connectors.azure.graph import Graph, Questions
from connectors.azure.ids import canonical, group_of, host_of, parent_of
from connectors.azure.rows import How, RowError, read_services
from connectors.azure.target import CLOUDS
from tests.connectors.azure.fake_azure import FakeAzure
from tests.connectors.azure.scanning import TARGET, connector, services

ROW = {"id": "bot", "how": "graph", "type": "Microsoft.Bot/bots", "tier": "A", "actions": ["Microsoft.Bot/bots/read"]}


def a_service(*rows: dict[str, Any]) -> Any:
    return SimpleNamespace(id="azure/bots", collect=rows)


# Identifiers


@given(st.text(max_size=60))
def test_a_reference_has_one_spelling(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    ("written", "parent", "group"),
    [
        ("/subscriptions/S/resourceGroups/G/providers/A.B/c/1", "", "g"),
        ("/subscriptions/S/resourceGroups/G/providers/A.B/c/1/d/2", "/subscriptions/s/resourcegroups/g/providers/a.b/c/1", "g"),
        ("/subscriptions/S/resourceGroups/G/providers/A.B/c/1/providers/E.F/g/2", "/subscriptions/s/resourcegroups/g/providers/a.b/c/1", "g"),
        ("/subscriptions/S/providers/A.B/c/1/", "", ""),
        ("/subscriptions/S", "", ""),
    ],
)  # fmt: skip
def test_an_id_tells_its_parent_and_its_group(written: str, parent: str, group: str) -> None:
    native_id = canonical(written)

    assert parent_of(native_id) == parent
    assert group_of(native_id) == group


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://Shop.openai.azure.com/openai?x=1", "shop.openai.azure.com"),
        ("shop.search.windows.net", "shop.search.windows.net"),
        ("a name of a thing", ""),
        ("vault", ""),
        ("https://[", ""),
    ],
)
def test_a_host_is_read_from_a_url_or_a_name(written: str, host: str) -> None:
    assert host_of(written) == host


# Rows


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"how": "child"}, "needs parents, path, api_version"),
        ({"title": "properties.[("}, "is no JMESPath"),
        ({"facts": {"title": "name"}}, "place of their own"),
        ({"type": "bots"}, "type"),
        ({"actions": []}, "actions"),
        ({"kolour": "red"}, "kolour"),
        ({"how": "child", "parents": ["nobody"], "path": "x", "api_version": "2024-01-01"}, "no parent row `nobody`"),
        ({"how": "child", "parents": ["bot"], "path": "x", "api_version": "2024-01-01"}, "no parent row `bot`"),
        ({"how": "metric", "parents": ["bot"], "metrics": ["M"], "api_version": "2024-01-01", "dimension": "D"}, "go together"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_the_mend(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RowError, match="azure/bots") as refused:
        read_services([a_service(ROW | change)], Target())

    assert said in str(refused.value)


def test_every_question_of_the_knowledge_base_is_bounded_ordered_and_understood(azure: FakeAzure) -> None:
    target = Target(tiers=("A", "B", "C", "D"))
    rows = [row for service in read_services(services(), target) for row in service.rows if row.how is How.GRAPH]
    questions = Questions(rows)

    for text in {questions.of(row) for row in rows}:
        assert text.endswith(" | order by id asc")
        assert " project id, name, type, " in text
        azure._select(text, set())  # raises for a clause that the fake has never heard of


def test_every_row_needs_just_the_permission_that_its_question_takes() -> None:
    for service in read_services(services(), Target(tiers=("A", "B", "C", "D"))):
        for row in service.rows:
            asked = "Microsoft.Insights/metrics/read" if row.how is How.METRIC else f"{row.type}/read"
            if row.method == "POST":
                asked = f"{row.type.rpartition('/')[0]}/{row.path}/action"
            assert [action.lower() for action in row.actions] == [asked.lower()], row.id


def test_a_service_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RowError, match="there is no service `cognitive`; name some of ai-search"):
        read_services(services(), Target(services=("cognitive",)))


# Resource Graph


def test_a_used_up_quota_is_waited_for(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    azure.quota = "0"
    for number in range(5):
        azure.resource(subscription, "Microsoft.Search/searchServices", f"s-{number}")
    waited: list[float] = []
    asked: Any = connector(azure)
    graph = Graph(asked._shared.arm, "account:azure:tenant", lambda: [subscription], 9, waited.append)

    sweep = graph.sweep("resources | order by id asc", subscription)

    assert len(sweep.rows[subscription, "microsoft.search/searchservices"]) == 5
    assert waited == [3, 3]


# Credentials


@dataclass
class Tokens:
    """A credential that counts."""

    seconds: int
    scopes: Counter[str]

    def get_token(self, *scopes: str) -> Any:
        self.scopes.update(scopes)
        return SimpleNamespace(token=f"token-{self.scopes.total()}", expires_on=time.time() + self.seconds)


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_a_token_is_for_the_cloud_that_is_set_and_kept_while_it_lasts(cloud: str) -> None:
    tokens = Tokens(3600, Counter())
    manager = CLOUDS[cloud].manager
    bearer = Bearer(Target(cloud=cloud), manager, lambda: tokens)

    for _ in range(3):
        assert bearer(manager.removeprefix("https://")) == {"Authorization": "Bearer token-1"}
    assert tokens.scopes == {f"{manager}/.default": 1}


def test_a_token_that_runs_out_is_fetched_anew() -> None:
    tokens = Tokens(10, Counter())
    bearer = Bearer(Target(), "https://management.azure.com", lambda: tokens)

    assert bearer("management.azure.com") != bearer("management.azure.com")


def test_a_token_goes_to_no_other_host() -> None:
    tokens = Tokens(3600, Counter())

    assert Bearer(Target(), "https://management.azure.com", lambda: tokens)("example.com") == {}
    assert not tokens.scopes


def test_a_credential_that_fails_says_how_to_sign_in_and_not_what_it_held() -> None:
    def broken() -> Any:
        raise RuntimeError("secret=hunter2")

    with pytest.raises(ApiError) as refused:
        Bearer(Target(), "https://management.azure.com", broken)("management.azure.com")

    assert refused.value.expired
    assert "az login" in refused.value.reason
    assert "hunter2" not in refused.value.reason


def test_every_way_that_azure_identity_knows_is_tried() -> None:
    pytest.importorskip("azure.identity")
    from azure.identity import DefaultAzureCredential

    made = Bearer(TARGET, "https://management.azure.com")._default()

    assert isinstance(made, DefaultAzureCredential)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"cloud": "moon"}, "public, usgovernment, china"), ({"tiers": ("A", "Z")}, "no tier `Z`")],
)
def test_a_setting_that_cannot_be_meant_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Target(**settings)


def test_requests_in_flight_are_bounded(azure: FakeAzure) -> None:
    asked: Any = connector(azure, concurrency=3)

    assert isinstance(asked._shared.arm, Arm)
    assert asked._shared.arm._flight._initial_value == 3
