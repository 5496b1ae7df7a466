"""The labelled packages, and how a name from a label is held against a name from a scanner."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from ruamel.yaml import YAML

LABELS: Final = Path(__file__).with_name("labels.yaml")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PackageRef = Annotated[str, StringConstraints(pattern=r"^([a-z]+|\*)/\S+$|^\*$")]


class Package(BaseModel):
    """One package and what it holds.

    Attributes:
        source: Registry that serves it.
        name: Its name there.
        version: The one version that was read.
        sha256: Hash of the archive.
        ai: Whether the repository holds an AI system.
        sdks: AI libraries that its live code imports or its manifests declare, as `ecosystem/name`.
        providers: Catalog ids of the services that its live code calls or is set up for.
        models: Model identifiers that its live code uses or defaults to, as written.
        optional_sdks: Neither miss nor false alarm, like the two below; `*` matches anything.
        optional_providers: The same for providers.
        optional_models: The same for models.
        why: What decided, with file and line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Literal["pypi", "npm"]
    name: str
    version: str
    sha256: Sha256
    ai: bool
    sdks: tuple[PackageRef, ...] = ()
    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    optional_sdks: tuple[PackageRef, ...] = ()
    optional_providers: tuple[str, ...] = ()
    optional_models: tuple[str, ...] = ()
    why: str

    @property
    def key(self) -> str:
        """The package in one word, for tables and files."""
        return f"{self.source}/{self.name}"


class Labels(BaseModel):
    """All labelled packages.

    Attributes:
        adjacent_sdks: Libraries that are optional in every package.
        packages: The packages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    adjacent_sdks: tuple[PackageRef, ...]
    packages: tuple[Package, ...] = Field(min_length=1)


def load(path: Path = LABELS) -> Labels:
    """Reads and validates the labels.

    Raises:
        pydantic.ValidationError: If a label is malformed.
    """
    return Labels.model_validate(YAML(typ="safe").load(path))


def sdk_key(name: str) -> str:
    """A library's name without what ecosystems treat as equal: case, and which separator stands between words."""
    return re.sub(r"[._-]+", "-", name.lower()).replace(":", "/")


def ref_key(reference: str) -> str:
    """`sdk_key` of a label's `ecosystem/name`; a wildcard stays."""
    ecosystem, _, name = reference.partition("/")
    return sdk_key(name) if name else ecosystem


def model_key(identifier: str) -> str:
    """A model identifier without the maker or gateway before its last slash, and without case."""
    return identifier.lower().rsplit("/", 1)[-1]


def matches(key: str, patterns: list[str]) -> bool:
    """Whether any pattern, where `*` stands for anything, matches the whole key."""
    return any(fnmatchcase(key, pattern) for pattern in patterns)
