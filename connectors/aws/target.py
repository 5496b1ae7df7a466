"""What the user set for AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

USES: Final = ("cost", "metrics", "bedrock", "permissions", "organization", "trail", "last-used")
"""Where use is looked for; the last two only when asked for."""


@dataclass(frozen=True, slots=True)
class Target:
    """One estate in AWS.

    Attributes:
        accounts: Account ids; empty for the account of the credentials.
        organization: All active accounts of the AWS Organization instead.
        role: Name of the role that is assumed in every other account.
        external_id: External id that the role asks for.
        profile: Profile of the AWS configuration; empty for the default chain.
        home: Region in which accounts and Regions are asked for; empty for that of the profile, else us-east-1.
        regions: Regions; empty for all that are enabled.
        services: Names of services, as `bedrock-agent`; empty for all.
        tiers: Tiers of rows: A systems, B parts of them, C activity, D what stands near AI.
        days: How far back activity is asked for.
        max_pages: The most pages of one list; beyond it coverage is partial.
        max_activity: The most things of one list of activity, in the order that AWS gives them.
        rotate_days: Quiet services are asked once in so many days; 0 asks all of them every time.
        usage: Where use is looked for: `cost` (Cost Explorer, paid by the request), `metrics`, `bedrock` (invocation
            logging and API keys), `permissions`, `organization` (its policies), `trail` and `last-used`, which are slow.
        payer: Account whose bill is read; empty for that of the credentials.
    """

    accounts: tuple[str, ...] = ()
    organization: bool = False
    role: str = ""
    external_id: str = ""
    profile: str = ""
    home: str = ""
    regions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ("A", "B", "C")
    days: int = 90
    max_pages: int = 1000
    max_activity: int = 500
    rotate_days: int = 0
    usage: tuple[str, ...] = USES[:5]
    payer: str = ""

    def __post_init__(self) -> None:
        if odd := sorted(set(self.usage) - set(USES)):
            raise ValueError(f"`usage`: {', '.join(odd)}: is none of {', '.join(USES)}")
