"""The two types that leave a connector: what was seen, and what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Scalar = str | int | float | bool | None
Attributes = Mapping[str, Scalar | tuple[str, ...]]
"""Facts about an observation: scalars and tuples of strings, so that it is hashable, picklable and plain JSON."""


class ObservationKind(StrEnum):
    """What sort of thing was seen. Kinds say how a fact was read, never what it means.

    The first ten are read from code. An asset is a resource that an API listed; usage is what a bill, a metric or a log
    counted; a grant is who may call; a control is a guard or policy that is set; an account is a place of its own, with
    the tags and units that its estate gives it; a repository is one that a code host lists, and that is scanned next.
    """

    PACKAGE = "package"
    IMPORT = "import"
    LITERAL = "literal"
    COMMAND = "command"
    FILE = "file"
    IMAGE = "image"
    RESOURCE = "resource"
    ACTION = "action"
    UNIT = "unit"
    OWNER = "owner"
    ASSET = "asset"
    USAGE = "usage"
    GRANT = "grant"
    CONTROL = "control"
    ACCOUNT = "account"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a fact stands.

    Attributes:
        source: Identity of the source, as `repo:github.com/acme/shop`.
        path: Path inside the source with forward slashes, or the empty string for the source itself.
        line: One-based line, or 0 where the fact has none.
    """

    source: str
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact, seen at one place.

    Attributes:
        kind: How the fact was read.
        name: The fact in its own words: a package name, a module, a literal, an image reference.
        location: Where it stands.
        matchers: Keys of the matchers that asked for it (opaque to the connector).
        attributes: Further facts, for a package `ecosystem`, `version`, `scope` and `direct`.
        snippet: The syntax node that matched, with every other string in it replaced by an ellipsis.
        occurrences: How often the same fact stands in the same file; `location` is the first.
    """

    kind: ObservationKind
    name: str
    location: Location
    matchers: tuple[str, ...] = ()
    attributes: Attributes = field(default_factory=dict)
    snippet: str = ""
    occurrences: int = 1


class Outcome(StrEnum):
    """How a question to a source ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DENIED = "denied"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"

    @property
    def incomplete(self) -> bool:
        """Whether something that might exist was not seen, so that absence proves nothing."""
        return self in {Outcome.PARTIAL, Outcome.DENIED, Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked of a source and how it ended.

    Attributes:
        source: Identity of the source.
        scope: The part that was asked for: a path in a repository, a service and Region in an account; empty for all.
        outcome: How it ended.
        reason: Why it did not end complete, and the mend, in a sentence; empty when complete.
        counts: Numbers that a reader may want, as `files`, `binary`, `huge`.
    """

    source: str
    scope: str
    outcome: Outcome
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """What a task found, and what of it could not be seen."""

    observations: list[Observation] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
