"""The work of a connector that asks over a network: a plan of picklable tasks, each of which gives a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from connectors.api.access import NOBODY, Access

if TYPE_CHECKING:
    from connectors.model import Coverage, Result


@dataclass(frozen=True, slots=True)
class Task:
    """One place to ask, small enough to lose and large enough to be worth handing over.

    Attributes:
        source: Identity of the source, as `account:aws:111122223333`.
        scope: The part of it that is asked for, as `eu-west-1/bedrock`: what a gap hides.
        rows: Ids of the rows of the knowledge base that it runs.
        key: Names what it asks for, so that a scan that was cut off can take up the rest.
        argument: What else the connector needs to run it, as JSON text.
    """

    source: str
    scope: str
    rows: tuple[str, ...]
    key: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a connector will ask, the most promising first.

    Attributes:
        sources: Identities of all sources, those too that cannot be asked.
        tasks: What to run.
        coverage: What planning has told: sources that cannot be asked, parts that are left for another day.
        titles: What people call a source, by its identity.
        access: How git clones the repositories that the sources list, where they are code hosts.
    """

    sources: tuple[str, ...]
    tasks: tuple[Task, ...]
    coverage: tuple[Coverage, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    access: Access = NOBODY


class Connector(Protocol):
    """Asks one estate. Made from picklable settings; clients are made when they are first needed, in any thread."""

    def plan(self) -> Plan:
        """Finds out what there is to ask. Never raises for a source: what cannot be asked is coverage."""

    def run(self, task: Task) -> Result:
        """Asks. Never raises for a source: what was not answered is coverage, with the mend. Safe in many threads."""
