"""How the network is asked, for every client alike: HTTP, botocore, gRPC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Policy:
    """Bounds and manners of asking.

    Attributes:
        concurrency: Requests in flight at once, over all sources.
        per_host: Requests in flight at once to one host; for AWS to one account and Region.
        connect_seconds: How long a connection may take to come up.
        read_seconds: How long an answer may keep silent.
        retries: How often a request that was throttled or failed for a moment is repeated.
        max_wait_seconds: The longest wait before a repeat, whatever `Retry-After` asks for.
        base_urls: Where to ask instead, by the name of the service or host: a sovereign cloud, a proxy, a fake.
        ca_bundle: File of certificates to trust instead of the usual; TLS is always verified.
    """

    concurrency: int = 32
    per_host: int = 8
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    retries: int = 5
    max_wait_seconds: float = 60.0
    base_urls: Mapping[str, str] = field(default_factory=dict)
    ca_bundle: str = ""


DEFAULT_POLICY: Final = Policy()
