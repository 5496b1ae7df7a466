"""The event history: who called which model, by role."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.rows import read
from connectors.aws.things import Thing, native_id
from connectors.aws.usage_gaps import covered, vain
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place
    from connectors.aws.rows import Row, Service
    from connectors.model import Observation

_APART: Final = 0.5
"""Seconds between two look-ups in one account and Region: AWS answers two a second."""

_PAGE: Final = 50


def reduced_events(body: Any) -> dict[str, Any]:
    """Who called which model when; nothing else of an event, as its address or its parameters, is kept."""
    return {"Events": [_reduced(event) for event in body.get("Events") or ()]}


def _reduced(event: Any) -> dict[str, Any]:
    try:
        told = json.loads(event.get("CloudTrailEvent") or "")
        who = told["userIdentity"]
        asked = told.get("requestParameters") or {}
        issuer = (who.get("sessionContext") or {}).get("sessionIssuer") or {}
        return {
            "EventName": str(told.get("eventName") or ""),
            "EventTime": str(told.get("eventTime") or ""),
            "identity": str(issuer.get("arn") or who.get("arn") or who.get("invokedBy") or ""),
            "model": str(asked.get("modelId") or ""),
            "refused": bool(told.get("errorCode")),
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"unreadable": True}


@dataclass(slots=True)
class _Calls:
    """Calls of one model by one identity."""

    count: int = 0
    times: set[str] = field(default_factory=set)


class Trail:
    """Asks CloudTrail, no faster than it answers.

    Args:
        ask: Asks; answers have gone through `reduced_events`.
        max_events: The most events of a row, newest first.
        live: Whether AWS is asked, rather than an archive.
    """

    def __init__(self, ask: Asker, max_events: int, *, live: bool) -> None:
        self._ask = ask
        self._max_pages = max(1, -(-max_events // _PAGE))
        self._live = live
        self._lock = threading.Lock()
        self._next: dict[tuple[str, str], float] = {}

    def run(self, service: Service, rows: Sequence[Row], place: Place, since: str) -> Result:
        """Who called which model in a place since a time."""
        counts: Counter[str] = Counter()
        gaps: list[ApiError] = []
        observations: list[Observation] = []
        for row in rows:
            for (identity, model), calls in sorted(self._calls(row, place, since, counts, gaps).items()):
                observations.append(_observed(service, row, place, identity, model, calls))
        if counts["unreadable"]:
            gaps.append(ApiError(Outcome.PARTIAL, f"{counts['unreadable']} events of CloudTrail cannot be read"))
        counts["assets"] = len(observations)
        result = Result(sorted(observations, key=lambda found: (found.matchers, found.name)))
        result.counts = counts
        result.coverage.append(covered(place, service, gaps, counts, counts["requests"]))
        return result

    def _calls(
        self, row: Row, place: Place, since: str, counts: Counter[str], gaps: list[ApiError]
    ) -> dict[tuple[str, str], _Calls]:
        found: defaultdict[tuple[str, str], _Calls] = defaultdict(_Calls)
        if vain(gaps):
            return found
        moving = {row.window: since} if row.window else {}
        question = Question(row.client or "cloudtrail", row.operation, row.action, row.params, moving)
        more = False
        try:
            self._wait(place)
            for body, more in self._ask.pages(place, question, limit=self._max_pages):
                counts["requests"] += 1
                for event in read(row.items, body) or ():
                    _count(event, found, counts)
                if more:
                    self._wait(place)
        except ApiError as error:
            gaps.append(error)
            more = False
        counts["left_out"] += more
        return found

    def _wait(self, place: Place) -> None:
        if not self._live:
            return
        key = place.account, place.region
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(key, now))
            self._next[key] = turn + _APART
        time.sleep(turn - now)


def _count(event: Any, found: defaultdict[tuple[str, str], _Calls], counts: Counter[str]) -> None:
    if event.get("unreadable"):
        counts["unreadable"] += 1
        return
    if event["refused"] or not event["model"]:
        return
    calls = found[event["identity"], event["model"]]
    calls.count += 1
    calls.times.add(event["EventTime"])


def _observed(service: Service, row: Row, place: Place, identity: str, model: str, calls: _Calls) -> Observation:
    event = row.params["LookupAttributes"][0]["AttributeValue"]
    thing = Thing.of({"EventName": event}, {}, None)
    return asset(
        row.kind,
        service.row_id(row),
        f"{native_id(row, thing, place)}/{identity}/{model}",
        source=place.source,
        scope=f"{place.scope}/{service.name}",
        title=f"{event} {model}",
        refs=(model,) if model.startswith("arn:") else (),
        models=(model,),
        identities=(identity,),
        snippet=f"{event} {model}, {calls.count} in the events read",
        region=place.scope,
        amount=calls.count,
        since=min(calls.times),
        until=max(calls.times),
    )
