"""What the inventory lacks: lists of APIs, by location and below other resources."""

from __future__ import annotations

import dataclasses

import pytest

from connectors.gcp import Target
from connectors.model import ObservationKind, Outcome
from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle
from tests.connectors.gcp.scanning import ORGANISATION, Scan

_PLACE = "/v1/projects/shop-prod/locations/europe-west1"


@pytest.fixture
def agents(estate: Estate) -> Estate:
    """An agent on Agent Engine, a RAG corpus, a Gemini Enterprise assistant, and a Model Armor template."""
    number = "projects/111/locations/europe-west1"
    estate.lists[f"{_PLACE}/reasoningEngines"] = ("reasoningEngines", [{
        "name": f"{number}/reasoningEngines/77", "displayName": "returns", "createTime": "2026-05-06T07:08:09Z",
        "spec": {
            "agentFramework": "google-adk", "serviceAccount": "returns@shop-prod.iam.gserviceaccount.com",
            "deploymentSpec": {"env": [{"name": "OPENAI_API_KEY", "value": "sk-not-for-you"}]},
        },
    }])  # fmt: skip
    estate.lists[f"{_PLACE}/agents"] = ("agents", [{
        "name": f"{number}/agents/a1", "id": "a1", "modelConfig": {"model": "publishers/google/models/gemini-2.5-pro"},
        "system_instruction": "You are a helpful shop assistant.",
    }])  # fmt: skip
    estate.lists[f"{_PLACE}/ragCorpora"] = ("ragCorpora", [{
        "name": f"{number}/ragCorpora/3",
        "vectorDbConfig": {"vertexVectorSearch": {"index": f"{number}/indexes/9"}, "ragEmbeddingModelConfig": {"vertexPredictionEndpoint": {"endpoint": f"{number}/publishers/google/models/text-embedding-005"}}},
    }])  # fmt: skip
    engine = "projects/111/locations/eu/collections/default_collection/engines/help"
    estate.lists["/v1/projects/shop-prod/locations/eu/collections/default_collection/engines"] = (
        "engines",
        [{"name": engine}],
    )
    estate.lists[f"/v1/{engine}/assistants"] = ("assistants", [{
        "name": f"{engine}/assistants/default_assistant", "displayName": "Help",
        "generationConfig": {"defaultModelId": "gemini-2.5-flash", "systemInstruction": {"additionalSystemInstruction": "Be kind."}},
    }])  # fmt: skip
    estate.lists[f"/v1alpha/{engine}/assistants/default_assistant/agents"] = ("agents", [{
        "name": f"{engine}/assistants/default_assistant/agents/5", "displayName": "Returns",
        "adkAgentDefinition": {"provisionedReasoningEngine": {"reasoningEngine": f"{number}/reasoningEngines/77"}},
    }])  # fmt: skip
    return estate


def test_a_reference_to_another_api_equals_what_that_api_lists(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)

    [published] = scan.of("discovery-engine/agent")
    [running] = scan.of("vertex-ai/agent-engine")
    assert published.attributes["refs"] == (running.name,)


def test_an_agent_is_found_where_it_runs(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)

    [agent] = scan.of("vertex-ai/agent-engine")
    assert agent.name == "//aiplatform.googleapis.com/projects/shop-prod/locations/europe-west1/reasoningEngines/77"
    assert agent.location.path == "europe-west1/aiplatform"
    assert agent.attributes["framework"] == "google-adk"
    assert agent.attributes["identities"] == ("returns@shop-prod.iam.gserviceaccount.com",)
    assert scan.ended("shop-prod", "europe-west1/aiplatform") == {Outcome.COMPLETE}


def test_models_of_publishers_are_named_as_models(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)

    [agent] = scan.of("vertex-ai/agent")
    [corpus] = scan.of("vertex-ai/rag-corpus")
    assert agent.attributes["models"] == ("publishers/google/models/gemini-2.5-pro",)
    assert corpus.attributes["models"] == ("publishers/google/models/text-embedding-005",)
    assert corpus.attributes["refs"] == (
        "//aiplatform.googleapis.com/projects/shop-prod/locations/europe-west1/indexes/9",
    )


def test_what_is_listed_below_another_is_a_part_of_it(agents: Estate, fake: FakeGoogle) -> None:
    [assistant] = Scan(fake).of("discovery-engine/assistant")

    engine = (
        "//discoveryengine.googleapis.com/projects/shop-prod/locations/eu/collections/default_collection/engines/help"
    )
    assert assistant.attributes["parent"] == engine
    assert assistant.attributes["models"] == ("gemini-2.5-flash",)


def test_the_first_of_many_pages_is_not_all(estate: Estate, fake: FakeGoogle) -> None:
    estate.page = 3
    estate.lists[f"{_PLACE}/reasoningEngines"] = (
        "reasoningEngines", [{"name": f"projects/111/locations/europe-west1/reasoningEngines/{n}"} for n in range(10)],
    )  # fmt: skip

    assert len(Scan(fake).of("vertex-ai/agent-engine")) == 10


def test_activity_is_bounded_to_the_newest(estate: Estate, fake: FakeGoogle) -> None:
    items = [{"name": f"projects/111/locations/europe-west1/cachedContents/{n}"} for n in range(500)]
    estate.lists[f"{_PLACE}/cachedContents"] = ("cachedContents", items)

    assert len(Scan(fake).of("vertex-ai/cached-content")) == 200


def test_an_api_that_is_not_enabled_is_not_asked(fake: FakeGoogle) -> None:
    scan = Scan(fake)

    assert scan.ended("shop-lab", "global/agentregistry") == {Outcome.NOT_APPLICABLE}
    assert not [
        path
        for path in fake.estate.asked
        if "/shop-lab/" in path and "engines" in path.lower() and "reasoning" not in path
    ]


def test_a_denied_list_names_the_permission_and_leaves_the_rest(agents: Estate, fake: FakeGoogle) -> None:
    agents.denied = {f"{_PLACE}/ragCorpora"}

    scan = Scan(fake)

    assert scan.of("vertex-ai/agent-engine")
    assert scan.ended("shop-prod", "europe-west1/aiplatform") == {Outcome.PARTIAL}
    assert "grant aiplatform.ragCorpora.list on projects/shop-prod" in scan.reasons(
        "shop-prod", "europe-west1/aiplatform"
    )


def test_where_everything_is_denied_the_scope_is(agents: Estate, fake: FakeGoogle) -> None:
    agents.denied = {f"{_PLACE}/", _PLACE.replace("/v1/", "/v1beta1/")}

    assert Scan(fake).ended("shop-prod", "europe-west1/aiplatform") == {Outcome.DENIED}


def test_a_page_that_is_no_json_is_named(agents: Estate, fake: FakeGoogle) -> None:
    agents.broken = {f"{_PLACE}/reasoningEngines"}

    scan = Scan(fake)

    assert scan.of("vertex-ai/agent")
    assert "not JSON" in scan.reasons("shop-prod", "europe-west1/aiplatform")


@pytest.mark.parametrize(
    "body", [{"reasoningEngines": "x"}, {"reasoningEngines": {"a": 1}}, {"reasoningEngines": [1, None]}]
)
def test_json_of_another_shape_never_stops_a_scan(estate: Estate, fake: FakeGoogle, body: dict[str, object]) -> None:
    estate.single[f"{_PLACE}/reasoningEngines"] = body

    scan = Scan(fake)

    assert scan.of("vertex-ai/endpoint")
    assert not scan.of("vertex-ai/agent-engine")


def test_locations_narrow_the_lists(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake, dataclasses.replace(ORGANISATION, locations=("us-central1",)))

    assert not scan.of("vertex-ai/agent-engine")
    assert scan.of("vertex-ai/endpoint")


def test_where_locations_are_not_told_the_gap_says_what_to_set(estate: Estate, fake: FakeGoogle) -> None:
    del estate.lists["/v1/projects/shop-prod/locations"]
    del estate.lists["/v1/projects/shop-lab/locations"]
    estate.denied = {"/v1/projects/shop-prod/locations", "/v1/projects/shop-lab/locations"}

    scan = Scan(fake)

    assert Outcome.DENIED in scan.ended("shop-prod", "global/aiplatform")
    assert "aiplatform.locations.list" in scan.reasons("shop-prod", "global/aiplatform")


def test_a_floor_setting_is_a_control(estate: Estate, fake: FakeGoogle) -> None:
    estate.project("shop-safe", "333", ("modelarmor.googleapis.com",))
    estate.single["/v1/projects/shop-safe/locations/global/floorSetting"] = {
        "name": "projects/333/locations/global/floorSetting", "enableFloorSettingEnforcement": True,
    }  # fmt: skip

    [setting] = Scan(fake).of("model-armor/floor-setting")

    assert (setting.kind, setting.attributes["enforced"]) == (ObservationKind.CONTROL, "True")


def test_only_the_services_and_tiers_that_are_wanted_are_asked(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake, Target(scopes=("organizations/9",), services=("vertex-ai",), tiers=("A",)))

    assert scan.of("vertex-ai/agent-engine")
    assert not scan.of("vertex-ai/rag-corpus")
    assert not scan.of("discovery-engine/assistant")


_CALLS = "serviceruntime.googleapis.com/api/request_count"


def _call(location: str, method: str) -> dict[str, object]:
    labels = {"service": "aiplatform.googleapis.com", "location": location, "method": method}
    return {"resource": {"labels": labels}, "points": [{"value": {"int64Value": "9"}}]}


def test_quiet_locations_take_turns_and_say_how_old_they_are(estate: Estate, fake: FakeGoogle) -> None:
    places = [f"place-{number}" for number in range(30)]
    for project in ("shop-prod", "shop-lab"):
        estate.lists[f"/v1/projects/{project}/locations"] = ("locations", [{"locationId": place} for place in places])
    estate.series[_CALLS] = [
        _call("place-1", "google.cloud.aiplatform.v1.PredictionService.Predict"),
        _call("place-2", "google.cloud.aiplatform.v1.EndpointService.ListEndpoints"),
    ]

    scan = Scan(fake, Target(scopes=("projects/shop-prod",), services=("vertex-ai",), rotate_days=100_000))

    assert scan.ended("shop-prod", "place-1/aiplatform") == {Outcome.COMPLETE}
    assert scan.ended("shop-prod", "place-2/aiplatform") == {Outcome.SKIPPED}
    assert "stale since " in scan.reasons("shop-prod", "place-2/aiplatform")
    whole = Scan(fake, Target(scopes=("projects/shop-prod",), services=("vertex-ai",)))
    assert whole.ended("shop-prod", "place-2/aiplatform") == {Outcome.COMPLETE}


def test_where_use_is_not_told_nothing_is_quiet(estate: Estate, fake: FakeGoogle) -> None:
    estate.denied = {"/v3/projects/"}

    scan = Scan(fake, Target(scopes=("projects/shop-prod",), services=("vertex-ai",), rotate_days=100_000))

    assert scan.ended("shop-prod", "us-central1/aiplatform") == {Outcome.COMPLETE}


def test_a_location_that_could_not_be_reached_is_partial_coverage(estate: Estate, fake: FakeGoogle) -> None:
    name = "projects/111/locations/europe-west1/reasoningEngines/1"
    estate.single[f"{_PLACE}/reasoningEngines"] = {"reasoningEngines": [{"name": name}], "unreachable": ["cell-2"]}

    scan = Scan(fake)

    assert len(scan.of("vertex-ai/agent-engine")) == 1
    assert scan.ended("shop-prod", "europe-west1/aiplatform") == {Outcome.PARTIAL}
    assert "cell-2" in scan.reasons("shop-prod", "europe-west1/aiplatform")


def test_a_service_that_keeps_failing_is_asked_again_and_then_named(agents: Estate, fake: FakeGoogle) -> None:
    agents.refused = {f"{_PLACE}/ragCorpora": (503, {"error": {"code": 503, "status": "UNAVAILABLE"}})}

    scan = Scan(fake)

    assert fake.estate.asked[f"{_PLACE}/ragCorpora"] == 3
    assert scan.ended("shop-prod", "europe-west1/aiplatform") == {Outcome.PARTIAL}
    assert "rag-corpus" in scan.reasons("shop-prod", "europe-west1/aiplatform")
