"""Lists the kinds that the asset inventory holds, for all projects of a scope at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.gcp.describe import shape_of
from connectors.gcp.names import short, source_of
from connectors.gcp.paging import MorePagesError
from connectors.gcp.tally import Tally
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.gcp.assets import AssetInventory
    from connectors.gcp.describe import Describer
    from connectors.gcp.rows import AssetRow
    from connectors.model import Observation

_SEARCH: Final = "cloudasset.assets.searchAllResources"
_LIST: Final = "cloudasset.assets.listResource"


class Sweep:
    """One scope, and the rows to list in it.

    Args:
        inventory: The asset inventory.
        describer: Makes observations.
        scope: Where the inventory is asked.
        part: What this asks for, in the coverage of the scope itself.
        projects: Ids of the projects that it covers; what belongs to others is passed over.
        rows: Rows by id.
        listing: Whether the inventory is asked by ListAssets, which takes a permission of its own.
    """

    def __init__(
        self,
        inventory: AssetInventory,
        describer: Describer,
        scope: str,
        part: str,
        projects: tuple[str, ...],
        rows: Mapping[str, AssetRow],
        *,
        listing: bool = False,
    ) -> None:
        self._inventory = inventory
        self._describer = describer
        self._scope = scope
        self._rows = rows
        self._by_type = {row.asset_type: (row_id, row) for row_id, row in rows.items()}
        self._permission = f"{_LIST if listing else _SEARCH} on {scope}"
        self._own = Tally(source_of(scope), part)
        apis = sorted({short(row.api) for row in rows.values()})
        self._tallies = {
            (project, api): Tally(source_of(project), f"global/{api}") for project in projects for api in apis
        }

    def run(self) -> tuple[Result, bool]:
        """What is there, and for every project and API whether it was seen; and whether the credentials ran out."""
        result = Result()
        self._ask(sorted(self._by_type), result)
        self._own.counts["assets"] = len(result.observations)
        tallies = {(tally.source, tally.scope): tally for tally in (self._own, *self._tallies.values())}
        result.coverage = [tally.coverage() for _, tally in sorted(tallies.items())]
        return result, self._own.expired

    def _ask(self, types: list[str], result: Result) -> None:
        source = source_of(self._scope)
        found: dict[str, Observation] = {}
        try:
            for page in self._inventory.resources(
                source, self._scope, {kind: shape_of(self._by_type[kind][1]) for kind in types}
            ):
                result.counts["requests"] += 1
                self._own.counts["requests"] += 1
                for entry in page:
                    self._take(entry, found)
        except (ApiError, MorePagesError) as error:
            if _unknown_kind(error) and len(types) > 1 and not found:
                # One kind that the inventory has given up must not hide the others.
                middle = len(types) // 2
                self._ask(types[:middle], result)
                self._ask(types[middle:], result)
                return
            self._missed(error, types)
        else:
            for tally in self._of(types):
                tally.answered()
        result.observations += [observation for _, observation in sorted(found.items())]

    def _take(self, entry: Mapping[str, Any], found: dict[str, Observation]) -> None:
        known = self._by_type.get(entry.get("assetType", ""))
        project = self._describer.names.project_id(entry.get("project", ""))
        place = (project, short(known[1].api)) if known else ("", "")
        # What belongs to no project, as a policy of the organisation, belongs to the scope.
        tally = self._tallies.get(place) if project else self._own
        if known is None or tally is None:
            self._own.counts["other_projects"] += 1
            return
        row_id, row = known
        observation = self._describer.describe(
            row, row_id, entry.get("body", {}), source=tally.source, scope=tally.scope, found=entry
        )
        if observation is None:
            tally.counts["dropped"] += 1
            return
        tally.counts["assets"] += observation.name not in found
        found[observation.name] = observation

    def _missed(self, error: ApiError | MorePagesError, types: list[str]) -> None:
        if _unknown_kind(error):
            error = ApiError(Outcome.NOT_APPLICABLE, "the asset inventory does not know this kind")
        for tally in self._of(types):
            tally.missed(error, self._scope if len(types) > 1 else types[0], self._permission)

    def _of(self, types: list[str]) -> list[Tally]:
        apis = {short(kind) for kind in types}
        return [self._own, *(tally for (_, api), tally in self._tallies.items() if api in apis)]


def _unknown_kind(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.code in {"INVALID_ARGUMENT", "BadRequest"}
