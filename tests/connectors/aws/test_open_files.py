"""Connections to a thousand hosts need more open files than a shell allows by default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.aws.open_files import hosts_kept

resource = pytest.importorskip("resource", reason="Windows has no such limit")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def limit(soft: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def test_a_low_limit_is_raised_as_far_as_the_system_allows() -> None:
    limit(1024)
    kept = hosts_kept()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == min(4096, hard)
    assert kept == min(2000, soft // 2)


def test_where_it_cannot_be_raised_fewer_hosts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise ValueError("not allowed")

    limit(1024)
    monkeypatch.setattr(resource, "setrlimit", refused)
    kept = hosts_kept()
    monkeypatch.undo()
    assert kept == 512
