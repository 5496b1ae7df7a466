"""Writing the pack: whole or not at all, whenever the process is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scanner.evidence.writing import PackError, write

FILES = {"1-a/x.csv": b"x" * 5000, "1-a/y.csv": b"y", "index.html": b"<p>"}
KILLED = """
import os, signal, sys
from pathlib import Path
from scanner.evidence.writing import write

left = int(sys.argv[2])
def dies(call):
    def run(*arguments):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments)
    return run

os.fsync, os.rename = dies(os.fsync), dies(os.rename)
write(Path(sys.argv[1]), {"1-a/x.csv": b"x" * 5000, "1-a/y.csv": b"y", "index.html": b"<p>"})
"""


def content(target: Path) -> dict[str, bytes]:
    if target.suffix == ".zip":
        with zipfile.ZipFile(target) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {str(file.relative_to(target)): file.read_bytes() for file in target.rglob("*") if file.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_a_pack_is_there_whole(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, FILES)
    assert content(tmp_path / name) == FILES
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_kill_9_at_any_step_leaves_nothing_half_written(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    for steps in range(20):
        command = [sys.executable, "-c", KILLED, str(target), str(steps)]
        ended = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
        if target.exists():
            assert content(target) == FILES
            break
        assert ended.returncode == -signal.SIGKILL
    else:
        pytest.fail("it never came to its end")
    assert steps >= 3, "it was killed at several steps"
    assert set(names(tmp_path)) <= {name, f".{name}.new"}
    target.rename(tmp_path / f"moved-{name}")
    write(target, FILES)
    assert content(target) == FILES


def test_an_empty_folder_may_be_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    write(tmp_path / "pack", FILES)
    with pytest.raises(PackError, match="is there already"):
        write(tmp_path / "pack", FILES)
    (tmp_path / "link.zip").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PackError, match="is there already"):
        write(tmp_path / "link.zip", FILES)


def test_somebody_who_is_still_writing_is_left_alone(tmp_path: Path) -> None:
    staging = tmp_path / ".pack.new"
    staging.mkdir()
    descriptor = os.open(staging, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(PackError, match="somebody else is writing it"):
            write(tmp_path / "pack", FILES)
        assert staging.exists()
    finally:
        os.close(descriptor)


def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(PackError, match="No space left on device"):
            write(tmp_path / "pack.zip", FILES)
    assert names(tmp_path) == []
