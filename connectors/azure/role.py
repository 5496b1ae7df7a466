"""What the enabled rows need, as a custom role of Azure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from connectors.azure.access import PERMISSIONS_READ
from connectors.azure.rows import read_services
from connectors.azure.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.azure.rows import ServiceLike

_ALWAYS: Final = (
    PERMISSIONS_READ,
    "Microsoft.Management/managementGroups/read",
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Resources/subscriptions/read",
)
"""What is needed whatever is asked for: to see subscriptions, what stands above them, and one's own permissions."""

_NAME: Final = "aimscope reader"
_LARGEST: Final = 32 * 1024
"""Characters of one role's JSON; far below what Resource Manager takes in a request, and readable."""


def roles(services: Sequence[ServiceLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need, as definitions of custom roles for `az role definition create`.

    All are control-plane actions: no key, no data and no content of any resource can be read with them.

    Args:
        services: Services of the knowledge base.
        target: Narrows to services and tiers.

    Returns:
        File names and texts, one role where it fits.

    Raises:
        RowError: A row of a service is wrong.
    """
    target = target or Target()
    rows = (row for service in read_services(services, target) for row in service.rows)
    actions = sorted({action for row in rows for action in row.actions} | set(_ALWAYS), key=str.lower)
    parts = _parts(actions)
    named = [_NAME if len(parts) == 1 else f"{_NAME} {number}" for number in range(1, len(parts) + 1)]
    scopes = [f"/subscriptions/{name}" for name in target.subscriptions] or ["/subscriptions/SUBSCRIPTION-ID"]
    return tuple(
        (f"{name.replace(' ', '-')}.json", _role(name, part, scopes)) for name, part in zip(named, parts, strict=True)
    )


def _parts(actions: list[str]) -> list[list[str]]:
    """The actions, in as many roles as their size needs."""
    parts: list[list[str]] = [[]]
    size = 0
    for action in actions:
        size += len(action) + len('        "",\n')
        if size > _LARGEST:
            parts.append([])
            size = len(action)
        parts[-1].append(action)
    return parts


def _role(name: str, actions: list[str], scopes: list[str]) -> str:
    role = {
        "Name": name,
        "IsCustom": True,
        "Description": "Lists AI resources and what proves that they are used. Reads no keys, data or content.",
        "Actions": actions,
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": scopes,
    }
    return json.dumps(role, indent=2) + "\n"
