"""Scope document and ledger together or not at all, whoever is killed and whoever else writes."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inventory.transaction import Files, InterruptedWriteError, TransactionError, commit, recover, writing

ROOT = Path(__file__).parents[2]
OLD, NEW = (b"old scope\n", b"old ledger\n"), (b"new scope\n", b"new ledger\n")

WRITER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from inventory.transaction import Files, commit, writing

deadly, steps = int(sys.argv[4]), 0

def killed_at_its_step(function):
    def step(*arguments, **options):
        global steps
        for _ in range(2):  # once before the step, once after it
            steps += 1
            if steps == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            if _ == 0:
                result = function(*arguments, **options)
        return result
    return step

with writing(Files(Path(sys.argv[2]), Path(sys.argv[3]))) as snapshot:
    for name in ("open", "fsync", "replace", "unlink"):
        setattr(os, name, killed_at_its_step(getattr(os, name)))
    commit(snapshot, scope=b"new scope\\n", ledger=b"new ledger\\n")
print(steps)
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "governance").mkdir()
    files = Files(tmp_path / "aims-scope.yaml", tmp_path / "governance" / "aims-decisions.jsonl")
    files.scope.write_bytes(OLD[0])
    files.ledger.write_bytes(OLD[1])
    return files


def contents(files):
    return files.scope.read_bytes(), files.ledger.read_bytes()


def left_over(files):
    kept = {*files, files.lock}
    return {path for folder in {path.parent for path in files} for path in folder.iterdir() if path.is_file()} - kept


def write(files, *, killed_at):
    command = [sys.executable, "-c", WRITER, str(ROOT), *map(str, files), str(killed_at)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_both_files_are_replaced_and_nothing_is_left_behind(files):
    with writing(files) as snapshot:
        commit(snapshot, scope=NEW[0], ledger=NEW[1])
    assert contents(files) == NEW
    assert not left_over(files)


def test_a_kill_at_any_step_leaves_all_or_nothing(files):
    steps = int(write(files, killed_at=0).stdout)
    assert steps > 20
    seen = []
    for step in range(1, steps + 1):
        files.scope.write_bytes(OLD[0])
        files.ledger.write_bytes(OLD[1])
        assert write(files, killed_at=step).returncode == -signal.SIGKILL
        recover(files)
        assert contents(files) in (OLD, NEW), f"torn by a kill at step {step}"
        seen.append(contents(files))
        with writing(files):
            pass
        assert contents(files) == seen[-1]
        assert not left_over(files)
    assert seen == sorted(seen, key=lambda state: state == NEW), "once it holds, it holds"
    assert OLD in seen
    assert NEW in seen


def interrupted(files, monkeypatch, *, renamed):
    """An interrupted write: the journal is written, and the first `renamed` files are replaced."""
    real, done = os.replace, []

    def replace(source, target):
        if Path(target) != files.journal:
            if len(done) == renamed:
                raise KeyboardInterrupt
            done.append(target)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt), writing(files) as snapshot:
        commit(snapshot, scope=NEW[0], ledger=NEW[1])
    monkeypatch.undo()
    assert files.journal.exists()


def test_an_interrupted_write_is_undone_where_somebody_edited_a_file_before_anything_was_replaced(files, monkeypatch):
    interrupted(files, monkeypatch, renamed=0)
    files.scope.write_bytes(b"edited by hand\n")
    recover(files)
    assert contents(files) == (b"edited by hand\n", OLD[1])
    assert not left_over(files)


def test_an_interrupted_write_is_never_finished_over_somebody_elses_edit(files, monkeypatch):
    interrupted(files, monkeypatch, renamed=1)
    files.ledger.write_bytes(b"edited by hand\n")
    with pytest.raises(InterruptedWriteError, match="To mend it"):
        recover(files)
    assert contents(files) == (NEW[0], b"edited by hand\n")


@pytest.mark.parametrize("journal", [b"", b"[]", b"{}x", b'{"a": 1}', b'{"../other": ["", ""]}', b"\xff"])
def test_a_journal_that_somebody_put_there_writes_nothing(files, journal):
    files.journal.write_bytes(journal)
    with pytest.raises(InterruptedWriteError, match="To mend it"):
        recover(files)
    assert contents(files) == OLD


def test_a_link_in_the_place_of_a_new_content_is_not_followed(files, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    for path in files:
        path.with_name(f".{path.name}.new").symlink_to(victim)
    with writing(files) as snapshot:
        commit(snapshot, scope=NEW[0], ledger=NEW[1])
    assert contents(files) == NEW
    assert victim.read_text() == "untouched"


def test_a_scope_document_behind_a_link_stays_behind_it(files, tmp_path):
    link = tmp_path / "linked.yaml"
    link.symlink_to(files.scope)
    with writing(Files(link, files.ledger)) as snapshot:
        commit(snapshot, scope=NEW[0], ledger=NEW[1])
    assert link.is_symlink()
    assert contents(files) == NEW


def test_permissions_are_kept(files):
    files.scope.chmod(0o640)
    with writing(files) as snapshot:
        commit(snapshot, scope=NEW[0])
    assert files.scope.stat().st_mode & 0o777 == 0o640


def test_an_edit_while_deciding_is_refused(files):
    with writing(files) as snapshot:
        files.scope.write_bytes(b"edited by hand\n")
        with pytest.raises(TransactionError, match="changed while the decision was made"):
            commit(snapshot, scope=NEW[0], ledger=NEW[1])
    assert contents(files) == (b"edited by hand\n", OLD[1])
    assert not left_over(files)


def test_a_full_disk_records_nothing(files, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device", str(files.ledger))

    with writing(files) as snapshot:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(TransactionError, match="No space left on device"):
            commit(snapshot, scope=NEW[0], ledger=NEW[1])
    assert contents(files) == OLD
    assert not left_over(files)


def test_a_second_writer_waits_and_is_then_clearly_refused(files):
    second = writing(files, wait_seconds=0.1)
    with writing(files), pytest.raises(TransactionError, match="somebody else is recording"), second:
        pass


def test_many_processes_that_write_at_once_lose_nothing(files):
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from inventory.transaction import Files, commit, writing
        for number in range(5):
            with writing(Files(Path(sys.argv[2]), Path(sys.argv[3])), wait_seconds=30) as snapshot:
                line = f"{sys.argv[4]} {number}\\n".encode()
                commit(snapshot, scope=snapshot.scope + line, ledger=snapshot.ledger + line)
    """)
    command = [sys.executable, "-c", script, str(ROOT), *map(str, files)]
    writers = [subprocess.Popen([*command, str(name)]) for name in range(4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    scope, ledger = (content.splitlines()[1:] for content in contents(files))
    assert sorted(scope) == sorted(f"{name} {number}".encode() for name in range(4) for number in range(5))
    assert scope == ledger
