"""Who used a permission last, from IAM's access advisor: a job for each principal."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.things import Thing, native_id
from connectors.aws.usage_gaps import covered, vain
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place
    from connectors.aws.rows import Row, Service
    from connectors.model import Observation

_START: Final = "iam:GenerateServiceLastAccessedDetails"
_READ: Final = "iam:GetServiceLastAccessedDetails"
_MOST: Final = 100
"""So many principals of an account are asked about: each is a job, and jobs of one account are throttled."""

_TRIES: Final = 8
_PAGES: Final = 20

Wanted = dict[str, tuple[str, ...]]
"""Id of a row to the actions that a principal is allowed."""


class LastUsed:
    """Asks the access advisor.

    Args:
        ask: Keeps what was told with the archive.
        live: Asks without keeping: the id of a job is another one in every scan.
        first_wait: Seconds before a job is looked at again; they double.
    """

    def __init__(self, ask: Asker, live: Asker, first_wait: float = 0.5) -> None:
        self._ask = ask
        self._live = live
        self._first_wait = first_wait

    def run(self, service: Service, place: Place, principals: Mapping[str, Wanted]) -> Result:
        """Who used which actions last.

        Args:
            service: The service.
            place: The account.
            principals: By ARN what each is allowed.
        """
        counts: Counter[str] = Counter()
        gaps: list[ApiError] = []
        observations: list[Observation] = []
        chosen = sorted(principals)[:_MOST]
        for arn in chosen:
            if vain(gaps):
                break
            try:
                told = self._ask.told(place.source, f"last used by {arn}", lambda arn=arn: self._told(place, arn))  # type: ignore[misc]  # a default argument keeps the loop variable
            except ApiError as error:
                gaps.append(error)
                continue
            counts["requests"] += 1
            observations += _observed(service, place, arn, principals[arn], told)
        if len(principals) > len(chosen):
            reason = f"{_READ}: only {_MOST} of {len(principals)} principals were asked about"
            gaps.append(ApiError(Outcome.PARTIAL, reason))
        counts["assets"] = len(observations)
        return Result(observations, [covered(place, service, gaps, counts, counts["requests"])], counts)

    def _told(self, place: Place, arn: str) -> dict[str, str]:
        """When a principal last used each action, for those that it used.

        Raises:
            ApiError: The access advisor did not say.
        """
        asked = {"Arn": arn, "Granularity": "ACTION_LEVEL"}
        job = self._live.once(place, Question("iam", _START.partition(":")[2], _START, asked, {}))["JobId"]
        question = Question("iam", _READ.partition(":")[2], _READ, {"JobId": job}, {})
        for attempt in range(_TRIES):
            pages = [body for body, _ in self._live.pages(place, question, limit=_PAGES)]
            if pages[0].get("JobStatus") == "COMPLETED":
                return _times(pages)
            if pages[0].get("JobStatus") == "FAILED":
                break
            time.sleep(self._first_wait * 2**attempt)
        raise ApiError(Outcome.FAILED, f"{_READ}: the job for {arn} did not end; scan again")


def _times(pages: list[Any]) -> dict[str, str]:
    return {
        f"{service.get('ServiceNamespace')}:{action.get('ActionName')}": str(action["LastAccessedTime"])
        for body in pages
        for service in body.get("ServicesLastAccessed") or ()
        for action in service.get("TrackedActionsLastAccessed") or ()
        if action.get("LastAccessedTime")
    }


def _observed(service: Service, place: Place, arn: str, wanted: Wanted, told: Mapping[str, str]) -> list[Observation]:
    found = []
    for row in service.rows:
        times = {action: told[action] for action in wanted.get(row.id, ()) if action in told}
        if times:
            found.append(_use(service, row, place, arn, times))
    return found


def _use(service: Service, row: Row, place: Place, arn: str, times: Mapping[str, str]) -> Observation:
    thing = Thing.of({"LastAccessedEntity": arn}, {}, None)
    return asset(
        row.kind,
        service.row_id(row),
        native_id(row, thing, place),
        source=place.source,
        scope=f"{place.scope}/{service.name}",
        title=arn.rpartition("/")[2],
        identities=(arn,),
        snippet=", ".join(f"{action} {when[:10]}" for action, when in sorted(times.items())),
        region=place.scope,
        actions=tuple(times),
        used=max(times.values()),
    )
