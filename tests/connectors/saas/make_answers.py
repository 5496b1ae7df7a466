"""Makes `answers/*.json` anew from vendors' published specifications: `python -m tests.connectors.saas.make_answers FOLDER`.

The folder holds, unpacked or as they are: `api.github.com.json` (npm @octokit/openapi), `openai.json` (openai/openai-openapi),
`okta.yaml` (okta/okta-management-openapi-spec, management-minimal), `graph.xml` (microsoftgraph/msgraph-metadata, v1.0), the
discovery documents of google-api-python-client below `discovery/`; databricks-sdk is imported. An answer has every field that
the specification gives and that a row's expressions mention, so that a field which no specification knows makes a test fail.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree

from connectors.saas.rows import Row, Vendor, read_vendor
from tests.connectors.saas.scanning import vendors

HERE = Path(__file__).parent / "answers"
DEPTH = 7
Json = dict[str, Any]

TEXTS = {"date-time": "2026-01-02T03:04:05Z", "date": "2026-01-02", "uri": "https://host.example/x", "int64": "1"}


def words(row: Row) -> set[str]:
    """All names in a row's expressions."""
    return set(re.findall(r"[A-Za-z_@$][\w.@$]*", row.model_dump_json())) | set(
        re.findall(r"\w+", row.model_dump_json())
    )


class OpenApi:
    """Samples of answers of an OpenAPI document or a discovery document."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._open: list[Json] = []

    def answer(self, method: str, path: str, keep: set[str]) -> Any:
        for known, item in self._document["paths"].items():
            if shape(known) == shape(path) and method.lower() in item:
                responses = item[method.lower()]["responses"]
                content = self._resolved(responses["200"]).get("content", {})
                return self.sample(content["application/json"]["schema"], keep, 0)
        return None

    def sample(self, schema: Json, keep: set[str], depth: int) -> Any:
        schema = self._resolved(schema)
        merged, plain = self._parts(schema, keep, depth)
        kind = schema.get("type")
        kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
        if depth > DEPTH or kind == "null":
            return None
        if kind == "array":
            return [self.sample(schema["items"], keep, depth + 1)]
        if kind == "object" or "properties" in schema or merged:
            return self._object(schema, merged, keep, depth)
        return _plain(schema, str(kind)) if plain is None else plain

    def _parts(self, schema: Json, keep: set[str], depth: int) -> tuple[Json, Any]:
        """What a schema is put together of: as one object, and the first that is none."""
        several = [part for name in ("allOf", "oneOf", "anyOf") for part in schema.get(name, ())]
        if schema not in self._open:  # a variant of a schema repeats the schema
            several += [{"$ref": name} for name in schema.get("discriminator", {}).get("mapping", {}).values()]
        self._open.append(schema)
        parts = [self.sample(part, keep, depth) for part in several]
        self._open.pop()
        merged: Json = {}
        for part in parts:
            merged = _merged(merged, part) if isinstance(part, dict) else merged
        return merged, next((part for part in parts if part is not None and not isinstance(part, dict)), None)

    def _object(self, schema: Json, merged: Json, keep: set[str], depth: int) -> Json:
        properties = {
            name: self.sample(value, keep, depth + 1)
            for name, value in schema.get("properties", {}).items()
            if name in keep
        }
        further = schema.get("additionalProperties")
        if not properties and not merged and isinstance(further, dict):
            return {"key": self.sample(further, keep, depth + 1)}
        return _merged(properties, merged)

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            found: Any = self._document
            name = schema["$ref"]
            for key in name.split("/")[1:] if name.startswith("#/") else ("schemas", name):
                found = found[key]
            schema = found
        return schema


def _plain(schema: Json, kind: str) -> Any:
    if "enum" in schema:
        return next((value for value in schema["enum"] if value is not None), None)
    return {"integer": 1, "number": 1.5, "boolean": True}.get(kind, TEXTS.get(str(schema.get("format")), "a text"))


def _merged(one: Json, other: Json) -> Json:
    both = {**other, **one}
    for name in one.keys() & other.keys():
        if isinstance(one[name], dict) and isinstance(other[name], dict):
            both[name] = _merged(one[name], other[name])
    return both


class Discovery(OpenApi):
    """Samples of answers of a Google discovery document."""

    def answer(self, method: str, path: str, keep: set[str]) -> Any:
        for known in self._methods(self._document):
            if shape("/" + known.get("flatPath", known["path"])) == shape(path) and known["httpMethod"] == method:
                return self.sample(known["response"], keep, 0)
        return None

    def _methods(self, node: Json) -> list[Json]:
        below = [method for part in node.get("resources", {}).values() for method in self._methods(part)]
        return [*node.get("methods", {}).values(), *below]


def shape(path: str) -> str:
    """A path without the names of its placeholders; of a Google path, any segment may be one."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


class Graph:
    """Samples of entities of Microsoft Graph."""

    TYPES: ClassVar = {
        "/v1.0/organization": "organization", "/v1.0/servicePrincipals": "servicePrincipal",
        "/v1.0/oauth2PermissionGrants": "oAuth2PermissionGrant", "/v1.0/subscribedSkus": "subscribedSku",
        "/v1.0/copilot/admin/catalog/packages": "copilotPackage", "/v1.0/appCatalogs/teamsApps": "teamsApp",
        "/v1.0/deviceManagement/detectedApps": "detectedApp", "/v1.0/copilot/admin/settings/limitedMode": "copilotAdminLimitedMode",
        "/beta/servicePrincipals/microsoft.graph.agentIdentity": "agentIdentity",
    }  # fmt: skip

    def __init__(self, text: str) -> None:
        self._types: dict[str, Any] = {}
        for element in ElementTree.fromstring(text).iter():
            if element.tag.endswith(("}EntityType", "}ComplexType")):
                self._types.setdefault(element.attrib["Name"], element)

    def answer(self, _method: str, path: str, keep: set[str]) -> Any:
        kind = "appRoleAssignment" if path.endswith("/appRoleAssignedTo") else self.TYPES.get(path)
        if kind is None:
            return None
        found = self.sample(kind, keep, 0)
        return found if path.endswith("limitedMode") else {"value": [found]}

    def sample(self, name: str, keep: set[str], depth: int) -> Any:
        element = self._types.get(name)
        if element is None or depth > DEPTH:
            return "a text"
        found = (
            self.sample(element.attrib["BaseType"].rpartition(".")[2], keep, depth)
            if "BaseType" in element.attrib
            else {}
        )
        for part in element:
            if part.tag.endswith("roperty") and part.attrib["Name"] in keep:
                found[part.attrib["Name"]] = self._value(part.attrib["Type"], keep, depth)
        return found

    def _value(self, kind: str, keep: set[str], depth: int) -> Any:
        if kind.startswith("Collection("):
            return [self._value(kind[11:-1], keep, depth)]
        plain = {"Edm.Boolean": True, "Edm.Int32": 1, "Edm.Int64": 1, "Edm.DateTimeOffset": TEXTS["date-time"]}
        return plain.get(kind) or self.sample(kind.rpartition(".")[2], keep, depth + 1)


class Databricks:
    """Samples of answers of databricks-sdk: the methods' dataclasses."""

    TYPES: ClassVar = {
        "/api/2.0/serving-endpoints": "serving.ListEndpointsResponse", "/api/2.1/unity-catalog/models": "catalog.ListRegisteredModelsResponse",
        "/api/2.0/vector-search/endpoints": "vectorsearch.ListEndpointResponse",
        "/api/2.0/vector-search/indexes": "vectorsearch.ListVectorIndexesResponse",
        "/api/2.0/genie/spaces": "dashboards.GenieListSpacesResponse", "/api/2.0/genie/agents": "genieagents.ListGenieAgentsResponse",
        "/api/2.1/knowledge-assistants": "knowledgeassistants.ListKnowledgeAssistantsResponse",
        "/api/2.1/supervisor-agents": "supervisoragents.ListSupervisorAgentsResponse",
        "/api/2.1/unity-catalog/mcp-services": "catalog.ListMcpServicesResponse", "/api/2.0/apps": "apps.ListAppsResponse",
        "llm_proxy_partner_powered": "settings.LlmProxyPartnerPoweredWorkspace",
        "llm_proxy_partner_powered_enforce": "settings.LlmProxyPartnerPoweredEnforce",
    }  # fmt: skip

    def answer(self, _method: str, path: str, keep: set[str]) -> Any:
        from importlib import import_module

        setting = re.search(r"/settings/types/(\w+)/", path)
        module, _, name = self.TYPES[setting[1] if setting else path].partition(".")
        return self._sample(getattr(import_module(f"databricks.sdk.service.{module}"), name), keep, 0)

    def _sample(self, kind: Any, keep: set[str], depth: int) -> Any:
        import dataclasses
        import enum
        from typing import get_args, get_origin, get_type_hints

        arguments = [one for one in get_args(kind) if one is not type(None)]
        if get_origin(kind) is list:
            return [self._sample(arguments[0], keep, depth)]
        if arguments and get_origin(kind) is not dict:
            return self._sample(arguments[0], keep, depth)
        if dataclasses.is_dataclass(kind) and depth <= DEPTH:
            hints = get_type_hints(kind)
            return {name: self._sample(hint, keep, depth + 1) for name, hint in hints.items() if name in keep}
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return next(iter(kind)).value
        return {int: 1, float: 1.5, bool: True}.get(kind, "a text")


def sources(folder: Path) -> dict[str, list[Any]]:
    from ruamel.yaml import YAML

    def read(name: str) -> Json:
        return dict(json.loads((folder / name).read_text()))

    discovery = [Discovery(json.loads(file.read_text())) for name in (
        "admin.directory_v1", "admin.reports_v1", "licensing.v1", "cloudidentity.v1", "chromemanagement.v1",
    ) for file in (folder / "discovery").rglob(f"{name}.json")]  # fmt: skip
    openai = OpenApi(read("openai.json"))
    return {
        "github": [OpenApi(read("api.github.com.json"))], "openai": [openai], "openai-project": [openai],
        "okta": [OpenApi(YAML(typ="safe").load(folder / "okta.yaml"))], "microsoft": [Graph((folder / "graph.xml").read_text())],
        "google-workspace": discovery, "databricks": [Databricks()], "databricks-account": [Databricks()],
    }  # fmt: skip


def answers(vendor: Vendor, documents: list[Any]) -> Json:
    found = {}
    for row in vendor.rows:
        path = row.path.removeprefix("/v1") if vendor.name.startswith("openai") else row.path
        path = (
            path.replace("/users/all/applications/" + path.rpartition("/")[2], "/users/{}/applications/{}")
            if "reports/v1" in path
            else path
        )
        path = re.sub(r"/product/\d+/", "/product/{}/", path)
        for document in documents:
            answer = document.answer(row.method, path, words(row))
            if answer is not None:
                found[row.id] = answer
                break
    return found


EDITS: tuple[tuple[str, str, tuple[str | int, ...], Any], ...] = (
    ("google-workspace", "user", ("users", 0, "archived"), False),
    ("google-workspace", "service-status", ("policies", 0, "setting", "type"), "settings/gemini_app.service_status"),
    ("google-workspace", "service-status", ("policies", 0, "setting", "value"), {"serviceState": "ENABLED"}),
    ("google-workspace", "oauth-activity", ("items", 0, "events", 0, "parameters"), [
        {"name": "client_id", "value": "1.apps.example"}, {"name": "app_name", "value": "An app"}, {"name": "scope", "multiValue": ["x"]},
    ]),
    ("google-workspace", "gemini", ("items", 0, "events", 0, "parameters"), [{"name": "app_name", "value": "gmail"}]),
    ("microsoft", "graph-permission", ("value", 0, "principalType"), "ServicePrincipal"),
    ("microsoft", "exchange-permission", ("value", 0, "principalType"), "ServicePrincipal"),
    ("microsoft", "sharepoint-permission", ("value", 0, "principalType"), "ServicePrincipal"),
    ("microsoft", "app", ("value", 0, "tags"), ["WindowsAzureActiveDirectoryIntegratedApp"]),
    ("microsoft", "licence", ("value", 0, "servicePlans", 0, "provisioningStatus"), "Success"),
    ("microsoft", "assignment", ("value",), [
        {"principalId": "1", "principalType": "User", "createdDateTime": "2026-01-02T03:04:05Z"},
        {"principalId": "2", "principalType": "Group", "principalDisplayName": "Sales"},
    ]),
    ("okta", "app", (0, "signOnMode"), "OPENID_CONNECT"),
    ("okta", "sign-in", (0, "target", 0, "type"), "AppInstance"),
    ("okta", "app-group", (0, "_embedded"), {"group": {"profile": {"name": "Sales"}}}),
    ("openai", "project", ("data", 0, "status"), "active"),
    ("databricks", "serving-endpoint", ("endpoints", 0, "ai_gateway", "guardrails"), {"input": {}}),
)  # fmt: skip
"""What a specification types as any text or object, and a row looks into by its documented values."""


def _addressed(value: Any, name: str = "") -> Any:
    """An answer in which texts that are addresses by their names look like some."""
    if isinstance(value, dict):
        return {key: _addressed(held, key) for key, held in value.items()}
    if isinstance(value, list):
        return [_addressed(held, name) for held in value]
    address = value == "a text" and re.search(r"ur[li]s?$|homepage|destination|domain", name, re.IGNORECASE)
    return TEXTS["uri"] if address else value


def edited(vendor: str, found: Json) -> Json:
    found = _addressed(found)
    for of, row, path, value in EDITS:
        if of == vendor:
            place: Any = found[row]
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
    return found


def main(folder: Path) -> None:
    HERE.mkdir(exist_ok=True)
    documents = sources(folder)
    for given in vendors():
        vendor = read_vendor(given)
        if vendor.name in documents:
            found = edited(vendor.name, answers(vendor, documents[vendor.name]))
            missing = sorted({row.id for row in vendor.rows} - set(found))
            print(vendor.name, f"{len(found)} of {len(vendor.rows)}", *missing)  # noqa: T201
            (HERE / f"{vendor.name}.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
