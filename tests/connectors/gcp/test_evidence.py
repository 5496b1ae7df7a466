"""Use, grants, workloads: what gives AI away that has no resource of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from connectors.api.archive import Archive
from connectors.model import ObservationKind, Outcome
from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle
from tests.connectors.gcp.scanning import ORGANISATION, Scan

_CALLS = "serviceruntime.googleapis.com/api/request_count"
_MODEL_CALLS = "aiplatform.googleapis.com/publisher/online_serving/model_invocation_count"


def _calls(service: str, method: str, *counts: int) -> dict[str, Any]:
    points = [{"value": {"int64Value": str(count)}} for count in counts]
    return {"resource": {"labels": {"service": service, "method": method}}, "metric": {"labels": {}}, "points": points}


def test_calls_that_infer_are_use_and_calls_that_list_are_not(estate: Estate, fake: FakeGoogle) -> None:
    service = "generativelanguage.googleapis.com"
    estate.series[_CALLS] = [
        _calls(service, "google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent", 40, 2),
        _calls("aiplatform.googleapis.com", "google.cloud.aiplatform.v1.EndpointService.ListEndpoints", 900),
    ]

    scan = Scan(fake)

    [used] = [seen for seen in scan.of("gemini-api/calls") if seen.location.source == "account:gcp:shop-prod"]
    assert used.kind is ObservationKind.USAGE
    assert used.name == f"//serviceusage.googleapis.com/projects/shop-prod/services/{service}"
    assert (used.attributes["amount"], used.attributes["days"]) == (42, 30)
    assert used.snippet == "1beta.GenerativeService.GenerateContent 42"
    assert not scan.of("vertex-ai/calls")


def test_a_model_that_has_no_resource_shows_in_its_calls(estate: Estate, fake: FakeGoogle) -> None:
    labels = {"publisher": "anthropic", "model_user_id": "claude-sonnet-4-5", "location": "global"}
    estate.series[_MODEL_CALLS] = [
        {"resource": {"labels": labels}, "points": [{"value": {"int64Value": "12"}}]},
        {
            "resource": {"labels": {**labels, "model_user_id": "claude-haiku-4-5"}},
            "points": [{"value": {"int64Value": "0"}}],
        },
    ]

    found = {seen.attributes["models"] for seen in Scan(fake).of("vertex-ai/model-calls")}

    assert found == {("publishers/anthropic/models/claude-sonnet-4-5",)}


def test_use_of_an_endpoint_carries_the_endpoint_s_own_name(estate: Estate, fake: FakeGoogle) -> None:
    estate.series["aiplatform.googleapis.com/prediction/online/prediction_count"] = [
        {
            "resource": {"labels": {"endpoint_id": "7", "location": "europe-west1"}},
            "points": [{"value": {"doubleValue": 3.0}}],
        }
    ]

    scan = Scan(fake)

    [endpoint] = scan.of("vertex-ai/endpoint")
    assert endpoint.name in {seen.name for seen in scan.of("vertex-ai/endpoint-calls")}


def test_denied_metrics_name_the_permission(estate: Estate, fake: FakeGoogle) -> None:
    estate.denied = {"/v3/projects/shop-lab/timeSeries"}

    scan = Scan(fake)

    assert scan.ended("shop-lab", "global/monitoring") == {Outcome.DENIED}
    assert scan.ended("shop-prod", "global/monitoring") == {Outcome.COMPLETE}
    assert "monitoring.timeSeries.list on projects/shop-lab" in scan.reasons("shop-lab", "global/monitoring")


def test_grants_keep_machines_and_hide_people(estate: Estate, fake: FakeGoogle) -> None:
    estate.policies = [{
        "resource": "//cloudresourcemanager.googleapis.com/projects/111", "project": "projects/111",
        "assetType": "cloudresourcemanager.googleapis.com/Project",
        "policy": {"bindings": [
            {"role": "roles/aiplatform.user", "members": ["user:jo@acme.example", "serviceAccount:web@shop-prod.iam.gserviceaccount.com"]},
            {"role": "roles/storage.admin", "members": ["user:jo@acme.example"]},
        ]},
    }]  # fmt: skip

    [grant] = Scan(fake).of("vertex-ai/grant")

    assert grant.kind is ObservationKind.GRANT
    assert grant.name == "//cloudresourcemanager.googleapis.com/projects/shop-prod#roles/aiplatform.user"
    assert grant.location.source == "account:gcp:shop-prod"
    person, machine = sorted(grant.attributes["identities"], key=lambda member: "gserviceaccount" in member)  # type: ignore[arg-type]
    assert person.startswith("user:person-")
    assert machine == "web@shop-prod.iam.gserviceaccount.com"


def test_a_workload_tells_by_names_alone(estate: Estate, fake: FakeGoogle, tmp_path: Path) -> None:
    containers = [
        {
            "image": "eu.gcr.io/shop/web:1",
            "env": [{"name": "OPENAI_API_KEY", "value": "sk-live-1"}, {"name": "PORT", "value": "80"}],
        }
    ]
    template = {"spec": {"serviceAccountName": "web@shop-prod.iam.gserviceaccount.com", "containers": containers}}
    estate.resource(
        "run.googleapis.com/Service",
        "projects/111/locations/europe-west1/services/web",
        {"spec": {"template": template}, "status": {"url": "https://web-x.a.run.app"}},
    )
    estate.resource(
        "run.googleapis.com/Service",
        "projects/111/locations/europe-west1/services/plain",
        {"spec": {"template": {"spec": {"containers": [{"image": "nginx"}]}}}},
    )
    estate.resource(
        "cloudfunctions.googleapis.com/Function",
        "projects/111/locations/europe-west1/functions/sum",
        {"serviceConfig": {"environmentVariables": {"OPENAI_API_KEY": "sk-live-2"}}},
    )

    scan = Scan(fake, archive=Archive.recording(tmp_path / "archive"))

    [web] = scan.of("workloads/run-service")
    [function] = scan.of("workloads/function")
    assert web.matchers == ("gcp/workloads/run-service", "openai")
    assert (web.attributes["variables"], web.attributes["hosts"]) == (("OPENAI_API_KEY",), ("web-x.a.run.app",))
    assert web.attributes["identities"] == ("web@shop-prod.iam.gserviceaccount.com",)
    assert function.attributes["variables"] == ("OPENAI_API_KEY",)
    written = "".join(file.read_text() for file in (tmp_path / "archive").iterdir())
    assert "OPENAI_API_KEY" in written
    assert "sk-live" not in written


def test_accelerators_and_names_of_secrets_are_hints(estate: Estate, fake: FakeGoogle) -> None:
    machine = "https://www.googleapis.com/compute/v1/projects/shop-prod/zones/europe-west4-a/machineTypes"
    estate.resource(
        "compute.googleapis.com/Instance",
        "projects/shop-prod/zones/europe-west4-a/instances/gpu",
        {"machineType": f"{machine}/g2-standard-8"},
        project="projects/111",
    )
    estate.resource(
        "compute.googleapis.com/Instance",
        "projects/shop-prod/zones/europe-west4-a/instances/web",
        {"machineType": f"{machine}/e2-small"},
        project="projects/111",
    )
    estate.resource(
        "secretmanager.googleapis.com/Secret",
        "projects/111/secrets/openai-api-key",
        {"name": "projects/111/secrets/openai-api-key"},
    )
    estate.resource(
        "secretmanager.googleapis.com/Secret",
        "projects/111/secrets/database",
        {"name": "projects/111/secrets/database"},
    )

    scan = Scan(fake, dataclasses.replace(ORGANISATION, tiers=("B", "D")))

    assert [seen.name.rpartition("/")[2] for seen in scan.of("compute/gpu-instance")] == ["gpu"]
    assert [seen.attributes["sku"] for seen in scan.of("compute/gpu-instance")] == ["g2-standard-8"]
    assert [seen.name for seen in scan.of("workloads/secret")] == [
        "//secretmanager.googleapis.com/projects/shop-prod/secrets/openai-api-key"
    ]


def test_a_key_counts_only_where_it_opens_a_model(estate: Estate, fake: FakeGoogle) -> None:
    for name, api in (("k1", "generativelanguage.googleapis.com"), ("k2", "maps-backend.googleapis.com")):
        estate.resource(
            "apikeys.googleapis.com/Key",
            f"projects/111/locations/global/keys/{name}",
            {"restrictions": {"apiTargets": [{"service": api}]}, "keyString": "AIza-secret"},
        )

    assert [seen.name.rpartition("/")[2] for seen in Scan(fake).of("gemini-api/key")] == ["k1"]


def test_a_workload_that_runs_as_who_may_call_is_found(estate: Estate, fake: FakeGoogle) -> None:
    for name in ("caller", "other"):
        spec = {
            "serviceAccountName": f"{name}@shop-prod.iam.gserviceaccount.com",
            "containers": [{"image": "shop/web"}],
        }
        path = f"projects/111/locations/europe-west1/services/{name}"
        estate.resource("run.googleapis.com/Service", path, {"spec": {"template": {"spec": spec}}})
    binding = {"role": "roles/aiplatform.user", "members": ["serviceAccount:caller@shop-prod.iam.gserviceaccount.com"]}
    estate.policies = [
        {
            "resource": "//cloudresourcemanager.googleapis.com/projects/111",
            "project": "projects/111",
            "policy": {"bindings": [binding]},
        }
    ]

    [service] = Scan(fake).of("workloads/run-service")

    assert service.name.endswith("/services/caller")
    assert service.snippet == "runs as caller@shop-prod.iam.gserviceaccount.com"
