"""What is known of a project: its name, labels, folders, and the APIs that it has enabled, as hints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connectors.api.asset import asset
from connectors.model import Coverage, ObservationKind, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.gcp.estate import Estate
    from connectors.gcp.rows import EnabledRow

SCOPE: Final = "global/project"
ROW: Final = "gcp/project"
"""The id that the observation of a project carries in place of a row's."""

_RESOURCES: Final = "//cloudresourcemanager.googleapis.com"
_USAGE: Final = "//serviceusage.googleapis.com"


def account(estate: Estate, name: str, rows: Mapping[str, EnabledRow]) -> Result:
    """The project and its enabled APIs, of what the survey has found: nothing is asked.

    Args:
        estate: The estate.
        name: Id of the project.
        rows: Rows by id.
    """
    project = estate.projects[name]
    above = [unit for unit in (*project.folders, project.organization) if unit]
    observations = [
        asset(
            ObservationKind.ACCOUNT, ROW, f"{_RESOURCES}/projects/{name}", source=project.source, scope=SCOPE,
            title=project.title or name, tags=project.labels, refs=above, number=project.number,
            units=tuple(estate.units[unit] for unit in above if unit in estate.units),
        )
    ]  # fmt: skip
    observations += [
        asset(
            ObservationKind.ASSET, row_id, f"{_USAGE}/projects/{name}/services/{row.api}", source=project.source,
            scope=SCOPE, title=row.api, status="ENABLED", snippet=f"enabled {row.api}",
        )
        for row_id, row in sorted(rows.items())
        if row.api in (project.apis or ())
    ]  # fmt: skip
    counts = {"assets": len(observations)}
    if project.apis is None:
        reason = f"enabled APIs are not known; grant serviceusage.services.list on projects/{name}"
        return Result(observations, [Coverage(project.source, SCOPE, Outcome.PARTIAL, reason, counts)])
    return Result(observations, [Coverage(project.source, SCOPE, Outcome.COMPLETE, "", counts)])
