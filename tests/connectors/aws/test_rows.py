"""The rows of the knowledge base fit the installed botocore, and requests are what botocore's own clients would send."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse, prepare_request_dict
from botocore.config import Config

from classifiers.services import load_services
from connectors.aws.api import api
from connectors.aws.check import faults, gone
from connectors.aws.rows import Row, RowError, Service, read_services

SERVICES = read_services(service for service in load_services("aws") if not service.id.startswith("aws/usage-"))
ROWS = [(service, row) for service in SERVICES for row in service.rows]


def test_every_row_fits_botocore() -> None:
    if missing := gone(SERVICES):
        sys.stdout.write(f"botocore has dropped, and the scan skips: {', '.join(missing)}\n")
    assert faults(SERVICES) == ()


def test_the_tiers_hold_the_operations_that_were_promised() -> None:
    tiers = [row.tier for _, row in ROWS]
    assert tiers.count("A") >= 67
    assert tiers.count("B") >= 109
    assert tiers.count("C") >= 58


def test_a_row_that_does_not_fit_is_told() -> None:
    row = {
        "id": "agent", "tier": "A", "operation": "ListAgents", "action": "bedrock:ListAgents", "params": {"kind": "x"},
        "items": "agents[]", "arn_format": "arn:{partition}:bedrock:{region}:{account}:agent/{agent}", "name": "agentName",
    }  # fmt: skip
    told = "\n".join(faults((Service("aws/bedrock-agent", "bedrock-agent", (Row.model_validate(row),)),)))
    assert "there is no parameter kind" in told
    assert "there is no field agents" in told


def test_a_detail_whose_path_leads_nowhere_is_told() -> None:
    row = {
        "id": "agent", "tier": "A", "operation": "ListAgents", "action": "bedrock:ListAgents", "items": "agentSummaries[]",
        "arn_format": "arn:{partition}:bedrock:{region}:{account}:agent/{agentId}", "models": ["foundationModels"],
        "detail": {"operation": "GetAgent", "action": "bedrock:GetAgent", "params": {"agentId": "agentId"}, "root": "agent"},
    }  # fmt: skip
    service = Service("aws/bedrock-agent", "bedrock-agent", (Row.model_validate(row),))
    assert faults((service,)) == ("aws/bedrock-agent/agent: 'foundationModels': there is no field foundationModels",)


def test_a_row_that_hangs_on_a_later_one_is_refused() -> None:
    class Given:
        id = "aws/bedrock-agent"
        collect = (
            {
                "id": "alias", "tier": "A", "operation": "ListAgentAliases", "action": "bedrock:ListAgentAliases",
                "items": "agentAliasSummaries[]", "arn": "agentAliasId", "for_each": {"row": "agent", "params": {"agentId": "agentId"}},
            },
        )  # fmt: skip

    with pytest.raises(RowError, match="write that row above it"):
        read_services([Given()])


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("AKIAEXAMPLE", "secret", region_name="us-west-2")


def operations() -> Iterator[Any]:
    for service, row in ROWS:
        yield pytest.param(row.client or service.name, row.operation, id=f"{service.name}-{row.id}")
        if row.detail is not None:
            yield pytest.param(row.client or service.name, row.detail.operation, id=f"{service.name}-{row.id}-detail")


def params_for(service: str, operation: str) -> dict[str, Any]:
    """Enough parameters for the request to be written."""
    shape = api(service).operation(operation).input_shape
    given = {}
    for name in shape.required_members if shape else ():
        member = shape.members[name]
        given[name] = {"list": ["x"], "integer": 1}.get(
            member.type_name, (member.enum or ["x" * 12])[0] if hasattr(member, "enum") else "x" * 12
        )
    return given


@pytest.mark.parametrize(("service", "operation"), list(operations()))
def test_a_request_is_what_a_client_of_botocore_sends(session: boto3.Session, service: str, operation: str) -> None:
    params = params_for(service, operation)
    if service not in CLIENTS:
        CLIENTS[service] = session.client(service, config=Config(parameter_validation=False))
    client = CLIENTS[service]
    sent: list[AWSRequest] = []

    def catch(request: AWSRequest, **_: Any) -> AWSResponse:
        sent.append(request)
        raise InterruptedError

    client.meta.events.register_first("before-send", catch, unique_id="catch")
    with pytest.raises(InterruptedError):
        client._make_api_call(operation, params)
    client.meta.events.unregister("before-send", unique_id="catch")
    known = api(service)
    request = known.request(operation, params)
    endpoint = known.endpoint(operation, "us-west-2")
    prepare_request_dict(request, endpoint.url)
    own = AWSRequest(
        method=request["method"], url=request["url"], data=request["body"], headers=request["headers"]
    ).prepare()
    theirs = sent[0]
    assert (own.method, urlsplit(own.url)) == (theirs.method, urlsplit(theirs.url))
    assert body_of(own.body) == body_of(theirs.body)
    assert headers_of(own.headers) == headers_of(theirs.headers)
    credential = (
        theirs.headers["Authorization"].decode()
        if isinstance(theirs.headers["Authorization"], bytes)
        else theirs.headers["Authorization"]
    )
    assert f"/{endpoint.signing_region}/{endpoint.signing_name}/aws4_request" in credential


CLIENTS: dict[str, Any] = {}


def body_of(body: Any) -> Any:
    text = body.decode() if isinstance(body, bytes) else body or ""
    return json.loads(text) if text.startswith("{") else text


def headers_of(headers: Any) -> dict[str, str]:
    kept = {"x-amz-target", "content-type", "accept"}
    return {
        name.lower(): value.decode() if isinstance(value, bytes) else value
        for name, value in headers.items()
        if name.lower() in kept or name.lower().startswith(("x-amzn-", "instance"))
    }
