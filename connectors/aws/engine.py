"""Runs the rows of one service in one account and Region, and says what of them could not be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.aws.listing import Listing, Seen
from connectors.aws.signs import wanted_workloads
from connectors.aws.things import observed
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from connectors.api.signals import Signals
    from connectors.aws.ask import Asker
    from connectors.aws.listing import Bounds
    from connectors.aws.place import Place
    from connectors.aws.rows import Row, Service

_NAMED: Final = 6
"""So many gaps are told in full; a reader acts on the first."""


class Engine:
    """Runs rows.

    Args:
        ask: Asks.
        bounds: How much is asked.
        helpers: Threads for requests that may go out together.
        signals: What tells a workload that is wanted from the many that are not.
    """

    def __init__(self, ask: Asker, bounds: Bounds, helpers: Executor, signals: Signals) -> None:
        self._ask = ask
        self._bounds = bounds
        self._helpers = helpers
        self._signals = signals

    def run(
        self,
        service: Service,
        rows: Sequence[Row],
        place: Place,
        tags: Callable[[], Mapping[str, Mapping[str, str]]],
        *,
        offered: bool = True,
    ) -> Result:
        """What the rows of a service find in a place.

        Args:
            service: The service.
            rows: The rows whose things are wanted; those that they hang on are asked too.
            place: The account and Region.
            tags: Gives the tags of the Region by ARN; called only where something was found.
            offered: Whether the Region is said to have the service.
        """
        wanted = {row.id for row in rows}
        listing = Listing(self._ask, self._bounds, self._helpers, service, place, offered=offered)
        seen: dict[str, Seen] = {}
        for row in service.with_parents(rows):
            seen[row.id] = one = listing.row(row, seen)
            if row.signs is not None:
                found = len(one.things)
                one.things = wanted_workloads(row.signs, one.things, self._signals)
                one.counts["unmarked"] += found - len(one.things)
        given = [one for one in seen.values() if one.row.id in wanted]
        result = Result()
        tagged = tags() if any(one.things for one in given) else {}
        for one in given:
            for thing in one.things:
                result.observations.append(
                    observed(service.row_id(one.row), one.row, thing, place, service.name, tagged)
                )
        result.observations.sort(key=lambda found: (found.matchers, found.name))
        for one in seen.values():
            result.counts += one.counts
        result.counts["assets"] = len(result.observations)
        result.coverage.append(_coverage(place, service, list(seen.values()), result.counts))
        return result


def _coverage(place: Place, service: Service, seen: list[Seen], counts: Mapping[str, int]) -> Coverage:
    told = {name: counts[name] for name in sorted(counts) if counts[name] and name != "answers"}
    scope = f"{place.scope}/{service.name}"
    gaps = list(dict.fromkeys((gap.outcome, gap.reason) for one in seen for gap in one.gaps))
    real = [gap for gap in gaps if gap[0] is not Outcome.NOT_APPLICABLE]
    if not gaps or (not real and any(one.answered for one in seen)):
        return Coverage(place.source, scope, Outcome.COMPLETE, "", told)
    if not real:
        return Coverage(place.source, scope, Outcome.NOT_APPLICABLE, gaps[0][1], told)
    reasons = [reason for _, reason in real]
    rest = f"; and {len(reasons) - _NAMED} more" if len(reasons) > _NAMED else ""
    kinds = {outcome for outcome, _ in real}
    outcome = kinds.pop() if len(kinds) == 1 and not any(one.answered for one in seen) else Outcome.PARTIAL
    return Coverage(place.source, scope, outcome, "; ".join(reasons[:_NAMED]) + rest, told)
