"""What differs from a base, in every state that a checkout can be in; and git is asked without harm."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from connectors.code.base import open_base
from connectors.code.checkout import SourceError
from connectors.code.difference import Changed, Difference, difference
from connectors.code.files import Limits
from tests.scanner.change import Repository


@pytest.fixture
def change(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "shop")
    for name in ("a", "b", "c"):
        repository.write(f"{name}.py", f"# {name}\n" + f"{name} = 1\n" * 20)
    repository.write(".gitignore", "ignored.py\n")
    repository.commit()
    repository.branch()
    return repository


def differs(
    repository: Repository, base: str = "main", *, direct: bool = False, path: Path | None = None
) -> Difference:
    return difference(open_base(str(path or repository.root), base, direct=direct))


def paths(found: Difference) -> set[tuple[str, str]]:
    return {(one.before, one.after) for one in found.changed}


def test_committed_staged_and_unstaged_changes_are_one_difference(change: Repository) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    change.write("b.py", "b = 2\n")
    change.git("add", "b.py")
    change.write("c.py", "c = 2\n")
    change.write("new.py", "n = 1\n")
    change.write("ignored.py", "n = 1\n")
    found = differs(change)
    assert paths(found) == {("a.py", "a.py"), ("b.py", "b.py"), ("c.py", "c.py"), ("", "new.py")}
    assert found.unchanged == (".gitignore",)
    assert found.before == [".gitignore", "a.py", "b.py", "c.py"]
    assert found.after == [".gitignore", "a.py", "b.py", "c.py", "new.py"]


def test_what_the_base_did_since_is_no_part_of_the_change(change: Repository) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    change.git("checkout", "-q", "main")
    change.write("b.py", "b = 2\n")
    change.commit()
    change.git("checkout", "-q", "change")
    assert paths(differs(change)) == {("a.py", "a.py")}
    assert paths(differs(change, direct=True)) == {("a.py", "a.py"), ("b.py", "b.py")}


def test_deleted_and_renamed_files(change: Repository) -> None:
    change.git("rm", "-q", "a.py")
    change.git("mv", "b.py", "folder.py")
    change.write("folder.py", (change.root / "folder.py").read_bytes() + b"more = 1\n")
    change.git("add", "-A")
    found = differs(change)
    assert paths(found) == {("a.py", ""), ("b.py", "folder.py")}
    assert found.after == [".gitignore", "c.py", "folder.py"]


def test_a_path_need_not_be_text_or_one_line(change: Repository) -> None:
    strange = "we ird\n\ttwo.py"
    bad = os.fsdecode(b"n\xff.py")
    change.write(strange, "x = 1\n")
    change.write(bad, "x = 1\n")
    change.commit()
    assert paths(differs(change)) == {("", strange), ("", bad)}


def test_links_are_no_files_and_are_not_followed(change: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("import openai\n")
    (change.root / "a.py").unlink()
    (change.root / "a.py").symlink_to(tmp_path / "secret.py")
    (change.root / "link.py").symlink_to("b.py")
    change.commit()
    (change.root / "loose.py").symlink_to("b.py")
    assert paths(differs(change)) == {("a.py", "")}


def test_a_submodule_that_moves_is_named_and_not_entered(change: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.write("x.py", "x = 1\n")
    other.commit()
    change.git("submodule", "add", "-q", str(other.root), "libs/other")
    change.commit()
    found = differs(change)
    assert found.submodules == ("libs/other",)
    assert paths(found) == {("", ".gitmodules")}


def test_a_file_that_was_only_touched_has_not_changed(change: Repository) -> None:
    os.utime(change.root / "a.py", (1, 1))
    found = differs(change)
    assert found.changed == ()
    assert "a.py" in found.unchanged


def test_a_file_that_git_no_longer_tracks_is_still_there(change: Repository) -> None:
    change.git("rm", "-q", "--cached", "a.py")
    found = differs(change)
    assert found.changed == ()
    assert found.after.count("a.py") == 1


def test_an_unfinished_merge_is_taken_as_it_stands(change: Repository) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    change.git("checkout", "-q", "main")
    change.write("a.py", "a = 3\n")
    change.commit()
    change.git("checkout", "-q", "change")
    with pytest.raises(Exception, match="merge"):
        change.git("merge", "main")
    assert ("a.py", "a.py") in paths(differs(change))


def test_a_detached_head_and_another_worktree(change: Repository, tmp_path: Path) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    change.git("checkout", "-q", "--detach")
    assert paths(differs(change)) == {("a.py", "a.py")}
    change.git("worktree", "add", "-q", str(tmp_path / "second"), "change")
    assert paths(differs(change, path=tmp_path / "second")) == {("a.py", "a.py")}


def test_a_folder_of_a_checkout_stands_for_its_part(change: Repository) -> None:
    change.write("sub/x.py", "x = 1\n")
    assert open_base(str(change.root / "sub"), "main").prefix == "sub/"
    assert open_base(str(change.root), "main").prefix == ""


def test_vendored_folders_are_counted_and_a_change_cannot_make_one(change: Repository) -> None:
    change.write("node_modules/x/index.js", "import 'openai'\n")
    change.write("vendor/modules.txt", "# by the change\n")
    change.write("vendor/own.go", "package own\n")
    change.commit()
    found = differs(change)
    assert found.foreign == 1
    assert ("", "vendor/own.go") in paths(found)


def test_files_before_the_change_are_written_bounded_and_inside(change: Repository, tmp_path: Path) -> None:
    change.write("a.py", b"\0" + b"x" * 300_000)
    change.commit()
    change.git("branch", "-f", "main", "change")
    change.git("rm", "-q", "a.py", "b.py")
    base = open_base(str(change.root), "main")
    found = difference(base)
    limits = Limits(max_text_bytes=1000, max_bundle_bytes=1000)
    files = [(one.before, one.blob) for one in found.changed]
    base.write_before([*files, ("../evil.py", files[0][1]), ("/evil.py", files[0][1])], tmp_path / "before", limits)
    written = tmp_path / "before"
    assert sorted(path.name for path in written.iterdir()) == ["a.py", "b.py"]
    assert (written / "a.py").stat().st_size == 300_001
    assert (written / "a.py").read_bytes()[:70_000].rstrip(b"\0")[-1:] == b"x"
    assert (written / "b.py").read_text() == "# b\n" + "b = 1\n" * 20
    assert not (tmp_path / "evil.py").exists()


# ---- Bases that are not there ---------------------------------------------------------------------------------------


def fails(repository: Repository, base: str, path: Path | None = None) -> str:
    with pytest.raises(SourceError) as error:
        differs(repository, base, path=path)
    return str(error.value)


def test_a_base_that_was_not_fetched(change: Repository) -> None:
    said = fails(change, "origin/main")
    assert "git fetch origin +refs/heads/main:refs/remotes/origin/main" in said
    assert "no such commit" in fails(change, "--upload-pack=x")


def clone(change: Repository, target: Path, *options: str) -> Repository:
    change.git("clone", "-q", "--branch", "change", *options, change.root.as_uri(), str(target))
    cloned = Repository.__new__(Repository)
    cloned.root = target
    return cloned


def test_a_shallow_clone_says_what_to_fetch(change: Repository, tmp_path: Path) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    shallow = clone(change, tmp_path / "shallow", "--depth", "1")
    said = fails(shallow, "origin/main")
    assert "git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main" in said
    assert "shallow" in said
    shallow.git("fetch", "-q", "--depth", "1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    assert "--unshallow" in fails(shallow, "origin/main")
    assert paths(differs(shallow, "origin/main", direct=True)) == {("a.py", "a.py")}
    shallow.git("fetch", "-q", "--unshallow", "origin", "+refs/heads/main:refs/remotes/origin/main")
    assert paths(differs(shallow, "origin/main")) == {("a.py", "a.py")}


def test_a_merge_of_two_commits_depth_is_enough_for_its_first_parent(change: Repository, tmp_path: Path) -> None:
    change.write("a.py", "a = 2\n")
    change.commit()
    change.git("checkout", "-q", "main")
    change.write("b.py", "b = 2\n")
    change.commit()
    change.git("merge", "-q", "--no-ff", "-m", "as a code host makes it", "change")
    change.git("branch", "-f", "change", "main")
    merged = clone(change, tmp_path / "merged", "--depth", "2")
    assert paths(differs(merged, "HEAD^1")) == {("a.py", "a.py")}


def test_a_partial_clone_fetches_nothing_and_says_how_to(change: Repository, tmp_path: Path) -> None:
    change.git("config", "uploadpack.allowFilter", "true")
    change.write("a.py", "a = 2\n")
    change.commit()
    partial = clone(change, tmp_path / "partial", "--filter=blob:none")
    base = open_base(str(partial.root), "origin/main")
    found = difference(base)
    with pytest.raises(SourceError, match="git diff"):
        base.write_before([(one.before, one.blob) for one in found.changed], tmp_path / "before", Limits())


def test_no_common_ancestor(change: Repository) -> None:
    change.git("checkout", "-q", "--orphan", "other")
    change.git("commit", "-q", "-m", "another beginning")
    assert "Name the branch that the change is to be merged into" in fails(change, "main")


def test_what_is_no_checkout(change: Repository, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert "not a git checkout" in fails(change, "main", tmp_path / "plain")
    assert "no such folder" in fails(change, "main", tmp_path / "nowhere")
    empty = Repository(tmp_path / "empty")
    assert "has no commit yet" in fails(empty, "main")


# ---- Harm -----------------------------------------------------------------------------------------------------------


def test_no_program_of_a_configuration_runs_and_nothing_is_written(change: Repository, tmp_path: Path) -> None:
    change.write(".gitattributes", "*.py filter=evil diff=evil\n")
    change.commit()
    change.git("rm", "-q", "c.py")
    change.write("moved.py", "# c\n" + "c = 1\n" * 21)
    change.git("add", "-N", "moved.py")  # git compares what stands in it with what is gone
    touch = f"touch {tmp_path / 'harm'}"
    for key in (
        "filter.evil.clean",
        "filter.evil.process",
        "diff.evil.command",
        "diff.evil.textconv",
        "core.fsmonitor",
    ):
        change.git("config", key, touch)
    hook = change.root / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\n{touch}\n")
    hook.chmod(0o755)
    os.utime(change.root / "a.py", (1, 1))
    change.write("b.py", "b = 2\n")
    shutil.copytree(change.root / ".git", tmp_path / "git-before", symlinks=True)
    found = differs(change)
    assert ("c.py", "moved.py") in paths(found)
    assert Changed("b.py", "b.py", change.git("rev-parse", "main:b.py")) in found.changed
    assert not (tmp_path / "harm").exists()
    files = sorted(
        path.relative_to(change.root / ".git") for path in (change.root / ".git").rglob("*") if path.is_file()
    )
    for file in files:
        assert (change.root / ".git" / file).read_bytes() == (tmp_path / "git-before" / file).read_bytes()
