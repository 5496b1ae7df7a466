"""A second scan reads what has changed, and takes the rest from the first."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from classifiers.catalog import load
from connectors.code import batch as batches
from scanner.run import run
from scanner.workspace import SourceSpec, Workspace

FILES = 1200


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    root = tmp_path / "estate"
    for number in range(FILES):
        file = root / f"p{number % 40}" / f"m{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("import openai\n" if number == 7 else "x = 1\n")
    return root


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that are read."""
    seen: list[str] = []
    real = batches.read

    def read(root, path, limits):
        seen.append(path)
        return real(root, path, limits)

    monkeypatch.setattr(batches, "read", read)
    return seen


def scan(tmp_path: Path, location: Path | str):
    source = SourceSpec(str(location), "example.org/estate")
    return run(Workspace(sources=(source,), database=tmp_path / "aimscope.db", workers=1))


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, estate: Path, reads: list[str]) -> None:
    load()
    first = scan(tmp_path, estate)
    assert len(reads) == FILES
    reads.clear()
    second = scan(tmp_path, estate)
    assert reads == []
    assert second.findings == first.findings
    assert second.coverage == first.coverage


def test_a_changed_and_a_new_file_are_read_with_their_neighbours_only(
    tmp_path: Path, estate: Path, reads: list[str]
) -> None:
    scan(tmp_path, estate)
    reads.clear()
    (estate / "p3" / "m3.py").write_text("import anthropic\n")
    (estate / "p3" / "new.py").write_text("import cohere\n")
    found = scan(tmp_path, estate)
    assert 0 < len(reads) < FILES
    assert {"openai", "anthropic", "cohere"} <= {finding.name for finding in found.findings}
    reads.clear()
    scan(tmp_path, estate)
    assert reads == []


def test_a_deleted_file_is_gone(tmp_path: Path, estate: Path) -> None:
    assert scan(tmp_path, estate).findings
    (estate / "p7" / "m7.py").unlink()
    assert scan(tmp_path, estate).findings == ()


def test_what_could_not_be_read_is_tried_again(
    tmp_path: Path, estate: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = batches.read

    def refuse(root, path, limits):
        if path == "p7/m7.py":
            raise PermissionError(13, "Permission denied")
        return recorded(root, path, limits)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "read", refuse)
        refused = scan(tmp_path, estate)
    assert (refused.findings, refused.incomplete) == ((), True)
    reads.clear()
    assert scan(tmp_path, estate).findings
    assert "p7/m7.py" in reads


def test_a_clone_is_known_by_what_git_has_of_each_file(tmp_path: Path, estate: Path, reads: list[str]) -> None:
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(estate), *command], check=True)
    scan(tmp_path, estate.as_uri())
    assert len(reads) == FILES
    reads.clear()
    assert scan(tmp_path, estate.as_uri()).findings
    assert reads == []


def test_another_version_reads_everything_again(
    tmp_path: Path, estate: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(tmp_path, estate)
    reads.clear()
    monkeypatch.setattr("scanner.run.__version__", "another")
    scan(tmp_path, estate)
    assert len(reads) == FILES
