"""A repository elsewhere: asked for its head, cloned, scanned, and removed again."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connectors.api.access import NOBODY, Access
from connectors.code import connector
from connectors.code.batch import KEY
from connectors.code.checkout import normalised_url
from connectors.code.clone import clone, has_branches
from connectors.code.clone import head as asked_head
from connectors.code.errors import SourceError
from connectors.code.files import DEFAULT_LIMITS, Limits
from connectors.code.local import mark_local
from connectors.code.packed import PackedTree
from connectors.model import Location, Observation, ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository that is cloned to be scanned.

    Attributes:
        location: Its git URL.
        repo_id: Identity that the user gives it; empty for that of the URL.
        access: Proves who clones it.
        limits: Bounds of what is read.
        commit: Its head, where it is known already.
    """

    location: str
    repo_id: str = ""
    access: Access = NOBODY
    limits: Limits = DEFAULT_LIMITS
    commit: str = ""

    @property
    def source(self) -> str:
        """Its identity; the same that the checkout has."""
        return f"repo:{self.repo_id or normalised_url(self.location)}"

    @property
    def key(self) -> str:
        """Names what scanning it reads: the same commit gives the same; empty where the head is not known."""
        text = "\0".join([self.source, self.commit, str(self.limits)])
        return KEY + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] if self.commit else ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A clone, ready to be scanned in any process.

    Attributes:
        remote: The repository.
        folder: The clone.
        url: Where it really lies.
    """

    remote: Remote
    folder: Path
    url: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a repository gave.

    Attributes:
        remote: The repository, with the commit that was scanned.
        result: What it gave.
    """

    remote: Remote
    result: Result


@dataclass(frozen=True, slots=True)
class _Opened:
    """A clone as the plan of a scan takes it."""

    source: str
    root: PackedTree
    title: str
    prefix: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict)


def head(remote: Remote) -> str:
    """The commit that the repository's default branch is at: one question, nothing is fetched. Empty where unanswered."""
    return asked_head(remote.location, remote.access)


def fetch(remote: Remote, folder: Path) -> Fetched:
    """Clones a repository, without a working tree.

    Args:
        remote: The repository.
        folder: Where to; it must not exist.

    Raises:
        SourceError: It cannot be cloned.
    """
    return Fetched(remote, folder, clone(remote.location, folder, remote.access, bare=True))


def scan(fetched: Fetched) -> Scanned:
    """Scans a clone in this process, and removes it; `connectors.code.connector.prepare` has to have run.

    Its coverage begins with the record of the whole.

    Raises:
        SourceError: The clone cannot be read, or its default branch is none of its branches.
    """
    remote = fetched.remote
    try:
        with PackedTree(fetched.folder) as tree:
            if not tree.commit and has_branches(fetched.url, remote.access):
                raise SourceError(f"{fetched.url}: its default branch does not exist; choose one on the host")
            plan = connector.plan(_Opened(remote.source, tree, remote.source.rpartition("/")[2]), remote.limits)
            results = [connector.run(batch) for batch in plan.batches]
    finally:
        shutil.rmtree(fetched.folder, ignore_errors=True)
    found = [observation for result in results for observation in result.observations]
    marked = [*mark_local(found, _paths(plan)), *_renamed(fetched)]
    result = Result(marked, connector.summary(plan, results), Counter({"repositories": 1}))
    return Scanned(replace(remote, commit=tree.commit), result)


def _renamed(fetched: Fetched) -> Iterator[Observation]:
    """What its host calls it by now, where that is another name than the one that it was asked for under."""
    source = fetched.remote.source
    if fetched.url != fetched.remote.location and (now := normalised_url(fetched.url)):
        attributes = {"called": f"repo:{now}"}
        yield Observation(ObservationKind.REPOSITORY, now, Location(source), (), attributes, f"moved to {now}")


def _paths(plan: connector.Plan) -> Iterator[str]:
    return (path for batch in plan.batches for path in batch.paths)
