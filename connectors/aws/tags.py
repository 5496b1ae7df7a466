"""The tags of a Region, asked for once for all services instead of once for each resource."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place

Tags = dict[str, "Mapping[str, str]"]
ACTION: Final = "tag:GetResources"
SCOPE: Final = "resourcegroupstaggingapi"
_MAX_PAGES: Final = 500


class Tagged:
    """Tags by ARN, by account and Region."""

    def __init__(self, ask: Asker) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._known: dict[tuple[str, str], tuple[Tags, Coverage]] = {}

    def of(self, place: Place) -> Tags:
        """The tags of what is in a place; none where they may not be seen, of which `coverage` tells."""
        return self._asked(place)[0]

    def coverage(self, place: Place) -> Coverage:
        """How the question for tags ended."""
        return self._asked(place)[1]

    def _asked(self, place: Place) -> tuple[Tags, Coverage]:
        key = place.account, place.region
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._known:
                self._known[key] = self._all(place)
            return self._known[key]

    def _all(self, place: Place) -> tuple[Tags, Coverage]:
        scope = f"{place.scope}/{SCOPE}"
        found: Tags = {}
        requests = 0
        more = False
        question = Question(SCOPE, "GetResources", ACTION, {}, {})
        try:
            for body, more in self._ask.pages(place, question, limit=_MAX_PAGES):  # noqa: B007 - told of the last
                requests += 1
                for one in body.get("ResourceTagMappingList", []):
                    found[one["ResourceARN"]] = {tag["Key"]: tag.get("Value", "") for tag in one.get("Tags", [])}
        except ApiError as error:
            return found, Coverage(place.source, scope, error.outcome, error.reason, {"requests": requests + 1})
        counts = {"requests": requests, "tagged": len(found)}
        if more:
            reason = f"{ACTION}: only the first {_MAX_PAGES} pages of tags were read"
            return found, Coverage(place.source, scope, Outcome.PARTIAL, reason, counts)
        return found, Coverage(place.source, scope, Outcome.COMPLETE, "", counts)
