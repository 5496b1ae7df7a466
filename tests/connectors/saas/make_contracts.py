"""Makes `contracts.json` anew from packages of registries: `python -m tests.connectors.saas.make_contracts FOLDER`.

The folder holds packages as they come from PyPI and npm, unpacked, each below its name with slashes for `__`:
`pip download --no-deps anthropic`, `npm pack @octokit/openapi`. Nothing of them is kept but the names that rows rely on, and
whether the package knows them: in a specification (OpenAPI, a discovery document) those of the very operation; in the types and
sources of a library those of the files that `SOURCES` names for the row.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from connectors.saas.rows import Row, Vendor, read_vendor
from tests.connectors.saas.contracts import asks, fields, parameters
from tests.connectors.saas.scanning import vendors

HERE = Path(__file__).parent / "contracts.json"
_DEEPEST = 12


@dataclass(frozen=True)
class Source:
    """A package that knows an API.

    Attributes:
        package: Its registry and name.
        by: `specification`, or `types` of a library.
        files: Where its paths and parameters stand, or the specifications.
        types: Row to where the names of its answer stand; `*` for all others.
        prefix: What of a row's path the package leaves out.
        rows: Rows that it knows; empty for all.
        paths: Whether it has paths too; else the names of answers alone are looked up.
    """

    package: str
    by: str
    files: tuple[str, ...]
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefix: str = ""
    rows: tuple[str, ...] = ()
    paths: bool = True


_OPENAI = "openai/types/admin/organization/"
_CLAUDE = "anthropic/types/organization/"
_SLACK = "package/dist/types/response/"
_OPENAI_SOURCE = Source("PyPI openai", "types", ("openai/resources/admin/**/*.py", "openai/types/admin/**/*params.py", "openai/pagination.py"), {
    "project": (_OPENAI + "project.py",), "api-key": (_OPENAI + "projects/project_api_key.py",),
    "service-account": (_OPENAI + "projects/project_service_account.py",), "member": (_OPENAI + "projects/project_user.py",),
    "model-permission": (_OPENAI + "projects/project_model_permissions.py",), "tool-permission": (_OPENAI + "projects/project_hosted_tool_permissions.py",),
    "project-retention": (_OPENAI + "projects/project_data_retention.py",), "retention": (_OPENAI + "organization_data_retention.py",),
    "admin-key": (_OPENAI + "admin_api_key*.py",), "cost": (_OPENAI + "usage_costs_response.py",),
    "use-completions": (_OPENAI + "usage_completions_response.py",), "use-embeddings": (_OPENAI + "usage_embeddings_response.py",),
    "use-images": (_OPENAI + "usage_images_response.py",), "use-moderations": (_OPENAI + "usage_moderations_response.py",),
    "use-audio-speeches": (_OPENAI + "usage_audio_speeches_response.py",),
    "use-audio-transcriptions": (_OPENAI + "usage_audio_transcriptions_response.py",), "*": ("openai/pagination.py",),
}, "/v1")  # fmt: skip
_GRAPH = "msgraph/generated/"
_ROLE = _GRAPH + "models/app_role_assignment.py"
SOURCES = {
    "anthropic": [Source("PyPI anthropic", "types", ("anthropic/resources/organization/**/*.py", "anthropic/types/organization/*params.py", "anthropic/pagination.py"), {
        "organisation": ("anthropic/types/organization_info.py",), "workspace": (_CLAUDE + "workspace.py",),
        "api-key": (_CLAUDE + "api_key*.py",), "member": (_CLAUDE + "organization_user.py",), "*": ("anthropic/pagination.py",),
    }, rows=("organisation", "workspace", "api-key", "member"))],
    "openai": [_OPENAI_SOURCE],
    "openai-project": [Source("PyPI openai", "types", ("openai/resources/**/*.py", "openai/types/**/*params.py"), {
        "*": ("openai/types/beta/assistant*.py", "openai/types/vector_store.py", "openai/types/fine_tuning/*.py", "openai/types/model.py", "openai/pagination.py"),
    }, "/v1")],
    "github": [Source("npm @octokit/openapi", "specification", ("package/generated/api.github.com.json",))],
    "google-workspace": [Source("PyPI google-api-python-client", "specification", tuple(
        f"googleapiclient/discovery_cache/documents/{name}.json"
        for name in ("admin.directory_v1", "admin.reports_v1", "licensing.v1", "cloudidentity.v1", "chromemanagement.v1")
    ))],
    "okta": [Source("PyPI okta", "types", ("okta/api/*_api.py",), {"*": ("okta/models/*.py",)})],
    "databricks": [Source("PyPI databricks-sdk", "types", ("databricks/sdk/service/*.py",), {"*": ("databricks/sdk/service/*.py",)})],
    "databricks-account": [Source("PyPI databricks-sdk", "types", ("databricks/sdk/service/*.py",), {"*": ("databricks/sdk/service/settings.py",)})],
    "microsoft": [
        Source("PyPI msgraph-sdk", "types", tuple(_GRAPH + f"{name}/**/*.py" for name in (
            "organization", "service_principals", "oauth2_permission_grants", "subscribed_skus", "app_catalogs", "device_management/detected_apps", "copilot",
        )), {
            "organisation": (_GRAPH + "models/organization.py", _GRAPH + "models/verified_domain.py"),
            "app": (_GRAPH + "models/service_principal.py", _GRAPH + "models/verified_publisher.py"),
            "delegated-grant": (_GRAPH + "models/o_auth2_permission_grant.py",),
            "graph-permission": (_ROLE,), "exchange-permission": (_ROLE,), "sharepoint-permission": (_ROLE,), "assignment": (_ROLE,),
            "licence": (_GRAPH + "models/subscribed_sku.py", _GRAPH + "models/license_units_detail.py", _GRAPH + "models/service_plan_info.py"),
            "copilot-agent": (_GRAPH + "models/copilot*.py",), "copilot-limited-mode": (_GRAPH + "models/copilot*.py",),
            "teams-app": (_GRAPH + "models/teams_app*.py",), "device-app": (_GRAPH + "models/detected_app*.py",),
            "*": (_GRAPH + "models/base_collection_pagination_count_response.py", _GRAPH + "models/organization_collection_response.py", _GRAPH + "models/entity.py"),
        }, "/v1.0/"),
        Source("npm @microsoft/microsoft-graph-types-beta", "types", (), {"*": ("package/*.d.ts",)}, paths=False, rows=(
            "sign-in", "discovery-stream", "discovered-app", "agent-identity", "copilot-agent", "copilot-limited-mode",
        )),
    ],
    "slack": [Source("npm @slack/web-api", "types", ("package/dist/methods.js", "package/dist/types/request/**/*.d.ts"), {
        "workspace": (_SLACK + "TeamInfoResponse.d.ts",), "app": (_SLACK + "AdminAppsApprovedListResponse.d.ts",),
        "requested-app": (_SLACK + "AdminAppsRequestsListResponse.d.ts",), "restricted-app": (_SLACK + "AdminAppsRestrictedListResponse.d.ts",),
        "installation": (_SLACK + "TeamIntegrationLogsResponse.d.ts",),
    }, "/api/")],
    "gitlab": [Source("npm @gitbeaker/core", "types", ("package/dist/index.mjs", "package/dist/index.d.ts"), {"*": ("package/dist/index.d.ts",)}, "/api/v4/")],
    "zoom": [Source("npm @zoom/rivet", "types", ("package/accounts/*", "package/marketplace/*"), {
        "app": ("package/marketplace/*.d.ts",), "*": ("package/accounts/*.d.ts",),
    }, "/v2")],
    "notion": [Source("npm @notionhq/client", "types", ("package/build/src/api-endpoints/*",), {"*": ("package/build/src/api-endpoints/*.d.ts",)}, "/v1/")],
    "huggingface": [Source("PyPI huggingface_hub", "types", ("huggingface_hub/hf_api.py", "huggingface_hub/constants.py"), {
        "*": ("huggingface_hub/hf_api.py",),
    }), Source("PyPI huggingface_hub", "types", ("huggingface_hub/hf_api.py",), {
        "endpoint": ("huggingface_hub/_inference_endpoints.py", "huggingface_hub/hf_api.py"),
    }, "/v2", rows=("endpoint",))],
    "litellm": [Source("PyPI litellm", "types", ("litellm/proxy/**/*.py",), {
        "model": ("litellm/types/router.py", "litellm/proxy/_types.py", "litellm/proxy/proxy_server.py"),
        "team": ("litellm/proxy/_types.py", "litellm/models/team.py", "litellm/models/*.py"),
    })],
    "model-gateway": [Source("PyPI openai", "types", ("openai/resources/models.py",), {"*": ("openai/types/model.py", "openai/pagination.py")}, "/v1")],
    "azure-devops": [Source("PyPI azure-devops", "types", (), {"*": ("azure/devops/v7_1/git/models.py",)}, paths=False)],
    "bitbucket": [Source("npm @backstage/plugin-bitbucket-cloud-common", "types", ("package/dist/*.esm.js", "package/dist/*.d.ts"), {"*": ("package/dist/*.d.ts",)}, "/2.0")],
    "gitea": [Source("npm gitea-js", "types", ("package/dist/*",), {"*": ("package/dist/*.d.ts",)}, "/api/v1")],
    "atlassian": [Source("PyPI atlassian-python-api", "types", ("atlassian/**/*.py",), {}, "/")],
}  # fmt: skip


class Package:
    """A package, unpacked.

    Args:
        folder: Where.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def version(self) -> str:
        """Its version, as its own metadata says it."""
        if (manifest := self._folder / "package" / "package.json").exists():
            return str(json.loads(manifest.read_text())["version"])
        metadata = next(self._folder.glob("*.dist-info/METADATA")).read_text(errors="replace")
        found = re.search(r"^Version: (\S+)", metadata, re.MULTILINE)
        assert found is not None
        return found[1]

    @cache  # noqa: B019 - lives as long as the script
    def text(self, patterns: tuple[str, ...]) -> str:
        """All text of some files."""
        files = sorted({file for pattern in patterns for file in self._folder.glob(pattern) if file.is_file()})
        return "\n".join(file.read_text("utf-8", "replace") for file in files)

    def documents(self, patterns: tuple[str, ...]) -> Iterator[Any]:
        """Specifications."""
        for pattern in patterns:
            yield json.loads((self._folder / pattern).read_text("utf-8"))


def by_types(row: Row, vendor: Vendor, source: Source, package: Package) -> dict[str, Any] | None:
    """What types and sources of a library know of a row; None where they do not know its path."""
    if source.rows and row.id not in source.rows:
        return None
    known = package.text(source.files)
    answer = package.text(source.types.get(row.id, ())) + package.text(source.types.get("*", ()))
    if source.paths and not _has_path(row.path.removeprefix(source.prefix), known):
        return None
    told = _told(row, vendor, {name for name in parameters(row, vendor) if _named(name, known)},
                 {name for name in fields(row, vendor) if _named(name, answer)})  # fmt: skip
    return told | {"path": source.paths}


def _has_path(path: str, text: str) -> bool:
    """Whether a path stands in a text; what comes last may be put behind it, and arguments of functions are left out."""
    whole = path.partition("(")[0]
    forms = [whole, re.sub(r"/\{[^}]*\}$", "", whole)]
    return any(_stands(form, text) for form in forms if form.strip("/"))


def _stands(path: str, text: str) -> bool:
    parts = (re.escape(part.strip("/")) for part in re.split(r"\{[^}]*\}", path))
    return re.search(r"[\"'`/}]" + r"[^\"'`]{1,80}?".join(parts) + r"/?[\"'`(?{]", text) is not None


def _named(name: str, text: str) -> bool:
    """Whether a text has a property, a key or a parameter of a name, in the case of the API or of a library in Python."""
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    camel = re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
    forms = {name, snake, camel, name.removesuffix("[]").lstrip("$"), name.replace("$", "%24")}
    return any(re.search(rf"(?<![\w$])[\"']?{re.escape(form)}[\"']?\s*[?]?\s*[:=,\])]", text) for form in forms)


def by_specification(row: Row, vendor: Vendor, source: Source, package: Package) -> dict[str, Any] | None:
    """What a specification knows of a row's own operation; None where it has no such operation."""
    for document in package.documents(source.files):
        operation = _openapi(row, document) if "paths" in document else _discovery(row, document)
        if operation is not None:
            known, answer = operation
            told = _told(row, vendor, known & set(parameters(row, vendor)), answer & set(fields(row, vendor)))
            return told | {"path": True}
    return None


def _openapi(row: Row, document: Any) -> tuple[set[str], set[str]] | None:
    for path, item in document["paths"].items():
        if _shape(path) == _shape(row.path) and row.method.lower() in item:
            operation = item[row.method.lower()]
            given = [
                _resolved(one, document) for one in [*operation.get("parameters", ()), *item.get("parameters", ())]
            ]
            names: set[str] = set()
            schema = _resolved(operation["responses"]["200"], document)["content"]["application/json"]["schema"]
            _properties(schema, document, names, 0)
            return {one["name"] for one in given}, names
    return None


def _discovery(row: Row, document: Any) -> tuple[set[str], set[str]] | None:
    for method in _methods(document):
        path = "/" + str(method.get("flatPath", method["path"]))
        pattern = "/".join("[^/]+" if "{" in part else re.escape(part) for part in path.split("/"))
        if method["httpMethod"] == row.method and re.fullmatch(pattern, row.path):
            names: set[str] = set()
            _properties(method["response"], document, names, 0)
            return set(method.get("parameters", {})), names
    return None


def _methods(node: Any) -> Iterator[Any]:
    yield from node.get("methods", {}).values()
    for below in node.get("resources", {}).values():
        yield from _methods(below)


def _properties(schema: Any, document: Any, names: set[str], depth: int) -> None:
    schema = _resolved(schema, document)
    if depth > _DEEPEST:
        return
    for name, value in schema.get("properties", {}).items():
        names.add(name)
        _properties(value, document, names, depth + 1)
    for part in (part for several in ("allOf", "oneOf", "anyOf") for part in schema.get(several, ())):
        _properties(part, document, names, depth + 1)
    if isinstance(below := schema.get("items"), dict):
        _properties(below, document, names, depth + 1)


def _resolved(node: Any, document: Any) -> Any:
    while "$ref" in node:
        found, name = document, node["$ref"]
        for key in name.split("/")[1:] if name.startswith("#/") else ("schemas", name):
            found = found[key]
        node = found
    return node


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def _told(row: Row, vendor: Vendor, known: set[str], answer: set[str]) -> dict[str, Any]:
    unknown = [*(set(parameters(row, vendor)) - known), *(set(fields(row, vendor)) - answer)]
    return {"asks": asks(row), "parameters": sorted(known), "fields": sorted(answer), "unknown": sorted(unknown)}


def main(folder: Path) -> None:
    made: dict[str, Any] = {}
    for vendor in map(read_vendor, vendors()):
        rows: dict[str, Any] = {}
        for source in SOURCES.get(vendor.name, ()):
            package = Package(folder / source.package.partition(" ")[2].replace("/", "__"))
            told = by_specification if source.by == "specification" else by_types
            whence = {"package": f"{source.package} {package.version}", "by": source.by}
            for row in vendor.rows:
                if row.id not in rows and (found := told(row, vendor, source, package)) is not None:
                    rows[row.id] = whence | found
        if rows:
            made[vendor.name] = rows
    HERE.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
