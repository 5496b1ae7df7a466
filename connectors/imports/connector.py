"""Imports a file: recognises it, reads it, and says what it took and what it left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.api.errors import ApiError
from connectors.api.task import Plan, Task
from connectors.codec import OBSERVED, to_data
from connectors.imports.problem import ImportProblem
from connectors.model import Coverage, Observation, Outcome, Result

if TYPE_CHECKING:
    from connectors.api.archive import Archive
    from connectors.imports.reading import Reader
    from connectors.imports.target import Target


class ImportConnector:
    """One file as a source.

    Args:
        target: The file.
        reader: Reads it.
        archive: Where what was taken of it is kept, or comes from.
    """

    def __init__(self, target: Target, reader: Reader, archive: Archive) -> None:
        self._target = target
        self._reader = reader
        self._archive = archive

    def plan(self) -> Plan:
        """One task: the file."""
        source = self._target.source
        task = Task(source, "", (), f"import/{self._target.name}/{self._target.file}/{_state(self._target.file)}")
        return Plan((source,), (task,))

    def run(self, task: Task) -> Result:
        """Reads the file; never raises for it."""
        try:
            given = self._archive.ask(task.source, f"import {task.source}", self._read)
        except ApiError as error:
            return Result(coverage=[Coverage(task.source, task.scope, error.outcome, error.reason)])
        return Result(
            [OBSERVED.from_data(Observation, one) for one in given["observations"]],
            [OBSERVED.from_data(Coverage, one) for one in given["coverage"]],
        )

    def _read(self) -> Any:
        try:
            result = self._reader.read()
        except ImportProblem as problem:
            raise ApiError(Outcome.FAILED, f"{self._target.file}: {problem}") from problem
        return json.loads(
            json.dumps({"observations": to_data(result.observations), "coverage": to_data(result.coverage)})
        )


def _state(file: str) -> str:
    """Size and time of a file, so that a scan that was cut off reads it again where it has changed."""
    try:
        stat = Path(file).stat()
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}"
