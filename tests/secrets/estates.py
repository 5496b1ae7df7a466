"""Every fake of the connectors, planted: an organisation's settings name them all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from google.auth.credentials import AnonymousCredentials

from connectors.saas.rows import Vendor
from tests.connectors.aws import fake_aws
from tests.connectors.azure.fake_azure import TOKEN as AZURE_TOKEN
from tests.connectors.azure.fake_azure import FakeAzure, Fault
from tests.connectors.azure.test_scan import a_shop
from tests.connectors.gcp import fake_gcp, scanning
from tests.connectors.kubernetes import objects
from tests.connectors.kubernetes.conftest import kubeconfig
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, serve
from tests.connectors.saas.fake_vendor import Answer, Asked, FakeVendor
from tests.connectors.saas.test_answers import HOSTS, VENDORS, answers, fits
from tests.secrets.canaries import EMAIL, MACHINE, OPAQUE, OWNER, SECRETS, in_text
from tests.secrets.planting import Planter

NOBODY = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types
AWS_SERVICES = (
    "bedrock",
    "bedrock-agent",
    "bedrock-agentcore-control",
    "sagemaker",
    "lambda",
    "lexv2-models",
    "ec2",
    "ecs",
)
"""Services of every protocol that rows ask over: answers of all services are made and redacted alike."""

REFUSAL = {
    "error": {"code": SECRETS["openai"], "message": in_text("may not", 0), "details": [{"reason": in_text("x", 1)}]}
}
HEADERS = {"X-Note": in_text("refused", 2), "Retry-After": "0"}


@dataclass(frozen=True)
class Planted:
    """The estates, ready to be scanned.

    Attributes:
        sources: As settings name them.
        base_urls: As settings name them.
        environment: What credentials are read from.
        planters: How many texts were planted, by fake.
    """

    sources: list[dict[str, Any]]
    base_urls: dict[str, str]
    environment: dict[str, str]
    planters: dict[str, Planter]


@contextmanager
def planted(folder: Path) -> Iterator[Planted]:
    """Runs every fake."""
    made = Planted([], {}, {}, {})
    with ExitStack() as stack:
        for start in (_aws, _azure, _gcp, _kubernetes, _saas):
            stack.enter_context(contextmanager(start)(made, folder))
        yield made


def _aws(made: Planted, _folder: Path) -> Iterator[None]:
    planter = made.planters["aws"] = Planter()
    plain_text = fake_aws._Maker._text

    def text(maker: Any, shape: Any, name: str, seed: str) -> str:
        written = plain_text(maker, shape, name, seed)
        fixed = shape.enum or maker._asked.service == "sts" or name.lower() in {"regionname", "accountid", "account"}
        # An identifier out of which a secret is cut is none any more: such a thing is a gap, so only few are planted so.
        return (
            written
            if fixed
            else planter.identifier(written)
            if name.lower().endswith(("arn", "id", "name"))
            else planter.text(written)
        )

    estate = fake_aws.Estate(count=lambda _: 1)
    estate.faults.append(
        fake_aws.Fault(
            lambda asked: asked.operation == "ListGuardrails", 400, SECRETS["openai"], headers={"X-Note": EMAIL}
        )
    )
    names = tuple(dict.fromkeys([*AWS_SERVICES, *("kms", "logs", "application-autoscaling", "resource-groups")]))
    with mock.patch.object(fake_aws._Maker, "_text", text):
        server = fake_aws.FakeAws(estate, names).start()
        made.base_urls["aws"] = server.url
        made.sources.append(
            {"aws": {"services": list(AWS_SERVICES), "regions": ["us-east-1"], "tiers": ["A", "B", "C", "D"]}}
        )
        made.environment.update({
            "AWS_ACCESS_KEY_ID": SECRETS["aws-key-id"], "AWS_SECRET_ACCESS_KEY": OPAQUE, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        })  # fmt: skip
        try:
            yield
        finally:
            server.stop()


def _azure(made: Planted, _folder: Path) -> Iterator[None]:
    planter = made.planters["azure"] = Planter(frozenset({
        "id", "type", "kind", "subscriptionId", "tenantId", "resourceGroup", "nextLink", "$skipToken", "actions", "notActions",
        "resultTruncated", "timeStamp", "location", "metadatavalues",
    }))  # fmt: skip

    class Azure(FakeAzure):
        def _send(self, handler: Any, status: int, body: Any, headers: Any = None) -> None:
            super()._send(handler, status, planter(body), {**HEADERS, **(headers or {})})

    with Azure() as azure:
        subscription = a_shop(azure)
        account = azure.resource(
            subscription, "Microsoft.CognitiveServices/accounts", f"ai-{EMAIL}", kind="OpenAI", tags={"owner": OWNER},
            properties={"endpoint": f"https://{SECRETS['openai']}@x.openai.azure.com/", "customSubDomainName": EMAIL},
        )  # fmt: skip
        azure.child(account, "deployments", SECRETS["anthropic"], properties={"model": {"name": "gpt-4o"}})
        azure.child(
            account, "connections", "Outside", properties={"target": SECRETS["url"], "credentials": {"key": OPAQUE}}
        )
        container = {
            "image": "acme.azurecr.io/vllm/vllm-openai:v1",
            "env": [{"name": "OPENAI_API_KEY", "value": OPAQUE}],
        }
        azure.resource(
            subscription, "Microsoft.App/containerApps", "helper", properties={"template": {"containers": [container]}}
        )
        azure.faults.append(Fault("/raiPolicies", f"403 {SECRETS['openai']}"))
        made.base_urls["azure"] = azure.url
        made.environment["AIMSCOPE_TEST_TOKEN"] = AZURE_TOKEN
        made.sources.append({"azure": {"token_env": "AIMSCOPE_TEST_TOKEN", "tiers": ["A", "B", "C", "D"]}})
        yield


def _gcp(made: Planted, _folder: Path) -> Iterator[None]:
    planter = made.planters["gcp"] = Planter(frozenset({
        "name", "assetType", "project", "organization", "folders", "state", "location", "locationId", "createTime", "nextPageToken",
        "version", "additionalAttributes", "updateTime", "serviceAccount",
    }))  # fmt: skip

    class Estate(fake_gcp.Estate):
        def _paged(self, key: str, items: list[dict[str, Any]], size: int, token: str) -> dict[str, Any]:
            page = super()._paged(key, items, size, token)
            if key == "results":
                return {**page, key: [_planted_result(planter, item) for item in items]}
            return dict(planter(page))

    estate = Estate()
    vars(estate).update(vars(scanning.shop()))
    place = "projects/111/locations/europe-west1"
    estate.resource(
        "aiplatform.googleapis.com/Endpoint", f"{place}/endpoints/{EMAIL}", {"displayName": EMAIL, "serviceAccount": MACHINE},
        displayName=EMAIL, labels={"owner": OWNER, "key": SECRETS["openai"]},
    )  # fmt: skip
    estate.refused["/v1/projects/shop-lab"] = (
        403,
        {"error": {"code": 403, "status": SECRETS["openai"], "message": EMAIL}},
    )
    with (
        fake_gcp.FakeGoogle(estate) as google,
        mock.patch("google.auth.default", return_value=(NOBODY, "")),
    ):
        made.base_urls.update({"cloudasset.googleapis.com": google.rest_url, "googleapis.com": google.rest_url})
        made.sources.append({"gcp": {"scopes": ["organizations/9"], "transport": "rest"}})
        yield


def _planted_result(planter: Planter, item: dict[str, Any]) -> dict[str, Any]:
    """A result of the inventory, whose own fields are those of a message; what it holds of the resource is free."""
    held = {name: planter(value) if name == "versionedResources" else value for name, value in item.items()}
    return {
        **held,
        "displayName": planter.text(str(item.get("displayName", "a name"))),
        "description": planter.text("x"),
    }


def _kubernetes(made: Planted, folder: Path) -> Iterator[None]:
    planter = made.planters["kubernetes"] = Planter(
        frozenset(
            {"apiVersion", "kind", "namespace", "creationTimestamp", "resourceVersion", "continue", "image", "name"}
        )
    )

    class Kubernetes(FakeKubernetes):
        def page(self, key: tuple[str, str], namespace: str, asked: Any) -> tuple[int, dict[str, Any]]:
            code, body = super().page(key, namespace, asked)
            return code, planter(body)

    with serve(Kubernetes()) as cluster:
        container = {
            "image": "vllm/vllm-openai:v1",
            "env": [{"name": "OPENAI_API_KEY", "value": OPAQUE}],
            "args": [OPAQUE],
        }
        cluster.add(objects.NAMESPACE, {"metadata": objects.metadata("ml", "")})
        cluster.add(
            objects.DEPLOYMENT, objects.deployment("llm", container), objects.deployment(f"of-{EMAIL}", container)
        )
        cluster.add(objects.INFERENCE_SERVICE, objects.inference_service(), objects.inference_service(f"fraud-{EMAIL}"))
        cluster.add(objects.SERVING_RUNTIME, {"metadata": objects.metadata("kserve-xgbserver"), "spec": {}})
        cluster.add(objects.JOB)
        cluster.refused["batch", "jobs"] = 403
        place = folder / "cluster"
        place.mkdir()
        file = kubeconfig(place, cluster.url, {"token": OPAQUE})
        made.sources.append({"kubernetes": {"kubeconfig": [str(file)]}})
        yield


def _saas(made: Planted, _folder: Path) -> Iterator[None]:
    """Every vendor, each below a path of its own; and a tenant that refuses everything."""
    given: dict[str, dict[str, Any]] = {}
    for vendor in VENDORS.values():
        planter = made.planters[f"saas {vendor.name}"] = _planter(vendor)
        given[vendor.name] = {row: planter(answer) for row, answer in answers(vendor.name).items()}

    def answer(asked: Asked) -> Answer:
        _, name, rest = asked.path.split("/", 2)
        if name == "refusing":
            return 403, REFUSAL, HEADERS
        vendor = VENDORS[name]
        row = next((row for row in vendor.rows if fits(row, _below(asked, f"/{rest}"))), None)
        if row is None:
            return 404, REFUSAL, HEADERS
        paging = row.paging or vendor.api.paging
        first = {"offset": "0", "page": str(paging.start)}.get(paging.style)
        held = given[name][row.id]
        return 200, held if asked.query.get(paging.param) == first else type(held)(), HEADERS

    with FakeVendor() as fake:
        fake.otherwise = answer
        owners = {"licensing.googleapis.com": "google-workspace", "cloudidentity.googleapis.com": "google-workspace",
                  "chromemanagement.googleapis.com": "google-workspace", "api.endpoints.huggingface.cloud": "huggingface"}  # fmt: skip
        made.base_urls.update({host: f"{fake.url}/{owners[host]}" for host in HOSTS if host in owners})
        made.environment["PLANTED_TOKEN"] = OPAQUE
        made.sources.extend({"saas": _tenant(vendor, f"{fake.url}/{vendor.name}")} for vendor in VENDORS.values())
        refusing = _tenant(VENDORS["okta"], f"{fake.url}/refusing") | {"tenant": "refusing"}
        made.sources.append({"saas": refusing})
        yield


def _below(asked: Asked, path: str) -> Asked:
    return Asked(asked.method, path, asked.query, asked.headers, asked.body)


def _planter(vendor: Vendor) -> Planter:
    """What rows compare is not planted in, else they would not count the record."""
    compared = set(re.findall(r"'([^']+)'", "".join(row.when + row.ask + row.key for row in vendor.rows)))
    cursors = {(row.paging or vendor.api.paging).at.rpartition(".")[2] for row in vendor.rows}
    return Planter(frozenset(cursors), frozenset(compared))


def _tenant(vendor: Vendor, url: str) -> dict[str, Any]:
    parameters = {name: "a-value" for name in vendor.api.parameters if name not in vendor.api.defaults}
    username = {"username": EMAIL} if vendor.api.auth[0].style == "basic" else {}
    return {
        "vendor": vendor.name, "tenant": "acme", "base_url": url, "token_env": "PLANTED_TOKEN", "parameters": parameters,
        "tiers": ["A", "B", "C", "D"], **username,
    }  # fmt: skip


def settings(made: Planted, further: list[dict[str, Any]]) -> str:
    """The organisation's settings. JSON is YAML."""
    network = {"retries": 0, "concurrency": 8, "base_urls": made.base_urls}
    return json.dumps({"sources": [*made.sources, *further], "network": network, "engine": {"workers": 1}})
