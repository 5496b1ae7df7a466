"""Workloads that have no AI resource of their own: reported where a name, an image or a model gives them away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.aws import Target, connect
from connectors.model import Observation, Outcome
from tests.connectors.aws.estate import SERVICES, Scan, fake, scan
from tests.connectors.aws.fake_aws import Estate, Fault

SIGNALS = Signals(
    images={"vllm/vllm-openai": ("vllm/image",)},
    variables={"OPENAI_API_KEY": ("openai/env",)},
    models={"claude": (("anthropic\\.claude[a-z0-9.:-]*", "claude/model"),)},
)
SECRET = "sk-live-0123456789"
FUNCTIONS = {
    "Functions": [
        {
            "FunctionName": "summarise",
            "FunctionArn": "arn:aws:lambda:us-east-1:111111111111:function:summarise",
            "Role": "arn:aws:iam::111111111111:role/summarise",
            "Environment": {"Variables": {"OPENAI_API_KEY": SECRET, "STAGE": "prod"}},
        },
        {"FunctionName": "resize", "FunctionArn": "arn:aws:lambda:us-east-1:111111111111:function:resize"},
    ]
}
TASK = {
    "taskDefinition": {
        "containerDefinitions": [
            {
                "image": "vllm/vllm-openai:v0.6",
                "command": ["--api-key", SECRET],
                "environment": [{"name": "A", "value": SECRET}],
            }
        ],
        "taskRoleArn": "arn:aws:iam::111111111111:role/serving",
    }
}
MACHINE = {
    "definition": json.dumps(
        {
            "States": {
                "Ask": {
                    "Resource": "arn:aws:states:::bedrock:invokeModel",
                    "Parameters": {"ModelId": "anthropic.claude-3-haiku-20240307-v1:0", "Body": {"prompt": SECRET}},
                }
            }
        }
    )
}
SECRETS = {
    "SecretList": [
        {
            "Name": "prod/openai-api-key",
            "ARN": "arn:aws:secretsmanager:us-east-1:111111111111:secret:prod/openai-api-key-AbCdEf",
        },
        {"Name": "prod/database", "ARN": "arn:aws:secretsmanager:us-east-1:111111111111:secret:prod/database-AbCdEf"},
    ]
}


def told(service: str, operation: str, body: dict[str, Any]) -> Fault:
    return Fault(
        lambda asked: (asked.service, asked.operation) == (service, operation), 200, body=json.dumps(body).encode()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scan") / "archive"


@pytest.fixture(scope="module")
def seen(folder: Path) -> Scan:
    answers = [
        told("lambda", "ListFunctions", FUNCTIONS),
        told("ecs", "DescribeTaskDefinition", TASK),
        told("stepfunctions", "DescribeStateMachine", MACHINE),
        told("secretsmanager", "ListSecrets", SECRETS),
        told("eks", "DescribeNodegroup", {"nodegroup": {"instanceTypes": ["g5.xlarge"], "amiType": "AL2_x86_64_GPU"}}),
    ]
    services = ("lambda", "ecs", "stepfunctions", "secretsmanager", "eks", "ec2", "batch", "apprunner", "ssm")
    with fake(Estate(faults=answers)) as server:
        policy = Policy(base_urls={"aws": server.url}, retries=0)
        target = Target(services=services, usage=())
        return scan(connect(target, SERVICES, policy, Archive.recording(folder), Redactor(b"key"), SIGNALS))


def of(seen: Scan, row: str) -> list[Observation]:
    return [one for one in seen.observations if one.matchers[0] == f"aws/{row}"]


def test_every_service_was_seen_whole(seen: Scan) -> None:
    assert set(seen.outcomes().values()) == {Outcome.COMPLETE}


def test_a_function_is_found_by_the_name_of_a_variable(seen: Scan) -> None:
    (function,) = of(seen, "lambda/function")
    assert function.matchers == ("aws/lambda/function", "openai/env")
    assert function.attributes["title"] == "summarise"
    assert function.attributes["identities"] == ("arn:aws:iam::111111111111:role/summarise",)
    assert function.snippet == "lambda:ListFunctions OPENAI_API_KEY"


def test_what_shows_no_signal_is_counted(seen: Scan) -> None:
    (counts,) = (one.counts for one in seen.coverage if one.scope == "us-east-1/lambda")
    assert counts["unmarked"] == 1


def test_a_task_is_found_by_its_image(seen: Scan) -> None:
    assert [one.matchers[1] for one in of(seen, "ecs/task-definition")] == ["vllm/image"] * 3


def test_a_state_machine_is_found_by_the_model_that_it_calls(seen: Scan) -> None:
    machine = of(seen, "stepfunctions/state-machine")[0]
    assert machine.attributes["models"] == ("anthropic.claude-3-haiku-20240307-v1:0",)
    assert machine.attributes["calls"] == "bedrock:invokeModel"


def test_a_secret_is_found_by_its_name(seen: Scan) -> None:
    assert [one.attributes["title"] for one in of(seen, "secretsmanager/secret")] == ["prod/openai-api-key"]


def test_accelerators_are_found_without_a_signal(seen: Scan) -> None:
    assert of(seen, "ec2/gpu-instance")
    assert of(seen, "eks/accelerated-node-group")[0].attributes["sku"] == "g5.xlarge"


def test_no_value_is_kept(seen: Scan, folder: Path) -> None:
    assert SECRET not in repr(seen)
    assert not any(SECRET in file.read_text() for file in folder.iterdir())
