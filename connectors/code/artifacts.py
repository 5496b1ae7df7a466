"""Files recognised by their path or by their first bytes. Model files are read as bytes and never loaded."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from connectors.code.files import HEAD
from connectors.model import Location, Observation, ObservationKind

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from connectors.code.matchers import ContentMatcher, Matchers

LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"
_WILD: Final = frozenset("*?[")
_LITERALS: Final = re.compile(r"[^*?/\[\]]+")


class PathIndex:
    """Globs indexed by a literal part, so that a path that fits none costs a few look-ups."""

    def __init__(self, matchers: Matchers) -> None:
        self._by_name: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_extension: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_folder: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_part: list[tuple[str, tuple[str, str]]] = []
        for glob, key in matchers.files:
            self._add(glob, key)
        self._in_folder = lru_cache(maxsize=65536)(self._folder_globs)

    def keys(self, path: str) -> list[str]:
        """Keys of the globs that a path fits."""
        folder, _, name = path.rpartition("/")
        candidates = [
            *self._by_name.get(name, ()),
            *self._by_extension.get(name.rpartition(".")[2], ()),
            *(self._in_folder(folder) if folder else ()),
            *(glob for part, glob in self._by_part if part in path),
        ]
        return [key for glob, key in candidates if _spec(glob).match_file(path)] if candidates else []

    def _add(self, glob: str, key: str) -> None:
        parts = glob.strip("/").split("/")
        last = parts[-1]
        folders = [part for part in parts[:-1] if not _WILD & set(part)]
        extension = last.rpartition(".")[2]
        if not _WILD & set(last):
            self._by_name[last].append((glob, key))
        elif folders:
            self._by_folder[folders[-1]].append((glob, key))
        elif extension != last and not _WILD & set(extension):
            self._by_extension[extension].append((glob, key))
        else:
            self._by_part.append((max(_LITERALS.findall(glob), key=len), (glob, key)))

    def _folder_globs(self, folder: str) -> tuple[tuple[str, str], ...]:
        return tuple(glob for part in set(folder.split("/")) for glob in self._by_folder.get(part, ()))


@lru_cache(maxsize=2048)
def _spec(glob: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([glob])


class ContentIndex:
    """Content matchers by extension."""

    def __init__(self, matchers: Matchers) -> None:
        self._by_extension: defaultdict[str, list[ContentMatcher]] = defaultdict(list)
        self._any: list[ContentMatcher] = []
        for matcher in matchers.contents:
            for extension in matcher.extensions:
                self._by_extension[extension].append(matcher)
            if not matcher.extensions:
                self._any.append(matcher)

    def asks_for(self, extension: str) -> bool:
        """Whether a file with this extension may be recognised by its content."""
        return extension in self._by_extension

    def keys(self, extension: str, head: bytes) -> list[str]:
        """Keys of the matchers that a file fits; a Git LFS pointer fits by an extension that says it alone."""
        head = head[:HEAD]
        by_extension = self._by_extension.get(extension, [])
        if head.startswith(LFS_POINTER):
            return [matcher.key for matcher in by_extension if not matcher.contains]
        return [matcher.key for matcher in (*by_extension, *self._any) if _fits(matcher, head)]


def _fits(matcher: ContentMatcher, head: bytes) -> bool:
    at = matcher.offset
    if matcher.magic and head[at : at + len(matcher.magic)] != matcher.magic:
        return False
    return not matcher.contains or any(text in head for text in matcher.contains)


def file_observation(source: str, path: str, keys: list[str], head: bytes = b"") -> Observation:
    """The observation for a file that is recognised."""
    return Observation(
        kind=ObservationKind.FILE,
        name=path.rpartition("/")[2],
        location=Location(source, path),
        matchers=tuple(keys),
        attributes={"lfs": True} if head.startswith(LFS_POINTER) else {},
        snippet=path,
    )
