"""Searches everything that was written, however it is packed or written, for what must not be there."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote

from tests.secrets.canaries import NEEDLES

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_DEEPEST = 3


def leaks(folder: Path) -> list[str]:
    """What was found, as sentences: where, which, and what stands around it."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    assert files, "something was written"
    return [f"{name}: {said}" for file in files for name, said in of_content(str(file.relative_to(folder)), file)]


def of_content(name: str, file: Path) -> Iterator[tuple[str, str]]:
    """What a file holds of it, with the part of the file."""
    for part, content in _parts(name, file.read_bytes()):
        for said in found(content):
            yield part, said
    if file.read_bytes().startswith(b"SQLite format 3\0"):
        # A text may lie on several pages.
        with closing(sqlite3.connect(file)) as database:
            for number, line in enumerate(_cells(database)):
                for said in found(line):
                    yield f"{name}, cell {number}", said


def found(content: bytes) -> Iterator[str]:
    """Which canaries stand in a content, in any of the ways in which texts are written."""
    for form in _forms(content):
        low = form.lower()
        for what, needle in NEEDLES.items():
            if (at := low.find(needle.lower())) >= 0:
                yield f"{what} in `{form[max(0, at - 100) : at + len(needle) + 40]}`"


def _parts(name: str, content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file, and what is packed into it."""
    if depth < _DEEPEST and content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield f"{name}!{member}", member.encode()
                yield from _parts(f"{name}!{member}", packed.read(member), depth + 1)
        return
    if depth < _DEEPEST and content.startswith(b"\x1f\x8b"):
        yield from _parts(name, gzip.decompress(content), depth + 1)
        return
    yield name, name.encode()
    yield name, content


def _forms(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", "replace")
    yield text
    if "%" in text:
        yield unquote(text)
    if "\\" in text:
        yield _ESCAPE.sub(lambda escape: chr(int(escape[1] or escape[2], 16)), text)
    if "&" in text:
        yield html.unescape(text)
    if b"\0" in content:
        yield content.decode("utf-16-le", "replace")
        yield content.decode("utf-16-be", "replace")
    decoded = [_decoded(run) for run in _BASE64.findall(content)]
    yield "\n".join(text for text in decoded if text)


def _decoded(run: bytes) -> str:
    plain = run.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(plain + b"=" * (-len(plain) % 4)).decode("utf-8", "ignore")
    return ""


def _cells(database: sqlite3.Connection) -> Iterator[bytes]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            for cell in row:
                if isinstance(cell, bytes):
                    with suppress(zlib.error):
                        yield zlib.decompress(cell)
                    yield cell
                elif isinstance(cell, str):
                    yield cell.encode()
