"""The subscriptions of a scan, and the management groups and tags that Azure gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.azure.ids import source_of
from connectors.model import Coverage, ObservationKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.azure.arm import Arm
    from connectors.azure.target import Target
    from connectors.model import Observation

SCOPE: Final = "global/subscription"
ROW: Final = "azure/subscription"
READ: Final = "Microsoft.Resources/subscriptions/read"
"""What seeing a subscription needs."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that the credentials see.

    Attributes:
        id: Its id, lower case.
        title: Its name.
        state: As Azure says it: `Enabled`, `Warned`, `PastDue`, `Disabled`, `Deleted`.
        tags: Its tags.
        tenant: Id of its tenant.
    """

    id: str
    title: str
    state: str
    tags: Mapping[str, str] = field(default_factory=dict)
    tenant: str = ""


def visible(arm: Arm, target: Target) -> tuple[tuple[Subscription, ...], str]:
    """All subscriptions that the credentials see, by id, and why there may be more.

    Raises:
        ApiError: They cannot be listed.
    """
    listed = arm.listed(target.estate, "/subscriptions", "2022-12-01")
    seen = {read.id: read for item in listed.items if (read := _read(item)).id}
    return tuple(seen[name] for name in sorted(seen)), listed.cut


def wanted(seen: tuple[Subscription, ...], target: Target) -> tuple[tuple[Subscription, ...], tuple[Coverage, ...]]:
    """Those of them that the user wants, and coverage of those that cannot be asked."""
    named, left_out = {name.lower() for name in target.subscriptions}, {name.lower() for name in target.exclude}
    chosen = [one for one in seen if (not named or one.id in named) and one.id not in left_out]
    gone = [one for one in chosen if one.state == "Deleted"]
    hidden = sorted(named - left_out - {one.id for one in seen})
    coverage = [
        Coverage(
            source_of(name), "", Outcome.DENIED,
            f"the credentials do not see this subscription; give them {READ} there, as the Reader role does",
        )
        for name in hidden
    ]  # fmt: skip
    coverage += [Coverage(source_of(one.id), "", Outcome.NOT_APPLICABLE, "the subscription is deleted") for one in gone]
    return tuple(one for one in chosen if one.state != "Deleted"), tuple(coverage)


def account(one: Subscription, container: Mapping[str, Any] | None) -> Observation:
    """The subscription as a place: its name, tags and the management groups above it, the nearest first."""
    chain = ((container or {}).get("properties") or {}).get("managementGroupAncestorsChain") or []
    groups = [str(group.get("displayName") or group.get("name") or "") for group in chain if isinstance(group, dict)]
    return asset(
        ObservationKind.ACCOUNT,
        ROW,
        f"/subscriptions/{one.id}",
        source=source_of(one.id),
        scope=SCOPE,
        title=one.title,
        tags=one.tags,
        status=one.state,
        tenant=one.tenant,
        unit=groups[0] if groups else "",
        path="/".join(reversed(groups)),
        refs=[f"/providers/microsoft.management/managementgroups/{str(group.get('name')).lower()}" for group in chain],
    )


def _read(item: Mapping[str, Any]) -> Subscription:
    tags = item.get("tags")
    return Subscription(
        str(item.get("subscriptionId") or "").lower(),
        str(item.get("displayName") or ""),
        str(item.get("state") or ""),
        {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else {},
        str(item.get("tenantId") or "").lower(),
    )
