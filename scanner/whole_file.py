"""Files that are there whole, or as they were before, whenever the one who writes them is killed."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

_ONLY_THE_FILE: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS})
"""How it shows that the file may be written and the folder not, or that the file is mounted."""


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there.

    What is no file, as a pipe or a terminal, and what stands in a folder that may not be written, is written to as it
    stands: nothing else can be done there.

    Raises:
        OSError: It cannot be written.
    """
    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    staged = target.with_name(f".{target.name}.new")
    try:
        _write_new(staged, content, like=target)
        staged.replace(target)
    except OSError as error:
        if not target.exists() or error.errno not in _ONLY_THE_FILE:
            raise OSError(error.errno, error.strerror, str(file)) from error
        target.write_bytes(content)
    finally:
        if staged.exists():
            staged.unlink()


def _write_new(path: Path, content: bytes, *, like: Path) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        if like.exists():
            os.fchmod(descriptor, like.stat().st_mode & 0o777)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
