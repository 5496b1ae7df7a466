"""A cluster as people have them, and a connector that asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from classifiers.catalog import load
from classifiers.services import Service, load_services
from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.kubernetes import Target, connect
from connectors.model import Coverage, Observation
from tests.connectors.kubernetes.fake_kubernetes import FakeKubernetes, serve

QUICK = Policy(concurrency=4, connect_seconds=2, read_seconds=1.5, retries=0)


@pytest.fixture(scope="session")
def signals() -> Signals:
    return Signals.of(load().matchers.literals)


@pytest.fixture(scope="session")
def services() -> tuple[Service, ...]:
    return load_services("kubernetes")


@pytest.fixture
def fake() -> Iterator[FakeKubernetes]:
    with serve(FakeKubernetes()) as running:
        yield running


def kubeconfig(folder: Path, server: str, user: dict[str, Any] | None = None, **cluster: Any) -> Path:
    """Writes a kubeconfig with one context, `shop`, of the cluster `prod`. JSON is YAML."""
    file = folder / "config"
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "shop",
                "contexts": [{"name": "shop", "context": {"cluster": "prod", "user": "me"}}],
                "clusters": [{"name": "prod", "cluster": {"server": server, **cluster}}],
                "users": [{"name": "me", "user": user or {}}],
            }
        )
    )
    return file


@dataclass
class Scanned:
    """What a scan of one cluster gave."""

    observations: list[Observation] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)

    def named(self, title: str) -> Observation:
        [found] = [one for one in self.observations if one.attributes["title"] == title]
        return found

    def titles(self, service: str = "") -> list[str]:
        return sorted(
            str(one.attributes["title"])
            for one in self.observations
            if one.matchers[0].startswith(f"kubernetes/{service}")
        )

    def of(self, scope: str) -> Coverage:
        [found] = [part for part in self.coverage if part.scope == scope]
        return found


Scan = Callable[..., Scanned]


@pytest.fixture
def config(fake: FakeKubernetes, tmp_path: Path) -> str:
    """A kubeconfig for the fake."""
    return str(kubeconfig(tmp_path, fake.url, {"token": fake.token}))


@pytest.fixture
def scan(fake: FakeKubernetes, tmp_path: Path, signals: Signals, services: tuple[Service, ...]) -> Scan:
    """Scans the fake, or what a target names."""

    def run(target: Target | None = None, policy: Policy = QUICK, archive: Archive | None = None) -> Scanned:
        given = target or Target(kubeconfig=(str(kubeconfig(tmp_path, fake.url, {"token": fake.token})),))
        connector = connect(given, services, policy, archive or Archive.live(), Redactor(b"key"), signals)
        plan = connector.plan()
        scanned = Scanned(coverage=list(plan.coverage))
        for task in plan.tasks:
            result = connector.run(task)
            scanned.observations += result.observations
            scanned.coverage += result.coverage
        return scanned

    return run
