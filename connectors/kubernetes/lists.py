"""Lists objects page by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.api.http import Http

PAGE: Final = 500
"""Objects a page: what kubectl asks for."""

_JSON: Final = "application/json"
_METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
"""Names, labels and owners only; a server that does not know this form sends the whole, and it is cut down here."""


@dataclass(slots=True)
class Listing:
    """What a list gave.

    Attributes:
        items: Objects as they were read.
        requests: How many requests it took.
        gap: Why it is not whole, and the mend; empty where it is.
        expired: Whether the credentials ran out on the way.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    gap: str = ""
    expired: bool = False


def list_objects(
    http: Http,
    source: str,
    url: str,
    reduce: Callable[[Any], Any],
    *,
    metadata_only: bool = False,
    most: int = 100_000,
) -> Listing:
    """Lists objects. A list whose `continue` token the cluster no longer holds (410 Gone) begins anew, once.

    Args:
        http: Client of the cluster.
        source: Identity of the source.
        url: Of the list.
        reduce: Reads a page.
        metadata_only: Whether names, labels and owners are enough.
        most: Most objects that are read.

    Raises:
        ApiError: The first page was not given.
    """
    listing = Listing()
    following, restarted = "", False
    while True:
        params = {"limit": str(min(PAGE, most)), **({"continue": following} if following else {})}
        listing.requests += 1
        try:
            accept = _METADATA if metadata_only else _JSON
            page = http.ask(source, "GET", url, params=params, accept=accept, reduce=reduce).body
        except ApiError as error:
            if not following:
                raise
            if error.outcome is Outcome.NOT_APPLICABLE and not restarted:
                listing.items, following, restarted = [], "", True
                continue
            listing.gap, listing.expired = error.reason, error.expired
            return listing
        listing.items += page["items"]
        following = page["continue"]
        if not following:
            return listing
        if len(listing.items) >= most:
            listing.gap = f"more than {most} objects; set a larger `max_objects`"
            return listing
