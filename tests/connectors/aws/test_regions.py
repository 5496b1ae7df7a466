"""Where services are asked: as AWS says in its public parameters, else as it was last known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.aws import Target
from tests.connectors.aws.estate import connector, fake
from tests.connectors.aws.fake_aws import Estate, Fault

REGIONS = ("us-east-1", "eu-west-1", "eu-north-1")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "aimscope" / "aws-regions.json"


def asked_regions(url: str, service: str) -> set[str]:
    plan = connector(url, Target(services=(service,), usage=())).plan()
    return {task.scope.partition("/")[0] for task in plan.tasks if task.scope.endswith(f"/{service}")}


def parameters(*regions: str) -> bytes:
    return json.dumps({"Parameters": [{"Value": region} for region in regions]}).encode()


def test_a_service_is_asked_where_the_public_parameters_have_it(cache: Path) -> None:
    told = Fault(lambda asked: "/kendra/" in asked.params.get("Path", ""), 200, body=parameters("eu-north-1"))
    with fake(Estate(regions=REGIONS, faults=[told])) as server:
        assert asked_regions(server.url, "kendra") == {"eu-north-1"}
        before = server.estate.asked["ssm", "GetParametersByPath"]
        assert asked_regions(server.url, "kendra") == {"eu-north-1"}
        assert server.estate.asked["ssm", "GetParametersByPath"] == before
    assert cache.is_file()


def test_without_the_parameters_what_was_known_at_release_serves() -> None:
    with fake(
        Estate(regions=REGIONS, faults=[Fault(lambda asked: asked.service == "ssm", 403, "AccessDenied")])
    ) as server:
        assert asked_regions(server.url, "kendra") == {"us-east-1", "eu-west-1"}


def test_a_cache_that_cannot_be_read_is_asked_anew(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("[]")
    with fake(Estate(regions=REGIONS)) as server:
        assert asked_regions(server.url, "kendra") == {"us-east-1", "eu-west-1"}


def test_a_service_that_nobody_knows_of_is_asked_everywhere() -> None:
    with fake(Estate(regions=REGIONS)) as server:
        assert asked_regions(server.url, "healthlake") == set(REGIONS)
