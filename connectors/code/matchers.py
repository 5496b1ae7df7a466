"""What the code connector looks for: opaque matchers, each with a key that means something only to who made it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CASE_COUNTS: Final = frozenset({"maven", "golang", "julia", "cran", "hex"})
_GO_MAJOR: Final = re.compile(r"/v\d+\Z")


def canonical_package(ecosystem: str, name: str) -> str:
    """A package's name as its ecosystem compares names; of a Go module every major version is the same module."""
    if ecosystem in {"pypi", "conda"}:
        return name.lower().replace("_", "-").replace(".", "-")
    if ecosystem == "golang":
        return _GO_MAJOR.sub("", name)
    return name if ecosystem in _CASE_COUNTS else name.lower()


class Region(StrEnum):
    """The place in a syntax tree where a literal has to stand."""

    IMPORT = "import"
    HOST = "host"
    ENV = "env"
    COMMAND = "command"
    IMAGE = "image"
    RESOURCE = "resource"
    ACTION = "action"
    MODEL = "model"
    VALUE = "value"
    CALL = "call"
    PATH = "path"
    SWITCH = "switch"


class LiteralMatcher(NamedTuple):
    """A literal, and the region in which it has to stand.

    A named tuple, for the knowledge base makes many thousands of them at every start.

    Attributes:
        key: Opaque key that the observation carries.
        region: Where it has to stand.
        text: The literal as written; hosts, models and images in lower case. A host that starts with a dot stands
            for any name below it.
        languages: Names of `connectors.code.languages` in which it counts; empty means all.
        expression: Regular expression for the whole token around the literal (models); empty means the text itself.
        keys: Lower-case names of keys under which it has to stand, for calls the keyword to read; empty means any.
        open_ended: Whether anything may follow the text inside its token.
    """

    key: str
    region: Region
    text: str
    languages: frozenset[str] = frozenset()
    expression: str = ""
    keys: frozenset[str] = frozenset()
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class ContentMatcher:
    """First bytes of a file.

    Attributes:
        key: Opaque key.
        extensions: Lower-case extensions with their dot; empty means any.
        offset: Where `magic` stands.
        magic: Bytes that stand there; empty where the extension and `contains` decide.
        contains: Bytes of which the head must contain at least one; empty means none is needed.
    """

    key: str
    extensions: tuple[str, ...] = ()
    offset: int = 0
    magic: bytes = b""
    contains: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Matchers:
    """Everything to look for, and a digest that names this set.

    Attributes:
        literals: Literals with their regions.
        packages: Package URL type to canonical package name to keys.
        package_prefixes: Package URL type to name prefix to keys, for whole families of packages.
        files: Pairs of gitignore-style glob and key.
        contents: Content matchers.
        digest: Hash of the whole set; results of a file are valid for one digest.
    """

    literals: tuple[LiteralMatcher, ...] = ()
    packages: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    package_prefixes: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    contents: tuple[ContentMatcher, ...] = ()
    digest: str = ""

    def package_keys(self, ecosystem: str, name: str) -> tuple[str, ...]:
        """Keys of the matchers for a package: an exact name wins over the longest prefix.

        Manifests give names as they are written (`Azure.AI.OpenAI`, `github.com/openai/openai-go/v2`).
        """
        name = canonical_package(ecosystem, name)
        exact = self.packages.get(ecosystem, {}).get(name)
        if exact:
            return tuple(exact)
        prefixes = self.package_prefixes.get(ecosystem, {})
        fitting = max((prefix for prefix in prefixes if name.startswith(prefix)), key=len, default=None)
        return tuple(prefixes[fitting]) if fitting is not None else ()
