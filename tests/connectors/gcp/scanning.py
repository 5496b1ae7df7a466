"""Runs the connector against the fake, with the rows of the knowledge base."""

from __future__ import annotations

from functools import cache
from typing import Any

from google.auth.credentials import AnonymousCredentials

from classifiers.services import load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.gcp import Target
from connectors.gcp.connector import GcpConnector
from connectors.model import Coverage, Observation, Outcome
from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle

ORGANISATION = Target(scopes=("organizations/9",))
AI = ("aiplatform.googleapis.com", "discoveryengine.googleapis.com", "generativelanguage.googleapis.com")

SIGNALS = Signals(variables={"OPENAI_API_KEY": ("openai",)}, image_prefixes={"vllm/": ("vllm",)})

services = cache(load_services)


def connector(
    fake: FakeGoogle,
    target: Target = ORGANISATION,
    *,
    archive: Archive | None = None,
    credentials: Any = None,
) -> GcpConnector:
    """A connector that asks the fake."""
    inventory = fake.grpc_url if target.transport == "grpc" else fake.rest_url
    urls = {"cloudasset.googleapis.com": inventory, "googleapis.com": fake.rest_url}
    policy = Policy(base_urls=urls, retries=2, max_wait_seconds=0.01, read_seconds=5.0)
    return GcpConnector(
        target, services("gcp"), policy, archive or Archive.live(), Redactor(b"key"), SIGNALS,
        credentials or AnonymousCredentials(),
    )  # fmt: skip


class Scan:
    """One scan: its plan, what it found, and how each part ended."""

    connector: GcpConnector

    def __init__(self, fake: FakeGoogle, target: Target = ORGANISATION, **made: Any) -> None:
        self.connector = connector(fake, target, **made)
        self.plan = self.connector.plan()
        results = [self.connector.run(task) for task in self.plan.tasks]
        self.observations: list[Observation] = [seen for result in results for seen in result.observations]
        self.coverage: list[Coverage] = [*self.plan.coverage, *(part for result in results for part in result.coverage)]

    def of(self, row: str) -> list[Observation]:
        """Observations of a row."""
        return [seen for seen in self.observations if f"gcp/{row}" in seen.matchers]

    def ended(self, source: str, scope: str) -> set[Outcome]:
        """How a scope of a source ended."""
        return {part.outcome for part in self.coverage if (part.source, part.scope) == (f"account:gcp:{source}", scope)}

    def reasons(self, source: str, scope: str) -> str:
        """Why."""
        parts = [part for part in self.coverage if (part.source, part.scope) == (f"account:gcp:{source}", scope)]
        return " | ".join(part.reason for part in parts)


def shop() -> Estate:
    """An organisation with two projects: one that uses AI, and one that has it enabled."""
    estate = Estate()
    estate.resources += [
        {"name": "//cloudresourcemanager.googleapis.com/organizations/9", "assetType": "cloudresourcemanager.googleapis.com/Organization", "displayName": "acme.example", "project": ""},
        {"name": "//cloudresourcemanager.googleapis.com/folders/5", "assetType": "cloudresourcemanager.googleapis.com/Folder", "displayName": "Retail", "project": ""},
    ]  # fmt: skip
    estate.project("shop-prod", "111", AI, folders=["folders/5"], labels={"env": "prod"})
    estate.project("shop-lab", "222", ("aiplatform.googleapis.com",))
    place = "projects/111/locations/europe-west1"
    estate.resource("aiplatform.googleapis.com/Model", f"{place}/models/42", {"displayName": "churn", "containerSpec": {"imageUri": "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5"}}, location="europe-west1")  # fmt: skip
    estate.resource(
        "aiplatform.googleapis.com/Endpoint", f"{place}/endpoints/7",
        {
            "displayName": "churn", "dedicatedEndpointDns": "7.europe-west1-111.prediction.vertexai.goog",
            "deployedModels": [{"id": "1", "model": f"{place}/models/42@3", "serviceAccount": "churn@shop-prod.iam.gserviceaccount.com"}],
        },
        displayName="churn", location="europe-west1", createTime="2026-02-03T04:05:06Z", labels={"owner": "data"},
    )  # fmt: skip
    for project in ("shop-prod", "shop-lab"):
        estate.lists[f"/v1/projects/{project}/locations"] = ("locations", [{"locationId": "europe-west1"}, {"locationId": "us-central1"}])  # fmt: skip
    return estate
