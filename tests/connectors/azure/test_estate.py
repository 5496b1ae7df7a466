"""What is found of Foundry, Machine Learning, workloads and permissions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.api.signals import Signals
from connectors.model import ObservationKind, Outcome
from tests.connectors.azure.fake_azure import FakeAzure
from tests.connectors.azure.scanning import Scan, connector, scan

ACCOUNT = "Microsoft.CognitiveServices/accounts"
ML = "Microsoft.MachineLearningServices/workspaces"
SIGNALS = Signals(
    images={"vllm/vllm-openai": ("vllm/image",)}, variables={"AZURE_OPENAI_ENDPOINT": ("azure-openai/env",)}
)
SECRET = "a-value-that-must-never-be-kept"


@pytest.fixture
def shop(azure: FakeAzure) -> str:
    return azure.subscription(1, "Shop")


def names(result: Scan, row: str) -> list[str]:
    return [str(one.attributes["title"]) for one in result.of(row).values()]


def test_an_agent_is_joined_to_its_application_project_and_account(azure: FakeAzure, shop: str) -> None:
    account = azure.resource(shop, ACCOUNT, "Foundry", kind="AIServices")
    project = azure.child(account, "projects", "Support", location="westeurope", properties={
        "displayName": "Support", "endpoints": {"AI Foundry API": "https://foundry.services.ai.azure.com/api/projects/support"},
    })  # fmt: skip
    application = azure.child(project, "applications", "desk", properties={
        "displayName": "Service desk", "isEnabled": True, "baseUrl": "https://desk.services.ai.azure.com/",
        "tags": {"team": "desk"}, "defaultInstanceIdentity": {"principalId": "PPP"},
    })  # fmt: skip
    azure.child(application, "listAgents", "Helper", id=f"{application}/agents/agent-1",
                properties={"agentId": "agent-1", "agentName": "Helper"})  # fmt: skip
    azure.child(application, "agentDeployments", "live", properties={
        "state": "Running", "agents": [{"agentId": "agent-1", "agentName": "Helper", "agentVersion": "3"}],
    })  # fmt: skip
    azure.child(account, "capabilityHosts", "host", properties={"aiServicesConnections": ["Outside"]})
    azure.child(account, "connections", "Outside", properties={
        "category": "AzureOpenAI", "authType": "ApiKey", "target": "https://other.openai.azure.com/",
        "credentials": {"key": SECRET},
        "metadata": {"ResourceId": f"/subscriptions/{shop}/resourceGroups/X/providers/{ACCOUNT}/Other"},
    })  # fmt: skip

    result = scan(azure, "cognitive-services")

    (helper,) = result.of("cognitive-services/agent")
    (live,) = result.of("cognitive-services/agent-deployment").values()
    assert live.attributes["refs"] == (helper,)
    (desk,) = result.of("cognitive-services/application").values()
    assert live.attributes["parent"] == desk.name
    assert desk.attributes["identities"] == ("ppp",)
    assert desk.attributes["tag:team"] == "desk"
    (support,) = result.of("cognitive-services/project")
    assert desk.attributes["parent"] == support
    (outside,) = result.of("cognitive-services/connection").values()
    assert outside.attributes["hosts"] == ("other.openai.azure.com",)
    assert outside.attributes["refs"] == (f"/subscriptions/{shop}/resourcegroups/x/providers/{ACCOUNT.lower()}/other",)
    (host,) = result.of("cognitive-services/capability-host").values()
    assert host.attributes["refs"] == (outside.name,)
    assert SECRET not in repr(result.observations)
    assert not result.incomplete


def test_every_kind_of_account_is_one_resource_of_one_row(azure: FakeAzure, shop: str) -> None:
    kinds = ["OpenAI", "AIServices", "FormRecognizer", "SpeechServices", "TextAnalytics", "Bing.Search", ""]
    for number, kind in enumerate(kinds):
        azure.resource(shop, ACCOUNT, f"ai-{number}", kind=kind)

    result = scan(azure, "cognitive-services", metrics=False)

    found = [one for one in result.observations if one.kind is ObservationKind.ASSET]
    rows = {one.matchers[0].rpartition("/")[2] for one in found}
    assert rows == {f"{name}-account" for name in ("openai", "foundry", "vision", "speech", "language", "other")}
    assert len({one.name for one in found}) == len(found) == len(kinds)


def test_endpoints_of_machine_learning_name_their_models(azure: FakeAzure, shop: str) -> None:
    azure.resource(shop, ML, "Lab", kind="Default")
    azure.resource(shop, f"{ML}/onlineEndpoints", "Lab/score", properties={"scoringUri": "https://score.westeurope.inference.ml.azure.com/score"})  # fmt: skip
    azure.resource(shop, f"{ML}/onlineEndpoints/deployments", "Lab/score/blue", properties={
        "model": "azureml://registries/azureml/models/Phi-4/versions/7", "instanceType": "Standard_NC24ads_A100_v4",
        "environmentVariables": {"KEY": SECRET},
    })  # fmt: skip
    azure.resource(shop, f"{ML}/serverlessEndpoints", "Lab/maas", properties={
        "modelSettings": {"modelId": "azureml://registries/azureml-mistral/models/Mistral-large"},
        "inferenceEndpoint": {"uri": "https://maas.westeurope.models.ai.azure.com"},
    })  # fmt: skip

    result = scan(azure, "machine-learning")

    (endpoint,) = result.of("machine-learning/online-endpoint").values()
    assert endpoint.attributes["hosts"] == ("score.westeurope.inference.ml.azure.com",)
    (workspace,) = result.of("machine-learning/workspace")
    assert endpoint.attributes["parent"] == workspace
    (blue,) = result.of("machine-learning/online-deployment").values()
    assert blue.attributes["parent"] == endpoint.name
    assert blue.attributes["models"] == ("Phi-4",)
    (serverless,) = result.of("machine-learning/serverless-endpoint").values()
    assert serverless.attributes["models"] == ("Mistral-large",)
    assert SECRET not in repr(result.observations)


def test_jobs_are_read_newest_first_within_days_and_number(azure: FakeAzure, shop: str) -> None:
    azure.page = 10
    workspace = azure.resource(shop, ML, "Lab", kind="Default")
    today = datetime.now(UTC)
    for age in range(40):
        created = (today - timedelta(days=age)).isoformat()
        azure.child(
            workspace, "jobs", f"job-{age:02}", systemData={"createdAt": created}, properties={"status": "Completed"}
        )

    bounded = scan(azure, "machine-learning", newest=15)
    pages = [said for said in azure.asked if "/jobs?" in said]
    recent = scan(azure, "machine-learning", days=5)

    assert len(bounded.of("machine-learning/job")) == 15
    assert len(pages) == 2
    assert not bounded.incomplete
    assert bounded.covered(shop, "global/machine-learning").counts["older"] == 5
    assert {name.rpartition("-")[2] for name in recent.of("machine-learning/job")} == {f"{age:02}" for age in range(6)}


def test_a_workload_counts_where_its_names_or_its_identity_give_ai_away(azure: FakeAzure, shop: str) -> None:
    def app(name: str, image: str, variable: str, **more: object) -> None:
        container = {"image": image, "env": [{"name": variable, "value": SECRET}]}
        azure.resource(
            shop, "Microsoft.App/containerApps", name, properties={"template": {"containers": [container]}}, **more
        )

    app("by-image", "acme.azurecr.io/vllm/vllm-openai:v1", "PORT")
    app("by-variable", "acme.azurecr.io/shop:7", "AZURE_OPENAI_ENDPOINT")
    app("by-identity", "acme.azurecr.io/desk:7", "PORT", identity={"type": "SystemAssigned", "principalId": "P-1"})
    app("plain", "acme.azurecr.io/plain:7", "PORT", identity={"type": "SystemAssigned", "principalId": "P-2"})
    account = azure.resource(shop, ACCOUNT, "AI", kind="OpenAI")
    role = "/providers/Microsoft.Authorization/roleDefinitions/5E0BD9BD-7B93-4F28-AF87-19FC36AD61BD"
    azure.resource(shop, "Microsoft.Authorization/roleAssignments", "g-1", table="authorizationresources", properties={
        "roleDefinitionId": role, "scope": account, "principalId": "p-1", "principalType": "ServicePrincipal",
    })  # fmt: skip
    azure.resource(shop, "Microsoft.Authorization/roleAssignments", "g-2", table="authorizationresources", properties={
        "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "scope": account, "principalId": "p-2",
    })  # fmt: skip

    result = scan(azure, asked=connector(azure, signals=SIGNALS))

    found = {str(one.attributes["title"]): one for one in result.of("workloads/container-app").values()}
    assert sorted(found) == ["by-identity", "by-image", "by-variable"]
    assert found["by-image"].matchers == ("azure/workloads/container-app", "vllm/image")
    assert found["by-variable"].matchers == ("azure/workloads/container-app", "azure-openai/env")
    (grant,) = result.of("authorization/role-assignment").values()
    assert grant.kind is ObservationKind.GRANT
    assert grant.attributes["title"] == "Cognitive Services OpenAI User"
    assert grant.attributes["identities"] == found["by-identity"].attributes["identities"] == ("p-1",)
    (ai,) = result.of("cognitive-services/openai-account")
    assert grant.attributes["refs"] == (ai,)
    assert SECRET not in repr(result.observations)


def test_a_logic_app_gives_its_connectors_and_never_its_definition(azure: FakeAzure, shop: str) -> None:
    def flow(name: str, connector_name: str) -> None:
        azure.resource(shop, "Microsoft.Logic/workflows", name, properties={
            "state": "Enabled",
            "definition": {"actions": {"ask": {"inputs": {"body": SECRET}}}},
            "parameters": {"$connections": {"value": {"ai": {
                "connectionId": f"/subscriptions/{shop}/resourceGroups/R/providers/Microsoft.Web/connections/ai",
                "id": f"/subscriptions/{shop}/providers/Microsoft.Web/locations/westeurope/managedApis/{connector_name}",
            }}}},
        })  # fmt: skip

    flow("triage", "azureopenai")
    flow("mail", "office365")
    azure.resource(shop, "Microsoft.Web/connections", "ai", group="R", properties={"api": {"name": "azureopenai"}})
    azure.resource(shop, "Microsoft.Web/connections", "mail", group="R", properties={"api": {"name": "office365"}})

    result = scan(azure, "logic-apps")

    (triage,) = result.of("logic-apps/workflow").values()
    assert triage.attributes["title"] == "triage"
    (connection,) = result.of("logic-apps/connection").values()
    assert triage.attributes["refs"] == (connection.name,)
    assert connection.attributes["title"] == "Azure OpenAI"
    assert not any("definition" in query for query in azure.queries)
    assert all(
        "properties," not in query and not query.endswith("properties | order by id asc")
        for query in azure.queries
        if "logic" in query
    )


def test_machines_with_accelerators_are_found_and_others_are_not(azure: FakeAzure, shop: str) -> None:
    for name, size in (("train", "Standard_NC24ads_A100_v4"), ("web", "Standard_D4s_v5"), ("fpga", "Standard_NP10s")):
        azure.resource(
            shop, "Microsoft.Compute/virtualMachines", name, properties={"hardwareProfile": {"vmSize": size}}
        )
    pools = [{"name": "gpu", "vmSize": "Standard_ND96isr_H100_v5"}]
    azure.resource(shop, "Microsoft.ContainerService/managedClusters", "gpu", properties={"agentPoolProfiles": pools})
    azure.resource(shop, "Microsoft.ContainerService/managedClusters", "plain", properties={"agentPoolProfiles": []})

    result = scan(azure, "workloads")

    assert names(result, "workloads/gpu-machine") == ["train"]
    assert names(result, "workloads/gpu-cluster") == ["gpu"]


def test_a_site_counts_by_its_image_wherever_the_graph_writes_it(azure: FakeAzure, shop: str) -> None:
    linux = {"name": "LinuxFxVersion", "value": "DOCKER|acme.azurecr.io/vllm/vllm-openai:v1"}
    azure.resource(shop, "Microsoft.Web/sites", "model", properties={"siteProperties": {"properties": [linux]}})
    azure.resource(shop, "Microsoft.Web/sites", "shop", properties={"siteConfig": {"linuxFxVersion": "NODE|20"}})

    result = scan(azure, asked=connector(azure, signals=SIGNALS))

    assert names(result, "workloads/site") == ["model"]


def test_many_subscriptions_are_asked_in_few_requests(azure: FakeAzure) -> None:
    azure.page = 1000
    for number in range(1, 151):
        subscription = azure.subscription(number, f"Number {number}")
        azure.resource(subscription, ACCOUNT, "ai", kind="SpeechServices")

    result = scan(azure, metrics=False)

    assert len(result.of("cognitive-services/speech-account")) == 150
    assert {one.outcome for one in result.coverage} == {Outcome.COMPLETE}
    graph = [said for said in azure.asked if "ResourceGraph" in said]
    assert len(graph) == 2 * len(set(azure.queries))
    assert len(set(azure.queries)) < 12


def test_types_are_compared_without_regard_to_case(azure: FakeAzure, shop: str) -> None:
    azure.resource(shop, ACCOUNT, "AI", kind="OpenAI", type="Microsoft.CognitiveServices/Accounts")

    assert len(scan(azure, "cognitive-services").of("cognitive-services/openai-account")) == 1
