"""An import as a source like any other: plan, result, archive, replay, settings of its rows."""

from pathlib import Path

import pytest

from connectors import imports
from connectors.api.archive import Archive
from connectors.api.policy import DEFAULT_POLICY
from connectors.api.redact import Redactor
from connectors.api.task import Connector
from connectors.imports.rows import RowError, Rows
from connectors.model import Outcome
from tests.connectors.imports.importing import SERVICES, SIGNALS, written
from tests.connectors.imports.test_logs import squid


def connector(path: Path, archive: Archive | None = None, name: str = "") -> Connector:
    target = imports.Target(str(path), name)
    return imports.connect(target, SERVICES, DEFAULT_POLICY, archive or Archive.live(), Redactor(b"test"), SIGNALS)


def test_the_source_is_named_after_the_file_or_as_the_user_wants(tmp_path: Path) -> None:
    path = written(tmp_path, squid("api.openai.com"), "proxy.log")
    assert connector(path).plan().sources == ("import:proxy.log",)
    assert connector(path, name="proxy").plan().sources == ("import:proxy",)


def test_a_file_that_cannot_be_read_is_failed_coverage_with_the_mend(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "gone.log", "No such file"), (written(tmp_path, "", "empty.csv"), "is empty")):
        asked = connector(path)
        result = asked.run(asked.plan().tasks[0])
        assert result.observations == []
        (part,) = result.coverage
        assert part.outcome is Outcome.FAILED
        assert reason in part.reason
        assert path.name in part.reason


def test_a_replay_needs_no_file(tmp_path: Path) -> None:
    path = written(tmp_path, squid("api.openai.com"), "proxy.log")
    recorded = connector(path, Archive.recording(tmp_path / "archive"))
    seen = recorded.run(recorded.plan().tasks[0])
    path.unlink()
    replayed = connector(path, Archive.replaying(tmp_path / "archive"))
    assert replayed.run(replayed.plan().tasks[0]) == seen
    assert seen.observations


def test_a_changed_file_is_another_task(tmp_path: Path) -> None:
    path = written(tmp_path, squid("api.openai.com"))
    first = connector(path).plan().tasks[0].key
    path.write_text(squid("api.openai.com") * 2)
    assert connector(path).plan().tasks[0].key != first


def test_the_doctor_says_what_a_file_is_or_what_is_wrong_with_it(tmp_path: Path) -> None:
    def checked(path: Path) -> tuple[str, bool | None, str]:
        target = imports.Target(str(path))
        (check,) = imports.doctor(target, SERVICES, DEFAULT_POLICY, Archive.live(), Redactor(b"test"))
        return check

    log = written(tmp_path, squid("api.openai.com"), "proxy.log")
    assert checked(log) == (f"{log}: Squid, native", True, "")
    assert checked(tmp_path / "gone.log")[1:] == (False, "No such file or directory; name a file that can be read")


class Service:
    def __init__(self, **row: object) -> None:
        self.id = "imports/own"
        self.collect = [{"id": "own", "what": "ours", **row}]

    def row_id(self, row: str) -> str:
        return f"{self.id}/{row}"


@pytest.mark.parametrize(
    "row",
    [
        {"reads": "table", "columns": {"title": ["name"], "publisher": ["Name"]}},
        {"reads": "table", "columns": {"shoe_size": ["name"]}},
        {"reads": "table", "columns": {"title": ["name"]}, "noise": ["("]},
        {
            "reads": "traffic",
            "formats": [{"id": "x", "name": "x", "form": "expression", "expression": "(", "source": "x"}],
        },
        {
            "reads": "traffic",
            "formats": [{"id": "x", "name": "x", "form": "json", "fields": {"time": ["t"]}, "source": "x"}],
        },
        {"reads": "tea leaves"},
    ],
)
def test_a_wrong_row_is_named(row: dict[str, object]) -> None:
    with pytest.raises(RowError, match="imports/own: row own"):
        Rows([Service(**row)])
