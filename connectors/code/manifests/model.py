"""The values that a manifest is read into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Wanted = Callable[[str, str], bool]
"""Whether a package that is not a direct dependency is worth keeping: ecosystem, name."""


class DependencyScope(StrEnum):
    """What a dependency is needed for."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"
    OPTIONAL = "optional"
    BUILD = "build"


@dataclass(frozen=True, slots=True)
class Dependency:
    """One package that a manifest or lock file names.

    Attributes:
        ecosystem: Package URL type: pypi npm maven nuget golang cargo gem composer swift cocoapods pub hex cran julia
            conan vcpkg conda.
        name: Canonical name in its ecosystem: PEP 503 for pypi, `group/artifact` for maven, `owner/repo` in lower case
            for swift, `@jsr/scope__name` (the name in npm's registry) for a package of JSR.
        version: Constraint or locked version as written, without credentials; empty if none. A dependency on a
            neighbour in the same tree says so (`workspace:*`, `path:../core`).
        scope: What it is needed for.
        direct: Whether the project itself asks for it. Not so for what a lock file adds, for a lock file that does not
            tell, and for entries that only fix a version (Maven's dependencyManagement, central package versions).
        line: One-based line on which the name stands.
    """

    ecosystem: str
    name: str
    version: str
    scope: DependencyScope
    direct: bool
    line: int


@dataclass(frozen=True, slots=True)
class Project:
    """What a manifest says about the project that it belongs to.

    Attributes:
        ecosystem: Package URL type.
        name: The project's own name, canonical in its ecosystem; empty if none.
        version: Its version as written; empty if none or computed.
        line: One-based line of the name, else of the first line that speaks of the project.
        workspace: Members as paths or globs relative to the manifest.
        entry_points: What can be started, as `name=target`, or `name` where the manifest gives no target.
        private: Whether the manifest forbids publishing it.
    """

    ecosystem: str
    name: str
    version: str
    line: int
    workspace: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a manifest that could not be read, so that something may be missing.

    Attributes:
        line: One-based line.
        text: What is wrong; never quotes the file.
        mend: What to do about it.
    """

    line: int
    text: str
    mend: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that was read from one manifest or lock file.

    Attributes:
        kind: Name of the parser, as `pyproject.toml`.
        lock: Whether it records what was resolved rather than what is asked for.
        project: The project that it describes, if it does.
        dependencies: In the order in which they stand.
        problems: What could not be read.
        includes: Further files of the same kind that it names (`-r base.txt`), relative to it; they are not followed.
    """

    kind: str
    lock: bool
    project: Project | None
    dependencies: tuple[Dependency, ...]
    problems: tuple[Problem, ...]
    includes: tuple[str, ...] = ()
