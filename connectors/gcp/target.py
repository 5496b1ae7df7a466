"""What a user sets about Google Cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

TIERS: Final = ("A", "B", "C")
"""What is asked for unless the user says otherwise; D is what stands near AI: TPUs, machines with accelerators."""

_SCOPE: Final = re.compile(r"(?:organizations|folders)/[0-9]+|projects/[^/\s]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to look in Google Cloud, and as whom.

    Attributes:
        scopes: `organizations/123`, `folders/456` or `projects/my-project`; empty for the project of the credentials.
        projects: Only these project ids; empty for all below `scopes`.
        skip_projects: Never these project ids.
        locations: Ask direct lists only here, `global` and `us` among them; empty for every location of a service.
        services: Ids of the services to ask, as `vertex-ai`; empty for all.
        tiers: Tiers of rows: A systems, B parts of them and hints, C activity, D what stands near AI.
        days: How far back use is counted.
        max_pages: The most pages of one list; what is left out is partial coverage.
        rotate_days: Locations in which a project calls an API of AI for nothing but to read are listed once in so many
            days; 0 lists all of them every time.
        inventory: How the asset inventory is asked: `search` (one permission) or `list` (fresher, one a kind).
        transport: How it is reached: `grpc`, or `rest` where a proxy lets only HTTP/1.1 through.
        credentials: Name of an environment variable that holds the path of a credentials file; empty for Application
            Default Credentials.
        impersonate: Service account to act as.
        quota_project: Project whose quota the questions use; empty for the one of the credentials.
    """

    scopes: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    skip_projects: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    tiers: tuple[str, ...] = TIERS
    days: int = 30
    max_pages: int = 2000
    rotate_days: int = 0
    inventory: str = "search"
    transport: str = "grpc"
    credentials: str = ""
    impersonate: str = ""
    quota_project: str = ""

    def __post_init__(self) -> None:
        """Refuses what can be asked of nobody.

        Raises:
            ValueError: A scope or a choice is wrong; the message names it.
        """
        if odd := [scope for scope in self.scopes if not _SCOPE.fullmatch(scope)]:
            raise ValueError(f"`scopes`: {odd[0]!r} is not as organizations/123, folders/456 or projects/my-project")
        for name, value, choices in (
            ("inventory", self.inventory, ("search", "list")),
            ("transport", self.transport, ("grpc", "rest")),
        ):
            if value not in choices:
                raise ValueError(f"`{name}`: {value!r} is neither {choices[0]} nor {choices[1]}")
