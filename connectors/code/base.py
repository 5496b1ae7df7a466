"""A checkout beside a base revision of its repository: which commits are compared, and files as they are in them."""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from connectors.code.checkout import SourceError
from connectors.code.files import HEAD
from connectors.code.git import LocalGit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.code.files import Limits

_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Base:
    """A checkout and what it is compared with.

    Attributes:
        root: Top folder of the checkout.
        prefix: Folder that was named, inside it, with a slash at the end; empty for all of it.
        name: The base as the user names it.
        tip: The commit that it is.
        ancestor: The commit where the change began, which the files are compared with.
        git: Asks the repository.
    """

    root: Path
    prefix: str
    name: str
    tip: str
    ancestor: str
    git: LocalGit

    def read(self, path: str) -> bytes | None:
        """A file as it is at the tip of the base; none where the base has no file of this path."""
        found = self.git.ask("cat-file", "blob", f"{self.tip}:{path}")
        return None if found.returncode else found.stdout

    def write_before(self, files: Iterable[tuple[str, str]], folder: Path, limits: Limits) -> None:
        """Writes files as they were before the change below a folder, under their own paths.

        A file too large to be read whole is written with its size and its head, which is all that is looked at.

        Args:
            files: Path and blob of each.
            folder: Where to.
            limits: Bounds of what is read.

        Raises:
            SourceError: The repository lacks one of them.
        """
        wanted = [(target, blob) for path, blob in files if (target := _below(folder, path)) is not None]
        most = max(limits.max_text_bytes, limits.max_bundle_bytes)
        with tempfile.TemporaryFile() as questions:
            questions.write(b"".join(f"{blob}\n".encode() for _, blob in wanted))
            questions.seek(0)
            with self.git.stream(("cat-file", "--batch"), questions) as answers:
                for target, _ in wanted:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _write(answers.stdout, target, most, self.lacking())

    def lacking(self, said: bytes = b"") -> SourceError:
        """What to say where the repository has a commit and not its files; and what git said of it."""
        why = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return SourceError(
            f"{self.root}: files of {self.name} are not here, as in a partial clone; fetch them with "
            f"`git diff {self.ancestor[:12]} > {os.devnull}`, or clone without --filter{f' ({why})' if why else ''}"
        )


def open_base(location: str, name: str, *, direct: bool = False) -> Base:
    """Opens a checkout to be compared with a base.

    Args:
        location: A folder of a checkout.
        name: The base: a branch, tag or commit.
        direct: Whether the base itself is where the change began. Otherwise that is the last commit that both share.

    Raises:
        SourceError: It is no checkout, or the base is not there; the message has the `git fetch` to run.
    """
    folder = Path(location)
    if not folder.is_dir():
        raise SourceError(f"{location}: no such folder; give the folder of a git checkout")
    git = LocalGit(folder)
    top = git.line("rev-parse", "--show-toplevel")
    if not top:
        raise SourceError(
            f"{location}: not a git checkout with a working tree, and a change is what git says differs; "
            "give the folder of a clone"
        )
    root = Path(top)
    git = LocalGit(root)
    prefix = _prefix(folder, root)
    head, tip = _commit(git, "HEAD"), _commit(git, name)
    if not head:
        raise SourceError(f"{location}: has no commit yet; commit something, or use `aimscope scan`")
    if not tip:
        raise SourceError(f"{name}: no such commit in {root}. {_fetch(git, name)}")
    ancestor = tip if direct else git.line("merge-base", tip, head)
    if not _COMMIT.fullmatch(ancestor):
        raise SourceError(f"{name}: shares no commit with HEAD in {root}. {_deepen(git, name)}")
    return Base(root, prefix, name, tip, ancestor, git)


def _prefix(folder: Path, root: Path) -> str:
    """The path of a folder inside a checkout, with a slash at the end; empty for its top."""
    inside = folder.resolve().relative_to(root.resolve()).as_posix()
    return "" if inside == "." else f"{inside}/"


def _commit(git: LocalGit, name: str) -> str:
    commit = git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return commit if _COMMIT.fullmatch(commit) else ""


def _fetch(git: LocalGit, name: str) -> str:
    """How to come by a base that is not here."""
    remotes = git.line("remote").split()
    remote, _, branch = name.partition("/")
    if remote in remotes and branch:
        what = f"{remote} {shlex.quote(f'+refs/heads/{branch}:refs/remotes/{name}')}"
    else:
        what = f"{remotes[0] if remotes else 'origin'} {shlex.quote(name)}"
    deeper = "--unshallow " if _shallow(git) else ""
    said = f"Fetch it with `git fetch {deeper}{what}`"
    return f"{said}; this clone is shallow, so that its history comes with it." if deeper else f"{said}."


def _deepen(git: LocalGit, name: str) -> str:
    """What to do where no common commit is found."""
    if _shallow(git):
        return (
            "This clone is shallow and ends before it: run `git fetch --unshallow`, or add --direct "
            f"where {name} is the very commit at which the change began."
        )
    return "Name the branch that the change is to be merged into."


def _shallow(git: LocalGit) -> bool:
    return git.line("rev-parse", "--is-shallow-repository") == "true"


def _below(folder: Path, path: str) -> Path | None:
    """Where a file goes, or none where its path would leave the folder: no git makes such a tree, but a person can."""
    parts = PurePosixPath(path).parts
    return folder.joinpath(*parts) if parts and parts[0] != "/" and ".." not in parts else None


def _write(answers: IO[bytes] | None, target: Path, most: int, lacking: SourceError) -> None:
    head = answers.readline().split() if answers else []
    if answers is None or len(head) != 3 or head[1] != b"blob":  # noqa: PLR2004 - object, type and size
        raise lacking
    size = int(head[2])
    with target.open("wb") as out:
        left = size
        while left > 0 and (chunk := answers.read(min(left, HEAD))):
            if size <= most or left == size:
                out.write(chunk)
            left -= len(chunk)
        out.truncate(size)
    answers.read(1)
