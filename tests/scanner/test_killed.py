"""Whole commands killed with kill -9 at every step of writing: nothing lost, nothing half written, no second copy.

Each run is a fork of this process that dies before its nth renaming or removing of a file. What is between those steps, `tests/inventory/test_transaction.py`
kills too, and a scan `tests/inventory/test_database_faults.py` and `tests/scanner/test_scan.py`.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.ledger import load
from inventory.scope.load import load_scope
from inventory.transaction import Files
from scanner.cli import main
from scanner.whole_file import write_whole
from tests.scanner.estate import Estate
from tests.scanner.test_cli_bind import IMPORTED

CHANGING = ("replace", "rename", "unlink")


def killed_at(step: int, run: Callable[[], object], folder: Path) -> bool:
    """Runs something in a fork that is killed before its nth change in a folder; says whether it came that far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of the test runner, which the fork does not use
        child = os.fork()
    if not child:
        _die_at(step, folder)
        try:
            run()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _die_at(step: int, folder: Path) -> None:
    made = 0

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def change(*arguments: object, **options: object) -> object:
            nonlocal made
            made += Path(str(arguments[0])).is_relative_to(folder)
            if made == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return change

    for name in CHANGING:
        setattr(os, name, counted(getattr(os, name)))


def command(*arguments: str) -> Callable[[], object]:
    """A command as its user runs it, silent."""

    def run() -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.argv = ["aimscope", *arguments]
        main()

    return run


def every_step(run: Callable[[], object], restore: Callable[[], object], folder: Path) -> Iterator[None]:
    """Kills at the first step, the second and so on, each time from the same beginning, until it ends by itself."""
    for step in range(1, 100):
        restore()
        ended = not killed_at(step, run, folder)
        yield
        if ended:
            return
    pytest.fail("it never came to its end")


@pytest.fixture
def governed(scanned: Estate) -> Estate:
    """A scanned organisation with an imported entry."""
    scope = scanned.read("aims-scope.yaml")
    scanned.write("aims-scope.yaml", scope[: scope.index("\nentries:")] + IMPORTED)
    return scanned


@pytest.mark.parametrize("what", ["decide", "bind"])
def test_scope_document_and_ledger_say_the_same_wherever_it_dies(governed: Estate, what: str) -> None:
    system = governed.id_of()
    arguments = {"decide": ("decide", system, "in"), "bind": ("review", "--bind", f"app-7={system}")}[what]
    files = Files(governed.folder / "aims-scope.yaml", governed.folder / "aims-decisions.jsonl")
    before = files.scope.read_bytes()
    told = []

    def restore() -> None:
        files.scope.write_bytes(before)
        files.ledger.unlink(missing_ok=True)

    for _ in every_step(command(*arguments), restore, governed.folder):
        assert governed("review").code == 1, "the next command finishes what was begun"
        declared = [entry.id for entry in load_scope(files.scope).document.entries if entry.bind]
        recorded = [event.entry for event in load(files.ledger).order]
        assert declared == recorded
        assert recorded or files.scope.read_bytes() == before
        told.append(len(recorded))
    assert governed("ledger", "verify").code == 0
    assert told == sorted(told), "once it holds, it holds"
    assert set(told) == {0, 1}, "it died before it held and after"
    assert not list(governed.folder.glob(".*.new"))


def test_a_report_of_a_scan_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    report, old, new = tmp_path / "report.json", b'{"scan": "of yesterday"}', b'{"scan": "of today"}'
    told = set()
    for _ in every_step(lambda: write_whole(report, new), lambda: report.write_bytes(old), tmp_path):
        told.add(report.read_bytes())
        write_whole(report, b"{}")
        assert list(tmp_path.iterdir()) == [report]
    assert told == {old, new}


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    write_whole(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "report.json")
    write_whole(link, b"{}")
    assert link.is_symlink()
    assert (tmp_path / "report.json").read_bytes() == b"{}"
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, b"x")


def test_two_people_who_decide_at_once_are_both_recorded_or_one_is_refused(governed: Estate) -> None:
    system = governed.id_of()
    people = {
        "Ann <ann@example.org>": ("decide", system, "in"),
        "Ben <ben@example.org>": ("review", "--bind", f"app-7={system}"),
    }
    children = []
    for name, arguments in people.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            code = 70
            try:
                command(*arguments, "--by", name)()
            except SystemExit as ended:
                code = int(ended.code or 0)
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    files = Files(governed.folder / "aims-scope.yaml", governed.folder / "aims-decisions.jsonl")
    recorded = [event.by.name for event in load(files.ledger).order]
    assert set(codes) <= {0, 2}
    assert sorted(recorded) == sorted(name for name, code in zip(people, codes, strict=True) if code == 0)
    assert recorded
    assert governed("ledger", "verify").code == 0
