"""What botocore knows of a service: how its requests are written, where they go, and how its answers are read.

The models, serialisers, parsers and endpoint rules of botocore are used as they are; its clients are not. A client for
each account, Region and service costs 2 to 15 ms of processor time to make and 0.63 ms a call, so that making clients
would outweigh asking (60 services in 17 Regions of 200 accounts are 204,000 clients). Everything that does not depend on
account and Region is kept here once for each service instead.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import botocore.loaders
import botocore.parsers
import botocore.serialize
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError, ParamValidationError, UnknownEndpointError, UnknownServiceError
from botocore.model import OperationModel, ServiceModel, StructureShape
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_PAGE: Final = 1000
_TOKENS: Final = ("nextToken", "NextToken", "Token", "Marker", "nextPageToken", "PageToken")
_LIMITS: Final = ("maxResults", "MaxResults", "limit", "Limit", "MaxItems")
_LOCK: Final = threading.RLock()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service answers in a Region, and how a request to it is signed."""

    url: str
    signing_name: str
    signing_region: str


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is read on.

    Attributes:
        given: Parameter that takes the token.
        got: JMESPath of the next token in the answer.
        more: JMESPath that says whether there is more; empty where the token alone says so.
        limit: Parameter for the size of a page; empty where there is none, or its largest value is not known.
        size: The largest page.
    """

    given: str
    got: str
    more: str = ""
    limit: str = ""
    size: int = 0


class Api:
    """One service. Made by `api`."""

    def __init__(self, service: str) -> None:
        loader = _loader()
        self.name: Final = service
        self.model: Final = ServiceModel(loader.load_service_model(service, "service-2"), service_name=service)
        protocol = self.model.resolved_protocol
        self._serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
        self._parser = _parser(protocol, strict=True)
        self._error_parser = _parser(protocol, strict=False)
        rules = loader.load_service_model(service, "endpoint-rule-set-1")
        self._endpoints = EndpointProvider(rules, loader.load_data("partitions"))
        try:
            self._pages = loader.load_service_model(service, "paginators-1")["pagination"]
        except UnknownServiceError:
            self._pages = {}
        self._found: dict[tuple[str, tuple[tuple[str, Any], ...]], Endpoint] = {}
        self._operations: dict[str, OperationModel] = {}

    def operation(self, name: str) -> OperationModel:
        """The model of an operation.

        Raises:
            OperationNotFoundError: botocore does not have it.
        """
        kept = self._operations.get(name)
        if kept is None:
            with _LOCK:
                kept = self._operations[name] = self.model.operation_model(name)
        return kept

    def request(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """A request, not yet signed, as botocore describes it.

        Raises:
            ParamValidationError: The parameters, some of which come out of other answers, do not fit.
        """
        model = self.operation(operation)
        told: Any = model.endpoint
        prefix = told.get("hostPrefix", "") if told else ""
        try:
            request: dict[str, Any] = self._serializer.serialize_to_request(dict(params), model)
            request["host_prefix"] = prefix.format(**params) if prefix else None
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ParamValidationError(report=type(error).__name__) from error
        return request

    def endpoint(self, operation: str, region: str) -> Endpoint:
        """Where an operation is asked in a Region.

        Raises:
            UnknownEndpointError: It is not there.
        """
        fixed = tuple((one.name, one.value) for one in self.operation(operation).static_context_parameters)
        kept = self._found.get((region, fixed))
        if kept is None:
            with _LOCK:
                kept = self._found[region, fixed] = self._resolve(region, fixed)
        return kept

    def _resolve(self, region: str, fixed: tuple[tuple[str, Any], ...]) -> Endpoint:
        known = self._endpoints.ruleset.parameters
        given = {"Region": region, "UseFIPS": False, "UseDualStack": False, **dict(fixed)}
        try:
            found = self._endpoints.resolve_endpoint(**{key: value for key, value in given.items() if key in known})
        except EndpointProviderError as error:
            raise UnknownEndpointError(service_name=self.name, region_name=region) from error
        schemes = [scheme for scheme in found.properties.get("authSchemes", []) if scheme.get("name") == "sigv4"]
        scheme = schemes[0] if schemes else {}
        return Endpoint(
            found.url,
            scheme.get("signingName") or self.model.signing_name,
            scheme.get("signingRegion") or region,
        )

    def parse(self, operation: str, status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """An answer, with times as ISO 8601 text; that of a refusal has `Error`.

        Raises:
            ResponseParserError: It is none that the service can give.
        """
        parser = self._parser if status < 300 else self._error_parser  # noqa: PLR2004 - HTTP's classes
        answer = {"status_code": status, "headers": headers, "body": body, "context": {"operation_name": operation}}
        try:
            parsed: dict[str, Any] = parser.parse(answer, self.operation(operation).output_shape)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ResponseParserError("does not have the shape of an answer") from error
        return parsed

    @lru_cache(maxsize=512)  # noqa: B019 - an Api lives as long as the process
    def paging(self, operation: str) -> Paging | None:
        """How a list is read on, or None where one answer is all."""
        model = self.operation(operation)
        given = model.input_shape.members if model.input_shape else {}
        got = model.output_shape.members if isinstance(model.output_shape, StructureShape) else {}
        told = self._pages.get(operation)
        if told:
            limit = told.get("limit_key", "")
            # Several tokens go together; none of the lists asked for here has more than one.
            tokens = told["input_token"], told["output_token"]
            into, out = (token[0] if isinstance(token, list) else token for token in tokens)
            return Paging(into, out, told.get("more_results", ""), *_page_size(given, (limit,)))
        for token in _TOKENS:
            if token in given and (
                out := next((name for name in (token, "NextToken", "nextToken") if name in got), "")
            ):
                return Paging(token, out, "", *_page_size(given, _LIMITS))
        return None


def _page_size(given: Mapping[str, Any], limits: tuple[str, ...]) -> tuple[str, int]:
    for limit in limits:
        largest = getattr(given.get(limit), "metadata", {}).get("max")
        if isinstance(largest, int):
            return limit, min(largest, _LARGEST_PAGE)
    return "", 0


@lru_cache(maxsize=1)
def _loader() -> botocore.loaders.Loader:
    return botocore.loaders.create_loader()


@lru_cache(maxsize=1)
def known_services() -> frozenset[str]:
    """The services that the installed botocore has."""
    return frozenset(_loader().list_available_services("service-2"))


_APIS: Final[dict[str, Api]] = {}


def api(service: str) -> Api:
    """What botocore knows of a service; read once, for all threads.

    Raises:
        UnknownServiceError: botocore does not have it.
    """
    kept = _APIS.get(service)
    if kept is None:
        with _LOCK:
            kept = _APIS.get(service) or _APIS.setdefault(service, Api(service))
    return kept


def _parser(protocol: str, *, strict: bool) -> Any:
    kinds: dict[str, Any] = {**botocore.parsers.PROTOCOL_PARSERS, **(_STRICT if strict else {})}
    parser = kinds[protocol]
    return parser(timestamp_parser=_iso, blob_parser=lambda _value: "")


class _StrictJson:
    """Refuses what is no JSON. botocore takes it for an answer without members, which would read as an empty list."""

    def _parse_body_as_json(self, body: bytes) -> Any:
        if not body:
            return {}
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ResponseParserError("is no JSON") from error


class _StrictJsonParser(_StrictJson, botocore.parsers.JSONParser):
    """JSON 1.0 and 1.1."""


class _StrictRestJsonParser(_StrictJson, botocore.parsers.RestJSONParser):
    """REST with JSON."""


_STRICT: Final = {"json": _StrictJsonParser, "rest-json": _StrictRestJsonParser}


def _iso(value: Any) -> str:
    """A time in an answer, seconds since 1970 or text, as ISO 8601 in UTC to the second."""
    try:
        time = datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            return str(value)
    return time.astimezone(UTC).isoformat(timespec="seconds")
