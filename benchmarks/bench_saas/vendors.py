"""`python -m benchmarks.bench_saas.vendors`: three large tenants on loopback, in a process of their own, every answer late.

It speaks just enough HTTP to be no burden on the one that asks: one thread, connections kept, answers made once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

PRINCIPALS: Final = 20_000
GRANTS: Final = 50_000
USERS: Final = 5_000
OKTA_APPS: Final = 2_000
"""An Okta organisation has fewer apps than a directory has service principals; each is asked for users, groups and more."""

_CLIENTS: Final = 400
_MARK: Final = "WindowsAzureActiveDirectoryIntegratedApp"
_MICROSOFT: Final = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_HALF_A_DAY: Final = 43_200

_Answer = tuple[Any, int]
"""A body, and the number of records of the next page, or 0."""


def main() -> None:
    """Listens on a free port, prints it, and answers until it is ended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_saas.vendors", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.06, help="seconds before every answer")
    parser.add_argument("--share", type=float, default=1.0, help="of the size of a large tenant")
    options = parser.parse_args()
    asyncio.run(_serve(Vendors(options.share), options.latency))


class Vendors:
    """What three vendors answer. Nothing changes, so that an answer is made once."""

    def __init__(self, share: float) -> None:
        self.principals, self.grants = int(PRINCIPALS * share), int(GRANTS * share)
        self.users, self.apps = int(USERS * share), int(OKTA_APPS * share)
        self.requests = 0
        self.flying = 0
        self.most_flying = 0
        self.answer = cache(self._answer)

    def _answer(self, target: str, host: str) -> tuple[int, bytes, str]:
        """Status, body and further headers for a path with its query."""
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for beginning, given in (("/v1.0/", self._microsoft), ("/admin/", self._google), ("/", self._okta)):
            if parts.path.startswith(beginning):
                body, headers = given(parts.path, query, f"http://{host}{parts.path}")
                return (
                    (404 if body is None else 200),
                    json.dumps(body or {"error": {"code": "NotFound"}}).encode(),
                    headers,
                )
        return 404, b"{}", ""

    def _microsoft(self, path: str, query: dict[str, str], here: str) -> tuple[Any, str]:
        lists = {
            "/v1.0/servicePrincipals": (self.principals, _principal),
            "/v1.0/oauth2PermissionGrants": (self.grants, lambda n: _grant(n, self.principals, self.users)),
        }
        if path == "/v1.0/organization":
            return {"value": [{"id": "t1", "displayName": "Acme", "verifiedDomains": [{"name": "acme.example"}]}]}, ""
        if path == "/v1.0/subscribedSkus":
            return {"value": []}, ""
        if path in lists:
            count, make = lists[path]
            start, size = int(query.get("$skip", 0)), int(query.get("$top", 100))
            body = {"value": [make(number) for number in range(start, min(start + size, count))]}
            more = {"@odata.nextLink": f"{here}?$top={size}&$skip={start + size}"} if start + size < count else {}
            return body | more, ""
        if path.startswith("/v1.0/servicePrincipals/sp-"):
            number = int(path.split("/")[3].partition("-")[2])
            return {"value": [_assigned(number, place, self.users) for place in range(8)]}, ""
        return ({"value": []}, "") if "appRoleAssignedTo" in path else (None, "")

    def _google(self, path: str, query: dict[str, str], _here: str) -> tuple[Any, str]:
        if path.startswith("/admin/directory/v1/customers/"):
            return {"id": "C1", "customerDomain": "acme.example"}, ""
        if path == "/admin/directory/v1/users":
            start, size = int(query.get("pageToken", 0)), int(query.get("maxResults", 100))
            body: dict[str, Any] = {"users": [{"id": str(n)} for n in range(start, min(start + size, self.users))]}
            return (body | {"nextPageToken": str(start + size)} if start + size < self.users else body), ""
        if path.endswith("/tokens"):
            user, each = int(path.split("/")[-2]), max(1, self.grants // self.users)
            return {"items": [_token(user, step) for step in range(each)]}, ""
        return None, ""

    def _okta(self, path: str, query: dict[str, str], here: str) -> tuple[Any, str]:
        each = self.grants // self.apps
        if path == "/api/v1/org":
            return {"id": "00o1", "companyName": "Acme", "subdomain": "acme"}, ""
        if path == "/api/v1/apps":
            return _linked([_app(number) for number in range(self.apps)], query, here)
        if path == "/api/v1/logs":
            return _linked([_sign_in(number, self.apps, self.users) for number in range(self.grants)], query, here)
        if path.startswith("/api/v1/apps/0oa"):
            number, what = int(path.split("/")[4][3:]), path.rpartition("/")[2]
            people = [{"id": f"00u{(number * 7 + place) % self.users}", "scope": "USER"} for place in range(each)]
            group = {"id": "00g1", "_embedded": {"group": {"profile": {"name": f"Group {number % 40}"}}}}
            return _linked({"users": people, "groups": [group]}.get(what, []), query, here)
        return ([], "") if path == "/integrations/api/v1/api-services" else (None, "")


def _principal(number: int) -> dict[str, Any]:
    ours = number % 5
    return {
        "id": f"sp-{number}", "appId": f"app-{number}", "displayName": f"App {number}", "servicePrincipalType": "Application",
        "appOwnerOrganizationId": _MICROSOFT if not ours else f"org-{number % 900}", "accountEnabled": True,
        "tags": [_MARK] if number % 4 == 1 and ours else [], "homepage": f"https://app{number}.example/start",
        "replyUrls": [f"https://login.app{number}.example/cb"],
        "verifiedPublisher": {"displayName": f"Publisher {number % 900}", "verifiedPublisherId": f"pub-{number % 900}"},
    }  # fmt: skip


def _grant(number: int, principals: int, users: int) -> dict[str, Any]:
    return {
        "id": f"g{number}", "clientId": f"sp-{number * 3 % principals}", "consentType": "Principal",
        "principalId": f"user-{number % users}", "resourceId": "sp-0", "scope": " Mail.Read User.Read",
    }  # fmt: skip


def _assigned(number: int, place: int, users: int) -> dict[str, Any]:
    person = f"user-{(number * 11 + place) % users}"
    return {
        "principalId": person,
        "principalType": "User",
        "principalDisplayName": person,
        "createdDateTime": "2026-01-01T00:00:00Z",
    }


def _token(user: int, step: int) -> dict[str, Any]:
    client = (user + step * 37) % _CLIENTS
    return {
        "clientId": f"{client}.apps.example",
        "displayText": f"App {client}",
        "scopes": ["openid", f"scope-{user % 3}"],
    }


def _app(number: int) -> dict[str, Any]:
    mode = "OPENID_CONNECT" if number % 3 else "SAML_2_0"
    return {
        "id": f"0oa{number}", "label": f"App {number}", "name": f"app_{number}", "status": "ACTIVE", "signOnMode": mode,
        "created": "2026-01-02T03:04:05.000Z", "lastUpdated": "2026-02-03T04:05:06.000Z",
        "settings": {"signOn": {"ssoAcsUrl": f"https://app{number}.example/acs"}},
    }  # fmt: skip


def _sign_in(number: int, apps: int, users: int) -> dict[str, Any]:
    return {
        "uuid": str(number), "published": "2026-11-20T00:00:00.000Z", "outcome": {"result": "SUCCESS"},
        "actor": {"id": f"00u{number % users}", "alternateId": "jo@example.com"},
        "target": [{"type": "AppInstance", "id": f"0oa{number % apps}", "displayName": f"App {number % apps}"}],
    }  # fmt: skip


def _linked(records: list[Any], query: dict[str, str], here: str) -> tuple[Any, str]:
    start, size = int(query.get("after", 0)), int(query.get("limit", 200))
    more = f'Link: <{here}?limit={size}&after={start + size}>; rel="next"\r\n' if start + size < len(records) else ""
    return records[start : start + size], more


class _Connection(asyncio.Protocol):
    """One connection: a request, the wait, the answer, the next."""

    def __init__(self, vendors: Vendors, latency: float) -> None:
        self._vendors = vendors
        self._latency = latency
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the line."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hears a part of a request; nothing that is asked here has a body."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            host = next((line[6:] for line in lines if line.lower().startswith("host: ")), "")
            target = first.split(" ")[1]
            if target == "/stats":
                told = json.dumps({"requests": self._vendors.requests, "most_flying": self._vendors.most_flying})
                self._vendors.requests = self._vendors.most_flying = 0
                self._send(200, told.encode(), "")
                continue
            self._vendors.requests += 1
            self._vendors.flying += 1
            self._vendors.most_flying = max(self._vendors.most_flying, self._vendors.flying)
            asyncio.get_running_loop().call_later(self._latency, self._late, target, host)

    def _late(self, target: str, host: str) -> None:
        self._vendors.flying -= 1
        self._send(*self._vendors.answer(target, host))

    def _send(self, status: int, body: bytes, headers: str) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head.encode() + body)


async def _serve(vendors: Vendors, latency: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(vendors, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(_HALF_A_DAY)


if __name__ == "__main__":
    main()
