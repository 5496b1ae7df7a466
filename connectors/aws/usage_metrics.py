"""Metrics that prove use: which models, endpoints and operations were called in a Region, and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.rows import read
from connectors.aws.things import Thing, native_id, observed
from connectors.aws.usage_gaps import covered, vain
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place
    from connectors.aws.rows import Row, Service
    from connectors.model import Observation

_BATCH: Final = 500
"""So many metrics go into one question for data; more are refused."""

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Used:
    """One thing that was used.

    Attributes:
        row: The row that found it.
        names: What it is told apart by: dimensions and values.
        metrics: The metrics that add up to its use.
    """

    row: Row
    names: tuple[tuple[str, str], ...]
    metrics: tuple[Any, ...]


class Metrics:
    """Asks CloudWatch.

    Args:
        ask: Asks.
        max_pages: The most pages of one list.
    """

    def __init__(self, ask: Asker, max_pages: int) -> None:
        self._ask = ask
        self._max_pages = max_pages

    def run(self, service: Service, rows: Sequence[Row], place: Place, since: str, until: str) -> Result:
        """What was used in a place between two times."""
        counts: Counter[str] = Counter()
        gaps: list[ApiError] = []
        used = [one for row in rows for one in self._listed(row, place, counts, gaps)]
        sums = self._sums(used, place, {"StartTime": since, "EndTime": until}, counts, gaps)
        observations: list[Observation] = []
        for one in used:
            amount = None if sums is None else sum(sums.get(_key(metric), 0.0) for metric in one.metrics)
            if amount == 0:
                counts["idle"] += 1
            else:
                observations.append(_observed(service, one, place, amount, since, until))
        counts["assets"] = len(observations)
        result = Result(sorted(observations, key=lambda found: (found.matchers, found.name)))
        result.counts = counts
        result.coverage.append(covered(place, service, gaps, counts, counts["requests"]))
        return result

    def _listed(self, row: Row, place: Place, counts: Counter[str], gaps: list[ApiError]) -> Iterator[_Used]:
        if vain(gaps):
            return
        found: list[Any] = []
        more = False
        question = Question(row.client or "cloudwatch", row.operation, row.action, row.params, {})
        try:
            for body, more in self._ask.pages(place, question, limit=self._max_pages):  # noqa: B007 - of the last page
                counts["requests"] += 1
                found += read(row.items, body) or []
        except ApiError as error:
            gaps.append(error)
            more = False
        if more:
            reason = f"{row.action}: only the first {self._max_pages} pages were read; raise `max_pages`"
            gaps.append(ApiError(Outcome.PARTIAL, reason))
        told_apart = [str(dimension["Name"]) for dimension in row.params.get("Dimensions", ())]
        yield from _grouped(row, told_apart, found)

    def _sums(
        self, used: Sequence[_Used], place: Place, window: dict[str, str], counts: Counter[str], gaps: list[ApiError]
    ) -> dict[str, float] | None:
        """Sums by metric; None where they may not be seen."""
        detail = next((one.row.detail for one in used if one.row.detail is not None), None)
        if detail is None:
            return None
        metrics = sorted((metric for one in used for metric in one.metrics), key=_key)
        sums: defaultdict[str, float] = defaultdict(float)
        for start in range(0, len(metrics), _BATCH):
            batch = {f"m{number}": metric for number, metric in enumerate(metrics[start : start + _BATCH])}
            queries = [
                {"Id": name, "MetricStat": {"Metric": metric, "Period": _DAY, "Stat": "Sum"}}
                for name, metric in batch.items()
            ]
            question = Question("cloudwatch", detail.operation, detail.action, {"MetricDataQueries": queries}, window)
            try:
                for body, _ in self._ask.pages(place, question, limit=self._max_pages):
                    counts["requests"] += 1
                    for result in body.get("MetricDataResults", ()):
                        if (metric := batch.get(result.get("Id"))) is not None:
                            sums[_key(metric)] += sum(result.get("Values") or ())
            except ApiError as error:
                gaps.append(error)
                return None
        return sums


def _grouped(row: Row, told_apart: Sequence[str], metrics: Sequence[Any]) -> Iterator[_Used]:
    """Metrics by what they are told apart by; of several breakdowns of the same calls the coarsest."""
    groups: defaultdict[tuple[tuple[str, str], ...], list[Any]] = defaultdict(list)
    for metric in metrics:
        dimensions = {str(one.get("Name")): str(one.get("Value")) for one in metric.get("Dimensions") or ()}
        if all(name in dimensions for name in told_apart):
            groups[tuple((name, dimensions[name]) for name in told_apart)].append(metric)
    for names, found in sorted(groups.items()):
        fewest = min(len(metric["Dimensions"]) for metric in found)
        coarsest = [metric for metric in found if len(metric["Dimensions"]) == fewest]
        yield _Used(row, names, tuple(sorted(coarsest, key=_key)))


def _key(metric: Any) -> str:
    dimensions = sorted(f"{one.get('Name')}={one.get('Value')}" for one in metric.get("Dimensions") or ())
    return "\0".join((str(metric.get("Namespace")), str(metric.get("MetricName")), *dimensions))


def _observed(service: Service, used: _Used, place: Place, amount: float | None, since: str, until: str) -> Observation:
    metric = used.metrics[0]
    dimensions = [{"Name": name, "Value": value} for name, value in used.names]
    thing = Thing.of(
        {"Namespace": metric["Namespace"], "MetricName": metric["MetricName"], "Dimensions": dimensions}, {}, None
    )
    told = ",".join(f"{name}={value}" for name, value in used.names)
    thing.arn = f"{native_id(used.row, thing, place)}/{told}"
    found = observed(service.row_id(used.row), used.row, thing, place, service.name, {})
    if amount is None:
        return found
    whole = int(amount) if amount == int(amount) else round(amount, 2)
    facts = {"amount": whole, "since": since[:10], "until": until[:10]}
    return replace(
        found,
        attributes={**found.attributes, **facts},
        snippet=f"{metric['MetricName']} {whole} {since[:10]} to {until[:10]}",
    )
