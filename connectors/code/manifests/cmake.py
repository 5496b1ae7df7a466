"""CMake: `find_package`, FetchContent and CPM in `CMakeLists.txt` and `*.cmake`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.code.manifests.reading import Reading

_TOKEN: Final = re.compile(
    r"(?P<skip>\s+|#\[(?P<marks>=*)\[.*?(?:\](?P=marks)\]|\Z)|#[^\n]*)"
    r'|(?P<quoted>"(?:[^"\\]|\\.)*+")|\[(?P<equals>=*)\[(?P<bracket>.*?)(?:\](?P=equals)\]|\Z)'
    r'|(?P<open>\()|(?P<close>\))|(?P<word>(?:[^\s()#"\\]|\\.)++)|.',
    re.DOTALL,
)
_VERSION: Final = re.compile(r"\d[\w.]*\Z")
_CPM: Final = re.compile(r"(?:gh|gl|bb):(?:[^/\s]+/)?(?P<name>[^#@\s]+)(?:[#@](?P<version>.*))?\Z")
_FETCHING: Final = frozenset({"fetchcontent_declare", "externalproject_add", "cpmaddpackage", "cpmfindpackage"})
_REVISIONS: Final = ("VERSION", "GIT_TAG")


class _Word(NamedTuple):
    text: str
    line: int


def read_cmake(reading: Reading) -> None:
    """Reads a CMake listfile.

    What CMake finds or fetches has no registry of its own; it is named as vcpkg names its ports: in lower case.
    """
    for command, words in _commands(reading.text):
        name = command.text.lower()
        if name == "project" and words and reading.project is None:
            version = _after(words, "VERSION")
            reading.project = Project("vcpkg", words[0].text, version.text if version else "", words[0].line)
        elif name in {"find_package", "find_dependency"} and words:
            version_text = words[1].text if len(words) > 1 and _VERSION.match(words[1].text) else ""
            _add(reading, words[0], words[0].text, version_text)
        elif name in _FETCHING and words:
            _read_fetch(reading, words)


def _read_fetch(reading: Reading, words: Sequence[_Word]) -> None:
    if len(words) == 1 or words[0].text == "URI":
        short = words[-1] if len(words) == 1 else words[1]
        if found := _CPM.match(short.text):
            _add(reading, short, found["name"], found["version"] or "")
        return
    revision = next((word for key in _REVISIONS if (word := _after(words, key))), None)
    version = revision.text if revision else ""
    repository = _after(words, "GIT_REPOSITORY") or _after(words, "GITHUB_REPOSITORY")
    place = repository or _after(words, "NAME") or words[0]
    name = place.text.rstrip("/").rpartition("/")[2].removesuffix(".git") if repository else place.text
    _add(reading, place, name, version)


def _add(reading: Reading, word: _Word, name: str, version: str) -> None:
    if "$" not in name:
        reading.add("vcpkg", name.lower(), version, word.line)


def _after(words: Sequence[_Word], key: str) -> _Word | None:
    return next((words[index + 1] for index, word in enumerate(words[:-1]) if word.text == key), None)


def _commands(text: str) -> Iterator[tuple[_Word, list[_Word]]]:
    line, counted, depth = 1, 0, 0
    command, words = _Word("", 0), list[_Word]()
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        line += text.count("\n", counted, token.start())
        counted = token.start()
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= depth > 0
            if not depth:
                yield command, words
                words = []
        elif kind in {"word", "quoted", "bracket"}:
            word = _Word(token[kind].strip('"'), line)
            if depth:
                words.append(word)
            else:
                command = word
