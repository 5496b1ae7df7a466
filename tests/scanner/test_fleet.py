"""Many repositories elsewhere: each a task, the broken ones do not stop the others, the unchanged ones cost a question."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from connectors.code import git
from connectors.model import Outcome
from scanner.run import run
from scanner.workspace import SourceSpec, Workspace

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@b.test", "-c", "init.defaultBranch=main"]
NAMES = ("shop", "bot", "empty", "broken", "site", "api")


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A code host: a folder of repositories, one without a commit and one that is none."""
    root = tmp_path / "host"
    for name in NAMES:
        folder = root / name
        folder.mkdir(parents=True)
        if name == "broken":
            continue
        subprocess.run([*GIT, "-C", str(folder), "init", "-q"], check=True)
        if name != "empty":
            (folder / "app.py").write_text("import openai\n" if name in {"shop", "bot"} else "x = 1\n")
            commit(folder)
    return root


def commit(folder: Path) -> None:
    subprocess.run([*GIT, "-C", str(folder), "add", "-A"], check=True)
    subprocess.run([*GIT, "-C", str(folder), "commit", "-qm", "x"], check=True)


@pytest.fixture
def clones(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Repositories that are cloned."""
    seen: list[str] = []
    real = git.run

    def run_git(arguments, folder=None, credentials=None):
        if arguments[0] == "clone":
            seen.append(arguments[-2].rpartition("/")[2])
        return real(arguments, folder, credentials)

    monkeypatch.setattr(git, "run", run_git)
    return seen


def scan(tmp_path: Path, host: Path, workers: int = 1):
    sources = tuple(SourceSpec((host / name).as_uri(), f"git.example/acme/{name}") for name in NAMES)
    return run(Workspace(sources=sources, database=tmp_path / "aimscope.db", workers=workers))


def test_every_repository_is_scanned_and_a_broken_one_is_coverage(tmp_path: Path, host: Path) -> None:
    result = scan(tmp_path, host, workers=2)
    assert {system.name for system in result.systems} == {"shop", "bot"}
    assert len(result.scan.sources) == len(NAMES)
    failed = [part for part in result.coverage if part.outcome is Outcome.FAILED]
    assert [part.source for part in failed] == ["repo:git.example/acme/broken"]
    assert result.incomplete


def test_an_unchanged_repository_costs_one_question(tmp_path: Path, host: Path, clones: list[str]) -> None:
    first = scan(tmp_path, host)
    assert sorted(clones) == sorted(NAMES)
    clones.clear()
    (host / "site" / "app.py").write_text("import anthropic\n")
    commit(host / "site")
    second = scan(tmp_path, host)
    assert sorted(clones) == ["broken", "empty", "site"]
    assert {system.name for system in second.systems} == {"shop", "bot", "site"}
    kept = {finding.id for finding in second.findings}
    assert {finding.id for finding in first.findings} < kept


def test_a_default_branch_that_does_not_exist_is_no_empty_repository(tmp_path: Path, host: Path) -> None:
    (host / "bot" / ".git" / "HEAD").write_text("ref: refs/heads/gone\n")
    result = scan(tmp_path, host)
    (reason,) = [part.reason for part in result.coverage if part.source == "repo:git.example/acme/bot"]
    assert "default branch does not exist" in reason
    assert result.incomplete
