"""From what a user names to a folder that can be walked: a directory, a git repository or URL, an archive."""

from __future__ import annotations

import re
import stat
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.api.access import NOBODY
from connectors.code.clone import clone
from connectors.code.errors import SourceError as SourceError  # noqa: PLC0414 - those who open sources find it here
from connectors.code.git import run as _git

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.api.access import Access
    from connectors.code.files import Limits

_URL: Final = re.compile(r"^(?:https?|ssh|git|file)://|^[\w.-]+@[\w.-]+:")
_SCP: Final = re.compile(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)$")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder to scan, and who it is.

    Attributes:
        source: Identity, as `repo:github.com/acme/shop`.
        root: The folder.
        prefix: Path of the folder inside its repository, with a slash at the end, or empty.
        commit: Commit that is checked out, or empty.
        stable: Whether the identity survives a copy to another folder.
        title: What a person calls it.
        blobs: Path to the blob that git has of it, where we made the checkout ourselves; another's index may lie.
    """

    source: str
    root: Path
    prefix: str = ""
    commit: str = ""
    stable: bool = True
    title: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def checkout(location: str, limits: Limits, repo_id: str = "", access: Access = NOBODY) -> Iterator[Checkout]:
    """Opens what a user names; what had to be unpacked or cloned is removed afterwards.

    Args:
        location: A directory, a git checkout, a bare repository, a git URL, a .zip or a .tar.* file.
        limits: Bounds of what is unpacked.
        repo_id: Identity that the user gives, as `github.com/acme/shop`; it overrides every other.
        access: Proves who asks where it is cloned.

    Raises:
        SourceError: It does not exist, is none of these, or breaks a bound.
    """
    path = Path(location)
    if is_url(location) or _is_bare(path):
        with tempfile.TemporaryDirectory(prefix="aimscope-") as folder:
            target = Path(folder) / "checkout"
            url = location if is_url(location) else path.resolve().as_uri()
            clone(url, target, access)
            yield replace(_identify(target, repo_id, origin=location), blobs=_blobs(target))
    elif path.is_dir():
        yield _identify(path.resolve(), repo_id)
    elif path.is_file():
        with tempfile.TemporaryDirectory(prefix="aimscope-") as folder:
            _unpack(path, Path(folder), limits)
            yield _identify(_only_child(Path(folder)), repo_id, name=path.name)
    else:
        raise SourceError(f"{location}: no such file or directory; name a directory, a git URL, a .zip or a .tar file")


def _identify(root: Path, repo_id: str, origin: str = "", name: str = "") -> Checkout:
    """Who a folder is: by the identity that is given, else its origin, else its first commit, else its name.

    Args:
        root: The folder.
        repo_id: Identity that the user gives.
        origin: URL that it was cloned from, where that is known.
        name: What to call it where nothing better is known.
    """
    prefix = commit = ""
    inside = _git(["rev-parse", "--show-prefix", "HEAD"], root)
    if inside.stdout:
        prefix, _, commit = inside.stdout.partition("\n")
        commit = commit.strip()
        commit = commit if re.fullmatch(r"[0-9a-f]{40,64}", commit) else ""
    folder = name or root.name
    if repo_id:
        return Checkout(f"repo:{repo_id}", root, "", commit, title=_last(repo_id))
    if inside.returncode == 0 or (root / ".git").exists():
        url = normalised_url(origin or _git(["config", "--get", "remote.origin.url"], root).stdout.strip())
        if url:
            return Checkout(f"repo:{url}", root, prefix, commit, title=_last(url))
        first = _git(["rev-list", "--max-parents=0", "HEAD"], root).stdout.split()
        if first:
            return Checkout(f"repo:commit:{min(first)}", root, prefix, commit, title=folder)
    return Checkout(f"repo:folder:{folder}", root, prefix, commit, stable=False, title=folder)


def is_url(location: str) -> bool:
    """Whether a location is a git URL."""
    return _URL.match(location) is not None


def normalised_url(url: str) -> str:
    """Host and path of a repository URL: no scheme, user, password, port of the scheme, `.git` or query."""
    if (scp := _SCP.match(url)) and "://" not in url:
        return f"{scp[1]}/{scp[2]}".lower().removesuffix("/").removesuffix(".git")
    parts = urlsplit(url)
    if parts.scheme == "file" or not parts.hostname:
        return ""
    return f"{parts.hostname}{parts.path}".lower().removesuffix("/").removesuffix(".git")


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _blobs(root: Path) -> dict[str, str]:
    listed = _git(["ls-tree", "-r", "-z", "HEAD"], root).stdout
    entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
    return {path: head.rpartition(" ")[2] for head, _, path in entries}


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _only_child(folder: Path) -> Path:
    """The folder that an archive wraps its content in, where it does."""
    children = list(folder.iterdir())
    return children[0] if len(children) == 1 and children[0].is_dir() and not children[0].is_symlink() else folder


def _unpack(archive: Path, target: Path, limits: Limits) -> None:
    try:
        if zipfile.is_zipfile(archive):
            _unpack_zip(archive, target, limits)
        elif tarfile.is_tarfile(archive):
            _unpack_tar(archive, target, limits)
        else:
            raise SourceError(f"{archive}: neither a folder nor an archive; give a directory, a .zip or a .tar file")
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{archive}: broken archive ({error}); make it again") from error


class _Budget:
    """Counts what an archive unpacks to, and stops a bomb."""

    def __init__(self, archive: Path, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._bytes = 0
        self._members = 0

    def member(self) -> None:
        self._members += 1
        if self._members > self._limits.max_archive_members:
            raise SourceError(
                f"{self._archive}: more than {self._limits.max_archive_members} members; raise limits.max_archive_members if it is meant"
            )

    def copy(self, read: IO[bytes], target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            while chunk := read.read(1024 * 1024):
                self._bytes += len(chunk)
                if self._bytes > self._limits.max_archive_bytes:
                    raise SourceError(
                        f"{self._archive}: unpacks to more than {self._limits.max_archive_bytes} bytes; raise limits.max_archive_bytes if it is meant"
                    )
                out.write(chunk)


def _inside(target: Path, name: str) -> Path | None:
    """Where a member goes, or none where its name would leave the folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in name:
        return None
    return target.joinpath(*parts)


def _unpack_zip(archive: Path, target: Path, limits: Limits) -> None:
    budget = _Budget(archive, limits)
    with zipfile.ZipFile(archive) as members:
        for member in members.infolist():
            budget.member()
            place = _inside(target, member.filename)
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            if place is not None and not member.is_dir() and not is_link:
                with members.open(member) as read:
                    budget.copy(read, place)


def _unpack_tar(archive: Path, target: Path, limits: Limits) -> None:
    budget = _Budget(archive, limits)
    with tarfile.open(archive) as members:
        for member in members:
            budget.member()
            place = _inside(target, member.name)
            if place is not None and member.isreg() and (read := members.extractfile(member)):
                budget.copy(read, place)
