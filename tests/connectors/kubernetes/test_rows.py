"""The rows of the knowledge base, and what follows from them: the role that they need, and whether it is there."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from classifiers.services import Service
from connectors.api.archive import Archive
from connectors.api.redact import Redactor
from connectors.kubernetes import Target, doctor, permissions
from connectors.kubernetes.rows import Row, Rows, plural, read_rows
from tests.connectors.kubernetes.conftest import QUICK, Scan
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, Resource
from tests.connectors.kubernetes.objects import DEPLOYMENT, INFERENCE_SERVICE

Services = tuple[Service, ...]


def rules(services: Services, target: Target | None = None) -> set[tuple[str, str]]:
    """Group and resource of all that the role allows."""
    [(name, text)] = permissions(services, target)
    role = YAML(typ="safe").load(text)
    assert (name, role["kind"]) == ("aimscope-cluster-role.yaml", "ClusterRole")
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"list"}
    return {(group, one) for rule in role["rules"] for group in rule["apiGroups"] for one in rule["resources"]}


def installed(services: Services) -> list[Resource]:
    """Every kind that a row names; of a whole group, a made-up one."""
    rows = read_rows(services)
    written = {kind: row for row in rows.by_id.values() for kind in row.kinds}
    found = []
    for name, row in written.items():
        group, _, kind = name.replace("*", "Anything").partition("/")
        found.append(Resource("" if group == "core" else group, "v1", kind, row.plurals.get(name) or plural(kind)))
    return found


def test_role_allows_exactly_what_a_scan_of_everything_lists(
    fake: FakeKubernetes, scan: Scan, services: Services
) -> None:
    for resource in installed(services):
        fake.add(resource)
    scan()
    listed = set()
    for path in fake.paths():
        parts = path.strip("/").split("/")
        if parts[0] == "api" or (parts[0] == "apis" and len(parts) == 4):
            listed.add(("" if parts[0] == "api" else parts[1], parts[-1]))
    allowed = rules(services)
    whole = {group for group, one in allowed if one == "*"}
    assert {(group, "*" if group in whole else one) for group, one in listed} == allowed
    assert not {one for _, one in allowed} & {"secrets", "configmaps", "pods"}


def test_role_is_only_for_the_services_that_are_wanted(services: Services) -> None:
    assert {group for group, _ in rules(services, Target(services=("seldon",)))} == {
        "machinelearning.seldon.io",
        "mlops.seldon.io",
    }
    with pytest.raises(ValueError, match="no-such"):
        permissions(services, Target(services=("no-such",)))


def test_only_the_services_that_are_wanted_are_asked(fake: FakeKubernetes, scan: Scan, config: str) -> None:
    fake.add(DEPLOYMENT)
    fake.add(INFERENCE_SERVICE)
    scan(Target(kubeconfig=(config,), services=("kserve",)))
    assert fake.paths() == ["/apis", "/apis/serving.kserve.io/v1beta1/inferenceservices"]


def test_doctor_asks_the_cluster_what_is_allowed(fake: FakeKubernetes, services: Services, config: str) -> None:
    fake.add(DEPLOYMENT)
    fake.add(INFERENCE_SERVICE)
    fake.allowed = {("apps", "deployments")}

    def told(**target: Any) -> dict[str, tuple[bool | None, str]]:
        wanted = Target(kubeconfig=(config,), **target)
        checks = doctor(wanted, services, QUICK, Archive.live(), Redactor(b"k"))
        return {what.removeprefix("account:kubernetes:prod: "): (allowed, mend) for what, allowed, mend in checks}

    everywhere = told()
    assert everywhere["sign in"] == (True, "")
    assert everywhere["list deployments.apps"] == (True, "")
    allowed, mend = everywhere["list inferenceservices.serving.kserve.io"]
    assert allowed is False
    assert "grant the verb `list` on inferenceservices.serving.kserve.io" in mend
    assert "list deployments.apps in ml" in told(namespaces=("ml",))
    assert not [path for path in fake.paths() if path.endswith("/deployments")]


def test_doctor_says_why_nothing_can_be_asked(fake: FakeKubernetes, services: Services, config: str) -> None:
    fake.token = "another"
    [(what, allowed, mend)] = doctor(Target(kubeconfig=(config,)), services, QUICK, Archive.live(), Redactor(b"k"))
    assert (what, allowed) == ("account:kubernetes:prod: sign in", False)
    assert "sign in again" in mend
    [(what, allowed, _)] = doctor(Target(kubeconfig=("/absent",)), services, QUICK, Archive.live(), Redactor(b"k"))
    assert allowed is False


def test_rows_refer_only_to_kinds_that_rows_list(services: Services) -> None:
    rows = read_rows(services)
    kinds = {kind for row in rows.by_id.values() for kind in row.kinds}

    def is_listed(kind: str) -> bool:
        return any(fnmatchcase(kind, wanted) for wanted in kinds)

    wanted = {kind for row in rows.by_id.values() for kind in (*row.refs, *row.parents.values())}
    assert [kind for kind in sorted(wanted) if not is_listed(kind)] == []


def test_no_row_stands_behind_one_that_takes_everything(services: Services) -> None:
    """Of several rows for a kind the first that fits takes an object: one without conditions has to be the last."""
    rows = read_rows(services)
    for kind in sorted({kind for row in rows.by_id.values() for kind in row.kinds}):
        group, _, name = kind.partition("/")
        mine = list(rows.of("" if group == "core" else group, name).values())
        hidden = [row.id for row in mine[1:] if not (mine[0].when or mine[0].only)]
        assert hidden == [], kind


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("InferenceService", "inferenceservices"), ("MCPRegistry", "mcpregistries"), ("MCPServerEntry", "mcpserverentries"),
        ("AgentHarness", "agentharnesses"), ("Memory", "memories"), ("K8sGPT", "k8sgpts"), ("InferenceSet", "inferencesets"),
        ("MultiRoleInference", "multiroleinferences"), ("AIGatewayRoute", "aigatewayroutes"), ("BackendSecurityPolicy", "backendsecuritypolicies"),
        ("NIMCache", "nimcaches"), ("Query", "queries"), ("TrustyAI", "trustyais"), ("Sandbox", "sandboxes"), ("SeldonGateway", "seldongateways"), ("LlamaStackDistribution", "llamastackdistributions"),
    ],
)  # fmt: skip
def test_plural_is_the_one_that_the_projects_crds_have(kind: str, resource: str) -> None:
    assert plural(kind) == resource


@pytest.mark.parametrize(
    "wrong",
    [
        {"kinds": ["Deployment"]},
        {"kinds": ["apps/Deployment"], "when": ["image"]},
        {"kinds": ["apps/Deployment"], "when": ["host"]},
        {"kinds": ["apps/Deployment"], "models": ["spec..model"]},
        {"kinds": ["apps/Deployment"], "facts": {"status": "status.phase"}},
        {"kinds": ["apps/Deployment"], "modles": ["spec.model"]},
        {"kinds": []},
    ],
)
def test_wrong_row_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Row.model_validate({"id": "one", **wrong})


def test_every_service_is_read(services: Services) -> None:
    rows: Rows = read_rows(services)
    assert {name.split("/")[1] for name in rows.by_id} == {service.id.split("/")[1] for service in services}
