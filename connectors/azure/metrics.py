"""Azure Monitor: amounts that prove that a resource, or a deployment of it, was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.azure.reading import Resource
    from connectors.azure.rows import Row, Service
    from connectors.model import Observation


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, up to the start of the last one.

    Attributes:
        since: First day.
        until: The day after the last.
    """

    since: date
    until: date

    @classmethod
    def ending(cls, until: str, days: int) -> Window:
        """A number of days that ends with the start of a day, which is written as `2026-11-23`."""
        end = date.fromisoformat(until)
        return cls(end - timedelta(days=days), end)

    def holds(self, moment: str) -> bool:
        """Whether a moment, as Azure writes it, is not before the window."""
        return moment[:10] >= self.since.isoformat()


def today() -> str:
    """The day, in UTC, as `2026-11-23`."""
    return datetime.now(UTC).date().isoformat()


def metric_path(resource: Resource) -> str:
    """Where the metrics of a resource are asked for."""
    return f"{resource.id}/providers/microsoft.insights/metrics"


def metric_query(row: Row, window: Window) -> dict[str, str]:
    """The question for the row's metrics within a window, for each value of its dimension."""
    query = {
        "metricnames": ",".join(row.metrics),
        "metricnamespace": row.type,
        "aggregation": "Total",
        "interval": "P1D",
        "timespan": f"{window.since.isoformat()}T00:00:00Z/{window.until.isoformat()}T00:00:00Z",
    }
    return query | ({"$filter": f"{row.dimension} eq '*'", "top": "1000"} if row.dimension else {}) | row.query


def without_metric(error: ApiError) -> ApiError:
    """The error, as not applicable where Azure Monitor says that the resource has no such metric."""
    if error.code != "BadRequest":
        return error
    return ApiError(Outcome.NOT_APPLICABLE, error.reason, code=error.code)


def uses(
    service: Service, row: Row, resource: Resource, body: Any, source: str, window: Window
) -> Iterator[Observation]:
    """Observations of use: one for every metric and value of the dimension with an amount above nothing.

    Raises:
        ApiError: The answer is of another shape.
    """
    metrics = body.get("value") if isinstance(body, dict) else None
    if not isinstance(metrics, list):
        raise ApiError(Outcome.FAILED, "Azure Monitor answered with something that is no list of metrics; scan again")
    for metric in (metric for metric in metrics if isinstance(metric, dict)):
        name = str((metric.get("name") or {}).get("value") or "")
        amounts: dict[str, float] = {}
        for series in metric.get("timeseries") or []:
            below = _dimension(series, row.dimension)
            amounts[below] = amounts.get(below, 0.0) + _total(series)
        for below, amount in sorted(amounts.items()):
            if amount > 0:
                yield _use(service, row, resource, source, window, name, str(metric.get("unit") or ""), below, amount)


def _use(
    service: Service,
    row: Row,
    resource: Resource,
    source: str,
    window: Window,
    metric: str,
    unit: str,
    below: str,
    amount: float,
) -> Observation:
    used = f"{resource.id}/{row.below}/{below}".lower() if below else resource.id
    return asset(
        row.kind,
        service.row_id(row),
        f"{used}/providers/microsoft.insights/metrics/{metric.lower()}",
        source=source,
        scope=service.scope,
        title=f"{metric} of {used.rpartition('/')[2]}",
        parent=used,
        refs=(used, resource.id),
        snippet=f"{metric} {amount:g} {window.since.isoformat()} to {window.until.isoformat()}",
        metric=metric,
        amount=int(amount) if amount == int(amount) else amount,
        unit=unit,
        since=window.since.isoformat(),
        until=window.until.isoformat(),
    )


def _dimension(series: Mapping[str, Any], wanted: str) -> str:
    for value in series.get("metadatavalues") or []:
        if wanted and str((value.get("name") or {}).get("value") or "").lower() == wanted.lower():
            return str(value.get("value") or "")
    return ""


def _total(series: Mapping[str, Any]) -> float:
    points = (point.get("total", point.get("average")) for point in series.get("data") or [] if isinstance(point, dict))
    return float(sum(point for point in points if isinstance(point, int | float)))
