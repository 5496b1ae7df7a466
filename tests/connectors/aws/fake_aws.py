"""A fake of AWS that answers any operation of botocore's service models with answers that are valid under them, paged.

It knows nothing of the connector: services, operations and parameters are found from the request as AWS would find them,
and answers are made from the output shapes. `python fake_aws.py --latency 0.06` serves it for a benchmark.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import botocore.loaders
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator
from moto.core.model import ServiceModel
from moto.core.serialize import get_serializer_class

TOKENS: Final = frozenset({"nexttoken", "nextmarker", "marker", "token", "nextpagetoken", "pagetoken"})
LIMITS: Final = frozenset({"maxresults", "maxitems", "limit"})
CATALOGUE: Final = frozenset({"SYSTEM_DEFINED", "default", "Builtin", "SYSTEM"})
"""Values by which a provider marks what is its own."""

TIME: Final = "2026-11-20T12:00:00+00:00"
SECONDS: Final = 1795176000.0
ORIGIN: Final = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
ROLE: Final = re.compile(r"arn:aws:iam::(\d{12}):role/(.+)")


@dataclass(frozen=True)
class Asked:
    """A request, understood."""

    account: str
    region: str
    service: str
    operation: str
    params: Mapping[str, Any]


@dataclass
class Fault:
    """What goes wrong with some requests.

    Attributes:
        when: Which.
        status: Answers with this status and code; 0 keeps silent.
        code: The error code.
        body: This body instead, whatever it is.
        times: So often; for ever where negative.
        headers: Further headers.
    """

    when: Callable[[Asked], bool]
    status: int = 500
    code: str = "InternalFailure"
    body: bytes | None = None
    times: int = -1
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Estate:
    """What there is, and what went wrong.

    Attributes:
        caller: Account of keys that belong to no other.
        accounts: Accounts of the organisation, by id, with their names.
        regions: Enabled Regions.
        count: How many things an operation lists for an account and Region.
        page: How many things a page holds.
        latency: Seconds before an answer.
        faults: What goes wrong.
        listed: Different things that were listed, by account, Region, service and operation.
        asked: Requests, by service and operation.
    """

    caller: str = "111111111111"
    accounts: Mapping[str, str] = field(default_factory=lambda: {"111111111111": "management"})
    regions: tuple[str, ...] = ("us-east-1",)
    count: Callable[[Asked], int] = lambda _asked: 3
    page: int = 2
    latency: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    listed: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    log: list[Asked] = field(default_factory=list)


# Understanding requests


@lru_cache(maxsize=1)
def loader() -> botocore.loaders.Loader:
    return botocore.loaders.create_loader()


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(loader().load_service_model(service, "service-2"), service_name=service)


class Models:
    """The services that are served, found from requests."""

    def __init__(self, services: tuple[str, ...]) -> None:
        self._targets: dict[tuple[str, str], tuple[str, str]] = {}
        self._actions: dict[tuple[str, str], tuple[str, str]] = {}
        self._routes: defaultdict[tuple[str, str], list[tuple[re.Pattern[str], str, str]]] = defaultdict(list)
        for service in services:
            known = model(service)
            for name in known.operation_names:
                self._add(service, known, known.operation_model(name))
        for routes in self._routes.values():  # the most literal path first
            routes.sort(key=lambda route: (route[0].pattern.count("(?P"), -len(route[0].pattern)))

    def _add(self, service: str, known: ServiceModel, operation: OperationModel) -> None:
        protocol, signing = known.resolved_protocol, known.signing_name
        if protocol == "json":
            self._targets[signing, f"{known.metadata['targetPrefix']}.{operation.name}"] = service, operation.name
        elif protocol in {"query", "ec2"}:
            self._actions[signing, operation.name] = service, operation.name
        elif protocol == "rest-json":
            path = operation.http["requestUri"].partition("?")[0]
            pattern = re.sub(
                r"\\\{(\w+)(\\\+)?\\\}",
                lambda label: f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})",
                re.escape(path),
            )
            self._routes[signing, operation.http["method"]].append(
                (re.compile(pattern.rstrip("/") + "/?"), service, operation.name)
            )

    def understood(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, account: str
    ) -> Asked | None:
        origin = ORIGIN.search(headers.get("authorization", ""))
        if origin is None:
            return None
        key, region, signing = origin.groups()
        account = key.removeprefix("ASIA") if key.startswith("ASIA") else account
        url = urlsplit(target)
        if (asked := self._targets.get((signing, headers.get("x-amz-target", "")))) is not None:
            return Asked(account, region, *asked, json.loads(body or b"{}"))
        form = dict(parse_qsl(body.decode())) if body and b"Action=" in body else {}
        if (asked := self._actions.get((signing, form.get("Action", "")))) is not None:
            return Asked(account, region, *asked, form)
        for pattern, service, name in self._routes[signing, method]:
            if (found := pattern.fullmatch(url.path)) is not None:
                labels = {label: unquote(value) for label, value in found.groupdict().items()}
                places = {"uri": labels, "querystring": dict(parse_qsl(url.query)), "header": headers}
                params = self._rest(service, name, places, body)
                return Asked(account, region, service, name, params)
        return None

    @staticmethod
    def _rest(service: str, name: str, places: Mapping[str, Mapping[str, str]], body: bytes) -> dict[str, Any]:
        shape = model(service).operation_model(name).input_shape
        sent = json.loads(body) if body else {}
        params = {}
        for member, kind in (shape.members if shape else {}).items():
            wire = kind.serialization.get("name", member)
            place = kind.serialization.get("location", "")
            source = places.get(place, sent)
            if wire in source:
                params[member] = source[wire]
        return params


@lru_cache(maxsize=4)
def models(services: tuple[str, ...]) -> Models:
    return Models(services)


# Making answers


def answer(asked: Asked, count: int, page: int) -> tuple[dict[str, Any], int]:
    """An answer to any operation, and how many things of a list it holds."""
    operation = model(asked.service).operation_model(asked.operation)
    shape = operation.output_shape
    if shape is None:
        return {}, 0
    tokens = [name for name in shape.members if name.lower() in TOKENS]
    given = {name.lower(): value for name, value in asked.params.items()}
    paged = bool(tokens) or (
        asked.operation.startswith(("List", "DescribeMLModels")) and not asked.operation.endswith("Resource")
    )
    first = next((int(given[token]) for token in TOKENS if token in given), 0)
    limit = min(page, *(int(given[name]) for name in LIMITS if name in given), page)
    last = min(first + limit, count) if tokens else count
    identity = "/".join(
        str(value) for name, value in sorted(asked.params.items()) if name.lower() not in TOKENS | LIMITS
    )
    maker = _Maker(asked, identity)
    result: dict[str, Any] = {}
    for name, member in shape.members.items():
        if name in tokens:
            if last < count:
                result[name] = str(last).rjust(member.metadata.get("min", 1), "0")
        elif paged and isinstance(member, ListShape) and not count and member.metadata.get("min"):
            continue  # a list that cannot be empty is left out where there is nothing
        elif paged and isinstance(member, ListShape):
            result[name] = [maker.value(member.member, name, f"{identity}#{number}") for number in range(first, last)]
        elif (
            paged
            and isinstance(member, StructureShape)
            and any(isinstance(one, ListShape) for one in member.members.values())
        ):
            result[name] = {
                inner: [maker.value(one.member, inner, f"{identity}#{number}") for number in range(count)]
                for inner, one in member.members.items()
                if isinstance(one, ListShape)
            }
        else:
            result[name] = maker.value(member, name, identity)
    maker.echo(result)
    report = ParamValidator().validate(result, shape)
    assert not report.has_errors(), f"{asked.service} {asked.operation}: {report.generate_report()}"
    return result, last - first if paged else 0


class _Maker:
    """Makes values that fit their shapes, the same for the same question."""

    def __init__(self, asked: Asked, identity: str) -> None:
        self._asked = asked
        self._identity = identity

    def value(self, shape: Shape, name: str, seed: str, depth: int = 0) -> Any:
        if isinstance(shape, StructureShape):
            return self._structure(shape, seed, depth)
        if isinstance(shape, ListShape):
            return self._list(shape, name, seed, depth)
        if isinstance(shape, MapShape):
            key = "key".ljust(shape.key.metadata.get("min", 3), "0")
            return {key: self.value(shape.value, name, seed, depth + 1)} if depth < 6 and not shape.key.enum else {}
        if isinstance(shape, StringShape):
            return self._text(shape, name, seed)
        plain = {"boolean": True, "timestamp": TIME, "blob": b""}
        return plain.get(shape.type_name, max(shape.metadata.get("min", 1), 1))

    def _list(self, shape: ListShape, name: str, seed: str, depth: int) -> list[Any]:
        if depth >= 6 and not shape.metadata.get("min"):
            return []
        least = max(shape.metadata.get("min", 1), 1)
        seeds = [seed, *(f"{seed}.{number}" for number in range(1, least))]
        return [self.value(shape.member, name, one, depth + 1) for one in seeds]

    def _structure(self, shape: StructureShape, seed: str, depth: int) -> dict[str, Any]:
        if depth > 5 and not shape.is_tagged_union:
            members = {name: member for name, member in shape.members.items() if name in shape.required_members}
        else:
            members = dict(shape.members)
        if shape.is_tagged_union:
            members = dict(list(members.items())[:1])
        return (
            {name: self.value(member, name, seed, depth + 1) for name, member in members.items()} if depth < 16 else {}
        )

    def _text(self, shape: StringShape, name: str, seed: str) -> str:
        if shape.enum:
            return next((value for value in shape.enum if value not in CATALOGUE), shape.enum[0])
        asked = self._asked
        mark = hashlib.sha256(
            f"{asked.account}/{asked.region}/{asked.service}/{asked.operation}/{seed}".encode()
        ).hexdigest()
        low = name.lower()
        if low.endswith("rolearn"):
            text = f"arn:aws:iam::{asked.account}:role/scanned"
        elif low.endswith("arn"):
            signing = model(asked.service).signing_name
            text = f"arn:aws:{signing}:{asked.region}:{asked.account}:{low.removesuffix('arn')}/{mark[:20]}"
        elif low.endswith(("url", "uri", "endpoint")):
            text = f"https://{mark[:12]}.example.com/{low}"
        else:
            text = f"{low}-{mark[:12]}"
        least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 1024)
        return (text[-most:] if len(text) > most else text).ljust(least, "0")

    def echo(self, result: dict[str, Any]) -> None:
        """A detail is about what was asked for: what the request named stands in the answer under the same name."""
        for holder in (result, *(value for value in result.values() if isinstance(value, dict))):
            for name, value in self._asked.params.items():
                if isinstance(holder.get(name), str) and isinstance(value, str) and name.lower() not in TOKENS:
                    holder[name] = value


class Answers:
    """Answers in bytes, made once for each question."""

    def __init__(self, estate: Estate, models: Models) -> None:
        self._estate = estate
        self._models = models
        self._kept: dict[Asked | tuple[Any, ...], tuple[bytes, int]] = {}

    def to(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Asked | None, int, bytes, Mapping[str, str]]:
        estate = self._estate
        asked = self._models.understood(method, target, headers, body, estate.caller)
        if asked is None:
            return None, 404, b'{"__type": "UnknownOperationException"}', {}
        estate.asked[asked.service, asked.operation] += 1
        estate.log.append(asked)
        for fault in estate.faults:
            if fault.times and fault.when(asked):
                fault.times -= 1
                return (
                    asked,
                    fault.status,
                    fault.body if fault.body is not None else _refusal(asked, fault.code),
                    fault.headers,
                )
        key = (asked.account, asked.region, asked.service, asked.operation, json.dumps(asked.params, sort_keys=True))
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._made(asked)
            estate.listed[asked.account, asked.region, asked.service, asked.operation] += kept[1]
        return asked, 200, kept[0], {}

    def _made(self, asked: Asked) -> tuple[bytes, int]:
        special = getattr(self, f"_{asked.service}_{asked.operation}", None)
        if special is not None:
            result, listed = special(asked), 0
        else:
            result, listed = answer(asked, self._estate.count(asked), self._estate.page)
        known = model(asked.service)
        writer = get_serializer_class(asked.service, known.resolved_protocol)
        body = writer(operation_model=known.operation_model(asked.operation)).serialize(result)["body"]
        return (body if isinstance(body, bytes) else str(body).encode()), listed

    def _sts_GetCallerIdentity(self, asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {"Account": asked.account, "Arn": f"arn:aws:iam::{asked.account}:user/scan", "UserId": "AIDAX"}

    def _sts_AssumeRole(self, asked: Asked) -> dict[str, Any]:  # noqa: N802
        found = ROLE.fullmatch(asked.params["RoleArn"])
        assert found is not None
        return {
            "Credentials": {
                "AccessKeyId": "ASIA" + found[1],
                "SecretAccessKey": "secret",
                "SessionToken": "session",
                "Expiration": "2099-01-01T00:00:00+00:00",
            }
        }

    def _ec2_DescribeRegions(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {
            "Regions": [{"RegionName": region, "OptInStatus": "opt-in-not-required"} for region in self._estate.regions]
        }

    def _organizations_ListAccounts(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {
            "Accounts": [{"Id": one, "Name": name, "Status": "ACTIVE"} for one, name in self._estate.accounts.items()]
        }

    def _organizations_DescribeAccount(self, asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {
            "Account": {
                "Id": asked.params["AccountId"],
                "Name": self._estate.accounts.get(asked.params["AccountId"], ""),
            }
        }

    def _organizations_ListTagsForResource(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {"Tags": [{"Key": "unit", "Value": "retail"}]}

    def _organizations_ListParents(self, asked: Asked) -> dict[str, Any]:  # noqa: N802
        inside = asked.params["ChildId"].startswith("ou-")
        return {
            "Parents": [
                {"Id": "r-root", "Type": "ROOT"}
                if inside
                else {"Id": "ou-abcd-12345678", "Type": "ORGANIZATIONAL_UNIT"}
            ]
        }

    def _organizations_DescribeOrganizationalUnit(self, asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {"OrganizationalUnit": {"Id": asked.params["OrganizationalUnitId"], "Name": "Workloads"}}

    def _resourcegroupstaggingapi_GetResources(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {"ResourceTagMappingList": []}

    def _ssm_GetParametersByPath(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802
        return {"Parameters": []}


def _refusal(asked: Asked, code: str) -> bytes:
    if model(asked.service).resolved_protocol in {"query", "ec2"}:
        return f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>".encode()
    return json.dumps({"__type": code, "message": "no"}).encode()


# Serving


class _Connection(asyncio.Protocol):
    def __init__(self, answers: Answers, estate: Estate, open_now: set[asyncio.Transport]) -> None:
        self._answers = answers
        self._estate = estate
        self._open_now = open_now
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_now.add(transport)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._transport is not None:
            self._open_now.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            length = int(headers.get("content-length", "0"))
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            method, target, _ = lines[0].split(" ", 2)
            self._answer(method, target, headers, body)

    def _answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        _, status, given, more = self._answers.to(method, target, headers, body)
        if status == 0:
            return
        head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        text = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{head}Content-Length: {len(given)}\r\n\r\n".encode()
            + given
        )
        asyncio.get_running_loop().call_later(self._estate.latency, self._write, text)

    def _write(self, text: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(text)


PLUMBING: Final = (
    "sts",
    "ec2",
    "organizations",
    "resourcegroupstaggingapi",
    "ssm",
    "ce",
    "cloudwatch",
    "cloudtrail",
    "iam",
)


class FakeAws:
    """A server on loopback, in a thread of its own."""

    def __init__(self, estate: Estate, services: tuple[str, ...]) -> None:
        self.estate = estate
        self._answers = Answers(estate, models(tuple(dict.fromkeys((*services, *PLUMBING)))))
        self._open_now: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def serve(self, port: int = 0) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._answers, self.estate, self._open_now), "127.0.0.1", port
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self._server

    def start(self) -> FakeAws:
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self.serve())
            ready.set()
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for transport in tuple(self._open_now):
            transport.abort()
        await asyncio.sleep(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.06)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--regions", nargs="*", default=["us-east-1"])
    parser.add_argument("--one-in", type=int, default=50, help="so many lists are empty for one that is not")
    parser.add_argument("services", nargs="+")
    given = parser.parse_args()
    accounts = {f"{number:012d}": f"account {number}" for number in range(111111111111, 111111111111 + given.accounts)}

    def count(asked: Asked) -> int:
        seed = f"{asked.account}{asked.region}{asked.service}{asked.operation}".encode()
        return 20 if int.from_bytes(hashlib.sha256(seed).digest()[:4], "big") % given.one_in == 0 else 0

    estate = Estate(accounts=accounts, regions=tuple(given.regions), count=count, page=1000, latency=given.latency)

    async def run() -> None:
        fake = FakeAws(estate, tuple(given.services))
        server = await fake.serve(given.port)
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    main()
