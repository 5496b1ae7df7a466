"""Made-up repositories: bare, of varied sizes, written by `git fast-import` out of the trees of bench_code."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from random import Random
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_SEED: Final = 42001
_WEIGHTS: Final = {1: 70, 2: 10, 4: 10, 8: 7, 20: 3}
"""Projects a repository, and how many of a hundred have so many: most are small, a few are not."""
_AI_EVERY: Final = 3
_COMMITTER: Final = "bench <bench@example.com>"
_CLOCK: Final = 1_700_000_000

Files = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Made:
    """A repository.

    Attributes:
        name: Its name.
        files: How many files its head has.
        bytes: Their sizes together.
        ai: Whether they are full of AI.
    """

    name: str
    files: int = 0
    bytes: int = 0
    ai: bool = False


def make_all(folder: Path, names: Sequence[str], ai: Path, plain: Path) -> list[Made]:
    """Makes a bare repository of each name, every third of a tree full of AI.

    Args:
        folder: Where they lie.
        names: Their names.
        ai: A tree full of AI.
        plain: One without.
    """
    random = Random(_SEED)
    projects = {True: _endless(ai), False: _endless(plain)}
    made = []
    for number, name in enumerate(names):
        with_ai = number % _AI_EVERY == 0
        (many,) = random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        files = [file for _ in range(many) for file in next(projects[with_ai])]
        make(folder / f"{name}.git", files)
        made.append(Made(name, len(files), sum(len(content) for _, content in files), with_ai))
    return made


def make(repository: Path, files: Iterable[tuple[str, bytes]] = ()) -> None:
    """Makes a bare repository with one commit, or without any where there are no files."""
    shutil.rmtree(repository, ignore_errors=True)
    _git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(repository))
    if files:
        change(repository, files, first=True)


def change(repository: Path, files: Iterable[tuple[str, bytes]], *, first: bool = False) -> None:
    """Adds a commit with some files."""
    importer = subprocess.Popen(
        ("git", "-c", "fastimport.unpackLimit=0", "-C", str(repository), "fast-import", "--quiet", "--force"),
        stdin=subprocess.PIPE,
        env=_environment(),
    )
    with importer, importer.stdin as out:  # type: ignore[union-attr]  # it is a pipe
        _commit(out, files, first=first)
    if importer.returncode:
        raise RuntimeError(f"git fast-import failed in {repository}")


def corrupt(repository: Path) -> None:
    """Overwrites the middle of each pack, as a bad disk would."""
    for pack in (repository / "objects" / "pack").glob("*.pack"):
        pack.chmod(0o644)
        content = bytearray(pack.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 64] = bytes(64)
        pack.write_bytes(content)


def _commit(out: IO[bytes], files: Iterable[tuple[str, bytes]], *, first: bool) -> None:
    out.write(f"commit refs/heads/main\ncommitter {_COMMITTER} {_CLOCK} +0000\ndata 1\nx\n".encode())
    if not first:
        out.write(b"from refs/heads/main^0\n")
    for path, content in files:
        out.write(f"M 100644 inline {path}\ndata {len(content)}\n".encode())
        out.write(content + b"\n")


def _endless(tree: Path) -> Iterator[Files]:
    """The projects of a tree with all their files, over and over."""
    homes = sorted(
        home for kind in sorted(tree.iterdir()) if kind.is_dir() and kind.name[0] != "." for home in kind.iterdir()
    )
    while True:
        for home in homes:
            paths = sorted(path for path in home.rglob("*") if path.is_file() and "build" not in path.parts)
            yield [(path.relative_to(tree).as_posix(), path.read_bytes()) for path in paths]


def _git(*arguments: str) -> None:
    subprocess.run(("git", *arguments), check=True, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
