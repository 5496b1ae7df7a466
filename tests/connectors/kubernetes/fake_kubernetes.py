"""A Kubernetes API server on loopback: discovery in both forms, lists in pages, and the faults that real ones have."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Resource:
    """A kind that the server has."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.group, self.plural


@dataclass(frozen=True)
class Asked:
    """A request that the server got."""

    method: str
    path: str
    query: dict[str, str]
    accept: str
    authorization: str


@dataclass
class FakeKubernetes:
    """What the server holds, and how it misbehaves.

    Attributes:
        resources: Kinds by group and plural.
        objects: Objects by group and plural, as the API would give them.
        aggregated: Whether it knows aggregated discovery.
        token: Bearer token that it wants; empty for none.
        refused: Group and plural, or group and `*`, to the status of every answer for it.
        spoilt: Group and plural whose lists are no JSON.
        hanging: Group and plural whose lists never end.
        gone: How many `continue` tokens it still answers with 410.
        stale: Groups whose own server is down.
        asked: What it got, in order.
        expires_after: After so many requests the token is no good; none for never.
        older: Group to an older version that has the same kinds, which the server names last.
        allowed: Group and plural of what a review allows to list; none for everything.
        bodies: Group and plural to what their lists give instead.
        throttled: How many lists it still answers with 429.
        discovery_status: Status of discovery.
    """

    resources: dict[tuple[str, str], Resource] = field(default_factory=dict)
    objects: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    aggregated: bool = True
    token: str = ""
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    spoilt: set[tuple[str, str]] = field(default_factory=set)
    hanging: set[tuple[str, str]] = field(default_factory=set)
    gone: int = 0
    stale: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    expires_after: int | None = None
    allowed: set[tuple[str, str]] | None = None
    older: dict[str, str] = field(default_factory=dict)
    bodies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    throttled: int = 0
    discovery_status: int = 200
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def add(self, resource: Resource, *objects: dict[str, Any]) -> None:
        """Installs a kind, with objects."""
        self.resources[resource.key] = resource
        whole = [
            {"apiVersion": f"{resource.group}/{resource.version}".lstrip("/"), "kind": resource.kind, **one}
            for one in objects
        ]
        self.objects.setdefault(resource.key, []).extend(whole)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def versions(self) -> dict[str, dict[str, list[Resource]]]:
        """By group, the versions with their kinds, the preferred first."""
        groups: dict[str, dict[str, list[Resource]]] = {}
        for one in self.resources.values():
            if one.group:
                groups.setdefault(one.group, {}).setdefault(one.version, []).append(one)
        for group, version in self.older.items():
            groups[group][version] = [one for found in groups[group].values() for one in found]
        return groups

    def discovery(self) -> dict[str, Any]:
        return {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "items": [
                {
                    "metadata": {"name": group},
                    "versions": [
                        {
                            "version": version,
                            "freshness": "Stale" if group in self.stale else "Current",
                            "resources": []
                            if group in self.stale
                            else [
                                {
                                    "resource": one.plural,
                                    "responseKind": {"group": group, "version": version, "kind": one.kind},
                                    "scope": "Namespaced" if one.namespaced else "Cluster",
                                    "verbs": ["get", "list", "watch"],
                                }
                                for one in found
                            ],
                        }
                        for version, found in versions.items()
                    ],
                }
                for group, versions in self.versions().items()
            ],
        }

    def groups(self) -> dict[str, Any]:
        return {
            "kind": "APIGroupList",
            "groups": [
                {
                    "name": group,
                    "versions": [{"version": version} for version in reversed(found)],
                    "preferredVersion": {"version": next(iter(found))},
                }
                for group, found in self.versions().items()
            ],
        }

    def resource_list(self, group: str, version: str) -> dict[str, Any]:
        found = self.versions()[group][version]
        entries = [
            {"name": one.plural, "kind": one.kind, "namespaced": one.namespaced, "verbs": ["get", "list"]} for one in found
        ]  # fmt: skip
        status = [
            {"name": f"{one.plural}/status", "kind": one.kind, "namespaced": True, "verbs": ["get"]} for one in found
        ]
        return {"kind": "APIResourceList", "resources": entries + status}

    def page(self, key: tuple[str, str], namespace: str, asked: Asked) -> tuple[int, dict[str, Any]]:
        objects = self.objects.get(key, [])
        if namespace:
            objects = [one for one in objects if one["metadata"].get("namespace") == namespace]
        at = 0
        if token := asked.query.get("continue"):
            if self.gone:
                self.gone -= 1
                return 410, status(410, "Expired")
            at = json.loads(base64.urlsafe_b64decode(token))["at"]
        limit = int(asked.query.get("limit", "0")) or len(objects)
        metadata: dict[str, Any] = {"resourceVersion": "7"}
        if at + limit < len(objects):
            metadata["continue"] = base64.urlsafe_b64encode(json.dumps({"at": at + limit}).encode()).decode()
        items = objects[at : at + limit]
        if "PartialObjectMetadataList" in asked.accept:
            items = [{"kind": "PartialObjectMetadata", "metadata": one["metadata"]} for one in items]
        return 200, {"kind": "List", "metadata": metadata, "items": items}

    def review(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = body["spec"]["resourceAttributes"]
        key = wanted.get("group", ""), wanted["resource"]
        allowed = wanted["verb"] == "list" and (self.allowed is None or key in self.allowed)
        return {"kind": "SelfSubjectAccessReview", "status": {"allowed": allowed}}


def status(code: int, reason: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeKubernetes

    def do_GET(self) -> None:
        asked = self._note()
        if not self._known(asked):
            self._send(401, status(401, "Unauthorized"))
            return
        parts = asked.path.strip("/").split("/")
        if asked.path == "/apis":
            if self.fake.discovery_status != 200:
                self._send(self.fake.discovery_status, status(self.fake.discovery_status, "Forbidden"))
                return
            whole = self.fake.aggregated and "APIGroupDiscoveryList" in asked.accept
            self._send(200, self.fake.discovery() if whole else self.fake.groups())
        elif parts[0] == "apis" and len(parts) == 3:
            code = self.fake.refused.get((parts[1], "*"), 200)
            self._send(code, self.fake.resource_list(parts[1], parts[2]) if code == 200 else status(code, "Refused"))
        else:
            self._list(asked, parts)

    def do_POST(self) -> None:
        self._note()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(201, self.fake.review(body))

    def _list(self, asked: Asked, parts: list[str]) -> None:
        rest = parts[3:] if parts[0] == "apis" else parts[2:]
        group = parts[1] if parts[0] == "apis" else ""
        namespace = rest[1] if rest[0] == "namespaces" and len(rest) == 3 else ""
        key = group, rest[-1]
        if self.fake.throttled:
            self.fake.throttled -= 1
            self._send(429, status(429, "TooManyRequests"))
            return
        if key in self.fake.bodies:
            self._send(200, self.fake.bodies[key])
            return
        if key in self.fake.hanging:
            self.fake.released.wait(20)
        if key in self.fake.spoilt:
            self._send(200, "<html>a proxy's page</html>")
            return
        code = self.fake.refused.get(key) or self.fake.refused.get((group, "*"))
        if code is None and key not in self.fake.resources:
            code = 404
        if code is not None:
            self._send(code, status(code, {403: "Forbidden", 404: "NotFound"}.get(code, "InternalError")))
            return
        self._send(*self.fake.page(key, namespace, asked))

    def _note(self) -> Asked:
        parts = urlsplit(self.path)
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        asked = Asked(
            self.command, parts.path, query, self.headers.get("Accept", ""), self.headers.get("Authorization", "")
        )
        self.fake.asked.append(asked)
        return asked

    def _known(self, asked: Asked) -> bool:
        if self.fake.expires_after is not None and len(self.fake.asked) > self.fake.expires_after:
            return False
        return not self.fake.token or asked.authorization == f"Bearer {self.fake.token}"

    def _send(self, code: int, body: dict[str, Any] | str) -> None:
        text = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        return


@contextmanager
def serve(fake: FakeKubernetes, tls: ssl.SSLContext | None = None) -> Iterator[FakeKubernetes]:
    """Runs the server on a free port until the block ends."""
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    fake.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
