"""What the present credentials can do, asked cheaply: a question a place, and no list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.gcp.names import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.http import Http
    from connectors.api.plugin import Check
    from connectors.gcp.endpoints import Endpoints


_API: Final = "cloudresourcemanager.googleapis.com"
_BATCH: Final = 100
"""The most permissions that testIamPermissions takes at once."""


def checks(http: Http, endpoints: Endpoints, place: str, permissions: Sequence[str]) -> Iterator[Check]:
    """Whether permissions are granted in a place. `testIamPermissions` changes nothing, and needs no permission.

    Args:
        http: REST client.
        endpoints: Where APIs are.
        place: `organizations/123`, `folders/456` or `projects/my-project`.
        permissions: Those that can be granted on such a place; it refuses to test others.
    """
    url = f"{endpoints.base(_API)}/v3/{place}:testIamPermissions"
    for start in range(0, len(permissions), _BATCH):
        batch = permissions[start : start + _BATCH]
        try:
            answer = http.ask(source_of(place), "POST", url, body={"permissions": list(batch)}).body or {}
        except ApiError as error:
            yield f"{len(batch)} permissions on {place}", None, error.reason
            if error.expired:
                return
            continue
        granted = set(answer.get("permissions", []))
        for permission in batch:
            allowed = permission in granted
            yield f"{permission} on {place}", allowed, "" if allowed else f"grant {permission} on {place}"
