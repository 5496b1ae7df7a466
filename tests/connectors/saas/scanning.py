"""A scan of a fake, as the scanner runs it, by the vendors of the real knowledge base."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from classifiers.services import Service, load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.model import Coverage, Observation
from connectors.saas import Target, connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.api.task import Connector
    from tests.connectors.saas.fake_vendor import FakeVendor

TOKEN_ENV = "AIMSCOPE_TEST_TOKEN"
REDACT = Redactor(b"key")


@cache
def vendors() -> tuple[Service, ...]:
    """The vendors of the real knowledge base."""
    return load_services("saas")


@dataclass(frozen=True)
class Vendor:
    """A vendor's file that a test writes."""

    collect: tuple[dict[str, Any], ...]
    api: dict[str, Any]
    id: str = "saas/acme-soft"


def a_vendor(*rows: dict[str, Any], **api: Any) -> Vendor:
    """A vendor with some rows; each stands in the area `things` unless it says otherwise."""
    given = {"base_url": "https://api.acme-soft.example", "auth": [{"style": "token"}]} | api
    return Vendor(
        tuple({"id": f"row-{n}", "area": "things", "tier": "A", "path": "/things"} | row for n, row in enumerate(rows)),
        given,
    )


def ask(fake: FakeVendor, vendor: Vendor, hosts: Sequence[str] = (), **settings: Any) -> Scan:
    """Scans the fake as a tenant of a vendor that a test writes; it stands for further hosts too."""
    return run(connector(fake, "acme-soft", *hosts, services=[vendor], **settings))


@dataclass
class Scan:
    """What a scan gave."""

    observations: list[Observation] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)

    def of(self, row: str) -> dict[str, Observation]:
        """The observations of a row, by the last part of their native id."""
        found = [one for one in self.observations if one.matchers[0].rpartition("/")[2] == row]
        assert len({one.name for one in found}) == len(found), "found twice"
        return {one.name.rpartition("/")[2]: one for one in found}

    def covered(self, area: str) -> Coverage:
        """The one coverage of a product area."""
        (record,) = [one for one in self.coverage if one.scope == area]
        return record


def policy(fake: FakeVendor, *hosts: str, **manners: Any) -> Policy:
    """A policy that sends what is meant for some hosts to the fake, and is patient for no longer than a test may be."""
    settings = {"retries": 2, "read_seconds": 2.0, "concurrency": 8, "max_wait_seconds": 0.01} | manners
    return Policy(base_urls=dict.fromkeys(hosts, fake.url), **settings)


def connector(
    fake: FakeVendor,
    vendor: str,
    *hosts: str,
    archive: Archive | None = None,
    services: Sequence[Any] = (),
    manners: dict[str, Any] | None = None,
    **target: Any,
) -> Connector:
    """A connector that asks the fake; `services` of a target are called `areas` here."""
    fields: dict[str, Any] = {"tenant": "acme", "base_url": fake.url, "token_env": TOKEN_ENV} | target
    fields["services"] = fields.pop("areas", ())
    return connect(
        Target(vendor=vendor, **fields),
        services or vendors(),
        policy(fake, *hosts, **(manners or {})),
        archive or Archive.live(),
        REDACT,
    )


def run(asked: Connector) -> Scan:
    """Plans and runs all tasks, one after another."""
    plan = asked.plan()
    result = Scan(coverage=list(plan.coverage))
    for task in plan.tasks:
        given = asked.run(task)
        result.observations += given.observations
        result.coverage += given.coverage
    return result


def scan(fake: FakeVendor, vendor: str, *hosts: str, **settings: Any) -> Scan:
    """Scans the fake as a tenant of a vendor."""
    return run(connector(fake, vendor, *hosts, **settings))
