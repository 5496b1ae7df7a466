"""Azure Resource Manager: one question, or a list over its pages."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.api.http import Answer, Http

_OTHER_TENANT: Final = "InvalidAuthenticationTokenTenant"
"""What Resource Manager answers for one subscription of a guest; other subscriptions can still be asked."""


@dataclass(slots=True)
class Listed:
    """What a list gave.

    Attributes:
        items: What stood on its pages.
        cut: Why there may be more, and the mend; empty where the list was read whole.
        pages: How many pages were read.
    """

    items: list[Mapping[str, Any]] = field(default_factory=list)
    cut: str = ""
    pages: int = 0


class Arm:
    """Asks Resource Manager.

    Args:
        http: The client, which knows how to prove who asks.
        manager: Address of Resource Manager.
        concurrency: Requests in flight at once.
        max_pages: Pages of a list.
    """

    def __init__(self, http: Http, manager: str, *, concurrency: int, max_pages: int) -> None:
        self._http = http
        self._manager = manager.rstrip("/")
        self._origin = _origin(manager)
        self._flight = threading.BoundedSemaphore(concurrency)
        self._max_pages = max_pages

    def ask(
        self, source: str, path: str, api_version: str, *, params: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """The answer to a GET, or to a POST where there is a body.

        Raises:
            ApiError: It was not answered.
        """
        method = "GET" if body is None else "POST"
        asked = {"api-version": api_version, **(params or {})}
        return self._send(source, method, self._manager + path, asked, body)

    def listed(
        self,
        source: str,
        path: str,
        api_version: str,
        *,
        params: Mapping[str, str] | None = None,
        method: str = "GET",
        newest: int = 0,
    ) -> Listed:
        """A list over its pages.

        Args:
            source: Identity of the source.
            path: Below Resource Manager's address.
            api_version: Version of the API.
            params: Further parameters.
            method: `POST` where the list wants it.
            newest: How many items are enough; 0 for all.

        Raises:
            ApiError: The first page was not answered. What goes wrong later cuts the list.
        """
        url: str = self._manager + path
        asked: dict[str, str] = {"api-version": api_version, **(params or {})}
        listed, seen = Listed(), {""}
        while listed.pages < self._max_pages:
            try:
                items, following = _page(self._send(source, method, url, asked, None if method == "GET" else {}).body)
            except ApiError as error:
                if not listed.pages or error.expired:
                    raise
                listed.cut = f"page {listed.pages + 1}: {error.reason}"
                return listed
            listed.pages += 1
            listed.items += items
            if not following or (newest and len(listed.items) >= newest):
                return listed
            listed.cut = self._distrust(following, seen)
            if listed.cut:
                return listed
            seen.add(following)
            url, asked = _split(following)
        listed.cut = f"it has more than {self._max_pages} pages; raise `max_pages`"
        return listed

    def _distrust(self, following: str, seen: set[str]) -> str:
        """Why the address of a next page is not followed, or the empty string."""
        if _origin(following) != self._origin:
            return "its next page lies on another host, which was not asked; tell us which service this is"
        return "its next page is one that was read before; scan again" if following in seen else ""

    def _send(self, source: str, method: str, url: str, params: Mapping[str, str], body: Any) -> Answer:
        try:
            with self._flight:
                return self._http.ask(source, method, url, params=params, body=body, lane=source)
        except ApiError as error:
            if error.code == _OTHER_TENANT:
                reason = (
                    "it belongs to another tenant than the credentials; set `tenant`, or leave it out with `exclude`"
                )
                raise ApiError(Outcome.DENIED, reason, code=error.code) from error
            raise


def _page(body: Any) -> tuple[list[Mapping[str, Any]], str]:
    items = body.get("value") if isinstance(body, dict) else body
    if not isinstance(items, list):
        raise ApiError(Outcome.FAILED, "answered with something that is not a list; scan again")
    following = body.get("nextLink") if isinstance(body, dict) else None
    return [item for item in items if isinstance(item, dict)], following if isinstance(following, str) else ""


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def _split(url: str) -> tuple[str, dict[str, str]]:
    """A URL and its parameters: so the same page is the same question, however it was written."""
    parts = urlsplit(url)
    return parts._replace(query="", fragment="").geturl(), dict(parse_qsl(parts.query, keep_blank_values=True))
