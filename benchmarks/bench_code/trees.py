"""Made-up checkouts: deterministic, of any number of files, with and without AI, written once and kept.

A tree is a monorepo of small projects, each with a main language, nested folders, tests, a manifest and files of other
kinds beside it. The sizes of its files follow a log-normal distribution, as those of real trees do.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.bench_code import manifests
from benchmarks.bench_code.text import TEMPLATES, Author, template
from benchmarks.bench_code.words import VOCABULARY, word

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEED: Final = 42001
_MEDIAN_BYTES: Final = 3000
_SPREAD: Final = 1.3
"""Standard deviation of the logarithm of a size; with the median it makes a mean of 7 KB and a few files of 200 KB."""
_MOST_BYTES: Final = 400_000
_AI_SHARE: Final = 0.36
"""Share of AI in the files that can hold it, which makes about 30 % of all files."""
_PROJECT_FILES: Final = (20, 100)
_LOCK_EVERY: Final = 12
_IGNORED_EVERY: Final = 50
_GOLDEN: Final = 0.618034
"""Multiples of it spread evenly between 0 and 1: the first few projects have the mix of languages of many."""
_HOMES: Final = {"services": 45, "packages": 25, "apps": 20, "libs": 10}
_LANGUAGES: Final = {
    "typescript": 26, "python": 22, "java": 14, "javascript": 8, "go": 8, "csharp": 7, "php": 4, "cpp": 4, "ruby": 4, "rust": 3,
}  # fmt: skip
_BESIDE: Final = {
    "": 70.0, "json": 7, "markdown": 6, "yaml": 5, "css": 3, "html": 2.5, "png": 2, "shell": 1.5, "sql": 1.5, "svg": 1, "xml": 0.5,
}  # fmt: skip
"""Shares of kinds of file in a project; the empty name is its main language."""
_ENDINGS: Final = {
    "typescript": "ts", "python": "py", "javascript": "js", "csharp": "cs", "ruby": "rb", "rust": "rs", "shell": "sh",
    "markdown": "md",
}  # fmt: skip
_IGNORE: Final = "node_modules/\nbuild/\ndist/\n*.log\n*.tmp\n.env\n!keep.log\n/coverage\n__pycache__/\n*.py[cod]\n"
_PICTURE: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_CLOCK: Final = "2024-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Spec:
    """What a tree is to be.

    Attributes:
        files: How many files it has, beside those that .gitignore names.
        ai: Whether it is full of AI.
        scale: What the size of every file is multiplied by.
    """

    files: int
    ai: bool
    scale: int = 1

    @property
    def name(self) -> str:
        """Its name, in figures and in the cache."""
        times = f"-x{self.scale}" if self.scale > 1 else ""
        return f"{self.files}-{'ai' if self.ai else 'plain'}{times}"


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree on disk.

    Attributes:
        root: Its folder.
        files: Files that do not fall under .gitignore.
        bytes: Their sizes together.
        ai_files: How many of them call AI.
        ignored: Files that .gitignore names.
    """

    root: Path
    files: int
    bytes: int
    ai_files: int
    ignored: int


def tree(spec: Spec, cache: Path) -> Tree:
    """The tree of a spec: the one in the cache, else a new one. Trees of an older generator are removed."""
    root = cache / f"{spec.name}_{_version()}"
    notes = root.with_suffix(".json")
    if notes.exists():
        return Tree(root, **json.loads(notes.read_text("utf-8")))
    for old in [root, *cache.glob(f"{spec.name}_*")]:
        shutil.rmtree(old, ignore_errors=True)
        old.unlink(missing_ok=True)
    made = _Builder(root, spec).build()
    facts = {name: value for name, value in asdict(made).items() if name != "root"}
    notes.write_text(json.dumps(facts), "utf-8")
    return made


def _version() -> str:
    """Hash of what makes trees, so that a tree of another version is never taken for one of this."""
    digest = hashlib.sha256()
    modules = (Path(__file__).with_name(name) for name in ("manifests.py", "text.py", "trees.py", "words.py"))
    for file in [*modules, VOCABULARY, *sorted(TEMPLATES.iterdir())]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]


class _Builder:
    def __init__(self, root: Path, spec: Spec) -> None:
        self._root = root
        self._spec = spec
        # What stands where and what it says are drawn apart: with and without AI, the same files of the same sizes.
        self._random = Random(_SEED)
        self._author = Author(Random(_SEED + 1))
        self._taken: set[str] = set()
        self._files = self._bytes = self._ai_files = self._ignored = 0

    def build(self) -> Tree:
        self._root.mkdir(parents=True)
        self._add(".gitignore", _IGNORE.encode())
        number = 0
        while self._files < self._spec.files:
            self._project(number)
            number += 1
        _make_checkout(self._root)
        return Tree(self._root, self._files, self._bytes, self._ai_files, self._ignored)

    def _project(self, number: int) -> None:
        language = _at(_LANGUAGES, number * _GOLDEN % 1)
        name = f"{self._word()}-{self._word()}-{number}"
        home = f"{_at(_HOMES, self._random.random())}/{name}"
        ai = self._spec.ai
        file, text = manifests.manifest(language, name, ai=ai)
        self._add(f"{home}/{file}", text.encode())
        if number % _LOCK_EVERY == 0:
            file, text = manifests.lock_file(self._random)
            self._add(f"{home}/{file}", text.encode())
        low, high = _PROJECT_FILES
        folders = self._folders(home)
        for _ in range(low + int(self._random.random() * (high - low))):
            self._source(language, folders)
        if number % 5 == 0:
            self._add(f"{home}/.gitignore", b"/generated\n*.bak\n")

    def _folders(self, home: str) -> list[str]:
        """The folders of a project: a nested tree of sources, and tests."""
        folders = [f"{home}/src", f"{home}/src/{self._word()}", f"{home}/tests"]
        for _ in range(2 + int(self._random.random() * 6)):
            above = folders[int(self._random.random() * len(folders))]
            folders.append(f"{above}/{self._word()}")
        return folders

    def _source(self, main: str, folders: list[str]) -> None:
        kind = _at(_BESIDE, self._random.random()) or main
        folder = folders[int(self._random.random() * len(folders))]
        stem = f"{self._word()}_{self._word()}"
        path = f"{folder}/{stem}.{_ENDINGS.get(kind, kind)}"
        if path in self._taken:
            path = f"{folder}/{stem}_{self._files}.{_ENDINGS.get(kind, kind)}"
        # Every number is drawn whether it is needed or not, so that a larger scale keeps the same files.
        size = self._size()
        wants_ai = self._random.random() < _AI_SHARE
        if kind == "png":
            self._add(path, _PICTURE + bytes(size))
            return
        ai = self._spec.ai and wants_ai and bool(template(kind).ai_blocks)
        before = self._files
        self._add(path, self._author.write(kind, size, ai=ai).encode())
        self._ai_files += ai and self._files > before
        if self._files % _IGNORED_EVERY == 0:
            self._ignore(folder, stem)

    def _word(self) -> str:
        return word(self._random)

    def _size(self) -> int:
        drawn = math.exp(self._random.gauss(math.log(_MEDIAN_BYTES), _SPREAD))
        return int(min(max(drawn, 60), _MOST_BYTES)) * self._spec.scale

    def _ignore(self, folder: str, stem: str) -> None:
        """A file that .gitignore names."""
        self._write(f"{folder}/build/{stem}.js", self._author.write("javascript", _MEDIAN_BYTES, ai=False).encode())
        self._ignored += 1

    def _add(self, path: str, content: bytes) -> None:
        if self._files < self._spec.files:
            self._write(path, content)
            self._files += 1
            self._bytes += len(content)

    def _write(self, path: str, content: bytes) -> None:
        self._taken.add(path)
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _at(shares: Mapping[str, float], place: float) -> str:
    """The name that stands at a place between 0 and 1, where each takes up its share."""
    left = place * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return next(iter(shares))


def _make_checkout(root: Path) -> None:
    """Makes the folder a git checkout with an origin and one commit; its files stay uncommitted, which no scanner minds."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "bench", "GIT_AUTHOR_EMAIL": "bench@example.com", "GIT_AUTHOR_DATE": _CLOCK,
        "GIT_COMMITTER_NAME": "bench", "GIT_COMMITTER_EMAIL": "bench@example.com", "GIT_COMMITTER_DATE": _CLOCK,
    }  # fmt: skip
    for arguments in (
        ("init", "--quiet", "--template="),
        ("remote", "add", "origin", f"https://git.example.com/bench/{root.name}"),
        ("commit", "--quiet", "--allow-empty", "--message", "A made-up checkout"),
    ):
        subprocess.run(("git", "-C", str(root), *arguments), env=environment, check=True)
