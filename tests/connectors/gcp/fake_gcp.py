"""Google Cloud on loopback: Cloud Asset Inventory over gRPC and REST, and every other API over REST, from one estate."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import grpc
from google.cloud.asset_v1 import types
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

PROJECT = "cloudresourcemanager.googleapis.com/Project"
FOLDER = "cloudresourcemanager.googleapis.com/Folder"
ORGANIZATION = "cloudresourcemanager.googleapis.com/Organization"
SERVICE = "serviceusage.googleapis.com/Service"


@dataclass
class Estate:
    """What the fake knows, and how it misbehaves.

    Attributes:
        resources: Answers of SearchAllResources.
        policies: Answers of SearchAllIamPolicies.
        lists: Items by path, with their key: `/v1/projects/p/locations/l/agents` to `("agents", [...])`.
        single: Objects by path.
        series: Time series by metric type.
        page: The most items a page.
        denied: Scopes and paths (by their start) that are refused.
        refused: Paths (by their start) with the status and body that they answer with.
        broken: Paths (by their start) that answer with something that is no JSON.
        unknown: Asset types that the inventory does not know.
        throttled: How many inventory questions are refused before one is answered.
        throttled_after: After how many inventory questions all are refused; negative for never.
        granted: What testIamPermissions says is granted.
        revoked: Whether credentials are no longer accepted.
        asked: Every question, as method or path.
    """

    resources: list[dict[str, Any]] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)
    lists: dict[str, tuple[str, list[dict[str, Any]]]] = field(default_factory=dict)
    single: dict[str, dict[str, Any]] = field(default_factory=dict)
    series: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    page: int = 500
    denied: set[str] = field(default_factory=set)
    refused: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    throttled: int = 0
    throttled_after: int = -1
    granted: set[str] = field(default_factory=set)
    revoked: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, str] = field(default_factory=dict)

    def project(self, name: str, number: str, apis: tuple[str, ...] = (), **told: Any) -> None:
        """Adds a project of organisation 9 with its enabled APIs."""
        self.numbers[name] = number
        self.resources.append({
            "name": f"//cloudresourcemanager.googleapis.com/projects/{name}", "assetType": PROJECT, "displayName": name,
            "project": f"projects/{number}", "organization": "organizations/9", "state": "ACTIVE", **told,
        })  # fmt: skip
        self.resources += [
            {
                "name": f"//serviceusage.googleapis.com/projects/{number}/services/{api}", "assetType": SERVICE,
                "project": f"projects/{number}", "state": "ENABLED",
            }
            for api in apis
        ]  # fmt: skip
        self.lists[f"/v1/projects/{name}/services"] = (
            "services", [{"name": f"projects/{number}/services/{api}", "state": "ENABLED"} for api in apis],
        )  # fmt: skip

    def resource(self, kind: str, path: str, body: dict[str, Any] | None = None, **told: Any) -> None:
        """Adds a resource of an asset type: `aiplatform.googleapis.com/Endpoint`, `projects/111/locations/…`."""
        self.resources.append({
            "name": f"//{kind.partition('/')[0]}.googleapis.com/{path}".replace(".googleapis.com.googleapis.com", ".googleapis.com"),
            "assetType": kind, "project": "/".join(path.split("/")[:2]), "organization": "organizations/9",
            "versionedResources": [{"version": "v1", "resource": body or {}}], **told,
        })  # fmt: skip

    def below(self, scope: str) -> list[dict[str, Any]]:
        """The resources of a scope."""
        if not scope.startswith("projects/"):
            return self.resources
        name = scope.removeprefix("projects/")
        return [found for found in self.resources if found["project"] == f"projects/{self.numbers.get(name, name)}"]

    def refusal(self, method: str, scope: str, kinds: list[str]) -> grpc.StatusCode | None:
        """How the inventory refuses a question, if it does."""
        self.asked[method] += 1
        if self.revoked:
            return grpc.StatusCode.UNAUTHENTICATED
        self.throttled_after -= self.throttled_after > 0
        if self.throttled or self.throttled_after == 0:
            self.throttled = max(0, self.throttled - 1)
            return grpc.StatusCode.RESOURCE_EXHAUSTED
        if scope in self.denied:
            return grpc.StatusCode.PERMISSION_DENIED
        return grpc.StatusCode.INVALID_ARGUMENT if self.unknown.intersection(kinds) else None

    def found(self, method: str, scope: str, kinds: list[str], size: int, token: str) -> dict[str, Any]:
        """A page of an answer of the inventory."""
        if method == "SearchAllIamPolicies":
            return self._paged("results", self.policies, size, token)
        hits = [found for found in self.below(scope) if found["assetType"] in kinds]
        if method == "ListAssets":
            return self._paged("assets", [_listed(found) for found in hits], size, token)
        return self._paged("results", hits, size, token)

    def _paged(self, key: str, items: list[dict[str, Any]], size: int, token: str) -> dict[str, Any]:
        start = int(token or 0)
        end = start + min(size or self.page, self.page)
        return {key: items[start:end], **({"nextPageToken": str(end)} if end < len(items) else {})}

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        """Status and body of a REST question; a body of bytes is sent as it is."""
        self.asked[path] += 1
        if self.revoked:
            return 401, _error(401, "UNAUTHENTICATED")
        if any(path.startswith(start) for start in self.denied):
            return 403, _error(403, "PERMISSION_DENIED")
        if refusal := next((answer for start, answer in self.refused.items() if path.startswith(start)), None):
            return refusal
        if any(path.startswith(start) for start in self.broken):
            return 200, b"<html>a proxy says hello</html>"
        size, token = int(query.get("pageSize", ["0"])[0]), query.get("pageToken", [""])[0]
        if path in self.single:
            return 200, self.single[path]
        key, items = self.lists.get(path, ("items", []))
        if path.endswith("/timeSeries"):
            metric = query["filter"][0].partition('metric.type="')[2].partition('"')[0]
            key, items = "timeSeries", self.series.get(metric, [])
        return 200, self._paged(key, items, size, token)


def _error(code: int, status: str) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": "no"}}


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    """A resource in the words of ListAssets."""
    version = found.get("versionedResources", [{}])[0]
    name = found["name"]
    if found["assetType"] == PROJECT:
        # A list names a project by its number, and tells its id in the resource.
        version = {"resource": {"projectId": name.rpartition("/")[2], "displayName": found["displayName"]}}
        name = f"//cloudresourcemanager.googleapis.com/{found['project']}"
    return {
        "name": name, "assetType": found["assetType"], "ancestors": [found["project"], "organizations/9"],
        "resource": {"version": "v1", "data": version.get("resource", {}), "location": found.get("location", "")},
    }  # fmt: skip


_ANSWERS: dict[str, tuple[Any, Any]] = {
    "SearchAllResources": (types.SearchAllResourcesRequest, types.SearchAllResourcesResponse),
    "SearchAllIamPolicies": (types.SearchAllIamPoliciesRequest, types.SearchAllIamPoliciesResponse),
    "ListAssets": (types.ListAssetsRequest, types.ListAssetsResponse),
}


class _Inventory(grpc.GenericRpcHandler):
    """AssetService, with its own messages on the wire."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = details.method.rpartition("/")[2]
        if method not in _ANSWERS:
            return None
        request, response = _ANSWERS[method]

        def answer(asked: Any, context: grpc.ServicerContext) -> Any:
            scope = getattr(asked, "scope", "") or getattr(asked, "parent", "")
            kinds = list(asked.asset_types)
            if refusal := self._estate.refusal(method, scope, kinds):
                context.abort_with_status(rpc_status.to_status(_refused(refusal)))
            page = self._estate.found(method, scope, kinds, asked.page_size, asked.page_token)
            return json_format.ParseDict(page, response.pb()())

        return grpc.unary_unary_rpc_method_handler(
            answer, request.pb().FromString, lambda message: message.SerializeToString()
        )


def _refused(code: grpc.StatusCode) -> status_pb2.Status:
    status = status_pb2.Status(code=code.value[0], message="no")
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        wait = error_details_pb2.RetryInfo()
        wait.retry_delay.nanos = 1_000_000
        status.details.add().Pack(wait)
    return status


_HTTP = {
    grpc.StatusCode.UNAUTHENTICATED: 401, grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.PERMISSION_DENIED: 403, grpc.StatusCode.INVALID_ARGUMENT: 400,
}  # fmt: skip
_METHODS = {
    ":searchAllResources": "SearchAllResources", ":searchAllIamPolicies": "SearchAllIamPolicies", "/assets": "ListAssets",
}  # fmt: skip


def _handler(estate: Estate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: apart, each answer waits for a delayed acknowledgement

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(*self._inventory(parts.path, parse_qs(parts.query)))

        def _send(self, status: int, body: Any) -> None:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["permissions"]
            self._send(200, {"permissions": sorted(estate.granted.intersection(wanted))})

        def _inventory(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
            for ending, method in _METHODS.items():
                if path.startswith("/v1/") and path.endswith(ending):
                    scope, kinds = path.removeprefix("/v1/").removesuffix(ending), query.get("assetTypes", [])
                    if path in estate.broken:
                        return 200, b"<html>a proxy says hello</html>"
                    if refusal := estate.refusal(method, scope, kinds):
                        return _HTTP[refusal], _error(_HTTP[refusal], refusal.name)
                    size, token = int(query["pageSize"][0]), query.get("pageToken", [""])[0]
                    return 200, estate.found(method, scope, kinds, size, token)
            return estate.answer(path, query)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class FakeGoogle:
    """Both servers; `with` starts and stops them."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(estate))
        self._http.daemon_threads = True
        self._grpc = grpc.server(ThreadPoolExecutor(4))
        self._grpc.add_generic_rpc_handlers((_Inventory(estate),))
        self.grpc_url = f"http://127.0.0.1:{self._grpc.add_insecure_port('127.0.0.1:0')}"
        self.rest_url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> FakeGoogle:
        self._grpc.start()
        self._serving = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._serving.join()
        self._grpc.stop(None).wait()
