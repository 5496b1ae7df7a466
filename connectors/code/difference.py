"""What differs between a base and a checkout, committed or not, and which files the checkout has."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.code.walk import GENERATED, VENDOR_MARKS, VENDORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from connectors.code.base import Base

_FILE: Final = b"100"
_SUBMODULE: Final = b"160000"
_LARGEST: Final = 64 * 1024 * 1024
"""A file that git only thinks may differ is held against its blob up to this size, and is a change beyond."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that differs.

    Attributes:
        before: Its path before the change; empty where it was not there.
        after: Its path in the checkout; empty where it is not there any more.
        blob: What git has of it before the change; empty where it was not there.
    """

    before: str
    after: str
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs.

    Attributes:
        changed: Files that differ, by path.
        unchanged: All other files, sorted; those in vendored and generated folders are in neither.
        submodules: Paths of submodules that point elsewhere than before; what they hold is not looked at.
        foreign: How many files that differ lie in vendored and generated folders.
    """

    changed: tuple[Changed, ...]
    unchanged: tuple[str, ...]
    submodules: tuple[str, ...] = ()
    foreign: int = 0

    @property
    def before(self) -> list[str]:
        """The files before the change, sorted."""
        return sorted([*self.unchanged, *(one.before for one in self.changed if one.before)])

    @property
    def after(self) -> list[str]:
        """The files of the checkout, sorted."""
        return sorted([*self.unchanged, *(one.after for one in self.changed if one.after)])


def difference(base: Base) -> Difference:
    """What differs between the commit where the change began and the working tree, untracked files included.

    A file that git tracks counts even where an ignore file names it. Symbolic links are no files.

    Raises:
        SourceError: The repository lacks what has to be compared.
    """
    with ThreadPoolExecutor() as pool:
        # Each of these looks at every file of the working tree.
        compared = pool.submit(base.git.ask, "diff-index", "--raw", "-z", "-M", "--ignore-submodules=dirty", base.ancestor, "--")  # fmt: skip
        others = pool.submit(base.git.ask, "ls-files", "-z", "--others", "--exclude-per-directory=.gitignore")
        staged = pool.submit(base.git.ask, "ls-files", "-z", "--stage")
    if compared.result().returncode:
        raise base.lacking(compared.result().stderr)
    untracked = set(_untracked(base.root, others.result().stdout))
    changed, submodules = _parse(base.root, compared.result().stdout, untracked)
    differ = {path for one in changed for path in (one.before, one.after)}
    # What is untracked differs, but for what git no longer tracks and still has the content that it had.
    rest = [path for path in (*_tracked(staged.result().stdout), *untracked) if path not in differ]
    foreign = _foreign(rest)
    kept = tuple(one for one in changed if not foreign(one.after or one.before))
    unchanged = tuple(dict.fromkeys(sorted(path for path in rest if not foreign(path))))
    return Difference(kept, unchanged, tuple(submodules), len(changed) - len(kept))


def _parse(root: Path, raw: bytes, untracked: set[str]) -> tuple[list[Changed], list[str]]:
    """Reads `git diff-index --raw -z`; untracked files that stand where a tracked one stood are the same file."""
    changed: list[Changed] = []
    submodules: list[str] = []
    added = set(untracked)
    for old_mode, new_mode, blob, there, before, after in _records(root, raw):
        if _SUBMODULE in {old_mode, new_mode}:
            submodules.append(after)
        here = after if new_mode.startswith(_FILE) or after in untracked else ""
        was = before if old_mode.startswith(_FILE) else ""
        added.discard(here)
        touched = not there.strip("0")  # git has not read it: size or time are others than it remembers
        if (was or here) and not (touched and was == here and _same(root, here, blob)):
            changed.append(Changed(was, here, blob if was else ""))
    changed += [Changed("", path) for path in added]
    return sorted(changed, key=lambda one: (one.after or one.before, one.before)), sorted(submodules)


def _records(root: Path, raw: bytes) -> Iterator[tuple[bytes, bytes, str, str, str, str]]:
    """Modes and blobs before and after, and paths before and after, of each record."""
    fields = iter(raw.split(b"\0"))
    for head in fields:
        if not head:
            continue
        old_mode, new_mode, old, new, status = head.lstrip(b":").split(b" ")
        before = after = os.fsdecode(next(fields))
        if status.startswith(b"R"):
            after = os.fsdecode(next(fields))
        if status == b"U" and stat.S_ISREG(_mode(f"{root}/{after}")):
            new_mode = _FILE  # a merge that is not finished: what counts is the file as it stands
        yield old_mode, new_mode, old.decode(), new.decode(), before, after


def _same(root: Path, path: str, blob: str) -> bool:
    """Whether a file is what git has under the name of a blob, byte for byte."""
    file = root / path
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return False
        content = file.read_bytes()
    except OSError:
        return False
    head = b"blob %d\0" % len(content)
    make = hashlib.sha1 if len(blob) == 40 else hashlib.sha256  # noqa: PLR2004 - digits of git's older names
    return make(head + content, usedforsecurity=False).hexdigest() == blob


def _tracked(listed: bytes) -> Iterator[str]:
    for entry in listed.split(b"\0"):
        if entry.startswith(_FILE):
            yield os.fsdecode(entry.partition(b"\t")[2])


def _untracked(root: Path, listed: bytes) -> Iterator[str]:
    for entry in listed.split(b"\0"):
        path = os.fsdecode(entry)
        if entry and not entry.endswith(b"/") and stat.S_ISREG(_mode(f"{root}/{path}")):
            yield path


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def _foreign(standing: Iterable[str]) -> Callable[[str], bool]:
    """Says of a path whether it lies in a vendored or generated folder, as `walk` sees them.

    What marks a `vendor` folder as other people's has to have stood there before: no change hides its own code.
    """
    vendored: set[str] = set()
    for path in standing:
        if "vendor/" in path:
            above, _, rest = f"/{path}".rpartition("/vendor/")
            if rest.partition("/")[0] in VENDOR_MARKS:
                vendored.add(f"{above}/vendor"[1:])
    known: dict[str, bool] = {"": False}

    def foreign(folder: str) -> bool:
        if folder not in known:
            above, _, name = folder.rpartition("/")
            known[folder] = name in GENERATED or name in VENDORED or folder in vendored or foreign(above)
        return known[folder]

    return lambda path: foreign(path.rpartition("/")[0])
