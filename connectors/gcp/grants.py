"""Who may use AI: IAM bindings of the roles that the rows name, wherever in the estate they are set."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.gcp.names import source_of
from connectors.gcp.paging import MorePagesError
from connectors.gcp.tally import Tally
from connectors.model import ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.gcp.assets import AssetInventory
    from connectors.gcp.names import Names
    from connectors.gcp.rows import GrantRow

SCOPE: Final = "global/iam"
_PERMISSION: Final = "cloudasset.assets.searchAllIamPolicies"


class Grants:
    """IAM bindings below one scope.

    Args:
        inventory: The asset inventory.
        names: Spells names.
    """

    def __init__(self, inventory: AssetInventory, names: Names) -> None:
        self._inventory = inventory
        self._names = names

    def run(self, scope: str, projects: tuple[str, ...], rows: Mapping[str, GrantRow]) -> tuple[Result, bool]:
        """The bindings; and whether the credentials ran out.

        Args:
            scope: Where the inventory is asked.
            projects: Ids of the projects that it covers. Bindings above them belong to the scope itself.
            rows: Rows by id.
        """
        result = Result()
        if not rows:
            return result, False
        tallies = {name: Tally(source_of(name), SCOPE) for name in (scope.removeprefix("projects/"), *projects)}
        # A word of the query matches a word of the role: `aiplatform` finds `roles/aiplatform.user`.
        words = sorted({role.removeprefix("roles/").partition(".")[0] for row in rows.values() for role in row.roles})
        own = tallies[scope.removeprefix("projects/")]
        try:
            for page in self._inventory.policies(own.source, scope, f"policy:({' OR '.join(words)})"):
                result.counts["requests"] += 1
                for entry in page:
                    tally = tallies.get(self._names.project_id(entry.get("project", "")), own)
                    self._take(entry, rows, tally, result)
        except (ApiError, MorePagesError) as error:
            for tally in tallies.values():
                tally.missed(error, "IAM policies", f"{_PERMISSION} on {scope}")
        else:
            for tally in tallies.values():
                tally.answered()
        result.observations.sort(key=lambda observation: (observation.location, observation.name, observation.matchers))
        result.coverage = [tally.coverage() for _, tally in sorted(tallies.items())]
        return result, own.expired

    def _take(self, entry: Mapping[str, Any], rows: Mapping[str, GrantRow], tally: Tally, result: Result) -> None:
        resource = self._names.full(entry.get("resource", ""), "cloudresourcemanager.googleapis.com")
        for binding in entry.get("policy", {}).get("bindings", []):
            role = binding.get("role", "")
            condition = binding.get("condition", {}).get("title", "")
            for row_id, row in rows.items():
                if not any(fnmatchcase(role, pattern) for pattern in row.roles):
                    continue
                tally.counts["assets"] += 1
                result.observations.append(
                    asset(
                        ObservationKind.GRANT, row_id, f"{resource}#{role}" + (f"#{condition}" if condition else ""),
                        source=tally.source, scope=tally.scope, title=role, refs=[resource],
                        identities=[member.removeprefix("serviceAccount:") for member in binding.get("members", [])], snippet=f"{role} on {entry.get('assetType', '')}", role=role,
                    )
                )  # fmt: skip
