"""What a parser works on: the decoded text, and the place where it puts down what it reads."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from typing import Final

from connectors.code.manifests.model import Dependency, DependencyScope, Problem, Project, Wanted

_SECRET_PARTS: Final = re.compile(r"(?<=://)[^/\s]*@|\?[^#\s]*")
_SCOPE_WORDS: Final = {
    **dict.fromkeys(
        ("dev", "develop", "development", "lint", "linting", "linters", "typing", "types", "docs", "doc", "debug",
         "style", "format", "formatting", "release", "precommit", "tools", "tooling"),
        DependencyScope.DEVELOPMENT,
    ),
    **dict.fromkeys(("test", "tests", "testing", "e2e", "ci", "qa"), DependencyScope.TEST),
    **dict.fromkeys(("build", "setup"), DependencyScope.BUILD),
}  # fmt: skip
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(slots=True)
class Reading:
    """One manifest while it is read.

    Attributes:
        path: Path inside the source.
        text: The content, decoded, with line feeds as the only line ends.
        wanted: The caller's filter for what is not a direct dependency.
        lock: Whether it records what was resolved.
    """

    path: str
    text: str
    wanted: Wanted
    lock: bool = False
    project: Project | None = None
    dependencies: list[Dependency] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Name of the folder that holds it; empty at the root."""
        return self.path.rpartition("/")[0].rpartition("/")[2]

    def add(
        self,
        ecosystem: str,
        name: str,
        version: str,
        line: int,
        scope: DependencyScope = DependencyScope.PRODUCTION,
        *,
        direct: bool = True,
    ) -> None:
        """Puts down a dependency, unless it is not direct and nobody wants it."""
        if name and (direct or self.wanted(ecosystem, name)):
            self.dependencies.append(Dependency(ecosystem, name, without_secrets(version), scope, direct, line))

    def include(self, path: str) -> None:
        """Puts down a further file that this one names."""
        self.includes.append(without_secrets(path))

    def problem(self, line: int, text: str, mend: str) -> None:
        """Puts down that a part could not be read."""
        self.problems.append(Problem(line, text, mend))


def decode(content: bytes) -> str:
    """The text of a manifest, whatever its encoding; what is not UTF-8 or UTF-16 is taken as Latin-1.

    Package names are ASCII, so that a wrong guess garbles prose only.
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
    elif content[1:2] == b"\0" and content[:1] != b"\0":
        text = content.decode("utf-16-le", "replace")
    else:
        try:
            text = content.removeprefix(BOM_UTF8).decode()
        except UnicodeDecodeError:
            text = content.removeprefix(BOM_UTF8).decode("latin-1")
    if "\r" in text:
        # A lone carriage return ends a line only where line feeds do not.
        return text.replace("\r\n", "\n").replace("\r", " ") if "\n" in text else text.replace("\r", "\n")
    return text


def without_secrets(version: str) -> str:
    """A version as written, but of a URL neither user nor query."""
    return (_SECRET_PARTS.sub("", version) if "://" in version else version).strip()


def scope_of(name: str, otherwise: DependencyScope) -> DependencyScope:
    """The scope that the name of a group, extra or file speaks of (`requirements-dev`, `test`), or the default."""
    words = _WORD.findall(name.lower())
    return next((_SCOPE_WORDS[word] for word in words if word in _SCOPE_WORDS), otherwise)
