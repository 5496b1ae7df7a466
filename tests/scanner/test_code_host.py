"""A code host: its API lists repositories, git serves them, and each is scanned."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.model import Outcome
from scanner.run import run
from scanner.workspace import from_settings
from tests.connectors.saas.fake_vendor import Asked, FakeVendor
from tests.scanner.test_fleet import GIT, commit

NAMES = tuple(f"service-{number}" for number in range(6))


@pytest.fixture
def git_host(tmp_path: Path) -> Iterator[str]:
    """Repositories of the organisation acme, served by git itself; every other one calls a model."""
    for number, name in enumerate(NAMES):
        folder = tmp_path / "host" / "acme" / name
        folder.mkdir(parents=True)
        subprocess.run([*GIT, "-C", str(folder), "init", "-q"], check=True)
        (folder / "app.py").write_text("import openai\n" if number % 2 else "x = 1\n")
        commit(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--reuseaddr",
        "--export-all",
        "--listen=127.0.0.1",
        f"--port={port}",
        f"--base-path={tmp_path / 'host'}",
    ]
    daemon = subprocess.Popen(["git", "daemon", *options], stderr=subprocess.DEVNULL, start_new_session=True)
    _await(port)
    yield f"git://127.0.0.1:{port}"
    os.killpg(daemon.pid, 15)
    daemon.wait()


def _await(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("git daemon did not come up")


def listed(name: str, url: str, **more: object) -> dict[str, object]:
    return {"full_name": f"acme/{name}", "clone_url": url, "size": 1, "archived": False, "disabled": False, **more}


@pytest.mark.skipif(shutil.which("git") is None, reason="git serves the repositories")
def test_every_repository_of_an_organisation_is_scanned(
    tmp_path: Path, git_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repositories = [listed(name, f"{git_host}/acme/{name}") for name in NAMES]
    repositories += [listed("old", f"{git_host}/acme/old", archived=True), listed("gone", f"{git_host}/acme/gone")]
    monkeypatch.setenv("HOST_TOKEN", "s3cret-of-the-host")

    def answer(asked: Asked) -> tuple[int, object, dict[str, str]]:
        if asked.path == "/orgs/acme/repos":
            return 200, repositories, {}
        return 404, {"message": "Not Found"}, {}

    with FakeVendor() as api:
        api.otherwise = answer
        source = {
            "vendor": "github",
            "tenant": "acme",
            "base_url": api.url,
            "token_env": "HOST_TOKEN",
            "services": ["repositories"],
        }
        (tmp_path / "aimscope.yaml").write_text(json.dumps({"sources": [{"saas": source}], "network": {"retries": 0}}))
        result = run(from_settings(tmp_path / "aimscope.yaml"))
    assert {system.name for system in result.systems} == {name for number, name in enumerate(NAMES) if number % 2}
    failed = [part.source for part in result.coverage if part.outcome is Outcome.FAILED]
    assert [source.rpartition("/")[2] for source in failed] == ["gone"]
    left_out = [(part.scope, part.reason) for part in result.coverage if part.outcome is Outcome.SKIPPED]
    assert left_out == [("repositories/acme/old", "archived")]
    assert "s3cret-of-the-host" not in "".join(
        path.read_bytes().decode("latin-1") for path in tmp_path.glob("aimscope.*")
    )
