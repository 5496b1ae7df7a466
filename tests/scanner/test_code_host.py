"""A code host: its API lists repositories, git serves them, and each is scanned, the odd ones too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.bench_fleet.host import GROUP, CodeHost, Listed
from benchmarks.bench_fleet.repositories import change, corrupt, make
from classifiers import services
from connectors.code import clone
from connectors.model import Location, Observation, ObservationKind, Outcome
from scanner import fleet
from scanner.collecting import Collected
from scanner.hosts import repositories
from scanner.run import run
from scanner.workspace import from_settings

AI = [("app.py", b"import openai\n\nclient = openai.OpenAI()\n"), ("pyproject.toml", b'[project]\nname = "chat"\n')]
PLAIN = [("app.py", b"x = 1\n")]
LOADED = cache(services.load_services)
"""The rows do not change between scans."""
AREAS = {"github": "repositories", "gitlab": "projects"}
HOST = (
    Listed("shop", 1, facts={"topics": ["sales"], "custom_properties": {"team": "web"}}),
    Listed("site", 2),
    Listed("old", 3, facts={"archived": True}),
    Listed("copy", 4, facts={"fork": True, "forked_from_project": {"id": 9}}),
    Listed("broken", 5),
    Listed("forbidden", 6, forbidden=True),
    Listed("empty", 7),
    Listed("before", 8, renamed="after"),
)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[CodeHost]:
    """A code host with a broken repository, a forbidden, an empty one, and one that is renamed when it has been listed."""
    repositories = tmp_path / "host" / GROUP
    repositories.mkdir(parents=True)
    for name in ("shop", "old", "copy", "after"):
        make(repositories / f"{name}.git", AI)
    for name in ("site", "broken", "forbidden"):
        make(repositories / f"{name}.git", PLAIN)
    make(repositories / "empty.git")
    corrupt(repositories / "broken.git")
    with CodeHost(tmp_path / "host", list(HOST)) as code_host:
        yield code_host


def scan(tmp_path: Path, host: CodeHost, vendor: str = "github"):
    source = {"vendor": vendor, "tenant": GROUP, "base_url": host.url, "token_env": "HOST_TOKEN"}
    settings = {
        "sources": [{"saas": {**source, "services": [AREAS[vendor]]}}],
        "network": {"retries": 0},
        "database": "aimscope.db",
    }
    (tmp_path / "aimscope.yaml").write_text(json.dumps(settings))
    host.asked.clear()
    return run(from_settings(tmp_path / "aimscope.yaml"))


def ended(result) -> dict[str, Outcome]:
    """How each repository ended, by its name."""
    return {
        part.source.rpartition("/")[2]: part.outcome
        for part in result.coverage
        if part.source.startswith("repo:") and not part.scope
    }


def systems(result) -> dict[str, object]:
    return {system.anchors[0].partition("#")[0].rpartition("/")[2]: system for system in result.systems}


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_TOKEN", "s3cret-of-the-host")
    monkeypatch.setattr(clone, "_WAITS", ())
    monkeypatch.setattr(services, "load_services", LOADED)


@pytest.mark.parametrize("vendor", AREAS)
def test_every_repository_is_scanned_and_the_odd_ones_are_named(tmp_path: Path, host: CodeHost, vendor: str) -> None:
    result = scan(tmp_path, host, vendor)

    assert ended(result) == {
        **dict.fromkeys(("shop", "site", "old", "copy", "empty", "before"), Outcome.COMPLETE),
        "broken": Outcome.FAILED,
        "forbidden": Outcome.DENIED,
    }
    assert set(systems(result)) == {"shop", "old", "copy", "before"}
    reasons = {part.source.rpartition("/")[2]: part.reason for part in result.coverage if part.outcome.incomplete}
    assert "run `git fsck` on the host" in reasons["broken"]
    assert "read access to its code" in reasons["forbidden"]
    assert b"s3cret-of-the-host" not in b"".join(path.read_bytes() for path in tmp_path.glob("aimscope.*"))


def test_what_the_host_says_is_a_fact(tmp_path: Path, host: CodeHost) -> None:
    found = systems(scan(tmp_path, host))

    said = {name: {fact: stated[0].value for fact, stated in one.facts.items()} for name, one in found.items()}
    assert (said["old"]["archived"], said["shop"]["archived"]) == (True, False)
    assert (said["copy"]["fork"], said["shop"]["fork"]) == (True, False)
    assert (said["shop"]["topics"], said["shop"]["visibility"]) == (("sales",), "private")
    assert said["shop"]["tag:team"] == ("web",)
    assert found["shop"].owner == "web"


def test_code_owners_go_before_the_owners_of_the_host(tmp_path: Path, host: CodeHost) -> None:
    change(host.folder / GROUP / "shop.git", [(".github/CODEOWNERS", b"* @acme/sales\n")])
    found = systems(scan(tmp_path, host))

    assert found["shop"].owner == "@acme/sales"
    assert found["shop"].facts["host_owner"][0].value == "web"


def test_what_has_not_changed_costs_a_question_and_no_clone(tmp_path: Path, host: CodeHost) -> None:
    first = scan(tmp_path, host)
    change(host.folder / GROUP / "site.git", AI)
    second = scan(tmp_path, host)

    posts = Counter({name: times for (method, name), times in host.asked.items() if method == "POST"})
    question, clone_too = 1, 3  # a clone asks for the names of the branches, and then for what they hold
    assert {posts[name] for name in ("shop", "old", "copy", "after")} <= {question, clone_too}
    assert (posts["shop"], posts["old"], posts["site"]) == (question, question, clone_too)
    assert set(systems(second)) == {*systems(first), "site"} - {"before"} | {"after"}
    assert {one.id for one in first.systems} < {one.id for one in second.systems}


def test_a_renamed_repository_stays_the_same_system(tmp_path: Path, host: CodeHost) -> None:
    first = systems(scan(tmp_path, host))["before"]
    second = systems(scan(tmp_path, host))["after"]

    before, after = (f"repo:127.0.0.1/{GROUP}/{name}" for name in ("before", "after"))
    assert {before, after, "repo-id:127.0.0.1/8"} <= set(first.anchors)
    assert {before, after, "repo-id:127.0.0.1/8"} <= set(second.anchors)
    assert second.id == first.id
    assert second.anchors[0] == after


def test_a_new_repository_under_the_name_of_a_renamed_one_is_another_system(tmp_path: Path, host: CodeHost) -> None:
    first = systems(scan(tmp_path, host))
    make(host.folder / GROUP / "moved.git", AI)
    listed = [replace(one, name="moved") if one.name == "shop" else one for one in HOST]
    host.repositories = [*listed, Listed("shop", 99)]
    second = systems(scan(tmp_path, host))

    assert second["moved"].id == first["shop"].id
    assert second["shop"].id not in {one.id for one in first.values()}


def test_a_user_name_in_the_url_of_a_host_is_not_sent(fake_listing: Observation) -> None:
    (spec,) = repositories([fake_listing], {}, Collected())
    assert spec.location == "https://dev.azure.com/acme/Shops/_git/shop"


@pytest.fixture
def fake_listing() -> Observation:
    attributes = {"title": "Shops/shop", "url": "https://…@dev.azure.com/acme/Shops/_git/shop"}
    place = Location("tenant:azure-devops:acme", "repositories")
    return Observation(ObservationKind.REPOSITORY, "azure-devops:acme/repository/Shops/shop", place, (), attributes)


def test_so_many_clones_are_on_disk_at_once_and_none_afterwards(
    tmp_path: Path, host: CodeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "clones"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "clones").mkdir()
    monkeypatch.setattr(fleet, "_CLONES", 1)
    seen: list[int] = []
    real = fleet.remote.fetch

    def fetch(remote, folder):
        seen.append(len(list(folder.parent.iterdir())))
        return real(remote, folder)

    monkeypatch.setattr(fleet.remote, "fetch", fetch)
    scan(tmp_path, host)
    assert len(seen) == len(HOST)
    assert max(seen) <= 1 + fleet.engine.processors()
    assert list((tmp_path / "clones").iterdir()) == []


def test_a_replay_clones_nothing(tmp_path: Path, host: CodeHost) -> None:
    scan(tmp_path, host)
    settings = replace(from_settings(tmp_path / "aimscope.yaml"), database=None)
    run(replace(settings, archive=tmp_path / "archive"))
    host.asked.clear()

    result = run(replace(settings, replay=tmp_path / "archive"))

    assert not host.asked
    assert set(ended(result).values()) == {Outcome.SKIPPED}
