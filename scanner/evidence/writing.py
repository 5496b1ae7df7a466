"""Writing the pack whole or not at all, as a folder or as one ZIP file.

It is made in a hidden folder beside its place and then renamed into it, in one step. A run that is killed leaves that
folder at most, and the next one clears it away. A pack that is there is never overwritten: it is evidence.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a member of a ZIP file can have: when it was written would change its bytes."""


class PackError(Exception):
    """The pack was not written; the message says why and what to do."""


def write(target: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files into a new folder, or into a ZIP file where the name ends so.

    Args:
        target: The folder or the file; it must not be there yet, but for an empty folder.
        files: Contents by path, `/` between the parts.

    Raises:
        PackError: It is there already, cannot be written, or somebody else is writing it.
    """
    _require_free(target)
    try:
        with _staging(target) as staging:
            made = staging / target.name
            (_write_zip if target.suffix.lower() == ".zip" else _write_folder)(made, files)
            _sync(staging)
            made.rename(target)
            _sync(target.parent)
    except OSError as error:
        mend = "Name a folder or a file in a folder that exists and that you may write to."
        raise PackError(f"{error.filename or target}: cannot be written: {error.strerror}. {mend}") from error


def _require_free(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()) and target.suffix.lower() != ".zip":
        return
    if target.exists() or target.is_symlink():
        raise PackError(f"{target}: is there already, and evidence is not overwritten. Name another folder or file.")


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, on the same file system, and locked, so that only a dead one is cleared away."""
    folder = target.parent / f".{target.name}.new"
    if folder.exists():
        with _locked(folder, target):
            shutil.rmtree(folder)
    folder.mkdir()
    try:
        with _locked(folder, target):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, target: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise PackError(f"{target}: somebody else is writing it. Wait for them, or name another.") from error
    finally:
        os.close(descriptor)


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_file(file, content)
    for made in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        _sync(made)


def _write_zip(file: Path, files: Mapping[str, bytes]) -> None:
    """One member a file, in order, without times and without the permissions of this machine."""
    with file.open("xb") as written:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for path, content in files.items():
                member = zipfile.ZipInfo(path, _EPOCH)
                member.create_system, member.external_attr = 3, 0o644 << 16
                archive.writestr(member, content, zipfile.ZIP_DEFLATED, 6)
        written.flush()
        os.fsync(written.fileno())


def _write_file(file: Path, content: bytes) -> None:
    with file.open("xb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
