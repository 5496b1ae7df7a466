"""The least that the rows need: custom roles of IAM, as YAML for `gcloud iam roles create --file`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.gcp.rows import AssetRow, EnabledRow, GrantRow, ListRow, MetricRow, UseRow, chosen
from connectors.gcp.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.gcp.rows import ServiceLike

_BASE: Final = ("resourcemanager.projects.get", "serviceusage.services.list", "serviceusage.services.use")
_INVENTORY: Final = ("cloudasset.assets.listResource", "cloudasset.assets.searchAllResources")
_POLICIES: Final = "cloudasset.assets.searchAllIamPolicies"
_METRICS: Final = "monitoring.timeSeries.list"
_LOCATED: Final = frozenset({
    "agentregistry", "aiplatform", "ces", "contactcenteraiplatform", "modelarmor", "tpu", "visionai",
})  # fmt: skip
"""APIs whose list of locations takes a permission; elsewhere signing in is enough."""

MAX_PERMISSIONS: Final = 3000
"""The most permissions of one custom role: https://cloud.google.com/iam/quotas"""


def roles(services: Sequence[ServiceLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """Custom roles, as file name and text, to grant at the organisation, a folder or a project.

    Args:
        services: Services of the knowledge base.
        target: Which of them, and which tiers, are asked for.
    """
    rows = chosen(services, target or Target()).values()
    unsure = {row.permission for row in rows if isinstance(row, ListRow) and not row.published}
    needed = sorted({*_BASE, *(permission for row in rows for permission in needs(row))} - unsure)
    parts = [needed[start : start + MAX_PERMISSIONS] for start in range(0, len(needed), MAX_PERMISSIONS)]
    names = ["aimscope"] if len(parts) == 1 else [f"aimscope{number}" for number in range(1, len(parts) + 1)]
    return tuple((f"{name}.yaml", _role(name, part, sorted(unsure))) for name, part in zip(names, parts, strict=True))


def needs(row: object) -> Iterator[str]:
    """The permissions that asking for a row takes."""
    match row:
        case AssetRow():
            yield from _INVENTORY
        case GrantRow():
            yield _POLICIES
        case UseRow() | MetricRow():
            yield _METRICS
        case ListRow(permission=permission, under=under, api=api, locations=locations):
            yield permission
            if under is not None:
                yield under.permission
            if locations == "listed" and (name := api.partition(".")[0]) in _LOCATED:
                yield f"{name}.locations.list"
        case EnabledRow():
            yield "cloudasset.assets.searchAllResources"


def _role(name: str, included: list[str], unsure: list[str]) -> str:
    lines = [
        f"# gcloud iam roles create {name} --organization=ORGANIZATION_ID --file={name}.yaml",
        "title: aimscope, read-only",
        "description: Lists AI resources, enabled APIs, their use and who may use them. Reads no data.",
        "stage: GA",
        "includedPermissions:",
        *(f"- {permission}" for permission in included),
        *(
            ["# Newer than IAM's public list; IAM refuses a role with a permission that it does not know."]
            if unsure
            else []
        ),
        *(f"# - {permission}" for permission in unsure),
    ]
    return "\n".join(lines) + "\n"
