"""Nothing secret, no content and nobody's address leaves a connector; names and shapes do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.api.redact import Redactor
from connectors.api.shapes import HIDDEN

REDACT = Redactor(b"key")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("answer", "redacted"),
    [
        ({"apiKey": "sk-1", "apiKeyName": "ci"}, {"apiKey": HIDDEN, "apiKeyName": "ci"}),
        ({"secretArn": "arn:aws:x", "SecretString": "y"}, {"secretArn": "arn:aws:x", "SecretString": HIDDEN}),
        ({"Environment": {"Variables": {"OPENAI_API_KEY": "sk-1", "MODE": "x"}}},
         {"Environment": {"Variables": {"OPENAI_API_KEY": HIDDEN, "MODE": HIDDEN}}}),
        ({"env": [{"name": "MODE", "value": "x"}]}, {"env": [{"name": "MODE", "value": HIDDEN}]}),
        ({"instruction": "You are a bot", "agentName": "bot"}, {"instruction": HIDDEN, "agentName": "bot"}),
        ({"credentials": {"key": "sk-1"}, "authType": "ApiKey"}, {"credentials": HIDDEN, "authType": "ApiKey"}),
        ({"nextToken": "abc", "accessToken": "abc"}, {"nextToken": "abc", "accessToken": HIDDEN}),
        ({"maxTokens": "12", "tokenCount": 3}, {"maxTokens": "12", "tokenCount": 3}),
        ([{"Key": "owner", "Value": "ml@acme.test"}], [{"Key": "owner", "Value": "ml@acme.test"}]),
        ([{"Key": "password", "Value": "x"}], [{"Key": "password", "Value": HIDDEN}]),
        ({"member": "serviceAccount:x@p.iam.gserviceaccount.com"}, {"member": "serviceAccount:x@p.iam.gserviceaccount.com"}),
    ],
)  # fmt: skip
def test_what_stays_and_what_goes(answer: object, redacted: object) -> None:
    assert REDACT(answer) == redacted


def test_people_are_keyed_hashes_that_join() -> None:
    first, second = REDACT(["Ann <ann@acme.test>", "ANN@acme.test"])
    assert "ann" not in first.lower().replace("ann <", "")
    assert first.removeprefix("Ann <").rstrip(">") == second
    assert Redactor(b"other")("ann@acme.test") != REDACT("ann@acme.test")


@given(_JSON)
def test_an_answer_keeps_its_shape_and_redacting_twice_changes_nothing(answer: object) -> None:
    once = REDACT(answer)
    json.dumps(once)
    assert REDACT(once) == once
