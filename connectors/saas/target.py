"""What a user sets about a tenant of a SaaS vendor."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - settings are made from the fields
from dataclasses import dataclass, field
from typing import Final

_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_VENDOR: Final = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask of a tenant. Secrets are named, never written: an environment variable, a command, a key file.

    Attributes:
        vendor: Id of the vendor's file, as `okta`.
        tenant: What the vendor calls your organisation: a domain, an organisation, a workspace, a group.
        base_url: Where to ask, where it is not the vendor's usual address: a custom domain, a national cloud, a server of
            your own.
        auth: Name of the way to sign in, where the vendor knows several that the given credentials would fit.
        token_env: Name of the environment variable that holds the token, API key or password.
        token_command: Program and arguments that print a token, as `[az, account, get-access-token, ...]`.
        client_id: Id of the OAuth client.
        client_secret_env: Name of the environment variable that holds the client's secret.
        key_file_env: Name of the environment variable that holds the path of a private key or service account file.
        subject: Administrator whom a service account stands for.
        username: Who signs in with a password or API token.
        parameters: Further ids that the vendor's file asks for, by name.
        services: Product areas to ask, as `applications`; empty for all.
        tiers: Tiers of rows to ask: `A` systems and switches, `B` apps, grants and licences, `C` use and logs, `D` what
            is next to AI.
        days: How far back use and logs are read.
        max_pages: How many pages of a list are read.
        log_pages: How many pages of a log are read, the newest first.
        max_children: How many things of a list are asked for one by one.
    """

    vendor: str = ""
    tenant: str = ""
    base_url: str = ""
    auth: str = ""
    token_env: str = ""
    token_command: tuple[str, ...] = ()
    client_id: str = ""
    client_secret_env: str = ""
    key_file_env: str = ""
    subject: str = ""
    username: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ("A", "B", "C")
    days: int = 30
    max_pages: int = 1000
    log_pages: int = 100
    max_children: int = 10_000

    def __post_init__(self) -> None:
        if not _VENDOR.fullmatch(self.vendor):
            raise ValueError("saas: name the `vendor`, as `okta`")
        if not _TENANT.fullmatch(self.tenant) or ".." in self.tenant:
            raise ValueError(f"saas: {self.vendor}: name the `tenant`: what the vendor calls your organisation")
        if self.base_url and not self.base_url.startswith(("https://", "http://")):
            raise ValueError(f"saas: {self.vendor}: `base_url` starts with https://")
        if min(self.days, self.max_pages, self.log_pages, self.max_children) < 1:
            raise ValueError(f"saas: {self.vendor}: `days` and the bounds of pages and children are positive numbers")

    @property
    def source(self) -> str:
        """Identity of the tenant as a source."""
        return f"tenant:{self.vendor}:{self.tenant.lower()}"
