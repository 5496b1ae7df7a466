"""Resource Manager, Resource Graph and Azure Monitor on loopback.

Answers have the shape of Microsoft's published REST examples. The graph understands the few clauses of KQL that the
connector writes, and refuses any other, so that a row whose question nobody has thought about fails its test.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

TOKEN = "a-token-that-must-never-be-written"
Json = dict[str, Any]


@dataclass
class Fault:
    """What goes wrong for requests whose path or query holds a text.

    Attributes:
        where: The text, compared without regard to case.
        what: `401`, `403`, `429`, `500`, `html`, `list`, `hang`, `elsewhere`, `again`, or an error code of Azure with its status, as `400 BadX`.
        times: How often; -1 for ever.
        after: How many requests go well before.
    """

    where: str
    what: str
    times: int = -1
    after: int = 0


@dataclass
class FakeAzure:
    """An estate, and what was asked of it.

    Attributes:
        page: Items of a page.
        limit_hit: Whether the graph says that it left subscriptions out.
        truncated: Whether the graph says that it cut its answer off.
        quota: What the graph says is left of the quota.
    """

    page: int = 2
    limit_hit: bool = False
    truncated: bool = False
    quota: str = "14"
    subscriptions: list[Json] = field(default_factory=list)
    groups: dict[str, list[Json]] = field(default_factory=dict)
    allowed: dict[str, list[str]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    tables: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    lists: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    metrics: defaultdict[str, Json] = field(default_factory=lambda: defaultdict(dict))
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    latency: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        azure = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                azure.answer(self, None)

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                azure.answer(self, json.loads(text or b"{}"))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # What stands in it

    def subscription(self, number: int, name: str, *, groups: Iterable[str] = (), **more: Any) -> str:
        """Adds a subscription; gives its id."""
        name_id = f"00000000-0000-4000-8000-{number:012d}"
        self.subscriptions.append({
            "id": f"/subscriptions/{name_id}", "subscriptionId": name_id, "tenantId": "72F988BF-0000-0000-0000-000000000000",
            "displayName": name, "state": "Enabled", "subscriptionPolicies": {"quotaId": "Internal_2014-09-01"}, **more,
        })  # fmt: skip
        self.groups[name_id] = [{"name": f"mg-{group}", "displayName": group} for group in groups]
        self.allowed[name_id] = [
            "*/read",
            "Microsoft.CognitiveServices/accounts/projects/applications/listAgents/action",
        ]
        return name_id

    def resource(
        self, subscription: str, type_: str, name: str, *, table: str = "resources", group: str = "Shop-RG", **more: Any
    ) -> str:
        """Adds a resource that the graph shows; `name` has the names of what it is nested in too. Gives its id."""
        namespace, *types = type_.split("/")
        path = "/".join(f"{kind}/{part}" for kind, part in zip(types, name.split("/"), strict=True))
        native_id = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{path}"
        row = {
            "id": native_id, "name": name.rpartition("/")[2], "type": type_.lower(), "tenantId": "72f988bf", "kind": "",
            "location": "westeurope", "resourceGroup": group.lower(), "subscriptionId": subscription, "managedBy": "",
            "sku": None, "identity": None, "tags": None, "properties": {},
        }  # fmt: skip
        self.tables[table].append(row | more)
        return native_id

    def child(self, parent: str, path: str, name: str, **more: Any) -> str:
        """Adds an item to a list below a resource; gives its id."""
        native_id = more.pop("id", f"{parent}/{path}/{name}")
        self.lists[f"{parent}/{path}".lower()].append({"id": native_id, "name": name, "properties": {}, **more})
        return native_id

    # What it answers

    def answer(self, handler: BaseHTTPRequestHandler, body: Json | None) -> None:
        url = urlsplit(handler.path)
        path, query = unquote(url.path), {key: values[0] for key, values in parse_qs(url.query).items()}
        said = f"{handler.command} {path}?{unquote(url.query)}" + (json.dumps(body) if body else "")
        with self._lock:
            self.asked.append(said)
            fault = self._fault(said)
        time.sleep(self.latency)
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._refuse(handler, 401, "InvalidAuthenticationToken")
        if fault and self._break(handler, fault, path):
            return None
        if path == "/providers/Microsoft.ResourceGraph/resources":
            return self._graph(handler, body or {})
        if path.endswith("/providers/microsoft.insights/metrics"):
            return self._send(handler, 200, self._metrics(path, query))
        return self._list(handler, path, query)

    def _list(self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, str]) -> None:
        assert "api-version" in query, path
        if path == "/subscriptions":
            items = [one for one in self.subscriptions if one["subscriptionId"] not in self.unreadable]
        elif found := re.fullmatch(r"/subscriptions/([^/]+)/providers/Microsoft.Authorization/permissions", path):
            items = [{"actions": self.allowed[found[1]], "notActions": [], "dataActions": [], "notDataActions": []}]
        else:
            items = self.lists[path.lower()]
        start = int(query.get("$skipToken", "0"))
        page: Json = {"value": items[start : start + self.page]}
        if start + self.page < len(items):
            version = quote(query["api-version"])
            page["nextLink"] = f"{self.url}{quote(path)}?api-version={version}&%24skipToken={start + self.page}"
        self._send(handler, 200, page)

    def _graph(self, handler: BaseHTTPRequestHandler, body: Json) -> None:
        query, options = body["query"], body["options"]
        self.queries.append(query)
        readable = [one.lower() for one in body["subscriptions"] if one not in self.unreadable]
        if not readable:
            return self._refuse(handler, 403, "AuthorizationFailed")
        try:
            rows = self._select(query, set(readable))
        except ValueError:
            return self._refuse(handler, 400, "BadRequest")
        start = int(options.get("$skipToken", "0"))
        size = min(options["$top"], self.page)
        answer: Json = {
            "totalRecords": len(rows), "count": len(rows[start : start + size]), "facets": [],
            "resultTruncated": "true" if self.truncated else "false", "data": rows[start : start + size],
        }  # fmt: skip
        if start + size < len(rows):
            answer["$skipToken"] = str(start + size)
        headers = {"x-ms-user-quota-remaining": self.quota, "x-ms-user-quota-resets-after": "00:00:03"}
        if self.limit_hit:
            headers["x-ms-tenant-subscription-limit-hit"] = "true"
        return self._send(handler, 200, answer, headers)

    def _select(self, query: str, readable: set[str]) -> list[Json]:
        table, *steps = [step.strip() for step in query.split(" | ")]
        rows = self._containers() if table == "resourcecontainers" else self.tables[table]
        rows = [row for row in rows if row["subscriptionId"].lower() in readable]
        for step in steps:
            verb, _, rest = step.partition(" ")
            if verb == "where":
                rows = [row for row in rows if self._holds(rest, row)]
            elif verb == "project":
                rows = [_projected(rest, row) for row in rows]
            elif step == "order by id asc":
                rows = sorted(rows, key=lambda row: row["id"].lower())
            else:
                raise ValueError(step)
        return rows

    def _holds(self, condition: str, row: Json) -> bool:
        return any(_condition(part, row) for part in condition.split(" or "))

    def _containers(self) -> list[Json]:
        return [
            {
                "id": one["id"], "name": one["displayName"], "type": "microsoft.resources/subscriptions",
                "subscriptionId": one["subscriptionId"], "tags": one.get("tags"),
                "properties": {"managementGroupAncestorsChain": self.groups[one["subscriptionId"]], "state": one["state"]},
            }
            for one in self.subscriptions
        ]  # fmt: skip

    def _metrics(self, path: str, query: dict[str, str]) -> Json:
        resource = path.lower().removesuffix("/providers/microsoft.insights/metrics")
        dimension = query.get("$filter", "").partition(" ")[0]
        value = []
        for name in query["metricnames"].split(","):
            amounts = self.metrics[resource].get(name, {})
            series = [
                {
                    "metadatavalues": [{"name": {"value": dimension.lower()}, "value": below}] if dimension else [],
                    "data": [{"timeStamp": "2026-11-01T00:00:00Z", "total": part} for part in parts]
                    + [{"timeStamp": "x"}],
                }
                for below, parts in amounts.items()
            ]
            value.append({"name": {"value": name}, "unit": "Count", "timeseries": series})
        return {"cost": 0, "timespan": query["timespan"], "interval": "P1D", "value": value}

    # What goes wrong

    def _fault(self, said: str) -> Fault | None:
        for fault in self.faults:
            if fault.where.lower() in said.lower() and fault.times:
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def _break(self, handler: BaseHTTPRequestHandler, fault: Fault, path: str) -> bool:
        code = fault.what.partition(" ")[2]
        match fault.what:
            case "429":
                self._refuse(handler, 429, "TooManyRequests", {"Retry-After": "0"})
            case "html":
                self._raw(handler, 200, b"<html>a proxy speaks</html>", {})
            case "list":
                self._send(handler, 200, {"value": {"not": "a list"}})
            case "hang":
                time.sleep(1.5)
                handler.close_connection = True
            case "elsewhere":
                self._send(handler, 200, {"value": [], "nextLink": "https://management.azure.com.evil.example/next"})
            case "again":
                self._send(handler, 200, {"value": [], "nextLink": f"{self.url}{path}?api-version=1"})
            case _:
                self._refuse(handler, int(fault.what[:3]), code or "AuthorizationFailed")
        return True

    def _refuse(
        self, handler: BaseHTTPRequestHandler, status: int, code: str, headers: dict[str, str] | None = None
    ) -> None:
        self._send(handler, status, {"error": {"code": code, "message": "jo@example.com may not"}}, headers)

    def _send(
        self, handler: BaseHTTPRequestHandler, status: int, body: Json, headers: dict[str, str] | None = None
    ) -> None:
        self._raw(handler, status, json.dumps(body).encode(), headers or {})

    def _raw(self, handler: BaseHTTPRequestHandler, status: int, text: bytes, headers: dict[str, str]) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text)


def _condition(condition: str, row: Json) -> bool:
    if found := re.fullmatch(r"(.+) in~ \((.*)\)", condition):
        return str(_value(found[1], row)).lower() in {member.lower() for member in re.findall(r"'([^']+)'", found[2])}
    if found := re.fullmatch(r"(.+) =~ '([^']*)'", condition):
        return str(_value(found[1], row)).lower() == found[2].lower()
    if found := re.fullmatch(r"(.+) matches regex '(.+)'", condition):
        return re.search(found[2], str(_value(found[1], row))) is not None
    raise ValueError(condition)


def _projected(columns: str, row: Json) -> Json:
    projected = {}
    for column in _split(columns):
        name, _, expression = column.partition(" = ")
        projected[name] = _value(expression or name, row)
    return projected


def _split(columns: str) -> list[str]:
    """At commas that stand neither in brackets nor in quotes."""
    parts, depth, quoted = [""], 0, False
    for sign in columns:
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign in "([") - (sign in ")]")
        if sign == "," and not quoted and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _value(expression: str, row: Json) -> Any:
    """The value of a path, of `tostring(…)`, or of `extract(…)` with an expression that Python understands too."""
    if found := re.fullmatch(r"tostring\((.+)\)", expression):
        value = _value(found[1], row)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value, separators=(",", ":"))
    if found := re.fullmatch(r"extract\('(.+)', 1, (.+)\)", expression):
        match = re.search(found[1], _value(found[2], row))
        return match[1] if match else ""
    if not re.fullmatch(r"[A-Za-z]+(\.[A-Za-z]+|\['[^']+'\])*", expression):
        raise ValueError(expression)
    value = row
    for part in re.findall(r"[A-Za-z]+|'[^']+'", expression):
        value = value.get(part.strip("'")) if isinstance(value, dict) else None
    return value
