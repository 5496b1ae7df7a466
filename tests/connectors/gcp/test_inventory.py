"""Cloud Asset Inventory: what it holds is found once, however it is asked, and its refusals are told."""

from __future__ import annotations

import dataclasses

import pytest

from connectors.gcp import Target
from connectors.model import ObservationKind, Outcome
from tests.connectors.gcp.fake_gcp import SERVICE, Estate, FakeGoogle
from tests.connectors.gcp.scanning import ORGANISATION, Scan

_PLACE = "//aiplatform.googleapis.com/projects/shop-prod/locations/europe-west1"
_WAYS = [
    pytest.param(ORGANISATION, id="grpc-search"),
    pytest.param(dataclasses.replace(ORGANISATION, transport="rest"), id="rest-search"),
    pytest.param(dataclasses.replace(ORGANISATION, inventory="list"), id="grpc-list"),
    pytest.param(dataclasses.replace(ORGANISATION, inventory="list", transport="rest"), id="rest-list"),
]


@pytest.mark.parametrize("target", _WAYS)
def test_an_endpoint_refers_to_its_model_by_the_name_that_the_model_has(fake: FakeGoogle, target: Target) -> None:
    scan = Scan(fake, target)

    [endpoint] = scan.of("vertex-ai/endpoint")
    [model] = scan.of("vertex-ai/model")
    assert (endpoint.kind, endpoint.name) == (ObservationKind.ASSET, f"{_PLACE}/endpoints/7")
    assert model.name == f"{_PLACE}/models/42"
    assert endpoint.attributes["refs"] == (model.name,)
    assert endpoint.attributes["models"] == ("projects/shop-prod/locations/europe-west1/models/42@3",)
    assert endpoint.attributes["hosts"] == ("7.europe-west1-111.prediction.vertexai.goog",)
    assert endpoint.attributes["identities"] == ("churn@shop-prod.iam.gserviceaccount.com",)
    assert (endpoint.location.source, endpoint.location.path) == ("account:gcp:shop-prod", "global/aiplatform")
    assert endpoint.attributes["region"] == "europe-west1"


def test_labels_and_dates_come_along(fake: FakeGoogle) -> None:
    [endpoint] = Scan(fake).of("vertex-ai/endpoint")

    assert endpoint.attributes["tag:owner"] == "data"
    assert endpoint.attributes["created"] == "2026-02-03T04:05:06Z"


@pytest.mark.parametrize("target", _WAYS)
def test_every_resource_of_many_pages_is_found_once(estate: Estate, fake: FakeGoogle, target: Target) -> None:
    estate.page = 7
    for number in range(100, 140):
        estate.resource("aiplatform.googleapis.com/Endpoint", f"projects/222/locations/us-central1/endpoints/{number}")

    names = [seen.name for seen in Scan(fake, target).of("vertex-ai/endpoint")]

    assert len(names) == len(set(names)) == 41


def test_a_folder_and_a_project_are_facts_of_the_account(fake: FakeGoogle) -> None:
    scan = Scan(fake)

    accounts = {
        seen.location.source: seen.attributes for seen in scan.observations if seen.kind is ObservationKind.ACCOUNT
    }
    assert accounts["account:gcp:shop-prod"]["refs"] == ("folders/5", "organizations/9")
    assert accounts["account:gcp:shop-prod"]["units"] == ("Retail", "acme.example")
    assert accounts["account:gcp:shop-prod"]["tag:env"] == "prod"
    assert ("account:gcp:shop-lab", "shop-lab") in scan.plan.titles


def test_an_enabled_api_is_a_hint_of_its_own(fake: FakeGoogle) -> None:
    scan = Scan(fake)

    assert {seen.location.source for seen in scan.of("vertex-ai/api")} == {
        "account:gcp:shop-prod",
        "account:gcp:shop-lab",
    }
    assert [seen.name for seen in scan.of("gemini-api/api")] == [
        "//serviceusage.googleapis.com/projects/shop-prod/services/generativelanguage.googleapis.com"
    ]


@pytest.mark.parametrize("target", _WAYS[:2])
def test_throttling_is_waited_for(estate: Estate, fake: FakeGoogle, target: Target) -> None:
    estate.throttled = 2

    scan = Scan(fake, target)

    assert scan.of("vertex-ai/endpoint")
    assert scan.ended("shop-prod", "global/aiplatform") == {Outcome.COMPLETE}


def test_throttling_that_outlasts_the_retries_hides_what_it_hides(estate: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)
    estate.throttled = 10_000
    [task] = [
        task
        for task in scan.plan.tasks
        if task.scope == "global/aiplatform" and task.source.endswith("organizations/9")
    ]

    result = scan.connector.run(task)

    assert {part.outcome for part in result.coverage} == {Outcome.FAILED}
    assert {part.source for part in result.coverage} == {
        "account:gcp:organizations/9", "account:gcp:shop-lab", "account:gcp:shop-prod",
    }  # fmt: skip
    assert "throttled" in result.coverage[0].reason


def test_one_denied_project_does_not_stop_the_other(estate: Estate, fake: FakeGoogle) -> None:
    estate.denied = {"projects/shop-lab"}

    scan = Scan(fake, Target(scopes=("projects/shop-prod", "projects/shop-lab")))

    assert scan.of("vertex-ai/endpoint")
    assert scan.ended("shop-prod", "global/aiplatform") == {Outcome.COMPLETE}
    assert Outcome.DENIED in scan.ended("shop-lab", "global/aiplatform")
    assert "cloudasset.assets.searchAllResources on projects/shop-lab" in scan.reasons("shop-lab", "global/aiplatform")


def test_where_the_organisation_refuses_its_projects_are_asked_one_by_one(estate: Estate, fake: FakeGoogle) -> None:
    estate.denied = {"organizations/9"}
    estate.lists["/v3/projects:search"] = (
        "projects", [{"projectId": "shop-prod", "name": "projects/111"}, {"projectId": "shop-lab", "name": "projects/222"}],
    )  # fmt: skip

    scan = Scan(fake)

    assert [seen.name for seen in scan.of("vertex-ai/endpoint")] == [f"{_PLACE}/endpoints/7"]
    assert scan.ended("organizations/9", "global/cloudasset") == {Outcome.PARTIAL}
    assert "cloudasset.assets.searchAllResources on organizations/9" in scan.reasons(
        "organizations/9", "global/cloudasset"
    )


def test_a_page_that_is_no_json_is_a_gap_and_nothing_more(estate: Estate, fake: FakeGoogle) -> None:
    target = Target(scopes=("projects/shop-prod", "projects/shop-lab"), transport="rest")
    estate.broken = {"/v1/projects/shop-lab:searchAllResources"}

    scan = Scan(fake, target)

    assert scan.of("vertex-ai/endpoint")
    assert "not JSON" in scan.reasons("shop-lab", "global/aiplatform")


def test_more_pages_than_allowed_are_partial_coverage(estate: Estate, fake: FakeGoogle) -> None:
    estate.page = 12
    for number in range(100, 130):
        estate.resource("aiplatform.googleapis.com/Endpoint", f"projects/222/locations/us-central1/endpoints/{number}")

    scan = Scan(fake, dataclasses.replace(ORGANISATION, max_pages=2))

    assert len(scan.of("vertex-ai/endpoint")) > 1
    assert Outcome.PARTIAL in scan.ended("shop-prod", "global/aiplatform")
    assert "max_pages" in scan.reasons("shop-prod", "global/aiplatform")


@pytest.mark.parametrize("target", _WAYS)
def test_a_kind_that_the_inventory_does_not_know_hides_no_other(
    estate: Estate, fake: FakeGoogle, target: Target
) -> None:
    estate.unknown = {"aiplatform.googleapis.com/NasJob"}

    scan = Scan(fake, target)

    assert scan.of("vertex-ai/endpoint")
    assert scan.of("vertex-ai/model")
    assert scan.ended("shop-prod", "global/aiplatform") == {Outcome.COMPLETE}


def test_projects_are_chosen_and_left_out_by_id(fake: FakeGoogle) -> None:
    assert (
        "account:gcp:shop-prod"
        not in Scan(fake, dataclasses.replace(ORGANISATION, skip_projects=("shop-prod",))).plan.sources
    )
    assert not Scan(fake, dataclasses.replace(ORGANISATION, projects=("shop-lab",))).of("vertex-ai/endpoint")


def test_a_policy_of_the_organisation_belongs_to_the_organisation(estate: Estate, fake: FakeGoogle) -> None:
    for place, project in (("organizations/9", ""), ("projects/111", "projects/111")):
        for constraint in ("vertexai.allowedModels", "storage.uniformBucketLevelAccess"):
            name = f"{place}/policies/{constraint}"
            estate.resource("orgpolicy.googleapis.com/Policy", name, {"name": name}, project=project)

    found = Scan(fake).of("organisation-policies/vertex")

    assert [(seen.kind, seen.location.source) for seen in found] == [
        (ObservationKind.CONTROL, "account:gcp:organizations/9"), (ObservationKind.CONTROL, "account:gcp:shop-prod"),
    ]  # fmt: skip


def test_where_the_inventory_knows_no_api_service_usage_tells(estate: Estate, fake: FakeGoogle) -> None:
    estate.resources = [found for found in estate.resources if found["assetType"] != SERVICE]

    scan = Scan(fake)

    assert {seen.location.source for seen in scan.of("vertex-ai/api")} == {
        "account:gcp:shop-prod",
        "account:gcp:shop-lab",
    }
    assert scan.ended("shop-lab", "europe-west1/aiplatform") == {Outcome.COMPLETE}


def test_where_nobody_tells_which_apis_are_enabled_all_are_asked(estate: Estate, fake: FakeGoogle) -> None:
    estate.resources = [found for found in estate.resources if found["assetType"] != SERVICE]
    estate.denied = {"/v1/projects/shop-lab/services"}

    scan = Scan(fake)

    assert scan.ended("shop-lab", "global/project") == {Outcome.PARTIAL}
    assert "serviceusage.services.list on projects/shop-lab" in scan.reasons("shop-lab", "global/project")
    assert scan.ended("shop-lab", "global/ml") == {Outcome.COMPLETE}


def test_a_page_that_fails_after_others_leaves_what_was_found(estate: Estate, fake: FakeGoogle) -> None:
    estate.page = 1
    target = dataclasses.replace(ORGANISATION, transport="rest", services=("vertex-ai",))
    scan = Scan(fake, target)
    [task] = [task for task in scan.plan.tasks if task.key.startswith("sweep")]
    estate.throttled_after = 2

    result = scan.connector.run(task)

    assert len(result.observations) == 1
    assert Outcome.PARTIAL in {part.outcome for part in result.coverage}
