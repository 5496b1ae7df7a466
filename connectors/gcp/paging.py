"""Lists of REST APIs, page after page, in the one way in which Google's APIs turn pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from connectors.api.http import Http
    from connectors.gcp.paths import Shape


class MorePagesError(Exception):
    """A list has more pages than the user allows."""


class Lister:
    """Lists.

    Args:
        http: REST client.
        max_pages: The most pages of one list.
    """

    def __init__(self, http: Http, max_pages: int) -> None:
        self._http = http
        self._max_pages = max_pages

    def items(
        self,
        source: str,
        url: str,
        key: str,
        shape: Shape,
        *,
        params: Mapping[str, str] | None = None,
        counts: Counter[str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The items of a list, as they come.

        Args:
            source: Identity of the source; it has a ceiling of its own at each host.
            url: What to ask.
            key: Under which the items stand.
            shape: What of an item may be kept.
            params: Query parameters.
            counts: Where `requests` are counted.

        Raises:
            ApiError: A page was not answered, or leaves out locations.
            MorePagesError: There are more pages than the user allows.
        """
        asked = dict(params or {})

        def take(body: Any) -> dict[str, Any] | None:
            found = (body or {}).get(key, []) if isinstance(body, dict | None) else None
            if not isinstance(found, list):
                return None
            kept = {name: body[name] for name in ("nextPageToken", "unreachable") if body and body.get(name)}
            return {**kept, "items": [shape(item) for item in found if isinstance(item, dict)]}

        for _ in range(self._max_pages):
            if counts is not None:
                counts["requests"] += 1
            page = self._http.ask(source, "GET", url, params=asked, reduce=take, lane=source).body
            yield from page["items"]
            if missing := page.get("unreachable"):
                raise ApiError(Outcome.PARTIAL, f"{', '.join(map(str, missing))}: could not be reached; scan again")
            if not (token := page.get("nextPageToken")):
                return
            asked["pageToken"] = str(token)
        raise MorePagesError

    def thing(self, source: str, url: str, shape: Shape, *, counts: Counter[str] | None = None) -> dict[str, Any]:
        """One thing.

        Raises:
            ApiError: It was not answered.
        """
        if counts is not None:
            counts["requests"] += 1
        kept = self._http.ask(source, "GET", url, reduce=lambda body: _object(body, shape), lane=source).body
        return kept or {}


def _object(body: Any, shape: Shape) -> dict[str, Any] | None:
    return shape(body) if isinstance(body, dict) else None
