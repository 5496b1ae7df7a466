"""The files of a tree that belong to it: ignore rules honoured, links not followed, vendored folders left out."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.code.packed import PackedTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathspec import GitIgnoreSpec

    from connectors.code.packed import Entry

VENDORED: Final = frozenset({
    "node_modules", "bower_components", "jspm_packages", "site-packages", "dist-packages", ".venv", "venv", "virtualenv",
    "third_party", "third-party", "thirdparty", "3rdparty", "Pods", "Carthage", "elm-stuff", "deps_vendor",
    ".bundle", ".gradle", ".m2", ".cargo", ".pub-cache", ".yarn", ".pnpm-store", ".terraform", ".eggs",
})  # fmt: skip
"""Folders that hold other people's code; what they hold is named by a manifest."""

GENERATED: Final = frozenset({
    "__pycache__", ".git", ".hg", ".svn", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".next", ".nuxt",
    ".svelte-kit", ".turbo", ".parcel-cache", ".angular", ".dart_tool", ".ipynb_checkpoints", "coverage", "htmlcov",
    ".serverless", "cdk.out", ".aws-sam", ".idea", ".vs",
})  # fmt: skip
"""Folders that tools make."""

VENDOR_MARKS: Final = ("modules.txt", "autoload.php", "bundle")
_MAX_DEPTH: Final = 200
_MOST_IGNORE: Final = 1024 * 1024
"""Bytes of an ignore file that are read."""


@dataclass(slots=True)
class Walk:
    """What walking a tree found.

    Attributes:
        files: Paths relative to the root, with forward slashes, sorted.
        counts: `links`, `vendored` and `generated` folders, `ignored` files and folders.
        unreadable: Folders that could not be read, with the reason.
    """

    files: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def walk(root: Path | PackedTree) -> Walk:
    """All files below `root` that are not ignored, vendored or generated. Never follows a symbolic link."""
    tree = _Folders(root) if isinstance(root, Path) else root
    found = Walk()
    pending: list[tuple[str, int, tuple[_Ignore, ...]]] = [("", 0, ())]
    while pending:
        folder, depth, ignores = pending.pop()
        try:
            entries = tree.entries(folder)
        except OSError as error:
            found.unreadable.append((folder, error.strerror or type(error).__name__))
            continue
        if depth > _MAX_DEPTH:
            found.unreadable.append((folder, f"deeper than {_MAX_DEPTH} folders"))
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            ignores = _with_ignore_file(tree, folder, ignores)
        _sort_entries(found, tree, folder, depth, entries, ignores, pending)
    found.files.sort()
    return found


class _Folders:
    """Folders on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        with os.scandir(self._root / folder if folder else self._root) as scan:
            return list(scan)

    def has(self, folder: str, name: str) -> bool:
        return (self._root / folder / name).exists()

    def head(self, path: str, most: int) -> bytes:
        return (self._root / path).read_bytes()[:most]


_Tree = _Folders | PackedTree


@dataclass(frozen=True, slots=True)
class _Ignore:
    folder: str
    spec: GitIgnoreSpec

    def decides(self, path: str) -> bool | None:
        """Whether the path is ignored; none where this file says nothing about it."""
        return self.spec.check_file(path[len(self.folder) :]).include


def _with_ignore_file(tree: _Tree, folder: str, ignores: tuple[_Ignore, ...]) -> tuple[_Ignore, ...]:
    from pathspec import GitIgnoreSpec

    try:
        text = tree.head(f"{folder}/.gitignore" if folder else ".gitignore", _MOST_IGNORE).decode("utf-8", "replace")
        spec = GitIgnoreSpec.from_lines(text.splitlines())
    except (OSError, ValueError):
        # An ignore file that cannot be read hides nothing: more is scanned, never less.
        return ignores
    return (*ignores, _Ignore(folder + "/" if folder else "", spec)) if len(spec) else ignores


def _is_ignored(path: str, ignores: tuple[_Ignore, ...]) -> bool:
    for ignore in reversed(ignores):
        if (decided := ignore.decides(path)) is not None:
            return decided
    return False


def _sort_entries(
    found: Walk,
    tree: _Tree,
    folder: str,
    depth: int,
    entries: Sequence[os.DirEntry[str] | Entry],
    ignores: tuple[_Ignore, ...],
    pending: list[tuple[str, int, tuple[_Ignore, ...]]],
) -> None:
    prefix = folder + "/" if folder else ""
    for entry in entries:
        path = prefix + entry.name
        if entry.is_symlink():
            found.counts["links"] += 1
        elif entry.is_dir(follow_symlinks=False):
            if reason := _foreign(tree, path, entry.name):
                found.counts[reason] += 1
            elif ignores and _is_ignored(path + "/", ignores):
                found.counts["ignored"] += 1
            else:
                pending.append((path, depth + 1, ignores))
        elif entry.is_file(follow_symlinks=False):
            if ignores and _is_ignored(path, ignores):
                found.counts["ignored"] += 1
            else:
                found.files.append(path)


def _foreign(tree: _Tree, path: str, name: str) -> str:
    """`vendored` or `generated` for a folder that is not the project's own work, else the empty string."""
    if name in GENERATED:
        return "generated"
    if name in VENDORED:
        return "vendored"
    if name == "vendor" and any(tree.has(path, mark) for mark in VENDOR_MARKS):
        return "vendored"
    return ""
