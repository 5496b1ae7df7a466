"""What a user sets about Azure, and the clouds that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud of its own, with its own directory and its own management.

    Attributes:
        authority: Host that signs in.
        manager: Address of Azure Resource Manager.
    """

    authority: str
    manager: str


CLOUDS: Final = {
    "public": Cloud("login.microsoftonline.com", "https://management.azure.com"),
    "usgovernment": Cloud("login.microsoftonline.us", "https://management.usgovcloudapi.net"),
    "china": Cloud("login.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
}
"""The clouds by name. Source: https://learn.microsoft.com/azure/developer/identity/sovereign-clouds."""

TIERS: Final = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask of Azure.

    Attributes:
        subscriptions: Ids of subscriptions; empty for all that the credentials see.
        exclude: Ids of subscriptions to leave out.
        tenant: Id of the tenant to sign in to; empty for the credentials' own.
        cloud: `public`, `usgovernment` or `china`.
        token_env: Name of the environment variable that holds an access token for Resource Manager; empty for every way
            that `DefaultAzureCredential` knows.
        services: Ids of the services to ask, as `cognitive-services`; empty for all.
        tiers: Tiers of rows to ask: `A` systems, `B` parts and workloads, `C` activity, `D` what is next to AI.
        days: How far back use and activity are read.
        newest: How many items of an activity list are read, the newest first.
        max_pages: How many pages of a list are read.
        metrics: Whether use is read from Azure Monitor.
    """

    subscriptions: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tenant: str = ""
    cloud: str = "public"
    token_env: str = ""
    services: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ("A", "B", "C")
    days: int = 30
    newest: int = 200
    max_pages: int = 100
    metrics: bool = True

    def __post_init__(self) -> None:
        if self.cloud not in CLOUDS:
            raise ValueError(f"azure: there is no cloud `{self.cloud}`; name one of {', '.join(CLOUDS)}")
        if odd := sorted(set(self.tiers) - set(TIERS)):
            raise ValueError(f"azure: there is no tier `{odd[0]}`; name some of {', '.join(TIERS)}")

    @property
    def estate(self) -> str:
        """Identity under which the tenant as a whole is asked."""
        return f"account:azure:{self.tenant.lower() or 'tenant'}"
