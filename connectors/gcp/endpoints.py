"""Where an API is asked: its own address, or the one that the user sets for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of APIs.

    Attributes:
        base_urls: What the user set, by host of the API or of one location of it; `googleapis.com` stands for all.
    """

    base_urls: Mapping[str, str]

    def base(self, api: str, host: str = "", location: str = "") -> str:
        """The address of an API in a location, without a slash at its end.

        Args:
            api: Host of the API.
            host: Its host, where that is not the API's; with `{location}`, but for `global`, where each has its own.
            location: The location.
        """
        anywhere = "{location}" in host and location in {"", "-", "global"}
        local = api if anywhere or not host else host.format(location=location)
        for name in (local, api, "googleapis.com"):
            if name in self.base_urls:
                return self.base_urls[name].rstrip("/")
        return f"https://{local}"
