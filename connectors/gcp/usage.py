"""Proof of use: what Cloud Monitoring counted for a project."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.gcp.paging import MorePagesError
from connectors.gcp.paths import Shape
from connectors.gcp.tally import Tally
from connectors.model import ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from connectors.gcp.endpoints import Endpoints
    from connectors.gcp.estate import Project
    from connectors.gcp.names import Names
    from connectors.gcp.paging import Lister
    from connectors.gcp.rows import MetricRow, UseRow
    from connectors.model import Observation

API: Final = "monitoring.googleapis.com"
SCOPE: Final = "global/monitoring"
PERMISSION: Final = "monitoring.timeSeries.list"
_CALLS: Final = "serviceruntime.googleapis.com/api/request_count"
_SERIES: Final = Shape([
    "resource.labels.*", "metric.labels.*", "points[].value.int64Value", "points[].value.doubleValue",
    "points[].value.distributionValue.count",
])  # fmt: skip
_READS: Final = ("List", "Get", "BatchGet", "Search", "Fetch", "TestIam")
"""How methods begin that change and infer nothing; a scan makes such calls too."""


class Usage:
    """Metrics of one project.

    Args:
        lister: Lists of REST APIs.
        endpoints: Where APIs are.
        names: Spells names.
        days: How far back is counted.
        now: When counting ends.
    """

    def __init__(self, lister: Lister, endpoints: Endpoints, names: Names, days: int, now: datetime) -> None:
        self._lister = lister
        self._endpoints = endpoints
        self._names = names
        self._days = days
        self._window = {
            "interval.startTime": _stamp(now - timedelta(days=days)),
            "interval.endTime": _stamp(now),
            "aggregation.alignmentPeriod": f"{days * 86400}s",
            "aggregation.perSeriesAligner": "ALIGN_SUM",
            "aggregation.crossSeriesReducer": "REDUCE_SUM",
        }

    def run(
        self, project: Project, calls: Mapping[str, UseRow], metrics: Mapping[str, MetricRow]
    ) -> tuple[Result, bool]:
        """What was used; and whether the credentials ran out.

        Args:
            project: Whose use it is.
            calls: Rows of API calls by id; all are counted in one question.
            metrics: Rows of metrics by id.
        """
        tally = Tally(project.source, SCOPE)
        result = Result()
        asked: list[tuple[str, Callable[[], list[Observation]]]] = []
        if calls:
            asked.append(("calls of APIs", partial(self._called, project, calls, tally)))
        asked += [(row_id, partial(self._counted, project, row_id, row, tally)) for row_id, row in metrics.items()]
        for what, ask in asked:
            try:
                result.observations += ask()
                tally.answered()
            except (ApiError, MorePagesError) as error:
                tally.missed(error, what, f"{PERMISSION} on projects/{project.id}")
                if tally.expired:
                    break
        tally.counts["assets"] = len(result.observations)
        result.observations.sort(key=lambda observation: (observation.name, observation.matchers))
        result.counts["requests"] = tally.counts["requests"]
        result.coverage.append(tally.coverage())
        return result, tally.expired

    def active(self, project: Project, apis: Iterable[str]) -> frozenset[tuple[str, str]] | None:
        """APIs and locations in which a project did more than read; None where nobody tells."""
        group = ("resource.labels.service", "resource.labels.location", "resource.labels.method")
        try:
            return frozenset(
                (labels.get("service", ""), labels.get("location", ""))
                for labels, _ in self._series(project, _calls_of(apis), group, Tally(project.source, SCOPE))
                if not labels.get("method", "").rpartition(".")[2].startswith(_READS)
            )
        except (ApiError, MorePagesError):
            return None

    def _called(self, project: Project, rows: Mapping[str, UseRow], tally: Tally) -> list[Observation]:
        """Calls by API. What only reads configuration, as this scan does, is not use."""
        asked = _calls_of(row.api for row in rows.values())
        group = ("resource.labels.service", "resource.labels.method")
        used: dict[str, Counter[str]] = {row_id: Counter() for row_id in rows}
        for labels, amount in self._series(project, asked, group, tally):
            for row_id, row in rows.items():
                method = labels.get("method", "")
                if labels.get("service") == row.api and any(fnmatchcase(method, pattern) for pattern in row.methods):
                    used[row_id][method] += amount
        return [
            self._use(
                project, row_id, f"//serviceusage.googleapis.com/projects/{project.id}/services/{rows[row_id].api}",
                title=rows[row_id].api, amount=methods.total(), snippet=_most(methods),
            )
            for row_id, methods in used.items() if methods.total()
        ]  # fmt: skip

    def _counted(self, project: Project, row_id: str, row: MetricRow, tally: Tally) -> list[Observation]:
        asked = f'metric.type="{row.metric}" AND resource.type="{row.resource}"'
        found = []
        for labels, amount in self._series(project, asked, row.group, tally):
            blanks = {path.rpartition(".")[2]: "" for path in row.group}
            told = {**blanks, **labels, "project": project.id}
            found.append(
                self._use(
                    project, row_id, row.native.format(**told), title=row.title.format(**told), amount=amount,
                    models=[model.format(**told) for model in row.models],
                    refs=[self._names.full(ref.format(**told), row.api) for ref in row.refs],
                    region=told.get("location", ""), snippet=row.metric,
                )
            )  # fmt: skip
        return found

    def _use(self, project: Project, row_id: str, native: str, *, title: str, amount: int, **told: Any) -> Observation:
        return asset(
            ObservationKind.USAGE, row_id, native, source=project.source, scope=SCOPE, title=title, amount=amount,
            days=self._days, **told,
        )  # fmt: skip

    def _series(
        self, project: Project, asked: str, group: tuple[str, ...], tally: Tally
    ) -> Iterator[tuple[dict[str, str], int]]:
        """Labels and sums of the series that counted anything."""
        query = urlencode(
            [*self._window.items(), ("filter", asked), *(("aggregation.groupByFields", path) for path in group)]
        )
        url = f"{self._endpoints.base(API)}/v3/projects/{project.id}/timeSeries?{query}"
        for series in self._lister.items(project.source, url, "timeSeries", _SERIES, counts=tally.counts):
            labels = {**series.get("resource", {}).get("labels", {}), **series.get("metric", {}).get("labels", {})}
            amount = sum(_number(point.get("value", {})) for point in series.get("points", []))
            if amount:
                yield labels, amount


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _calls_of(apis: Iterable[str]) -> str:
    """The filter for calls of APIs."""
    names = ",".join(f'"{api}"' for api in sorted(set(apis)))
    return f'metric.type="{_CALLS}" AND resource.type="consumed_api" AND resource.labels.service=one_of({names})'


def _number(value: Mapping[str, Any]) -> int:
    """A point's value; a distribution counts its samples."""
    return int(
        value.get("int64Value") or value.get("doubleValue") or value.get("distributionValue", {}).get("count") or 0
    )


def _most(methods: Counter[str]) -> str:
    """The most called methods."""
    order = sorted(methods.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{method.rpartition('.v')[2] or method} {count}" for method, count in order[:3])
