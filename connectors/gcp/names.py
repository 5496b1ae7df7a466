"""Resource names in one spelling, so that a reference equals the name of what it refers to.

A full resource name is `//aiplatform.googleapis.com/projects/shop-prod/locations/europe-west1/models/42`: project by id,
no API version, no regional host, no `@version`. https://cloud.google.com/asset-inventory/docs/asset-names
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_URL: Final = re.compile(
    r"(?:https?:)?//(?:(?P<where>[a-z0-9-]+)-)?(?P<api>[a-z]+)(?:\.[a-z0-9-]+\.rep)?\.googleapis\.com/"
    r"(?:(?:v[0-9][a-z0-9]*|compute/v1|bigquery/v2)/)?(?P<path>.+)"
)
_PROJECT: Final = re.compile(r"(?P<before>^|/)projects/(?P<project>[^/]+)")
_LOCATION: Final = re.compile(r"/(?:locations|zones|regions)/(?P<location>[^/]+)")
_VERSION: Final = re.compile(r"@[^/]*\Z")
_PUBLISHED: Final = re.compile(r"(?:^|/)(?P<model>publishers/[^/]+/models/[^/]+)\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """Spells names with project ids.

    Attributes:
        ids: Project number to project id.
    """

    ids: Mapping[str, str] = field(default_factory=dict)

    def full(self, name: str, api: str) -> str:
        """The full resource name of a relative name, of a URL, or of a full name in another spelling.

        Args:
            name: As an API writes it.
            api: Host of the API where the name does not say it.
        """
        if url := _URL.fullmatch(name):
            api, name = f"{url['api']}.googleapis.com", url["path"]
        elif name.startswith(("//", "https://", "http://")):
            return name
        return f"//{api}/" + self.with_ids(_VERSION.sub("", name.strip("/")))

    def reference(self, name: str, api: str) -> str:
        """As `full`, or the empty string for what names no resource."""
        resource = "/" in name and ("projects/" in name or name.startswith("//"))
        return self.full(name, api) if resource and not published(name) else ""

    def with_ids(self, name: str) -> str:
        """The name with its project number, if it is known, replaced by the project's id."""
        return _PROJECT.sub(
            lambda found: f"{found['before']}projects/{self.project_id(found['project'])}", name, count=1
        )

    def project_id(self, project: str) -> str:
        """The id of a project that is given by number or id, with or without `projects/` before it."""
        bare = project.removeprefix("projects/")
        return self.ids.get(bare, bare)


def published(name: str) -> str:
    """The model of a publisher that a name means, as `publishers/google/models/gemini-2.5-pro`, or the empty string."""
    found = _PUBLISHED.search(_VERSION.sub("", name))
    return found["model"] if found else ""


def project_of(name: str) -> str:
    """The project in a name, as it is written there, or the empty string."""
    found = _PROJECT.search(name)
    return found["project"] if found else ""


def location_of(name: str) -> str:
    """The location in a name, or `global`."""
    found = _LOCATION.search(name)
    return found["location"] if found else "global"


def short(api: str) -> str:
    """What an API is called in coverage: `aiplatform` for `aiplatform.googleapis.com`."""
    return api.partition(".")[0]


def source_of(project: str) -> str:
    """Identity of a project, or of a scope such as `organizations/123`, as a source."""
    return "account:gcp:" + project.removeprefix("projects/")
