"""What a cluster shows, through the whole connector."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from classifiers.services import load_services
from connectors.api.archive import Archive
from connectors.api.redact import Redactor
from connectors.kubernetes import Target, connect
from connectors.model import ObservationKind, Outcome
from tests.connectors.kubernetes.conftest import QUICK, Scan
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, Resource
from tests.connectors.kubernetes.objects import (
    CRON_JOB,
    DEPLOYMENT,
    INFERENCE_SERVICE,
    JOB,
    NAMESPACE,
    NODE,
    SECRET,
    SERVING_RUNTIME,
    deployment,
    inference_service,
    metadata,
)

VLLM = {
    "image": "vllm/vllm-openai:v0.11.0",
    "args": ["--model", "Qwen/Qwen3-8B", "--port", "8000"],
    "resources": {"limits": {"nvidia.com/gpu": "2", "memory": "64Gi"}},
}


def test_inference_service_is_an_asset_with_its_model_hosts_runtime_and_account(
    fake: FakeKubernetes, scan: Scan
) -> None:
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(SERVING_RUNTIME, {"metadata": metadata("kserve-xgbserver"), "spec": {}})
    found = scan().named("fraud")
    assert found.kind is ObservationKind.ASSET
    assert found.matchers == ("kubernetes/kserve/inference-service",)
    assert found.name == "k8s://prod/serving.kserve.io/InferenceService/ml/fraud"
    assert (found.location.source, found.location.path) == ("account:kubernetes:prod", "serving.kserve.io")
    facts = found.attributes
    assert facts["models"] == ("s3://models/fraud/v7",)
    assert facts["hosts"] == ("fraud.ml.example.com", "fraud.ml.svc.cluster.local")
    assert facts["refs"] == ("k8s://prod/serving.kserve.io/ServingRuntime/ml/kserve-xgbserver",)
    assert facts["identities"] == ("k8s://prod/core/ServiceAccount/ml/s3-reader",)
    assert (facts["group"], facts["stack"], facts["status"]) == ("ml", "app:ml/fraud-stack", "Ready")
    assert (facts["format"], facts["tag:team"]) == ("xgboost", "risk")


def test_deployment_of_a_serving_image_is_found_and_others_are_not(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(DEPLOYMENT, deployment("llm", VLLM), deployment("web", {"image": "nginx:1.29", "args": ["-g", "x"]}))
    scanned = scan()
    assert scanned.titles("workloads") == ["llm"]
    found = scanned.named("llm")
    assert found.matchers == ("kubernetes/workloads/server", "qwen-open/model/0", "vllm/image/vllm/vllm-openai")
    assert found.attributes["models"] == ("Qwen/Qwen3-8B",)
    assert found.attributes["accelerators"] == ("nvidia.com/gpu=2",)
    assert scanned.of("apps").counts == {"requests": 1, "assets": 1, "dropped": 1}


def test_image_of_a_mirror_is_the_image_that_it_mirrors(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(
        DEPLOYMENT,
        deployment("mirrored", {"image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/hub/vllm/vllm-openai@sha256:00"}),
        deployment("namesake", {"image": "registry.example.com/vllm-openai"}),
    )  # fmt: skip
    assert scan().titles("workloads") == ["mirrored"]


@pytest.mark.parametrize(
    ("container", "row", "models"),
    [
        ({"command": ["/usr/bin/vllm", "serve", "acme/house-llm", "--port=1"], "image": "a/b"}, "server", ["acme/house-llm"]),
        ({"command": ["sh", "-c", "export HF_TOKEN=x && exec vllm serve acme/house-llm\n"], "image": "a/b"}, "server", ["acme/house-llm"]),
        ({"args": ["--model=gpt-4.1-mini"], "image": "a/b"}, "model", ["gpt-4.1-mini"]),
        ({"env": [{"name": "OPENAI_API_KEY", "value": "x"}], "image": "a/b"}, "caller", []),
        ({"args": ["--model-path", "/models/house"], "image": "a/b"}, "argument", ["/models/house"]),
        ({"resources": {"requests": {"amd.com/gpu": 1}}, "image": "a/b"}, "accelerated", []),
        ({"resources": {"limits": {"nvidia.com/mig-1g.5gb": "1"}}, "image": "a/b"}, "accelerated", []),
    ],
)  # fmt: skip
def test_strongest_sign_of_a_workload_names_its_row(
    fake: FakeKubernetes, scan: Scan, container: dict[str, object], row: str, models: list[str]
) -> None:
    fake.add(DEPLOYMENT, deployment("one", container))
    found = scan().named("one")
    assert found.matchers[0] == f"kubernetes/workloads/{row}"
    assert list(found.attributes.get("models", ())) == models  # type: ignore[arg-type]


def test_argument_that_is_not_a_model_is_not_kept(fake: FakeKubernetes, scan: Scan) -> None:
    words = [
        "--model",
        "$(MODEL)",
        "--model-path",
        "--port",
        "--model-name",
        "https://user:pw@hub.example.com/m?sig=abc",
    ]
    fake.add(DEPLOYMENT, deployment("one", {"image": "vllm/vllm-openai", "args": words}))
    assert scan().named("one").attributes["models"] == ("https://hub.example.com/m",)


def test_part_of_another_resource_says_so(fake: FakeKubernetes, scan: Scan) -> None:
    owner = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "fraud", "controller": True}
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.add(
        DEPLOYMENT,
        deployment("owned", VLLM, ownerReferences=[owner]),
        deployment("labelled", VLLM, labels={"serving.kserve.io/inferenceservice": "fraud"}),
    )
    scanned = scan()
    whole = scanned.named("fraud").name
    assert [scanned.named(name).attributes["parent"] for name in ("owned", "labelled")] == [whole, whole]


def test_cron_job_stands_for_its_jobs(fake: FakeKubernetes, scan: Scan) -> None:
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "controller": True}
    pod = {"template": {"spec": {"containers": [VLLM]}}}
    fake.add(CRON_JOB, {"metadata": metadata("nightly"), "spec": {"jobTemplate": {"spec": pod}}})
    fake.add(
        JOB,
        {"metadata": metadata("nightly-1", ownerReferences=[owner]), "spec": pod},
        {"metadata": metadata("once"), "spec": pod},
    )
    assert scan().titles("workloads") == ["nightly", "once"]


def test_agent_refers_to_its_model_configuration_and_tools(fake: FakeKubernetes, scan: Scan) -> None:
    for kind in ("Agent", "ModelConfig", "RemoteMCPServer"):
        fake.add(Resource("kagent.dev", "v1alpha2", kind, kind.lower() + "s"))
    tools = [{"type": "McpServer", "mcpServer": {"kind": "RemoteMCPServer", "name": "tools/github"}}]
    declared = {"modelConfig": "gpt", "systemMessage": SECRET, "tools": tools}
    fake.add(
        Resource("kagent.dev", "v1alpha2", "Agent", "agents"),
        {"metadata": metadata("helper"), "spec": {"declarative": declared}},
    )
    fake.add(
        Resource("kagent.dev", "v1alpha2", "ModelConfig", "modelconfigs"),
        {"metadata": metadata("gpt"), "spec": {"model": "gpt-4.1", "provider": "OpenAI"}},
    )
    scanned = scan()
    assert scanned.named("helper").attributes["refs"] == (
        "k8s://prod/kagent.dev/ModelConfig/ml/gpt",
        "k8s://prod/kagent.dev/RemoteMCPServer/tools/github",
    )
    assert scanned.named("gpt").attributes["models"] == ("gpt-4.1",)
    assert SECRET not in repr(scanned)


def test_cluster_that_answers_nothing_new_is_the_same_twice(fake: FakeKubernetes, scan: Scan) -> None:
    fake.add(DEPLOYMENT, deployment("b", VLLM), deployment("a", VLLM, namespace="z"), deployment("a", VLLM))
    assert scan() == scan()


@pytest.mark.parametrize(
    ("marks", "stack"),
    [
        ({"labels": {"app.kubernetes.io/part-of": "shop", "app.kubernetes.io/instance": "llm"}}, "app:ml/shop"),
        ({"annotations": {"meta.helm.sh/release-name": "llm", "meta.helm.sh/release-namespace": "infra"}}, "helm:infra/llm"),
        ({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:ml/one"}}, "argocd:shop"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "ai", "kustomize.toolkit.fluxcd.io/namespace": "flux"}}, "flux:flux/ai"),
    ],
)  # fmt: skip
def test_deployment_tool_names_the_stack(
    fake: FakeKubernetes, scan: Scan, marks: dict[str, object], stack: str
) -> None:
    fake.add(DEPLOYMENT, deployment("one", VLLM, **marks))
    assert scan().named("one").attributes["stack"] == stack


def test_namespaces_and_the_cluster_are_accounts(fake: FakeKubernetes, scan: Scan) -> None:
    node = {"metadata": metadata("n1", "", labels={"topology.kubernetes.io/region": "eu-west-1"}), "spec": {"providerID": "aws:///eu-west-1a/i-1"}}  # fmt: skip
    fake.add(NODE, node, node)
    fake.add(NAMESPACE, {"metadata": metadata("ml", "", labels={"team": "risk"})})
    scanned = scan()
    cluster, namespace = scanned.named("prod"), scanned.named("ml")
    assert cluster.kind is namespace.kind is ObservationKind.ACCOUNT
    assert (cluster.name, cluster.attributes["region"]) == ("k8s://prod", "eu-west-1")
    assert (namespace.attributes["parent"], namespace.attributes["tag:team"]) == ("k8s://prod", "risk")
    [nodes] = [asked for asked in fake.asked if asked.path == "/api/v1/nodes"]
    assert nodes.query["limit"] == "1"


def test_namespaces_that_the_user_names_are_listed_one_by_one(fake: FakeKubernetes, scan: Scan, config: str) -> None:
    fake.add(DEPLOYMENT, deployment("here", VLLM), deployment("there", VLLM, namespace="other"))
    scanned = scan(Target(kubeconfig=(config,), namespaces=("ml",)))
    assert scanned.titles("workloads") == ["here"]
    assert scanned.of("ml/apps").outcome is Outcome.COMPLETE
    assert scanned.named("here").location.path == "ml/apps"


def test_only_gateway_plugins_for_models_count(fake: FakeKubernetes, scan: Scan) -> None:
    kong = Resource("configuration.konghq.com", "v1", "KongPlugin", "kongplugins")
    proxy = {
        "plugin": "ai-proxy",
        "config": {"model": {"name": "gpt-4.1", "provider": "openai"}, "auth": {"header_value": SECRET}},
    }
    fake.add(kong, {"metadata": metadata("ai"), **proxy}, {"metadata": metadata("cors"), "plugin": "cors"})
    scanned = scan()
    assert scanned.titles("gateways") == ["ai"]
    assert scanned.named("ai").attributes["models"] == ("gpt-4.1",)


def test_egress_to_a_model_host_counts_and_to_others_does_not(fake: FakeKubernetes, scan: Scan) -> None:
    entry = Resource("networking.istio.io", "v1", "ServiceEntry", "serviceentries")
    fake.add(
        entry,
        {"metadata": metadata("models"), "spec": {"hosts": ["api.openai.com"]}},
        {"metadata": metadata("mail"), "spec": {"hosts": ["smtp.example.com"]}},
    )
    assert scan().titles("egress") == ["models"]


def test_names_labels_and_owners_are_all_that_is_asked_for_where_no_more_is_read(
    fake: FakeKubernetes, scan: Scan
) -> None:
    profile = Resource("kubeflow.org", "v1", "Profile", "profiles", namespaced=False)
    fake.add(profile, {"metadata": metadata("ana", ""), "spec": {"owner": {"name": "ana@example.com"}}})
    assert "ana" in scan().titles("kubeflow")
    [asked] = [asked for asked in fake.asked if asked.path.endswith("/profiles")]
    assert "PartialObjectMetadataList" in asked.accept


def test_no_secret_no_value_and_no_forbidden_list(fake: FakeKubernetes, scan: Scan, tmp_path: Path) -> None:
    container = {
        **VLLM,
        "command": ["sh", "-c", f"vllm serve acme/m --api-key {SECRET}"],
        "args": ["--model", "acme/m", "--api-key", SECRET],
        "env": [{"name": "OPENAI_API_KEY", "value": SECRET}, {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": SECRET}}}],
    }  # fmt: skip
    fake.add(DEPLOYMENT, deployment("llm", container))
    fake.add(INFERENCE_SERVICE, inference_service())
    archive = tmp_path / "archive"
    scanned = scan(archive=Archive.recording(archive))
    assert scanned.named("llm").attributes["variables"] == ("HF_TOKEN", "OPENAI_API_KEY")
    assert SECRET not in repr(scanned)
    assert SECRET not in "".join(file.read_text() for file in archive.iterdir())
    listed = {path.rpartition("/")[2] for path in fake.paths()}
    assert not listed & {"secrets", "configmaps", "pods", "log"}
    assert {asked.method for asked in fake.asked} == {"GET"}


def test_replay_gives_the_same_without_network_and_without_kubeconfig(
    fake: FakeKubernetes, scan: Scan, config: str, tmp_path: Path
) -> None:
    fake.add(DEPLOYMENT, *(deployment(f"llm-{number}", VLLM) for number in range(7)))
    fake.add(INFERENCE_SERVICE, inference_service())
    fake.refused = {("serving.kserve.io", "inferenceservices"): 403}
    folder = tmp_path / "archive"
    first = scan(Target(kubeconfig=(config,)), archive=Archive.recording(folder))
    Path(config).unlink()
    before = len(fake.asked)
    again = scan(Target(kubeconfig=(config,)), archive=Archive.replaying(folder))
    assert again == first
    assert len(fake.asked) == before


def test_tasks_and_connectors_can_be_handed_to_other_processes(fake: FakeKubernetes, config: str) -> None:
    fake.add(DEPLOYMENT, deployment("llm", VLLM))
    target = pickle.loads(pickle.dumps(Target(kubeconfig=(config,))))
    made = [connect(target, load_services("kubernetes"), QUICK, Archive.live(), Redactor(b"k")) for _ in range(2)]
    tasks = pickle.loads(pickle.dumps(made[0].plan().tasks))
    [apps] = [task for task in tasks if task.scope == "apps"]
    assert [one.attributes["title"] for one in made[1].run(apps).observations] == ["llm"]
