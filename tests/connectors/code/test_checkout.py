"""What a user may name: folders, git, archives; and archives that mean harm."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from connectors.code.checkout import SourceError, checkout, normalised_url
from connectors.code.files import Limits

LIMITS = Limits()
SMALL = Limits(max_archive_bytes=10_000, max_archive_members=10)


def git(folder: Path, *arguments: str) -> str:
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a"}
    environment = {**os.environ, **identity, "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}
    run = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True, env=environment
    )
    return run.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "sub").mkdir(parents=True)
    (root / "sub/a.py").write_text("import os\n")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:token@github.com/Acme/Shop.git", "github.com/acme/shop"),
        ("git@github.com:acme/shop.git", "github.com/acme/shop"),
        ("ssh://git@git.example.org:2222/acme/shop", "git.example.org/acme/shop"),
        ("file:///srv/git/shop.git", ""),
    ],
)
def test_an_origin_url_names_the_repository_without_credentials(url: str, expected: str) -> None:
    assert normalised_url(url) == expected


def test_identity_is_given_else_origin_else_first_commit_else_folder(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-list", "--max-parents=0", "HEAD")
    with checkout(str(repository), LIMITS) as opened:
        assert (opened.source, opened.stable, opened.title) == (f"repo:commit:{first}", True, "shop")
    git(repository, "remote", "add", "origin", "https://example.org/acme/shop.git")
    with checkout(str(repository), LIMITS) as opened:
        assert opened.source == "repo:example.org/acme/shop"
    with checkout(str(repository / "sub"), LIMITS) as opened:
        assert (opened.source, opened.prefix) == ("repo:example.org/acme/shop", "sub/")
    with checkout(str(repository), LIMITS, "given.example/x/y") as opened:
        assert opened.source == "repo:given.example/x/y"
    plain = tmp_path / "plain"
    plain.mkdir()
    with checkout(str(plain), LIMITS) as opened:
        assert (opened.source, opened.stable) == ("repo:folder:plain", False)


def test_a_bare_repository_is_cloned_and_removed_afterwards(repository: Path, tmp_path: Path) -> None:
    bare = tmp_path / "shop.git"
    git(tmp_path, "clone", "-q", "--bare", str(repository), str(bare))
    with checkout(str(bare), LIMITS) as opened:
        folder = opened.root
        assert (folder / "sub/a.py").read_text() == "import os\n"
    assert not folder.exists()


def test_hooks_of_a_repository_never_run(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    hook = repository / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    git(repository, "config", "core.fsmonitor", f"touch {mark}")
    with checkout(str(repository), LIMITS):
        pass
    with checkout((repository / ".git").as_uri(), LIMITS):
        pass
    assert not mark.exists()


@pytest.mark.parametrize("name", ["nowhere", "https://127.0.0.1:9/none.git"])
def test_what_is_not_there_is_said_in_a_sentence(name: str) -> None:
    with pytest.raises(SourceError, match=name), checkout(name, LIMITS):
        pass


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: list[tarfile.TarInfo], content: bytes = b"") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))
    return path


def files_of(archive: Path, limits: Limits = LIMITS) -> list[str]:
    with checkout(str(archive), limits) as opened:
        return sorted(str(path.relative_to(opened.root)) for path in opened.root.rglob("*") if path.is_file())


def test_an_archive_is_unpacked_and_its_wrapping_folder_taken_off(tmp_path: Path) -> None:
    assert files_of(zipped(tmp_path / "a.zip", {"pkg-1.0/a.py": b"x", "pkg-1.0/b/c.py": b"y"})) == ["a.py", "b/c.py"]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil.py", "a/../../evil.py", "..\\evil.py", "C:\\evil.py"])
def test_no_member_leaves_the_folder(tmp_path: Path, name: str) -> None:
    assert files_of(zipped(tmp_path / "a.zip", {name: b"x", "good/a.py": b"x", "good2/b.py": b""})) == [
        "good/a.py",
        "good2/b.py",
    ]


def test_links_and_devices_in_an_archive_are_left_out(tmp_path: Path) -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    pipe = tarfile.TarInfo("pipe")
    pipe.type = tarfile.FIFOTYPE
    archive = tarred(tmp_path / "a.tar.gz", [link, pipe, tarfile.TarInfo("link/a.py"), tarfile.TarInfo("b.py")], b"x")
    assert files_of(archive) == ["b.py", "link/a.py"]


def test_bombs_end_at_the_bound(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="max_archive_bytes"):
        files_of(zipped(tmp_path / "big.zip", {"a": b"\0" * 1_000_000}), SMALL)
    with pytest.raises(SourceError, match="max_archive_members"):
        files_of(zipped(tmp_path / "many.zip", {f"f{n}": b"" for n in range(50)}), SMALL)


def test_a_broken_archive_is_said_in_a_sentence(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", {"a.py": b"x" * 1000}).read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[:40] + b"\xff\xff\xff" + whole[43:])
    with pytest.raises(SourceError, match="broken archive"):
        files_of(tmp_path / "b.zip")
    (tmp_path / "c.zip").write_bytes(b"nothing of the sort")
    with pytest.raises(SourceError, match="neither"):
        files_of(tmp_path / "c.zip")
