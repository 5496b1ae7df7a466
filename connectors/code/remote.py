"""A repository elsewhere as one task: asked for its head, cloned, scanned, and removed again.

Many repositories are many such tasks, so that no more of them are on disk than there are processes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.code import connector
from connectors.code.batch import KEY
from connectors.code.checkout import SourceError, checkout, head_commit, normalised_url
from connectors.code.files import DEFAULT_LIMITS, Limits
from connectors.code.local import mark_local
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository that is cloned to be scanned.

    Attributes:
        location: Its git URL.
        repo_id: Identity that the user or the code host gives it; empty for that of the URL.
        token_env: Environment variable with the token that clones it, or empty.
        limits: Bounds of what is read.
        commit: Its head, where it is known already.
    """

    location: str
    repo_id: str = ""
    token_env: str = ""
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


def head(remote: Remote) -> str:
    """The commit that the repository's default branch is at: one question, nothing is fetched. Empty where unanswered."""
    return head_commit(remote.location, remote.token_env)


def scan(remote: Remote) -> Result:
    """Clones and scans one repository in this process; `connectors.code.connector.prepare` has to have run.

    Its coverage begins with the record of the whole. A repository that cannot be cloned is failed coverage.
    """
    try:
        with checkout(remote.location, remote.limits, remote.repo_id, remote.token_env) as opened:
            plan = connector.plan(opened, remote.limits)
            results = [connector.run(batch) for batch in plan.batches]
    except SourceError as error:
        return Result(coverage=[Coverage(remote.source, "", Outcome.FAILED, str(error))])
    found = [observation for result in results for observation in result.observations]
    marked = mark_local(found, _paths(plan))
    return Result(marked, connector.summary(plan, results), Counter({"repositories": 1}))


def _paths(plan: connector.Plan) -> Iterator[str]:
    return (path for batch in plan.batches for path in batch.paths)
