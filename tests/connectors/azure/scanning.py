"""A scan of the fake, as the scanner runs it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from classifiers.services import Service, load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.azure import Target, connect
from connectors.model import Coverage, Observation, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.api.task import Connector, Plan
    from tests.connectors.azure.fake_azure import FakeAzure

TARGET = Target(token_env="AIMSCOPE_TEST_TOKEN")


@cache
def services() -> tuple[Service, ...]:
    """The services of the real knowledge base."""
    return load_services("azure")


@dataclass
class Scan:
    """What a scan gave."""

    plan: Plan
    observations: list[Observation] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)

    def of(self, row: str) -> dict[str, Observation]:
        """The observations of a row, by native id."""
        found = [one for one in self.observations if one.matchers[0] == f"azure/{row}"]
        assert len({one.name for one in found}) == len(found), "found twice"
        return {one.name: one for one in found}

    def covered(self, subscription: str, scope: str) -> Coverage:
        """The one coverage of a part of a subscription."""
        (record,) = [one for one in self.coverage if one.source.endswith(subscription) and one.scope == scope]
        return record

    @property
    def incomplete(self) -> list[Coverage]:
        return [one for one in self.coverage if one.outcome is not Outcome.COMPLETE]


def connector(
    azure: FakeAzure,
    target: Target = TARGET,
    archive: Archive | None = None,
    rows: Sequence[Any] = (),
    signals: Signals | None = None,
    **policy: Any,
) -> Connector:
    """A connector that asks the fake."""
    manners = {"retries": 2, "read_seconds": 0.5, "concurrency": 8, "max_wait_seconds": 0.01} | policy
    return connect(
        target,
        rows or services(),
        Policy(base_urls={"azure": azure.url}, **manners),
        archive or Archive.live(),
        Redactor(b"key"),
        signals,
    )


def scan(azure: FakeAzure, only: str = "", asked: Connector | None = None, **settings: Any) -> Scan:
    """Plans and runs all tasks, one after another; `only` names a service, `settings` those of the target and policy."""
    fields = {name: settings.pop(name) for name in list(settings) if name in Target.__dataclass_fields__}
    target = replace(TARGET, **({"services": (only,)} if only else {}), **fields)
    asked = asked or connector(azure, target, **settings)
    plan = asked.plan()
    result = Scan(plan, coverage=list(plan.coverage))
    for task in plan.tasks:
        given = asked.run(task)
        result.observations += given.observations
        result.coverage += given.coverage
    return result
