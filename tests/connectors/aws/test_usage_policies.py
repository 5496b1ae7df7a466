"""What IAM policies allow."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.aws.policies import Policies, Statement, statements_of

ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")


def read(*statements: dict[str, Any]) -> list[Statement]:
    return statements_of(quote(json.dumps({"Statement": list(statements)})), ACTIONS)


def allow(action: str | list[str], resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.mark.parametrize(
    "pattern", ["bedrock:InvokeModel", "bedrock:*", "bedrock:Invoke*", "BEDROCK:invokemodel", "bedrock:InvokeMode?"]
)
def test_a_pattern_allows_what_it_matches(pattern: str) -> None:
    assert "bedrock:InvokeModel" in Policies(read(allow(pattern))).allowed(ACTIONS).actions


@pytest.mark.parametrize(
    "pattern", ["s3:*", "bedrock:Get*", "bedrock:InvokeModelX", "bedrockXInvokeModel", "bedrock:[A-Z]nvokeModel"]
)
def test_other_patterns_are_not_even_kept(pattern: str) -> None:
    assert read(allow(pattern)) == []


def test_who_may_do_everything_is_not_named_but_noted() -> None:
    allowed = Policies(read(allow("*"))).allowed(ACTIONS)
    assert allowed.everything
    assert not allowed.actions
    power_user = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    assert Policies(read(power_user)).allowed(ACTIONS).everything


def test_who_may_do_everything_and_is_named_too_is_named() -> None:
    allowed = Policies(read(allow("*"), allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/a"))).allowed(
        ACTIONS
    )
    assert allowed.actions == ("bedrock:InvokeModel",)
    assert allowed.resources == ("arn:aws:bedrock:*::foundation-model/a",)


def test_a_denial_of_everything_takes_away_and_one_under_a_condition_does_not() -> None:
    assert Policies(read(allow("bedrock:*"), deny("bedrock:Invoke*"))).allowed(ACTIONS).actions == ()
    condition = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    assert (
        Policies(read(allow("bedrock:*"), deny("bedrock:*", Condition=condition))).allowed(ACTIONS).actions == ACTIONS
    )
    some = deny("bedrock:*", "arn:aws:bedrock:*::foundation-model/a")
    assert Policies(read(allow("bedrock:*"), some)).allowed(ACTIONS).actions == ACTIONS


def test_a_boundary_allows_nothing_but_keeps_from_what_it_leaves_out() -> None:
    statements = read(allow("bedrock:*"))
    assert Policies(statements, read(allow("bedrock:InvokeModel"))).allowed(ACTIONS).actions == ACTIONS[:1]
    assert Policies(statements, []).allowed(ACTIONS).actions == ()
    assert Policies(statements, read(allow("*"))).allowed(ACTIONS).actions == ACTIONS
    assert Policies([], read(allow("*"))).allowed(ACTIONS).actions == ()


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", "null", "{}", '{"Statement": 3}', '{"Statement": [{}]}', None, 3, '{"Statement": [null]}'],
)
def test_what_is_no_policy_is_told(document: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its subclasses
        statements_of(document, ACTIONS)


PATTERNS = st.text(alphabet="bedrock:*?InvokeModel[]()+.", max_size=24)


@given(st.lists(PATTERNS, max_size=4), st.lists(PATTERNS, max_size=4))
def test_a_denial_never_allows(allowing: list[str], denying: list[str]) -> None:
    without = Policies(read(allow(allowing))).allowed(ACTIONS)
    given = Policies(read(allow(allowing), *(deny(pattern) for pattern in denying))).allowed(ACTIONS)
    assert set(given.actions) <= set(without.actions)


@given(st.lists(PATTERNS, max_size=4), st.booleans(), st.booleans())
def test_plain_data_hold_a_statement_whole(patterns: list[str], but: bool, conditional: bool) -> None:
    statement = Statement(True, tuple(patterns), but, ("*",), conditional)
    assert Statement.of(json.loads(json.dumps(statement.plain))) == statement
