"""A database that cannot be used ends in a sentence with the mend; a killed or concurrent scan loses nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from inventory.database import Inventory, InventoryError
from inventory.scan import TaskRecord
from tests.inventory.scans import TASK, info, record, system

ROOT = Path(__file__).parents[2]

ENDLESS = """
import sys
from pathlib import Path
from inventory.database import Inventory
from inventory.scan import TaskRecord
from tests.inventory.scans import TASK, info

inventory = Inventory.open(Path(sys.argv[1]))
scan = inventory.begin_scan(info(), "settings")
for number in range(100_000):
    inventory.store_task(scan, f"task-{number}", TASK)
    print(number, flush=True)
"""

WHOLE_SCAN = """
import sys
from pathlib import Path
from inventory.database import Inventory
from inventory.scan import TaskRecord
from tests.inventory.scans import TASK, info, record, system

inventory = Inventory.open(Path(sys.argv[1]))
number = int(sys.argv[2])
scan = inventory.begin_scan(info(number), f"settings-{number}")
for task in range(20):
    inventory.store_task(scan, f"task-{task}", TASK)
assert len(inventory.finished_tasks(scan)) == 20
inventory.finish_scan(scan, record(number, system(), system(f"sys-of-{number}", f"anchor-{number}")))
"""

OPEN_AND_SAY = """
import sys
from pathlib import Path
from inventory.database import Inventory, InventoryError
from inventory.scan import TaskRecord
from tests.inventory.scans import info

try:
    Inventory.open(Path(sys.argv[1])).begin_scan(info(), "settings")
except InventoryError as error:
    print(error)
"""


def python(program: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "aimscope.db"


def refusal(path: Path) -> str:
    with pytest.raises(InventoryError) as refused:
        Inventory.open(path).begin_scan(info(), "settings")
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value).removeprefix(f"{path}: ")


def test_a_killed_scan_loses_at_most_the_task_in_flight(path: Path) -> None:
    with python(ENDLESS, path) as scan:
        assert scan.stdout is not None
        told = [int(scan.stdout.readline()) for _ in range(30)]
        scan.send_signal(signal.SIGKILL)
        told += [int(line) for line in scan.stdout]

    inventory = Inventory.open(path)
    cut_off = inventory.unfinished_scan("settings")
    assert cut_off is not None
    tasks = inventory.finished_tasks(cut_off.number)
    assert {f"task-{number}" for number in told} <= tasks.keys()
    assert len(tasks) - len(told) in {0, 1}
    assert all(task == TASK for task in tasks.values())

    stored = inventory.finish_scan(cut_off.number, record())
    assert inventory.last_scan() == stored


def test_scans_at_once_in_several_processes_all_hold(path: Path) -> None:
    """They also make the file at once, which only one of them can do."""
    numbers = range(1, 7)
    scans = [python(WHOLE_SCAN, path, number) for number in numbers]
    for scan in scans:
        with scan:
            assert scan.wait(timeout=60) == 0

    inventory = Inventory.open(path)
    assert {one.id for one in inventory.scans()} == {f"scan-{number}" for number in numbers}
    for number in numbers:
        (_, own) = inventory.scan(f"scan-{number}").systems
        assert own.id == f"sys-of-{number}"
    assert inventory.known_anchors() == {
        system().anchors[0]: "sys-1",
        **{f"anchor-{number}": f"sys-of-{number}" for number in numbers},
    }
    seen = inventory.finish_scan(inventory.begin_scan(info(9), "s"), record(9)).systems[0]
    assert (seen.first_seen[:10], seen.last_seen[:10]) == ("2027-03-01", "2027-03-09")
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def test_two_processes_that_take_up_one_scan_do_not_corrupt_it(path: Path) -> None:
    one, other = Inventory.open(path), Inventory.open(path)
    number = one.begin_scan(info(), "settings")
    one.store_task(number, "task", TASK)
    other.store_task(number, "task", TASK)
    one.finish_scan(number, record())
    other.store_task(number, "late", TASK)

    assert other.finish_scan(number, record()) == one.last_scan()
    assert one.finished_tasks(number) == {}


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_text("sources:\n  - path: .\n" * 100)

    assert refusal(path).startswith("is not a database. Name another file")
    assert path.read_text().startswith("sources:")


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()

    assert refusal(path) == "is a database of another program. Name another file for the inventory database."


def test_a_database_of_a_newer_version_asks_for_an_upgrade(path: Path) -> None:
    Inventory.open(path)
    newer = sqlite3.connect(path)
    newer.execute("UPDATE aimscope_schema SET version = 7")
    newer.commit()
    newer.close()

    assert refusal(path) == (
        "was written by a newer aimscope (tables of version 7, and this one knows 1). "
        "Upgrade aimscope, or name another file."
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no" / "aimscope.db").startswith("cannot be opened. Name a file in a folder that exists")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "is a folder. Name a file for the inventory database."


def test_a_cut_off_copy_is_damaged(path: Path) -> None:
    inventory = Inventory.open(path)
    for number in range(1, 11):
        inventory.finish_scan(inventory.begin_scan(info(number), "settings"), record(number))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(InventoryError, match=r"is damaged\. Restore it from a copy, or move it away and scan again"):
        Inventory.open(path).last_scan()


def test_a_record_that_somebody_edited_is_named(path: Path) -> None:
    inventory = Inventory.open(path)
    inventory.finish_scan(inventory.begin_scan(info(), "settings"), record())
    edited = sqlite3.connect(path)
    edited.execute("UPDATE verdicts SET data = replace(data, 'undeclared', 'fine')")
    edited.commit()
    edited.close()

    with pytest.raises(InventoryError, match=r"holds a record that cannot be read \(Verdict: 'fine' is no Status\)"):
        inventory.last_scan()


def test_a_full_disk_loses_nothing_that_was_stored(path: Path) -> None:
    inventory = Inventory.open(path)
    number = inventory.begin_scan(info(), "settings")
    inventory.store_task(number, "first", TASK)

    def fill(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(Engine, "connect", fill)
    try:
        with pytest.raises(InventoryError, match=r"its disk is full\. Make room and run again with --resume"):
            inventory.store_task(number, "second", TaskRecord(TASK.observations * 1000))
    finally:
        event.remove(Engine, "connect", fill)

    assert inventory.finished_tasks(number) == {"first": TASK}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can take from root what lets it write everywhere")
@pytest.mark.parametrize("whole_folder", [False, True], ids=["file", "folder"])
def test_a_database_that_may_not_be_written(path: Path, whole_folder: bool) -> None:
    if whole_folder:
        path.parent.chmod(0o555)
    else:
        Inventory.open(path)
        path.chmod(0o444)

    try:
        with python(OPEN_AND_SAY, path, preexec_fn=_give_up_write_everywhere) as scan:
            said, _ = scan.communicate(timeout=60)
    finally:
        path.parent.chmod(0o755)

    assert said.startswith(f"{path}: cannot be {'opened' if whole_folder else 'written'}. ")


def _give_up_write_everywhere() -> None:
    """Drops CAP_DAC_OVERRIDE from what the next program may have; for others than root it changes nothing."""
    drop_from_bounding_set, may_write_everywhere = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, may_write_everywhere)


def test_a_writer_that_does_not_end_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.database.engine.WAIT_SECONDS", 0.2)
    inventory = Inventory.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    try:
        with pytest.raises(InventoryError, match="another process is writing and does not end"):
            inventory.begin_scan(info(), "settings")
    finally:
        other.close()
    assert time.monotonic() - started < 30


def test_a_reader_does_not_wait_for_a_writer(path: Path) -> None:
    inventory = Inventory.open(path)
    stored = inventory.finish_scan(inventory.begin_scan(info(), "settings"), record())
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM scans")

    assert inventory.last_scan() == stored
    writer.close()


def test_sqlalchemy_is_imported_only_for_a_database() -> None:
    program = "import sys, inventory.scan, connectors.codec, scanner.cli; print('sqlalchemy' in sys.modules)"
    with python(program, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        said, _ = process.communicate(timeout=60)
    assert said == "False\n"
