"""Use that moto does not tell: refusals, the event history, keys and the access advisor, served as AWS writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.api.archive import Archive
from connectors.aws import last_used, usage_trail
from connectors.model import ObservationKind, Outcome
from tests.connectors.aws.usage_estate import OWN, REGION, Moto, Seen, moto, policy, scan

CLAUDE = "anthropic.claude-sonnet-4-20250514-v1:0"
ROLE = f"arn:aws:iam::{OWN}:role/shop"
TRAIL = f"{REGION}/usage-trail"


@pytest.fixture(scope="module", autouse=True)
def _quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usage_trail, "_APART", 0.0)
        patch.setattr(last_used, "_MOST", 2)
        yield


@pytest.fixture(scope="module")
def aws() -> Iterator[Moto]:
    with moto() as serving:
        yield serving


def ask(aws: Moto, server: HTTPServer, service: str, *usage: str, **more: Any) -> Seen:
    """A scan in which one service is asked of another server."""
    return scan({"aws": aws.url, service: server.url_for("")}, usage=usage, **more)


def refused(server: HTTPServer, code: str = "AccessDeniedException", status: int = 400) -> None:
    answer = Response(json.dumps({"__type": code, "message": "no"}), status, content_type="application/x-amz-json-1.1")
    server.expect_request("/").respond_with_response(answer)


# Refusals


@pytest.mark.parametrize(
    ("service", "usage", "scope", "action"),
    [
        ("ce", "cost", "global/usage-cost", "ce:GetCostAndUsage"),
        ("cloudwatch", "metrics", f"{REGION}/usage-metrics", "cloudwatch:ListMetrics"),
        ("cloudtrail", "trail", TRAIL, "cloudtrail:LookupEvents"),
    ],
)
def test_a_denial_names_the_action_that_would_show_it(
    aws: Moto, httpserver: HTTPServer, service: str, usage: str, scope: str, action: str
) -> None:
    refused(httpserver)
    told = ask(aws, httpserver, service, usage).covered(scope)
    assert told.outcome is Outcome.DENIED
    assert f"{action} is denied" in told.reason
    assert len(httpserver.log) == 1  # no further question needs the same permission


def test_where_the_bill_is_denied_nothing_is_left_for_another_day(aws: Moto, httpserver: HTTPServer) -> None:
    refused(httpserver)
    seen = ask(aws, httpserver, "ce", "cost", "metrics", rotate_days=1000)
    assert not [one for one in seen.coverage if one.outcome is Outcome.SKIPPED and one.counts.get("left_out")]


def test_metrics_whose_sums_are_denied_still_show_use(aws: Moto, httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        if operation != "ListMetrics":
            return Response(json.dumps({"__type": "AccessDenied"}), 403, content_type="application/x-amz-json-1.0")
        asked = json.loads(request.get_data())
        dimensions = [{"Name": one["Name"], "Value": CLAUDE} for one in asked["Dimensions"]]
        found = [{**asked, "Dimensions": dimensions}] if asked["Namespace"] == "AWS/Bedrock" else []
        return Response(json.dumps({"Metrics": found}), content_type="application/x-amz-json-1.0")

    httpserver.expect_request("/").respond_with_handler(answer)
    seen = ask(aws, httpserver, "cloudwatch", "metrics")
    (used,) = seen.of("usage-metrics/bedrock-model")
    assert "amount" not in used.attributes
    told = seen.covered(f"{REGION}/usage-metrics")
    assert told.outcome is Outcome.PARTIAL
    assert "cloudwatch:GetMetricData is denied" in told.reason


# The bill


def test_the_bill_shows_use_in_an_account_that_cannot_be_entered(aws: Moto, httpserver: HTTPServer) -> None:
    closed = "111111111111"
    aws.bill(("Amazon Bedrock", closed, "3"), ("Amazon Bedrock", OWN, "1"))
    urls = {"aws": aws.url, "ec2": httpserver.url_for("")}

    def entered(request: Request) -> Response:
        own = "AKIAEXAMPLE" in request.headers["Authorization"]
        regions = f"<regionInfo><item><regionName>{REGION}</regionName></item></regionInfo>"
        text = f"<DescribeRegionsResponse>{regions}</DescribeRegionsResponse>" if own else "<Response/>"
        return Response(text, 200 if own else 403, content_type="text/xml")

    httpserver.expect_request("/").respond_with_handler(entered)
    seen = scan(urls, usage=("cost", "metrics"), accounts=(closed, OWN), role="scan")
    assert {one.location.source[-12:]: one.attributes["amount"] for one in seen.observations} == {closed: 3.0, OWN: 1.0}
    assert seen.covered("", closed).outcome is Outcome.DENIED
    assert seen.covered("global/usage-cost", closed).outcome is Outcome.COMPLETE


def test_every_page_of_the_bill_is_read_and_replayed(aws: Moto, httpserver: HTTPServer, tmp_path: Path) -> None:
    def page(request: Request) -> Response:
        token = json.loads(request.get_data()).get("NextPageToken")
        metrics = {"UnblendedCost": {"Amount": "2.5", "Unit": "USD"}, "UsageQuantity": {"Amount": "7", "Unit": "N/A"}}
        service = {None: "Amazon Bedrock", "second": "Amazon Lex", "third": "Amazon Bedrock"}[token]
        groups = [{"Keys": [service, OWN], "Metrics": metrics}]
        more = {None: {"NextPageToken": "second"}, "second": {"NextPageToken": "third"}, "third": {}}[token]
        body = {"ResultsByTime": [{"Groups": groups}], **more}
        return Response(json.dumps(body), content_type="application/x-amz-json-1.1")

    httpserver.expect_request("/").respond_with_handler(page)
    kept = tmp_path / "kept"
    first = ask(aws, httpserver, "ce", "cost", archive=Archive.recording(kept))
    again = scan({"aws": "http://127.0.0.1:9"}, Archive.replaying(kept), usage=("cost",))
    assert {one.attributes["title"]: one.attributes["amount"] for one in again.observations} == {
        "Amazon Bedrock": 5.0,
        "Amazon Lex": 2.5,
    }
    assert again.observations == first.observations
    assert first.covered("global/usage-cost").counts["requests"] == 3


# The event history


def event(model: str = CLAUDE, **more: Any) -> dict[str, Any]:
    who = {
        "type": "AssumedRole", "arn": f"arn:aws:sts::{OWN}:assumed-role/shop/alice@example.com",
        "accessKeyId": "ASIASECRET", "sessionContext": {"sessionIssuer": {"arn": ROLE}},
    }  # fmt: skip
    told = {
        "eventName": "Converse", "eventTime": "2026-11-20T10:00:00Z", "sourceIPAddress": "203.0.113.9", "userIdentity": who,
        "requestParameters": {"modelId": model, "note": "x" * 6000}, **more,
    }  # fmt: skip
    return {"EventName": "Converse", "Username": "alice@example.com", "CloudTrailEvent": json.dumps(told)}


def history(server: HTTPServer, *pages: list[dict[str, Any]]) -> None:
    def answer(request: Request) -> Response:
        asked = json.loads(request.get_data())
        number = int(asked.get("NextToken", "0"))
        converse = asked["LookupAttributes"][0]["AttributeValue"] == "Converse"
        more = {"NextToken": str(number + 1)} if converse and number + 1 < len(pages) else {}
        body = {"Events": pages[number] if converse else [], **more}
        return Response(json.dumps(body), content_type="application/x-amz-json-1.1")

    server.expect_request("/").respond_with_handler(answer)


def test_the_event_history_tells_which_role_called_which_model(
    aws: Moto, httpserver: HTTPServer, tmp_path: Path
) -> None:
    later = event(eventTime="2026-11-21T10:00:00Z")
    history(httpserver, [later, event(), event("amazon.nova-lite-v1:0", errorCode="AccessDenied")], [event()])
    seen = ask(aws, httpserver, "cloudtrail", "trail", archive=Archive.recording(tmp_path / "kept"))
    (calls,) = seen.observations
    assert calls.kind is ObservationKind.USAGE
    assert calls.attributes["identities"] == (ROLE,)
    assert calls.attributes["models"] == (CLAUDE,)
    assert calls.attributes["amount"] == 3
    assert (calls.attributes["since"], calls.attributes["until"]) == ("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z")
    assert seen.covered(TRAIL).outcome is Outcome.COMPLETE
    written = "".join(file.read_text() for file in (tmp_path / "kept").iterdir())
    assert CLAUDE in written
    assert not any(secret in written for secret in ("203.0.113.9", "ASIASECRET", "alice", "xxxx"))


def test_the_event_history_is_read_newest_first_up_to_a_number(aws: Moto, httpserver: HTTPServer) -> None:
    history(httpserver, *[[event()]] * 9)
    seen = ask(aws, httpserver, "cloudtrail", "trail", max_activity=100)
    assert seen.observations[0].attributes["amount"] == 2
    assert seen.covered(TRAIL).counts["left_out"] == 1


def test_an_event_that_cannot_be_read_is_told(aws: Moto, httpserver: HTTPServer) -> None:
    history(httpserver, [{"CloudTrailEvent": "{"}, {"CloudTrailEvent": "[]"}, {}, event()])
    seen = ask(aws, httpserver, "cloudtrail", "trail")
    assert len(seen.observations) == 1
    told = seen.covered(TRAIL)
    assert (told.outcome, told.reason) == (Outcome.PARTIAL, "3 events of CloudTrail cannot be read")


# Keys and the access advisor


def iam(server: HTTPServer, *answers: tuple[str, str]) -> list[dict[str, list[str]]]:
    """Serves IAM's answers by operation; several of one operation one after another, the last for ever."""
    left: dict[str, list[str]] = {}
    for operation, body in answers:
        left.setdefault(operation, []).append(body)
    asked: list[dict[str, list[str]]] = []

    def answer(request: Request) -> Response:
        form = parse_qs(request.get_data(as_text=True))
        asked.append(form)
        operation = form["Action"][0]
        bodies = left[operation]
        body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        text = f"<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>"
        return Response(text, content_type="text/xml")

    server.expect_request("/").respond_with_handler(answer)
    return asked


def test_a_long_lived_key_is_told_by_name_and_owner(aws: Moto, httpserver: HTTPServer, tmp_path: Path) -> None:
    member = (
        "<member><UserName>builder</UserName><Status>Active</Status><CreateDate>2026-01-02T03:04:05Z</CreateDate>"
        "<ServiceSpecificCredentialId>{}</ServiceSpecificCredentialId><ServiceName>bedrock.amazonaws.com</ServiceName></member>"
    )
    keys = "".join(member.format(name) for name in ("ACCA1", "ACCA2"))
    asked = iam(
        httpserver,
        ("ListServiceSpecificCredentials", f"<ServiceSpecificCredentials>{keys}</ServiceSpecificCredentials>"),
    )
    seen = ask(aws, httpserver, "iam", "bedrock")
    found = seen.of("usage-bedrock/api-key")
    assert [one.name.rpartition("/")[2] for one in found] == ["ACCA1", "ACCA2"]
    assert all(one.attributes["refs"] == (f"arn:aws:iam::{OWN}:user/builder",) for one in found)
    assert asked[0]["ServiceName"] == ["bedrock.amazonaws.com"]
    assert asked[0]["AllUsers"] == ["true"]


def details(*names: str) -> str:
    member = "<member><Arn>arn:aws:iam::{}:role/{}</Arn><RolePolicyList><member><PolicyDocument>{}</PolicyDocument></member></RolePolicyList></member>"
    document = policy("bedrock:InvokeModel").replace('"', "%22")
    return "<RoleDetailList>" + "".join(member.format(OWN, name, document) for name in names) + "</RoleDetailList>"


DONE = (
    "<JobStatus>COMPLETED</JobStatus><ServicesLastAccessed><member><ServiceNamespace>bedrock</ServiceNamespace>"
    "<TrackedActionsLastAccessed>"
    "<member><ActionName>InvokeModel</ActionName><LastAccessedTime>2026-11-20T10:00:00Z</LastAccessedTime></member>"
    "<member><ActionName>ListAgents</ActionName><LastAccessedTime>2026-11-22T10:00:00Z</LastAccessedTime></member>"
    "</TrackedActionsLastAccessed></member></ServicesLastAccessed>"
)


def test_a_permission_that_was_used_proves_use(aws: Moto, httpserver: HTTPServer, tmp_path: Path) -> None:
    answers = (
        ("GetAccountAuthorizationDetails", details("shop")),
        ("GenerateServiceLastAccessedDetails", "<JobId>11111111-2222-3333-4444-555555555555</JobId>"),
        ("GetServiceLastAccessedDetails", "<JobStatus>IN_PROGRESS</JobStatus>"),
        ("GetServiceLastAccessedDetails", DONE),
    )
    asked = iam(httpserver, *answers)
    seen = ask(aws, httpserver, "iam", "permissions", "last-used", archive=Archive.recording(tmp_path / "kept"))
    (grant,) = seen.of("usage-permissions/bedrock")
    (used,) = seen.of("usage-last-used/bedrock")
    assert used.attributes["identities"] == grant.attributes["identities"] == (ROLE,)
    assert used.attributes["used"] == "2026-11-20T10:00:00+00:00"
    assert used.attributes["actions"] == ("bedrock:InvokeModel",)
    assert [form["Action"][0] for form in asked][-2:] == ["GetServiceLastAccessedDetails"] * 2
    assert seen.covered("global/usage-last-used").outcome is Outcome.COMPLETE
    replayed = scan(
        {"aws": "http://127.0.0.1:9"}, Archive.replaying(tmp_path / "kept"), usage=("permissions", "last-used")
    )
    assert replayed.observations == seen.observations


def test_no_more_principals_are_asked_about_than_is_fit(aws: Moto, httpserver: HTTPServer) -> None:
    iam(
        httpserver,
        ("GetAccountAuthorizationDetails", details("a", "b", "c")),
        ("GenerateServiceLastAccessedDetails", "<JobId>11111111-2222-3333-4444-555555555555</JobId>"),
        ("GetServiceLastAccessedDetails", "<JobStatus>COMPLETED</JobStatus>"),
    )
    told = ask(aws, httpserver, "iam", "permissions", "last-used").covered("global/usage-last-used")
    assert told.outcome is Outcome.PARTIAL
    assert "only 2 of 3 principals" in told.reason


def test_a_policy_that_cannot_be_read_is_told(aws: Moto, httpserver: HTTPServer) -> None:
    broken = details("shop").replace("Statement", "Statment")
    iam(httpserver, ("GetAccountAuthorizationDetails", broken))
    told = ask(aws, httpserver, "iam", "permissions").covered("global/usage-permissions")
    assert told.outcome is Outcome.PARTIAL
    assert "iam:GetAccountAuthorizationDetails: 1 policies cannot be read" in told.reason
