"""The policies and checks that a user asks for before the first scan."""

from __future__ import annotations

import json

import pytest

from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.aws import Target, doctor, permissions
from tests.connectors.aws.estate import ROWS, SERVICES, fake
from tests.connectors.aws.fake_aws import Estate, Fault

ALL = Target(tiers=("A", "B", "C", "D"))


def actions(documents: tuple[tuple[str, str], ...]) -> list[str]:
    return [action for _, text in documents for action in json.loads(text)["Statement"][0]["Action"]]


def test_the_policies_hold_every_action_of_the_enabled_rows_and_only_reading_ones() -> None:
    documents = permissions(SERVICES, ALL)
    needed = {action for service in ROWS for row in service.rows for action in row.actions}
    given = actions(documents)
    assert needed <= set(given)
    assert len(given) == len(set(given))
    verbs = ("List", "Get", "Describe", "Search", "BatchGet")
    assert [action for action in given if not action.partition(":")[2].startswith(verbs)] == []


def test_every_policy_is_under_the_size_that_aws_allows() -> None:
    for name, text in permissions(SERVICES, ALL):
        assert len("".join(text.split())) <= 6144, name


def test_the_policy_is_no_larger_than_the_services_and_tiers_that_are_asked() -> None:
    (scanned, text), (caller, enter) = permissions(
        SERVICES, Target(services=("comprehend",), tiers=("A",), role="reader")
    )
    assert (scanned, caller) == ("aimscope-scan.json", "aimscope-caller.json")
    assert json.loads(text)["Statement"][0]["Action"] == [
        "comprehend:ListEndpoints", "comprehend:ListFlywheels", "ec2:DescribeRegions", "tag:GetResources",
    ]  # fmt: skip
    assert json.loads(enter)["Statement"][1] == {
        "Sid": "Enter", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:*:iam::*:role/reader",
    }  # fmt: skip


@pytest.fixture
def checks() -> dict[str, tuple[bool | None, str]]:
    estate = Estate(
        accounts={"111111111111": "management", "222222222222": "closed"},
        faults=[
            Fault(lambda asked: asked.operation == "AssumeRole", 403, "AccessDenied"),
            Fault(lambda asked: asked.service == "kendra", 403, "AccessDeniedException"),
            Fault(lambda asked: asked.service == "polly", 500),
        ],
    )
    with fake(estate) as server:
        policy = Policy(base_urls={"aws": server.url}, retries=0)
        target = Target(organization=True, role="reader", services=("kendra", "polly", "textract"))
        told = list(doctor(target, SERVICES, policy, Archive.live(), Redactor(b"key")))
    return {what: (allowed, mend) for what, allowed, mend in told}


def test_the_doctor_says_which_accounts_and_services_can_be_asked(checks: dict[str, tuple[bool | None, str]]) -> None:
    assert checks["account:aws:111111111111: enter the account"] == (True, "")
    allowed, mend = checks["account:aws:222222222222: enter the account"]
    assert allowed is False
    assert "role/reader cannot be assumed" in mend
    assert checks["account:aws:111111111111: textract:ListAdapters in us-east-1"] == (True, "")
    allowed, mend = checks["account:aws:111111111111: kendra:ListIndices in us-east-1"]
    assert (allowed, "allow it to the role" in mend) == (False, True)
    assert checks["account:aws:111111111111: polly:ListLexicons in us-east-1"][0] is None
