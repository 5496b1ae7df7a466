"""A whole scan against a real moto server: three accounts, entered by role, two Regions, resources seeded in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from connectors.aws import Target
from connectors.model import Observation, Outcome
from tests.connectors.aws.estate import SERVICES, Scan, connector, scan

CALLER = "123456789012"
ACCOUNTS = (CALLER, "222222222222", "333333333333")
REGIONS = ("us-east-1", "eu-west-1")
EACH = 5
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-tgi:{0}"
CLAUDE = "anthropic.claude-3-sonnet-20240229-v1:0"


@dataclass(frozen=True)
class Given:
    """A service with the rows that moto can answer, and one that it cannot."""

    id: str
    collect: tuple[Mapping[str, Any], ...]


ROWS = {
    "aws/sagemaker": ("endpoint", "inference-component", "model", "endpoint-config"),
    "aws/bedrock-agent": ("agent",),
}
GIVEN = [
    Given(one.id, tuple(row for row in one.collect if row["id"] in ROWS[one.id])) for one in SERVICES if one.id in ROWS
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    where = f"http://{host}:{port}"
    for account in ACCOUNTS:
        for region in REGIONS:
            seed(entered(where, account, region))
    yield where
    server.stop()


def entered(url: str, account: str, region: str) -> boto3.Session:
    sts = boto3.client("sts", endpoint_url=url, region_name=region)
    keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/seed", RoleSessionName="seed")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region)
    session_client = session.client
    session.client = lambda service: session_client(service, endpoint_url=url)  # type: ignore[method-assign,assignment]
    return session


def seed(session: Any) -> None:
    sagemaker, agents = session.client("sagemaker"), session.client("bedrock-agent")
    role = "arn:aws:iam::123456789012:role/serving"
    tags = [{"Key": "owner", "Value": "search"}]
    for number in range(EACH):
        sagemaker.create_model(
            ModelName=f"ranker-{number}", ExecutionRoleArn=role, PrimaryContainer={"Image": IMAGE.format(number)}
        )
        variant = {
            "VariantName": "all",
            "ModelName": f"ranker-{number}",
            "InitialInstanceCount": 1,
            "InstanceType": "ml.m5.large",
        }
        sagemaker.create_endpoint_config(EndpointConfigName=f"ranker-{number}", ProductionVariants=[variant])
        sagemaker.create_endpoint(EndpointName=f"ranker-{number}", EndpointConfigName=f"ranker-{number}", Tags=tags)
        agents.create_agent(agentName=f"helper-{number}", agentResourceRoleArn=role, foundationModel=CLAUDE)


@pytest.fixture(scope="module")
def seen(url: str) -> Scan:
    target = Target(accounts=ACCOUNTS, role="reader", regions=REGIONS, usage=())
    return scan(connector(url, target, services=GIVEN, retries=1, read_seconds=60.0), workers=4)


def of(seen: Scan, row: str) -> list[Observation]:
    return [one for one in seen.observations if one.matchers == (f"aws/{row}",)]


@pytest.mark.parametrize(
    "row", ["sagemaker/endpoint", "sagemaker/endpoint-config", "sagemaker/model", "bedrock-agent/agent"]
)
def test_every_seeded_resource_is_found_once(seen: Scan, row: str) -> None:
    names = [one.name for one in of(seen, row)]
    assert len(names) == len(set(names)) == len(ACCOUNTS) * len(REGIONS) * EACH
    assert {name.split(":")[4] for name in names} == set(ACCOUNTS)
    assert {name.split(":")[3] for name in names} == set(REGIONS)


def test_an_endpoint_leads_to_its_model(seen: Scan) -> None:
    known = {one.name: one for one in seen.observations}
    for endpoint in of(seen, "sagemaker/endpoint"):
        (config,) = endpoint.attributes["refs"]
        (model,) = known[config].attributes["refs"]
        assert known[model].attributes["models"] == (IMAGE.format(endpoint.attributes["title"][-1]),)


def test_an_agent_names_its_model_and_its_role(seen: Scan) -> None:
    for agent in of(seen, "bedrock-agent/agent"):
        assert agent.attributes["models"] == (CLAUDE,)
        assert agent.attributes["identities"] == ("arn:aws:iam::123456789012:role/serving",)


def test_tags_come_with_one_request_for_a_region(seen: Scan) -> None:
    assert {one.attributes["tag:owner"] for one in of(seen, "sagemaker/endpoint")} == {"search"}
    tags = [one for one in seen.coverage if one.scope.endswith("/resourcegroupstaggingapi")]
    assert len(tags) == len(ACCOUNTS) * len(REGIONS)
    assert {one.counts["requests"] for one in tags} == {1}


def test_details_of_endpoints_come_by_the_hundred(seen: Scan) -> None:
    told = next(one for one in seen.coverage if one.scope == "us-east-1/sagemaker")
    lists, searches, described = 4, 2, 2 * EACH  # moto searches endpoints, and neither models nor configurations
    assert told.counts["requests"] == lists + searches + described


def test_what_moto_lacks_is_no_empty_list(seen: Scan) -> None:
    told = next(one for one in seen.coverage if one.scope == "us-east-1/sagemaker")
    assert told.outcome is Outcome.PARTIAL
    assert "sagemaker:ListInferenceComponents: the service failed" in told.reason
