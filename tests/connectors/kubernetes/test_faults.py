"""What a cluster may do to us: the rest is found, and coverage names what was not seen and the mend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.kubernetes import Target
from connectors.model import Outcome
from tests.connectors.kubernetes.conftest import QUICK, Scan
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, Resource
from tests.connectors.kubernetes.objects import (
    DEPLOYMENT,
    INFERENCE_SERVICE,
    SERVING_RUNTIME,
    deployment,
    inference_service,
    metadata,
)

VLLM = {"image": "vllm/vllm-openai:v0.11.0"}
MANY = 1_203


def fill(fake: FakeKubernetes, count: int = MANY) -> None:
    fake.add(DEPLOYMENT, *(deployment(f"llm-{number:04}", VLLM) for number in range(count)))


def test_long_list_is_read_page_by_page_each_object_once(fake: FakeKubernetes, scan: Scan) -> None:
    fill(fake)
    scanned = scan()
    assert scanned.titles("workloads") == [f"llm-{number:04}" for number in range(MANY)]
    assert scanned.of("apps").counts["requests"] == 3
    pages = [asked.query for asked in fake.asked if asked.path == "/apis/apps/v1/deployments"]
    assert [page["limit"] for page in pages] == ["500"] * 3


def test_list_whose_token_is_gone_begins_anew_once(fake: FakeKubernetes, scan: Scan) -> None:
    fill(fake)
    fake.gone = 1
    scanned = scan()
    assert len(scanned.titles("workloads")) == MANY
    assert scanned.of("apps").outcome is Outcome.COMPLETE


def test_list_whose_tokens_are_always_gone_is_partial(fake: FakeKubernetes, scan: Scan) -> None:
    fill(fake)
    fake.gone = 10
    scanned = scan()
    assert len(scanned.titles("workloads")) == 500
    assert scanned.of("apps").outcome is Outcome.PARTIAL
    assert "deployments.apps" in scanned.of("apps").reason


def test_limit_that_is_reached_is_said(fake: FakeKubernetes, scan: Scan, config: str) -> None:
    fill(fake)
    gap = scan(Target(kubeconfig=(config,), max_objects=1000)).of("apps")
    assert (gap.outcome, gap.counts["assets"]) == (Outcome.PARTIAL, 1000)
    assert "max_objects" in gap.reason


def test_denied_kind_names_the_verb_that_would_show_it(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    fake.refused = {("serving.kserve.io", "inferenceservices"): 403}
    scanned = scan()
    gap = scanned.of("serving.kserve.io")
    assert gap.outcome is Outcome.DENIED
    assert "grant the verb `list` on inferenceservices.serving.kserve.io" in gap.reason
    assert scanned.titles("workloads") == ["llm"]


def test_one_denied_kind_of_a_group_leaves_the_others(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(SERVING_RUNTIME, {"metadata": metadata("runtime"), "spec": {}})
    fake.refused = {("serving.kserve.io", "servingruntimes"): 403}
    scanned = scan()
    assert scanned.of("serving.kserve.io").outcome is Outcome.PARTIAL
    assert scanned.titles("kserve") == ["fraud"]


@pytest.mark.parametrize("fault", ["error", "no JSON", "hanging", "no list"])
def test_fault_of_one_group_is_failed_coverage_and_stops_no_other(fake: FakeKubernetes, scan: Scan, fault: str) -> None:
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    key = INFERENCE_SERVICE.key
    match fault:
        case "error":
            fake.refused[key] = 500
        case "no JSON":
            fake.spoilt.add(key)
        case "hanging":
            fake.hanging.add(key)
        case _:
            fake.bodies[key] = {"kind": "Status", "items": "none"}
    scanned = scan()
    assert scanned.of("serving.kserve.io").outcome is Outcome.FAILED
    assert scanned.titles() == ["llm"]


def test_throttled_list_is_asked_again(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    fake.throttled = 2
    scanned = scan(policy=replace(QUICK, retries=3))
    assert scanned.titles("workloads") == ["llm"]


@pytest.mark.parametrize("aggregated", [True, False])
def test_what_is_not_installed_is_not_applicable(fake: FakeKubernetes, scan: Scan, aggregated: bool) -> None:
    fake.aggregated = aggregated
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(SERVING_RUNTIME, {"metadata": metadata("runtime"), "spec": {}})
    scanned = scan()
    assert scanned.titles() == ["fraud", "llm", "runtime"]
    assert scanned.of("ray.io").outcome is Outcome.NOT_APPLICABLE
    assert not [path for path in fake.paths() if "ray.io" in path]


@pytest.mark.parametrize("aggregated", [True, False])
def test_kind_of_several_versions_is_asked_once_in_the_preferred(
    fake: FakeKubernetes, scan: Scan, aggregated: bool
) -> None:
    fake.aggregated = aggregated
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.older = {"serving.kserve.io": "v1alpha2"}
    assert scan().titles() == ["fraud"]
    lists = [path for path in fake.paths() if path.endswith("/inferenceservices")]
    assert lists == ["/apis/serving.kserve.io/v1beta1/inferenceservices"]


def test_kind_removed_during_the_scan_hides_nothing(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(INFERENCE_SERVICE)
    fake.refused = {INFERENCE_SERVICE.key: 404}
    assert scan().of("serving.kserve.io").outcome is Outcome.NOT_APPLICABLE


def test_group_whose_own_server_is_down_is_failed(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(Resource("ray.io", "v1", "RayCluster", "rayclusters"))
    fake.stale.add("ray.io")
    assert scan().of("ray.io").outcome is Outcome.FAILED


def test_group_that_discovery_refuses_is_failed_and_stops_no_other(fake: FakeKubernetes, scan: Scan) -> None:
    fake.aggregated = False
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    fake.refused = {("serving.kserve.io", "*"): 503}
    scanned = scan()
    assert scanned.of("serving.kserve.io").outcome is Outcome.FAILED
    assert scanned.titles() == ["llm"]


def test_credentials_that_expire_on_the_way_end_the_asking(fake: FakeKubernetes, scan: Scan) -> None:
    fake.token = "t"
    fill(fake, 3)
    for number in range(20):
        fake.add(
            Resource("ray.io", "v1", "RayCluster", "rayclusters"), {"metadata": metadata(f"r{number}"), "spec": {}}
        )
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.expires_after = 3
    scanned = scan()
    gaps = [part for part in scanned.coverage if part.outcome.incomplete]
    assert {part.scope for part in gaps} >= {"apps", "ray.io", "serving.kserve.io"}
    assert all("sign in" in part.reason for part in gaps)
    assert len(fake.asked) <= 5


def test_cluster_that_is_not_there_is_failed(scan: Scan, fake: FakeKubernetes, config: str) -> None:
    policy = replace(QUICK, base_urls={"prod": "http://127.0.0.1:1"})
    [gap] = scan(Target(kubeconfig=(config,)), policy=policy).coverage
    assert (gap.source, gap.scope, gap.outcome) == ("account:kubernetes:prod", "", Outcome.FAILED)
    assert not fake.asked


def test_discovery_that_is_denied_names_the_role(scan: Scan, fake: FakeKubernetes) -> None:
    fake.discovery_status = 403
    [gap] = scan().coverage
    assert gap.outcome is Outcome.DENIED
    assert "system:discovery" in gap.reason
