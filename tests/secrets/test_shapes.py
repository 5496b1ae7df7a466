"""What shows by its shape goes, wherever it stands; what only looks a little like it stays."""

from __future__ import annotations

import json
import logging
import time

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from connectors.api.errors import ApiError
from connectors.api.redact import Redactor
from connectors.api.shapes import HIDDEN, harmless
from connectors.model import Outcome
from scanner import log
from tests.secrets.canaries import CONTENT, EMAIL, ENVIRONMENT, MACHINE, NEEDLES, OPAQUE, OWNER, PERSON, PROMPT, SECRETS

REDACT = Redactor(b"key")


def leaked(text: str) -> set[str]:
    return {what for what, needle in NEEDLES.items() if needle.lower() in text.lower()}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "place", ["{}", "name-{}", "key={} and more", '"{}",', "(see {})", "https://x.example/{}/y", "línea {}…"]
)
def test_a_secret_goes_wherever_it_stands(secret: str, place: str) -> None:
    if place == "name-{}":
        place = "name {}" if secret.startswith(("http", "redis", "-----")) else "name/{}"
    text = place.format(secret)

    assert not leaked(REDACT({"label": text})["label"])
    assert not leaked(json.dumps(REDACT({text: {"nested": [text]}})))
    assert not leaked(harmless(text))


@pytest.mark.parametrize("text", [
    EMAIL, f"{PERSON} <{EMAIL}>", f'"{PERSON}" <{EMAIL}>', f"{PERSON} ({EMAIL})", f"mailto:{EMAIL}", EMAIL.upper(), EMAIL.replace("@", "%40"),
    f"https://x.example/users/{EMAIL}/apps", f"users/{EMAIL}.txt", f"{EMAIL},{EMAIL}", f"export-of-{EMAIL}", f"a {EMAIL}. Then",
])  # fmt: skip
def test_an_address_becomes_a_hash_and_takes_its_name_along(text: str) -> None:
    assert not leaked(REDACT([text])[0])
    assert "person-" in REDACT([text])[0]
    assert not leaked(harmless(text))


@pytest.mark.parametrize("answer", [
    {"systemPrompt": CONTENT}, {"agent": {"instructions": [CONTENT]}}, {"name": f"Bot: {PROMPT}"}, {"environment": {"MODE": ENVIRONMENT}},
    {"env": [{"name": "MODE", "value": ENVIRONMENT}]}, {"clientSecret": OPAQUE}, {"credentials": [{"x": OPAQUE}]},
    {"createdBy": {"displayName": PERSON}}, {"last_modified_by": {"user": {"name": PERSON}}}, {"author": {"login": PERSON}},
    {"Tags": [{"Key": "contact", "Value": EMAIL}]}, {"tags": {EMAIL: "x"}}, {"long": "x" * 4090 + SECRETS["openai"]},
])  # fmt: skip
def test_what_a_key_gives_away_goes(answer: object) -> None:
    assert not leaked(json.dumps(REDACT(answer)))


@pytest.mark.parametrize("text", [
    "gpt-4.1-mini", "anthropic.claude-3-5-sonnet-20240620-v1:0", "us.anthropic.claude-sonnet-4-20250514-v1:0", "text-bison@001",
    "claude-3-5-sonnet@20240620", "meta-llama/Llama-3.1-8B-Instruct", "ft:gpt-4o-mini-2024-07-18:acme::9xYz1234", "gemini-2.0-flash-001",
    "sk-learn-pipeline-classification-model-v2", "task-planner-for-customer-support-team-2", "risk-scoring-model-production-2026-11-23",
    "publishers/google/models/gemini-1.5-pro@default", "projects/111/locations/europe-west1/models/42@3",
    "arn:aws:bedrock:eu-west-1:111122223333:agent/ABCDEFGHIJ", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/openai-AbCdEf",
    "arn:aws:iam::111122223333:role/aws-service-role/bedrock.amazonaws.com/AWSServiceRoleForBedrock",
    "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/ai",
    "639dec6b-bb19-468b-871c-c5c441c4b0cb", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6cce832f0a1b2c3d4e5f60718293a4b5c6d7e8f9", "vllm/vllm-openai@sha256:" + "0f" * 32, "docker://ollama/ollama@sha256:" + "0f" * 32,
    "oci://alpine@sha256:" + "0f" * 32, "pkg:npm/%40langchain/core@0.3.1", "@langchain/core@1.0.0-alpha.beta", "pkg:pypi/openai@1.2.3",
    "icon@2x.png", "git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop.git", "https://github.com/acme/shop", "@anthropic-ai/sdk",
    "123456789012-abcdefghijklmnop.apps.googleusercontent.com", "https://www.googleapis.com/auth/cloud-platform", "Mail.Read User.Read",
    "OPENAI_API_KEY", "secretRef: openai-key", "serviceAccount:" + MACHINE, "system:serviceaccount:ml:runner", "2026-01-02T03:04:05Z",
    "https://hooks.slack.com/apps", "asst_abc123", "proj_AbCdEfGhIjKlMnOpQrStUvWx", "Power Automate (you are signed in)", "token_count",
    "https://shop-ai.openai.azure.com/openai/deployments/chat?api-version=2024-06-01", "AKS cluster", "Basic authentication",
])  # fmt: skip
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert REDACT([text]) == [text]
    assert harmless(text) == text


def test_owners_stay_and_their_secrets_go() -> None:
    assert REDACT({"owner": OWNER}) == {"owner": OWNER}
    assert REDACT({"owner": SECRETS["openai"]}) == {"owner": HIDDEN}


@given(st.text())
def test_cutting_twice_changes_nothing(text: str) -> None:
    once = REDACT.text(text)

    assert REDACT.text(once) == once


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000 + "@", "A. " * 20_000 + "@", "sk-" * 20_000, "x@" * 30_000, "eyJ" * 20_000, "a.b@" + "c." * 30_000],
)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    begun = time.process_time()

    REDACT.text(text)

    assert time.process_time() - begun < 1.0


def test_reasons_of_coverage_and_the_log_hold_none() -> None:
    said = f"the service said {SECRETS['anthropic']} to {PERSON} <{EMAIL}>"
    assert not leaked(repr(ApiError(Outcome.FAILED, said, code=SECRETS["openai"])))
    for form in ("json", "text"):
        with CliRunner().isolation() as (_, errors, _):
            log.configure(2, quiet=False, form=form)
            log.fault(ValueError(said))
            logging.getLogger("aimscope").info(said, extra={"further": said})
            written = errors.getvalue().decode()
        logging.getLogger("aimscope").handlers.clear()
        assert "ValueError" in written
        assert not leaked(written)
