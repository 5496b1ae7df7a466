"""The estate below a scope: projects with their numbers, labels, folders and enabled APIs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.gcp.names import Names, source_of
from connectors.gcp.paging import MorePagesError
from connectors.gcp.paths import Shape
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.gcp.assets import AssetInventory
    from connectors.gcp.endpoints import Endpoints
    from connectors.gcp.paging import Lister

_RESOURCES: Final = "cloudresourcemanager.googleapis.com"
_USAGE: Final = "serviceusage.googleapis.com"
_PROJECT: Final = f"{_RESOURCES}/Project"
_FOLDER: Final = f"{_RESOURCES}/Folder"
_ORGANIZATION: Final = f"{_RESOURCES}/Organization"
_SERVICE: Final = f"{_USAGE}/Service"
_PROJECT_SHAPE: Final = Shape(["projectId", "name", "displayName", "labels.*"])


@dataclass(frozen=True, slots=True)
class Project:
    """A project.

    Attributes:
        id: Its id.
        number: Its number, or the empty string where nobody told.
        title: What people call it.
        labels: Its labels and tags.
        folders: Folders above it, `folders/456`, nearest first.
        organization: `organizations/123`, or the empty string.
        apis: APIs that are enabled, by host; none where nobody told.
    """

    id: str
    number: str = ""
    title: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    organization: str = ""
    apis: frozenset[str] | None = None

    @property
    def source(self) -> str:
        """Its identity as a source."""
        return source_of(self.id)

    def may_use(self, api: str) -> bool:
        """Whether the API is enabled, or might be."""
        return self.apis is None or api in self.apis


@dataclass(frozen=True, slots=True)
class Estate:
    """What is below the scopes.

    Attributes:
        scopes: Where the asset inventory answers, with the projects that each covers.
        projects: All projects, by id.
        units: Names of folders and organisations, by `folders/456`.
        coverage: What could not be found out.
    """

    scopes: Mapping[str, tuple[str, ...]]
    projects: Mapping[str, Project]
    units: Mapping[str, str]
    coverage: tuple[Coverage, ...]

    def names(self) -> Names:
        """Spells names with the ids of these projects."""
        return Names({project.number: project.id for project in self.projects.values() if project.number})


class Surveyor:
    """Finds the estate.

    Args:
        inventory: The asset inventory.
        lister: Lists of REST APIs.
        endpoints: Where APIs are.
    """

    def __init__(self, inventory: AssetInventory, lister: Lister, endpoints: Endpoints) -> None:
        self._inventory = inventory
        self._lister = lister
        self._endpoints = endpoints

    def survey(self, scopes: Iterable[str], only: frozenset[str], never: frozenset[str]) -> Estate:
        """The estate below scopes. Where the inventory refuses, Resource Manager and Service Usage are asked instead.

        Args:
            scopes: As the user named them.
            only: Ids of the projects to keep; empty for all.
            never: Ids of the projects to leave out.

        Raises:
            ApiError: The credentials are not accepted.
        """
        covered: dict[str, tuple[str, ...]] = {}
        projects: dict[str, Project] = {}
        units: dict[str, str] = {}
        coverage: list[Coverage] = []
        for scope in scopes:
            try:
                found = self._from_inventory(scope, units)
                covered[scope] = tuple(sorted(found))
            except (ApiError, MorePagesError) as error:
                if isinstance(error, ApiError) and error.expired:
                    raise
                reason = str(error) or "more than the allowed pages; raise `max_pages`"
                found, heard = self._from_apis(scope, reason)
                coverage += heard
                # One after the other: the inventory of a project may answer where that of the organisation does not.
                covered |= {f"projects/{name}": (name,) for name in found}
            projects |= {name: project for name, project in found.items() if name not in projects}
        kept = {
            name: project
            for name, project in sorted(projects.items())
            if (not only or name in only) and name not in never
        }
        covered = {scope: tuple(name for name in below if name in kept) for scope, below in covered.items()}
        return Estate({scope: below for scope, below in covered.items() if below}, kept, units, tuple(coverage))

    def _from_inventory(self, scope: str, units: dict[str, str]) -> dict[str, Project]:
        places: list[Mapping[str, Any]] = []
        apis: dict[str, set[str]] = {}
        kinds = dict.fromkeys((_PROJECT, _FOLDER, _ORGANIZATION, _SERVICE), Shape(("projectId", "displayName")))
        for page in self._inventory.resources(source_of(scope), scope, kinds):
            for found in page:
                if found.get("assetType") == _SERVICE:
                    if (found.get("state") or "ENABLED") == "ENABLED":
                        apis.setdefault(found.get("project", ""), set()).add(found["name"].rpartition("/")[2])
                else:
                    places.append(found)
        for place in places:
            if place.get("assetType") in {_FOLDER, _ORGANIZATION}:
                units[place["name"].partition(".com/")[2]] = _title(place)
        projects = [
            _project(place, apis)
            for place in places
            if place.get("assetType") == _PROJECT and (place.get("state") or "ACTIVE") == "ACTIVE"
        ]
        # A project in which the inventory knows of no API at all is not one without APIs: the API of APIs tells.
        return {one.id: one if one.apis else replace(one, apis=self._enabled(one.id)) for one in projects}

    def _from_apis(self, scope: str, reason: str) -> tuple[dict[str, Project], list[Coverage]]:
        """Projects without the inventory, and what that leaves unseen."""
        source = source_of(scope)
        gap = Coverage(
            source,
            "global/cloudasset",
            Outcome.PARTIAL,
            f"{reason}: grant cloudasset.assets.searchAllResources on {scope}",
        )
        try:
            listed = self._listed(scope, source)
        except (ApiError, MorePagesError) as error:
            mend = f"{error}: grant resourcemanager.projects.get on {scope}"
            listed = [{"projectId": scope.removeprefix("projects/")}] if scope.startswith("projects/") else []
            gap = replace(gap, outcome=getattr(error, "outcome", Outcome.PARTIAL), reason=f"{gap.reason}; {mend}")
        found = {}
        for entry in listed:
            name = entry.get("projectId") or scope.removeprefix("projects/")
            apis = self._enabled(name)
            found[name] = Project(
                name,
                str(entry.get("name", "")).removeprefix("projects/"),
                entry.get("displayName", ""),
                entry.get("labels", {}),
                apis=apis,
            )
        return found, [gap]

    def _listed(self, scope: str, source: str) -> list[dict[str, Any]]:
        base = self._endpoints.base(_RESOURCES)
        if scope.startswith("projects/"):
            return [self._lister.thing(source, f"{base}/v3/{scope}", _PROJECT_SHAPE)]
        # Below an organisation this finds every project that the credentials may see, not only direct children.
        params = {"query": "state:ACTIVE", "pageSize": "500"}
        return list(self._lister.items(source, f"{base}/v3/projects:search", "projects", _PROJECT_SHAPE, params=params))

    def _enabled(self, project: str) -> frozenset[str] | None:
        url = f"{self._endpoints.base(_USAGE)}/v1/projects/{project}/services"
        params = {"filter": "state:ENABLED", "pageSize": "200"}
        listed = self._lister.items(source_of(project), url, "services", Shape(["name"]), params=params)
        try:
            return frozenset(str(service.get("name", "")).rpartition("/")[2] for service in listed)
        except (ApiError, MorePagesError):
            return None


def _project(place: Mapping[str, Any], apis: Mapping[str, set[str]]) -> Project:
    number = place.get("project", "")
    tags = {
        tag.get("tagKey", "").rpartition("/")[2]: tag.get("tagValue", "").rpartition("/")[2]
        for tag in place.get("tags", [])
    }
    return Project(
        # A search names a project by its id, a list by its number.
        place.get("body", {}).get("projectId") or place["name"].rpartition("/")[2],
        number.removeprefix("projects/"),
        _title(place),
        tags | place.get("labels", {}),
        tuple(place.get("folders", [])),
        place.get("organization", ""),
        frozenset(apis.get(number, ())),
    )


def _title(place: Mapping[str, Any]) -> str:
    return str(place.get("displayName") or place.get("body", {}).get("displayName", ""))
