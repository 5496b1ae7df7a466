"""What is stored comes back, with the dates that the estate's history gives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inventory.database import Inventory, InventoryError
from inventory.scan import ScanRecord, TaskRecord
from tests.inventory.scans import TASK, info, record, system

DIGEST = "settings"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "aimscope.db"


@pytest.fixture
def inventory(path: Path) -> Inventory:
    return Inventory.open(path)


def finish(inventory: Inventory, scan: ScanRecord) -> ScanRecord:
    return inventory.finish_scan(inventory.begin_scan(scan.info, DIGEST), scan)


def dates(scan: ScanRecord) -> dict[str, tuple[str, str]]:
    return {one.id: (one.first_seen[:10], one.last_seen[:10]) for one in scan.systems}


def test_a_new_database_knows_nothing(inventory: Inventory) -> None:
    assert inventory.last_scan() is None
    assert inventory.scans() == ()
    assert inventory.known_anchors() == {}
    assert inventory.unfinished_scan(DIGEST) is None


def test_a_finished_scan_comes_back_whole(inventory: Inventory, path: Path) -> None:
    stored = finish(inventory, record())

    again = Inventory.open(path)
    assert again.last_scan() == stored == again.scan("scan-1")
    assert again.scans() == (stored.info,)
    assert again.known_anchors() == {system().anchors[0]: "sys-1"}


def test_only_dates_are_added_to_what_a_scan_found(inventory: Inventory) -> None:
    scan = record()

    stored = finish(inventory, scan)

    assert dates(stored) == {"sys-1": ("2027-03-01", "2027-03-01")}
    assert replace(stored, systems=scan.systems) == scan


def test_first_and_last_seen_span_the_scans_that_saw_a_system(inventory: Inventory) -> None:
    finish(inventory, record(1))
    finish(inventory, record(2, system("sys-2", "other")))

    stored = finish(inventory, record(3, system(), system("sys-2", "other")))

    assert dates(stored) == {"sys-1": ("2027-03-01", "2027-03-03"), "sys-2": ("2027-03-02", "2027-03-03")}


def test_a_scan_that_ends_out_of_turn_narrows_no_span(inventory: Inventory) -> None:
    slow = inventory.begin_scan(info(1), DIGEST)
    finish(inventory, record(2))

    stored = inventory.finish_scan(slow, record(1))

    assert dates(stored) == {"sys-1": ("2027-03-01", "2027-03-02")}


def test_a_system_is_as_old_as_the_oldest_that_it_absorbed(inventory: Inventory) -> None:
    finish(inventory, record(1, system("sys-old", "old")))

    stored = finish(inventory, record(2, system("sys-new", "new", "old", aliases=("sys-old",))))

    assert dates(stored) == {"sys-new": ("2027-03-01", "2027-03-02")}
    assert inventory.known_anchors() == {"old": "sys-new", "new": "sys-new"}


def test_an_anchor_stays_with_the_system_that_had_it(inventory: Inventory) -> None:
    finish(inventory, record(1, system("sys-b", "shared")))

    finish(inventory, record(2, system("sys-a", "a", "shared"), system("sys-b", "shared")))

    assert inventory.known_anchors() == {"shared": "sys-b", "a": "sys-a"}


def test_a_new_anchor_of_two_systems_goes_to_the_first(inventory: Inventory) -> None:
    finish(inventory, record(1, system("sys-a", "shared"), system("sys-b", "shared")))

    assert inventory.known_anchors() == {"shared": "sys-a"}


def test_what_is_not_seen_any_more_stays_known(inventory: Inventory) -> None:
    finish(inventory, record(1))
    finish(inventory, replace(record(2), systems=()))

    assert inventory.known_anchors() == {system().anchors[0]: "sys-1"}


def test_a_scan_with_nothing_in_it_is_a_scan(inventory: Inventory) -> None:
    empty = ScanRecord(info())

    assert finish(inventory, empty) == inventory.last_scan() == empty


def test_tasks_of_a_scan_that_was_cut_off_come_back(inventory: Inventory) -> None:
    number = inventory.begin_scan(info(), DIGEST)
    inventory.store_task(number, "shop/1", TASK)
    inventory.store_task(number, "shop/2", TaskRecord())

    cut_off = inventory.unfinished_scan(DIGEST)

    assert cut_off is not None
    assert cut_off.info == replace(info(), finished="")
    assert inventory.finished_tasks(cut_off.number) == {"shop/1": TASK, "shop/2": TaskRecord()}
    assert inventory.last_scan() is None


def test_a_task_that_was_run_again_is_stored_once(inventory: Inventory) -> None:
    number = inventory.begin_scan(info(), DIGEST)
    inventory.store_task(number, "shop/1", TaskRecord())
    inventory.store_task(number, "shop/1", TASK)

    assert inventory.finished_tasks(number) == {"shop/1": TASK}


def test_only_the_same_settings_take_up_a_scan(inventory: Inventory) -> None:
    inventory.begin_scan(info(), DIGEST)

    assert inventory.unfinished_scan("other settings") is None


def test_a_scan_that_finished_is_not_taken_up_nor_one_before_it(inventory: Inventory) -> None:
    inventory.begin_scan(info(1), DIGEST)
    finish(inventory, record(2))

    assert inventory.unfinished_scan(DIGEST) is None


def test_a_finished_scan_keeps_no_tasks(inventory: Inventory) -> None:
    number = inventory.begin_scan(info(), DIGEST)
    inventory.store_task(number, "shop/1", TASK)
    inventory.finish_scan(number, record())

    assert inventory.finished_tasks(number) == {}


def test_a_repeated_scan_replaces_itself(inventory: Inventory) -> None:
    """Under a fixed clock a scan has the same id every time."""
    finish(inventory, record(1, system("sys-1"), system("sys-2", "other")))
    again = finish(inventory, record(1))

    assert inventory.scans() == (info(1),)
    assert inventory.scan("scan-1") == again


def test_the_newest_scan_is_the_one_that_began_last(inventory: Inventory) -> None:
    for number in (1, 2, 3):
        finish(inventory, record(number))

    assert [one.id for one in inventory.scans()] == ["scan-3", "scan-2", "scan-1"]
    last = inventory.last_scan()
    assert last is not None
    assert last.info == info(3)


def test_an_unknown_scan_names_those_that_are_there(inventory: Inventory) -> None:
    finish(inventory, record(1))

    with pytest.raises(InventoryError, match=r"holds no finished scan scan-9\. The newest are: scan-1\."):
        inventory.scan("scan-9")


def test_pruning_keeps_the_newest_and_all_dates(inventory: Inventory) -> None:
    for number in (1, 2, 3):
        finish(inventory, record(number))

    inventory.prune(keep=2)

    assert [one.id for one in inventory.scans()] == ["scan-3", "scan-2"]
    assert dates(finish(inventory, record(4))) == {"sys-1": ("2027-03-01", "2027-03-04")}


def test_pruning_leaves_a_scan_that_may_be_under_way(inventory: Inventory) -> None:
    long_ago = inventory.begin_scan(info(1), "forgotten")
    inventory.store_task(long_ago, "shop/1", TASK)
    under_way = inventory.begin_scan(info(9), "under way")
    finish(inventory, record(10))

    inventory.prune(keep=1)

    assert inventory.unfinished_scan("forgotten") is None
    assert inventory.finished_tasks(long_ago) == {}
    inventory.store_task(under_way, "shop/1", TASK)
    assert inventory.unfinished_scan("under way") is not None


def test_pruning_an_empty_database_does_nothing_and_keeping_none_is_refused(inventory: Inventory) -> None:
    inventory.prune(keep=1)

    with pytest.raises(ValueError, match="at least one scan has to stay"):
        inventory.prune(keep=0)


def test_a_database_without_a_process_is_one_file(inventory: Inventory, path: Path) -> None:
    finish(inventory, record())

    assert [file.name for file in path.parent.iterdir()] == [path.name]
