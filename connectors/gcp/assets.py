"""Asks Cloud Asset Inventory, a page a question, so that every answer is archived, and repeated where it throttles."""

from __future__ import annotations

import json
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from connectors.api.errors import ApiError
from connectors.gcp.paging import MorePagesError
from connectors.gcp.signin import expired
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.gcp.paths import Shape
    from connectors.gcp.signin import SignIn
    from connectors.gcp.target import Target

API: Final = "cloudasset.googleapis.com"
PAGE: Final = 500
"""The largest page of SearchAllResources."""

_SHOWN: Final = (
    "name", "asset_type", "project", "folders", "organization", "display_name", "location", "labels", "create_time",
    "update_time", "state", "parent_full_resource_name", "tags", "effective_tags", "versioned_resources",
)  # fmt: skip
_FIRST_WAIT: Final = 0.5
_THROTTLED: Final = "throttled for longer than the retries; scan again with a lower `concurrency`"
_BROKEN: Final = "the service failed; scan again"


class AssetInventory:
    """Cloud Asset Inventory, over gRPC or REST. The client's own retries leave out throttling, so they are not used."""

    def __init__(self, target: Target, policy: Policy, archive: Archive, redact: Redactor, signin: SignIn) -> None:
        self._target = target
        self._policy = policy
        self._archive = archive
        self._redact = redact
        self._signin = signin
        self._gate = threading.Semaphore(policy.per_host)
        self._lock = threading.Lock()
        self._client: Any = None

    def resources(self, source: str, scope: str, shapes: Mapping[str, Shape]) -> Iterator[list[dict[str, Any]]]:
        """Pages of resources, as SearchAllResources describes them, whichever way they are asked for.

        Args:
            source: Identity of the source that is asked for.
            scope: `organizations/123`, `folders/456` or `projects/my-project`.
            shapes: Asset types, and what of the resources themselves may be kept, in `body`.

        Raises:
            ApiError: A page was not answered.
            MorePagesError: There are more pages than the user allows.
        """
        types = sorted(shapes)

        def take(page: dict[str, Any]) -> dict[str, Any]:
            found = [_as_found(asset) for asset in page.get("assets", [])] or page.get("results", [])
            return {**_next(page), "results": [_with_body(entry, shapes) for entry in found]}

        if self._target.inventory == "list":
            asked = {"parent": scope, "asset_types": types, "content_type": "RESOURCE", "page_size": PAGE}
            pages = self._pages(source, "list_assets", asked, take)
        else:
            mask = {"paths": list(_SHOWN)}
            asked = {"scope": scope, "asset_types": types, "page_size": PAGE, "read_mask": mask, "order_by": "name"}
            pages = self._pages(source, "search_all_resources", asked, take)
        for page in pages:
            yield page["results"]

    def policies(self, source: str, scope: str, query: str) -> Iterator[list[dict[str, Any]]]:
        """Pages of IAM policies that match a query.

        Raises:
            ApiError: A page was not answered.
            MorePagesError: There are more pages than the user allows.
        """
        asked = {"scope": scope, "query": query, "page_size": PAGE}
        for page in self._pages(source, "search_all_iam_policies", asked, dict):
            yield page.get("results", [])

    def _pages(
        self, source: str, method: str, asked: Mapping[str, Any], take: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        token = ""
        for _ in range(self._target.max_pages):
            request = {**asked, "page_token": token} if token else dict(asked)
            question = json.dumps([method, request], sort_keys=True)
            page = self._archive.ask(source, question, partial(self._answer, method, request, take))
            yield page
            token = page.get("nextPageToken", "")
            if not token:
                return
        raise MorePagesError

    def _answer(
        self, method: str, request: dict[str, Any], take: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        return self._redact(take(self._patiently(method, request)))  # type: ignore[no-any-return]  # the library has no types

    def _patiently(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """One page; throttled and failed answers are asked for again, with backoff, jitter and patience."""
        attempt = 0
        while True:
            try:
                with self._gate:
                    return self._call(method, request)
            except _PassingError as passing:
                if attempt == self._policy.retries:
                    raise ApiError(Outcome.FAILED, f"{API}: {passing.reason}") from passing
                backoff = _FIRST_WAIT * 2**attempt * (1 + random.random())  # noqa: S311 - jitter
                time.sleep(min(max(passing.seconds, backoff), self._policy.max_wait_seconds))
                attempt += 1

    def _call(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        from google.api_core.exceptions import GoogleAPICallError
        from google.auth.exceptions import GoogleAuthError
        from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]  # the library has no types
        from requests import RequestException

        try:
            ask: Callable[..., Any] = getattr(self._connected(), method)
            page = next(iter(ask(request=request, retry=None, timeout=self._policy.read_seconds).pages))
            # Defaults are left out: an empty field of a thousand resources says nothing a thousand times.
            return type(page).to_dict(  # type: ignore[no-any-return]  # the library has no types
                page,
                use_integers_for_enums=False,
                preserving_proto_field_name=False,
                always_print_fields_with_no_presence=False,
            )
        except GoogleAPICallError as error:
            raise _meant(error) from error
        except GoogleAuthError as error:
            raise expired() from error
        except (ParseError, ValueError) as error:
            raise ApiError(Outcome.FAILED, f"{API}: answered with something that is not JSON; scan again") from error
        except RequestException as error:
            raise _PassingError(f"cannot be reached ({type(error).__name__}); check the network") from error

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Any:
        try:
            from google.cloud.asset_v1 import AssetServiceClient
        except ImportError as error:
            raise ApiError(
                Outcome.FAILED, "Google Cloud needs a part that is not installed: pip install 'aimscope[gcp]'"
            ) from error
        base = self._policy.base_urls.get(API, "")
        options: dict[str, Any] = {"api_endpoint": base} if base else {}
        if self._target.quota_project:
            options["quota_project_id"] = self._target.quota_project
        if self._target.transport == "grpc":
            return AssetServiceClient(transport=self._channel(base))
        return AssetServiceClient(credentials=self._signin.credentials(), transport="rest", client_options=options)

    def _channel(self, base: str) -> Any:
        """A gRPC transport; without TLS only where the user names an `http://` address."""
        import grpc  # type: ignore[import-untyped]  # the library has no types
        from google.cloud.asset_v1.services.asset_service.transports import AssetServiceGrpcTransport

        address = urlsplit(base).netloc or base
        if base.startswith("http://"):
            return AssetServiceGrpcTransport(channel=grpc.insecure_channel(address))
        roots = _read(self._policy.ca_bundle)
        return AssetServiceGrpcTransport(
            host=address or API,
            credentials=self._signin.credentials(),
            ssl_channel_credentials=grpc.ssl_channel_credentials(roots),
            quota_project_id=self._target.quota_project or None,
        )


class _PassingError(Exception):
    """A fault that may pass."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


def _meant(error: Any) -> Exception:
    """What a refusal means; the service's own words may quote content, so only its code is told."""
    from google.api_core import exceptions

    said = f"{int(error.code)} {error.grpc_status_code.name if error.grpc_status_code else type(error).__name__}"
    if isinstance(error, exceptions.Unauthorized):
        return expired()
    for kind, reason in ((exceptions.TooManyRequests, _THROTTLED), (exceptions.ServerError, _BROKEN)):
        if isinstance(error, kind):
            return _PassingError(f"{reason} ({said})", _wanted_wait(error))
    meanings = {
        exceptions.Forbidden: (Outcome.DENIED, "access is denied"),
        exceptions.NotFound: (Outcome.NOT_APPLICABLE, "there is no such thing here"),
        exceptions.BadRequest: (Outcome.FAILED, "the question was not understood"),
    }
    found = (meaning for kind, meaning in meanings.items() if isinstance(error, kind))
    outcome, reason = next(found, (Outcome.FAILED, _BROKEN))
    return ApiError(outcome, f"{API}: {reason} ({said})", code=said.partition(" ")[2])


def _wanted_wait(error: Any) -> float:
    """Seconds that the service asks to wait, from `google.rpc.RetryInfo`, or 0."""
    for detail in error.details or ():
        delay = getattr(detail, "retry_delay", None)
        if delay is not None:
            return float(
                delay.total_seconds() if hasattr(delay, "total_seconds") else delay.seconds + delay.nanos / 1e9
            )
    return 0.0


def _next(page: Mapping[str, Any]) -> dict[str, Any]:
    return {"nextPageToken": page["nextPageToken"]} if page.get("nextPageToken") else {}


def _with_body(entry: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """A resource with its newest representation, of which only what its rows name is kept."""
    versions = entry.get("versionedResources", [])
    shape = shapes.get(entry.get("assetType", ""))
    body = shape(versions[-1].get("resource", {})) if versions and shape else {}
    return {**{name: held for name, held in entry.items() if name != "versionedResources"}, "body": body}


def _as_found(asset: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of ListAssets in the words of SearchAllResources."""
    resource = asset.get("resource", {})
    body = resource.get("data", {})
    ancestors = asset.get("ancestors", [])
    return {
        "name": asset["name"],
        "assetType": asset.get("assetType", ""),
        "project": next((item for item in ancestors if item.startswith("projects/")), ""),
        "organization": next((item for item in ancestors if item.startswith("organizations/")), ""),
        "folders": [item for item in ancestors if item.startswith("folders/")],
        "location": resource.get("location", ""),
        "labels": body.get("labels", {}),
        "parentFullResourceName": resource.get("parent", ""),
        "state": body.get("state") or body.get("lifecycleState") or "",
        "updateTime": asset.get("updateTime", ""),
        "versionedResources": [{"version": resource.get("version", ""), "resource": body}],
    }


def _read(file: str) -> bytes | None:
    from pathlib import Path

    return Path(file).read_bytes() if file else None
