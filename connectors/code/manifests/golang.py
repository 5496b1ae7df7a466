"""Go: `go.mod` and `go.work`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from connectors.code.manifests.model import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.manifests.reading import Reading


class _Directive(NamedTuple):
    """One directive, whether it stands alone or in a block: its verb, its words, its comment, its line."""

    verb: str
    words: list[str]
    comment: str
    line: int


def read_go_mod(reading: Reading) -> None:
    """Reads `go.mod`; what it marks `// indirect` is not direct."""
    for verb, words, comment, line in _directives(reading):
        if verb == "module" and words:
            reading.project = Project("golang", words[0], "", line)
        elif verb == "require" and words:
            version = words[1] if len(words) > 1 else ""
            indirect = comment.split(";")[0].strip() == "indirect"
            reading.add("golang", words[0], version, line, direct=not indirect)


def read_go_work(reading: Reading) -> None:
    """Reads `go.work`: the members of a workspace."""
    members = tuple(words[0] for verb, words, _, _ in _directives(reading) if verb == "use" and words)
    reading.project = Project("golang", "", "", 1, workspace=members)


def _directives(reading: Reading) -> Iterator[_Directive]:
    block, opened = "", 0
    for line, whole in enumerate(reading.text.split("\n"), 1):
        content, _, comment = whole.partition("//")
        words = [word.strip('"`') for word in content.split()]
        if not words:
            continue
        if block and words[0] == ")":
            block = ""
        elif block:
            yield _Directive(block, words, comment.strip(), line)
        elif words[-1] == "(" or words[0].endswith("("):
            block, opened = words[0].rstrip("("), line
        else:
            yield _Directive(words[0], words[1:], comment.strip(), line)
    if block:
        reading.problem(opened, "has a block that is not closed", "close it with `)`")
