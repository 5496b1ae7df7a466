"""AI that shows only in use: what the bill, metrics, permissions and controls of a real moto server tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.api.archive import Archive
from connectors.aws import Target
from connectors.model import ObservationKind, Outcome
from tests.connectors.aws.usage_estate import (
    IDLE,
    OTHER,
    OWN,
    REGION,
    Moto,
    Seen,
    connector,
    moto,
    policy,
    scan,
)

CLAUDE = "anthropic.claude-sonnet-4-20250514-v1:0"
COST = "global/usage-cost"
METRICS = f"{REGION}/usage-metrics"
PERMISSIONS = "global/usage-permissions"


@pytest.fixture(scope="module")
def server() -> Iterator[Moto]:
    with moto() as serving:
        yield serving


@pytest.fixture
def aws(server: Moto) -> Moto:
    server.reset()
    return server


def ask(aws: Moto, *usage: str, **target: Any) -> Seen:
    return scan({"aws": aws.url}, usage=usage, **target)


# The bill


def test_the_bill_shows_use_in_the_account_that_it_names(aws: Moto) -> None:
    aws.bill(
        ("Amazon Bedrock", OWN, "12.3456"), ("Amazon Bedrock", OWN, "1.0"), ("Amazon Elastic Compute Cloud", OWN, "900"),
        ("Claude Sonnet 4 (Amazon Bedrock Edition)", OTHER, "0.0004"), ("Amazon QuickSight", OTHER, "5"),
    )  # fmt: skip
    seen = ask(aws, "cost", accounts=(OWN, OTHER, IDLE), role="scan")
    told = {(one.location.source, one.attributes["title"]): one.attributes["amount"] for one in seen.observations}
    assert told == {
        (f"account:aws:{OWN}", "Amazon Bedrock"): 13.35,
        (f"account:aws:{OTHER}", "Claude Sonnet 4 (Amazon Bedrock Edition)"): 0.0,
    }
    (own,) = (one for one in seen.of("usage-cost/bedrock") if one.location.source.endswith(OWN))
    assert own.kind is ObservationKind.USAGE
    assert own.name == f"arn:aws:ce::{OWN}:service/Amazon Bedrock"
    assert own.location.path == COST
    assert own.attributes["unit"] == "USD"
    for account in (OWN, OTHER, IDLE):
        assert seen.covered(COST, account).outcome is Outcome.COMPLETE


def test_the_bill_is_asked_for_once_over_all_accounts(aws: Moto, tmp_path: Path) -> None:
    scan(
        {"aws": aws.url},
        Archive.recording(tmp_path / "kept"),
        usage=("cost",),
        accounts=(OWN, OTHER, IDLE),
        role="scan",
    )
    lines = [line for file in (tmp_path / "kept").glob("*.jsonl") for line in file.read_text().splitlines()]
    assert sum("GetCostAndUsage" in line for line in lines) == 1


def test_an_account_that_the_bill_cannot_show_is_not_taken_for_quiet(aws: Moto) -> None:
    aws.bill(("AWS Config", OWN, "1"))
    seen = ask(aws, "cost", accounts=(OWN, OTHER), role="scan")
    assert seen.covered(COST).outcome is Outcome.COMPLETE
    hidden = seen.covered(COST, OTHER)
    assert hidden.outcome is Outcome.PARTIAL
    assert "`payer`" in hidden.reason


def test_what_is_billed_is_listed_first_and_what_is_quiet_in_turn(aws: Moto) -> None:
    def plan(**target: Any) -> Any:
        aws.bill(("Amazon Lex", OTHER, "3"), ("AWS Config", OWN, "1"))
        services = ("lexv2-models", "bedrock", "usage-cost")
        settings = {"services": services, "usage": ("cost",), "accounts": (OWN, OTHER), "role": "scan", **target}
        return connector({"aws": aws.url}, **settings).plan()

    listing = [(one.source[-12:], one.scope) for one in plan().tasks if one.rows and "usage" not in one.scope]
    assert listing[0] == (OTHER, f"{REGION}/lexv2-models")
    assert len(listing) == 4
    rotated = plan(rotate_days=1_000_000)
    assert {(one.source[-12:], one.scope) for one in rotated.tasks if one.rows and "usage" not in one.scope} == {
        listing[0]
    }
    left = [one for one in rotated.coverage if one.outcome is Outcome.SKIPPED]
    assert {(one.source[-12:], one.scope) for one in left} == set(listing[1:])
    assert all(one.reason.startswith("stale since ") and one.counts == {"left_out": 1} for one in left)


# Metrics


def put(aws: Moto, namespace: str, name: str, value: float, **dimensions: str) -> None:
    told = [{"Name": key, "Value": text} for key, text in dimensions.items()]
    when = datetime.now(UTC) - timedelta(days=2)
    data = [{"MetricName": name, "Dimensions": told, "Value": value, "Unit": "Count", "Timestamp": when}]
    aws.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)


def test_metrics_prove_which_models_and_endpoints_were_called(aws: Moto) -> None:
    alias = f"arn:aws:bedrock:{REGION}:{OWN}:agent-alias/AGENT00001/ALIAS00001"
    put(aws, "AWS/Bedrock", "Invocations", 40, ModelId=CLAUDE)
    put(aws, "AWS/Bedrock", "Invocations", 2, ModelId=CLAUDE)
    put(aws, "AWS/Bedrock", "Invocations", 7, ModelId=CLAUDE, ContextWindow="200k")
    put(aws, "AWS/Bedrock", "InvocationLatency", 900, ModelId="amazon.nova-lite-v1:0")
    put(aws, "AWS/Bedrock/Agents", "InvocationCount", 5, Operation="InvokeAgent", ModelId=CLAUDE, AgentAliasArn=alias)
    put(aws, "AWS/SageMaker", "Invocations", 3, EndpointName="Churn", VariantName="a")
    put(aws, "AWS/SageMaker", "Invocations", 0, EndpointName="Idle", VariantName="a")
    put(aws, "AWS/Textract", "SuccessfulRequestCount", 1, Operation="AnalyzeDocument")
    put(aws, "Shop", "Invocations", 9, ModelId="not-a-model")
    seen = ask(aws, "metrics")
    told = {one.matchers[0].rpartition("/")[2]: one for one in seen.observations}
    assert set(told) == {"bedrock-model", "bedrock-agent", "sagemaker-endpoint", "textract-operation"}
    assert len(seen.observations) == 4
    assert told["bedrock-model"].attributes["amount"] == 42
    assert told["bedrock-model"].attributes["models"] == (CLAUDE,)
    assert told["bedrock-model"].attributes["region"] == REGION
    assert told["bedrock-agent"].attributes["refs"] == (alias,)
    assert told["sagemaker-endpoint"].attributes["refs"] == (f"arn:aws:sagemaker:{REGION}:{OWN}:endpoint/churn",)
    assert all(one.kind is ObservationKind.USAGE and one.location.path == METRICS for one in seen.observations)
    covered = seen.covered(METRICS)
    assert covered.outcome is Outcome.COMPLETE
    assert (covered.counts["assets"], covered.counts["idle"]) == (4, 1)


def test_sums_are_asked_for_five_hundred_at_a_time(aws: Moto, tmp_path: Path) -> None:
    data = [
        {
            "MetricName": "Invocations",
            "Dimensions": [{"Name": "ModelId", "Value": f"model-{number}"}],
            "Value": number + 1.0,
        }
        for number in range(501)
    ]
    aws.client("cloudwatch").put_metric_data(Namespace="AWS/Bedrock", MetricData=data)
    seen = scan({"aws": aws.url}, Archive.recording(tmp_path / "kept"), usage=("metrics",))
    assert {
        one.attributes["models"][0]: one.attributes["amount"] for one in seen.of("usage-metrics/bedrock-model")
    } == {f"model-{number}": number + 1 for number in range(501)}
    lines = [line for file in (tmp_path / "kept").glob("*.jsonl") for line in file.read_text().splitlines()]
    assert sum('\\"GetMetricData\\"' in line for line in lines) == 2


# Permissions


def role(iam: Any, name: str, *documents: str, path: str = "/") -> str:
    arn: str = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for number, document in enumerate(documents):
        iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=document)
    return arn


def test_grants_name_who_may_invoke_models_and_which(aws: Moto) -> None:
    iam = aws.client("iam")
    model = f"arn:aws:bedrock:*::foundation-model/{CLAUDE}"
    endpoint = f"arn:aws:sagemaker:{REGION}:{OWN}:endpoint/churn"
    caller = role(iam, "caller", policy("bedrock:InvokeModel*", resource=model), policy("s3:*"))
    both = role(iam, "both", policy("bedrock:*"), policy("sagemaker:InvokeEndpoint", resource=endpoint))
    role(iam, "denied", policy("bedrock:*"), policy("bedrock:*", effect="Deny"))
    role(iam, "admin", policy("*"))
    role(iam, "reader", policy("bedrock:List*", "bedrock:Get*"))
    role(
        iam, "AWSServiceRoleForBedrock", policy("bedrock:InvokeModel"), path="/aws-service-role/bedrock.amazonaws.com/"
    )
    iam.create_group(GroupName="builders")
    managed = iam.create_policy(PolicyName="invoke", PolicyDocument=policy("bedrock:InvokeModel"))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="builders", PolicyArn=managed)
    person = iam.create_user(UserName="builder")["User"]["Arn"]
    iam.add_user_to_group(GroupName="builders", UserName="builder")
    seen = ask(aws, "permissions")
    grants = {one.attributes["identities"][0]: one for one in seen.of("usage-permissions/bedrock")}
    assert set(grants) == {caller, both, person}
    assert grants[caller].kind is ObservationKind.GRANT
    assert grants[caller].attributes["models"] == (CLAUDE,)
    assert grants[caller].attributes["actions"] == ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
    (on_endpoint,) = seen.of("usage-permissions/sagemaker")
    assert on_endpoint.attributes["refs"] == (endpoint,)
    assert on_endpoint.name == f"{both}#sagemaker"
    covered = seen.covered(PERMISSIONS)
    assert covered.outcome is Outcome.COMPLETE
    assert (covered.counts["administrators"], covered.counts["dropped"], covered.counts["requests"]) == (1, 1, 1)


# Controls


def test_invocation_logging_is_told_by_where_it_goes(aws: Moto) -> None:
    logging = {"cloudWatchConfig": {"logGroupName": "calls", "roleArn": f"arn:aws:iam::{OWN}:role/log"}}
    aws.client("logs").create_log_group(logGroupName="calls")
    aws.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=logging)
    (control,) = ask(aws, "bedrock").of("usage-bedrock/invocation-logging")
    assert control.kind is ObservationKind.CONTROL
    assert control.attributes["log_group"] == "calls"
    assert control.attributes["identities"] == (f"arn:aws:iam::{OWN}:role/log",)


def test_no_logging_is_no_control(aws: Moto) -> None:
    seen = ask(aws, "bedrock")
    assert not seen.of("usage-bedrock/invocation-logging")
    assert seen.covered(f"{REGION}/usage-bedrock").outcome is Outcome.COMPLETE


def test_policies_of_the_organisation_are_asked_for_once(aws: Moto) -> None:
    organizations = aws.client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    organizations.create_account(AccountName="shop", Email="shop@example.com")
    content = json.dumps({"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}})
    organizations.create_policy(Name="no training", Description="", Type="AISERVICES_OPT_OUT_POLICY", Content=content)
    seen = ask(aws, "organization", organization=True, role="scan")
    (control,) = seen.of("usage-organization/ai-services-opt-out-policy")
    assert control.attributes["title"] == "no training"
    assert [one.source for one in seen.coverage if one.scope == "global/usage-organization"] == [f"account:aws:{OWN}"]


# All of it


def test_a_replay_gives_the_same_without_network(aws: Moto, tmp_path: Path) -> None:
    put(aws, "AWS/Bedrock", "Invocations", 40, ModelId=CLAUDE)
    role(aws.client("iam"), "caller", policy("bedrock:InvokeModel"))
    aws.bill(("Amazon Bedrock", OWN, "12.3456"))
    usage = ("cost", "metrics", "permissions", "bedrock")
    first = scan({"aws": aws.url}, Archive.recording(tmp_path / "kept"), usage=usage)
    again = scan({"aws": "http://127.0.0.1:9"}, Archive.replaying(tmp_path / "kept"), usage=usage)
    assert {one.matchers[0] for one in first.observations} >= {
        "aws/usage-cost/bedrock", "aws/usage-metrics/bedrock-model", "aws/usage-permissions/bedrock",
    }  # fmt: skip
    assert again.observations == first.observations
    assert again.coverage == first.coverage


def test_only_what_was_asked_for_is_asked(aws: Moto) -> None:
    assert not [one for one in ask(aws).plan.tasks if "usage" in one.scope]
    scopes = {one.scope for one in ask(aws, "metrics", "trail", "bedrock", tiers=("A",)).plan.tasks}
    assert not any("usage" in scope for scope in scopes)


def test_use_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="`usage`: trial: is none of cost,"):
        Target(usage=("cost", "trial"))


def test_the_slow_and_the_costly_are_off() -> None:
    assert not {"trail", "last-used"} & set(Target().usage)
