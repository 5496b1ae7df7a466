"""Reading untrusted files: bounded, never through links, never waiting on a pipe."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from connectors.code import languages

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD: Final = 64 * 1024
"""Bytes of a binary or huge file that are looked at."""

_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is read.

    Attributes:
        max_text_bytes: A larger file is not read as text, only its head for the kind of file.
        max_bundle_bytes: The same for JavaScript: a command-line tool is often published as one bundle. Sources of that
            size in other languages are tables that somebody generated.
        max_archive_bytes: What an archive may unpack to.
        max_archive_members: How many members an archive may have.
    """

    max_text_bytes: int = 2 * 1024 * 1024
    max_bundle_bytes: int = 8 * 1024 * 1024
    max_archive_bytes: int = 4 * 1024 * 1024 * 1024
    max_archive_members: int = 500_000


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a file.

    Attributes:
        data: The whole text as UTF-8, or the head of a binary or huge file.
        kind: `text`, `binary` or `huge`.
    """

    data: bytes
    kind: str


class Tree(Protocol):
    """Files that are no files on disk."""

    def size(self, path: str) -> int:
        """The size of a file in bytes."""

    def head(self, path: str, most: int) -> bytes:
        """A file, or its first bytes where it is larger than so many; OSError where it cannot be read."""


def read(root: Path | Tree, path: str, limits: Limits) -> Content:
    """Reads a file whole where it is text within the limit, else its head.

    Text in UTF-16 with a byte-order mark is turned into UTF-8; a UTF-8 mark is kept, so that offsets stay true.

    Raises:
        OSError: The file cannot be opened or read.
    """
    if not isinstance(root, Path):
        return _content(path, root.size(path), lambda most: root.head(path, most), limits)
    descriptor = os.open(f"{root}/{path}", _FLAGS)
    try:
        return _content(path, os.fstat(descriptor).st_size, lambda most: _read_all(descriptor, most), limits)
    finally:
        os.close(descriptor)


def _content(path: str, size: int, take: Callable[[int], bytes], limits: Limits) -> Content:
    if size > limits.max_text_bytes and size > _most(path, limits):
        return Content(take(HEAD), "huge")
    data = take(size)
    if data.startswith(_UTF16):
        return Content(data.decode("utf-16", "replace").encode("utf-8"), "text")
    if b"\0" in data[:8192]:
        return Content(data[:HEAD], "binary")
    return Content(data, "text")


def _most(path: str, limits: Limits) -> int:
    language = languages.of_path(path)
    return limits.max_bundle_bytes if language and language.name == "javascript" else limits.max_text_bytes


def _read_all(descriptor: int, size: int) -> bytes:
    """Reads `size` bytes, or fewer where the file shrank meanwhile; what it grew by is left for the next scan."""
    data = os.read(descriptor, size)
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data
