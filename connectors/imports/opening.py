"""Opens what is imported: plain or compressed, of any size, in bounded memory, and never trusting what it unpacks to."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

HEAD: Final = 256 * 1024
"""How much of a file is looked at to recognise it."""

_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_MAX_RATIO: Final = 200
"""To how many times of its size a file may unpack: logs reach 10 to 50, a bomb a thousand."""

_SMALL: Final = 64 * 1024 * 1024
"""Up to here nothing is a bomb, whatever the ratio."""


def is_packed(path: Path) -> bool:
    """Whether a file is compressed, by its first bytes.

    Raises:
        ImportProblem: It cannot be read.
    """
    with _readable(), path.open("rb") as stream:
        return stream.read(4).startswith((_GZIP, _ZSTANDARD))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked where it is compressed.

    Raises:
        ImportProblem: It cannot be read. While it is read: it is broken, or unpacks to more than a file of its size should.
    """
    with _readable(), path.open("rb") as plain:
        magic = plain.read(4)
        plain.seek(0)
        size = path.stat().st_size
        if magic.startswith(_GZIP):
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield io.BufferedReader(_Bounded(unpacked, size, (zlib.error, gzip.BadGzipFile)))
        elif magic == _ZSTANDARD:
            module = _zstandard()
            with module.ZstdFile(plain) as unpacked:
                yield io.BufferedReader(_Bounded(unpacked, size, (module.ZstdError,)))
        else:
            yield plain


def head(path: Path) -> bytes:
    """The first bytes, unpacked.

    Raises:
        ImportProblem: As `opened`.
    """
    with opened(path) as stream:
        return stream.read(HEAD)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImportProblem(f"{error.strerror or 'is broken'}; name a file that can be read") from error


def most_unpacked(packed: int) -> int:
    """To how many bytes a file of a size may unpack."""
    return max(_SMALL, packed * _MAX_RATIO)


class _Bounded(io.RawIOBase):
    """Ends with a problem where a file is broken, or unpacks to far more than its size."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, packed: int, broken: tuple[type[Exception], ...]) -> None:
        self._stream = stream
        self._most = most_unpacked(packed)
        self._broken: tuple[type[Exception], ...] = (EOFError, *broken)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            given = self._stream.read(len(view))
        except self._broken as error:
            raise ImportProblem("the compressed file is cut off or broken; export or copy it again") from error
        self._read += len(given)
        if self._read > self._most:
            raise ImportProblem(
                f"unpacks to more than {_MAX_RATIO} times its size, which logs do not; unpack it and import the plain file"
            )
        view[: len(given)] = given
        return len(given)


def _zstandard() -> Any:
    """The module that unpacks Zstandard: of Python from 3.14, else of a package."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return import_module(name)
    raise ImportProblem(
        "is compressed with Zstandard, which needs a package; run `pip install backports.zstd`, or unpack the file"
    )
