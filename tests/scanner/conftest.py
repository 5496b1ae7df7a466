"""What tests of the command line share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.scanner.estate import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """An organisation's folder in which nothing was set up yet."""
    folder = tmp_path / "acme"
    folder.mkdir()
    estate = Estate(folder, monkeypatch)
    estate.found()
    return estate


@pytest.fixture(scope="session")
def first_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a folder after `aimscope init` and a first scan, to be copied."""
    folder = tmp_path_factory.mktemp("first-scan")
    with pytest.MonkeyPatch.context() as patch:
        estate = Estate(folder, patch)
        estate.found()
        assert estate("init").code == 0
        assert estate.scan() == 1
    return folder


@pytest.fixture
def scanned(first_scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """An organisation's folder after `aimscope init` and a first scan."""
    shutil.copytree(first_scan, tmp_path / "acme")
    return Estate(tmp_path / "acme", monkeypatch)
