"""Lists kinds that only their own API knows: one project, one API, one location a run."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.gcp.describe import shape_of
from connectors.gcp.names import short
from connectors.gcp.paging import MorePagesError
from connectors.gcp.paths import Shape
from connectors.gcp.tally import Tally
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from connectors.gcp.describe import Describer
    from connectors.gcp.endpoints import Endpoints
    from connectors.gcp.estate import Project
    from connectors.gcp.paging import Lister
    from connectors.gcp.rows import ListRow

NOWHERE: Final = "global"
"""The location in coverage of lists that have none, or that answer for all at once."""

PARENT: Final = "(parent)"
"""Where rows find the name of what an item of a nested list is a part of."""

_NOT_HERE: Final = {
    "SERVICE_DISABLED": "the API is not enabled in this project",
    "UNIMPLEMENTED": "this location does not offer it",
    "FAILED_PRECONDITION": "this location or project is not set up for it",
}

_NAME: Final = Shape(["name"])
_LOCATION: Final = Shape(["locationId"])


class Lists:
    """Direct lists.

    Args:
        lister: Lists of REST APIs.
        endpoints: Where APIs are.
        describer: Makes observations.
    """

    def __init__(self, lister: Lister, endpoints: Endpoints, describer: Describer) -> None:
        self._lister = lister
        self._endpoints = endpoints
        self._describer = describer

    def run(self, project: Project, api: str, location: str, rows: Mapping[str, ListRow]) -> tuple[Result, bool]:
        """What is there; and whether the credentials ran out.

        Args:
            project: Whose it is.
            api: Host of the API.
            location: Where; `-` for all at once.
            rows: Rows by id.
        """
        tally = Tally(project.source, f"{NOWHERE if location in {'', '-'} else location}/{short(api)}")
        result = Result()
        for row_id, row in rows.items():
            what = row_id.rpartition("/")[2]
            within = row.path.partition("/")[2].format(project=project.id, location=location, parent="")
            try:
                for body in self._bodies(project, row, location, tally.counts):
                    observation = self._describer.describe(
                        row, row_id, body, source=project.source, scope=tally.scope, within=within
                    )
                    tally.counts["dropped" if observation is None else "assets"] += 1
                    result.observations += [observation] if observation else []
                tally.answered()
            except (ApiError, MorePagesError) as error:
                tally.missed(_absent(error), what, f"{row.permission} on projects/{project.id}")
                if tally.expired:
                    break
        result.observations.sort(key=lambda observation: (observation.name, observation.matchers))
        result.counts["requests"] = tally.counts["requests"]
        result.coverage.append(tally.coverage())
        return result, tally.expired

    def locations(self, project: Project, api: str, version: str) -> list[str]:
        """Locations of an API.

        Raises:
            ApiError: It does not say.
        """
        url = f"{self._endpoints.base(api)}/{version}/projects/{project.id}/locations"
        listed = self._lister.items(project.source, url, "locations", _LOCATION, params={"pageSize": "200"})
        return sorted(location["locationId"] for location in listed if "locationId" in location)

    def _bodies(self, project: Project, row: ListRow, location: str, counts: Counter[str]) -> Iterator[dict[str, Any]]:
        base = self._endpoints.base(row.api, row.host, location)
        place = {"project": project.id, "location": location}
        shape = shape_of(row)
        if row.under is None:
            yield from self._items(project, f"{base}/{row.path.format(**place)}", row.items, row, shape, counts)
            return
        above = self._items(project, f"{base}/{row.under.path.format(**place)}", row.under.items, row, _NAME, counts)
        for name in [parent["name"] for parent in above if "name" in parent]:
            url = f"{base}/{row.path.format(parent=name, **place)}"
            for item in self._items(project, url, row.items, row, shape, counts):
                yield {**item, PARENT: name}

    def _items(
        self, project: Project, url: str, key: str, row: ListRow, shape: Shape, counts: Counter[str]
    ) -> Iterator[dict[str, Any]]:
        if not key:
            yield self._lister.thing(project.source, url, shape, counts=counts)
            return
        params = {"pageSize": str(row.page_size)} if row.page_size else {}
        items = self._lister.items(project.source, url, key, shape, params=params, counts=counts)
        yield from islice(items, row.recent or None)


def _absent(error: ApiError | MorePagesError) -> ApiError | MorePagesError:
    """A refusal that says that the API or the kind is not to be had here is no gap."""
    if isinstance(error, ApiError) and error.code in _NOT_HERE:
        return ApiError(Outcome.NOT_APPLICABLE, f"{_NOT_HERE[error.code]} ({error.code})")
    return error
