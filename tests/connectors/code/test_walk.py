"""Walking a tree: ignore rules, links, vendored folders, what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.code.walk import walk


def tree(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")


def test_ignore_files_hold_for_their_folder_and_below(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b.log", "sub/c.log", "sub/keep.log", "sub/d.py", "build/e.py")
    (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.log\n")
    found = walk(tmp_path)
    assert found.files == [".gitignore", "a.py", "sub/.gitignore", "sub/d.py", "sub/keep.log"]
    assert found.counts["ignored"] == 3


def test_links_are_counted_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    tree(outside, "secret.py")
    root = tmp_path / "root"
    tree(root, "a.py")
    (root / "loop").symlink_to(root)
    (root / "away").symlink_to(outside)
    (root / "file.py").symlink_to(outside / "secret.py")
    found = walk(root)
    assert found.files == ["a.py"]
    assert found.counts["links"] == 3


@pytest.mark.parametrize("folder", ["node_modules", ".venv", "third_party", "a/site-packages"])
def test_vendored_folders_are_left_out_and_counted(tmp_path: Path, folder: str) -> None:
    tree(tmp_path, "a.py", f"{folder}/x/index.js")
    found = walk(tmp_path)
    assert found.files == ["a.py"]
    assert found.counts["vendored"] == 1


def test_a_folder_called_vendor_is_foreign_only_where_a_package_manager_filled_it(tmp_path: Path) -> None:
    tree(tmp_path, "own/vendor/portal.py", "go/vendor/modules.txt", "go/vendor/x/y.go")
    assert walk(tmp_path).files == ["own/vendor/portal.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "locked/b.py")
    (tmp_path / "locked").chmod(0)
    found = walk(tmp_path)
    (tmp_path / "locked").chmod(0o700)
    assert found.files == ["a.py"]
    assert [folder for folder, _ in found.unreadable] == ["locked"]


def test_very_deep_folders_end_the_walk_there_and_not_the_scan(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "/".join(["d"] * 210) + "/deep.py")
    found = walk(tmp_path)
    assert "a.py" in found.files
    assert not any(path.endswith("deep.py") for path in found.files)
    assert "deeper than" in found.unreadable[0][1]
