"""Whole tenants: what is found of apps, grants, assignments, licences and use, and of people only how many."""

from __future__ import annotations

import pytest

from connectors.model import ObservationKind, Outcome
from tests.connectors.saas import estates
from tests.connectors.saas.fake_vendor import TOKEN, FakeVendor, Fault
from tests.connectors.saas.scanning import scan


def test_okta(fake: FakeVendor) -> None:
    estates.okta(fake)

    found = scan(fake, "okta")

    assert {one.outcome for one in found.coverage} == {Outcome.COMPLETE}
    chatgpt = found.of("app")["0oa1"]
    assert chatgpt.name == "okta:acme/app/0oa1"
    assert chatgpt.location.source == "tenant:okta:acme"
    assert chatgpt.location.path == "applications"
    assert chatgpt.attributes["title"] == "ChatGPT"
    assert chatgpt.attributes["okta_app_names"] == ("openai",)
    assert chatgpt.attributes["hosts"] == ("auth.openai.com",)
    users = found.of("app-user")["0oa1"]
    assert (users.attributes["users"], users.attributes["refs"]) == (5, ("okta:acme/app/0oa1",))
    assert found.of("app-group")["0oa3"].attributes["groups"] == ("Sales Germany",)
    consent = found.of("consent")["0oa2"].attributes
    assert (consent["scopes"], consent["users"]) == (("okta.apps.read", "okta.users.read"), 1)
    assert found.of("refresh-token")["0oa2"].attributes["grant_count"] == 3
    assert found.of("api-service")["0oi1"].attributes["okta_app_names"] == ("anzennaapp",)
    use = found.of("sign-in")["0oa1"]
    assert use.kind is ObservationKind.USAGE
    assert (use.attributes["sign_ins"], use.attributes["users"]) == (4, 2)
    assert use.attributes["last_used"] == "2026-11-13T00:00:00.000Z"


def test_okta_is_asked_as_okta_wants_it(fake: FakeVendor) -> None:
    estates.okta(fake)

    scan(fake, "okta", areas=("applications", "activity"))

    assert {one.headers["authorization"] for one in fake.asked} == {f"SSWS {TOKEN}"}
    assert [one.query for one in fake.asked if one.path == "/api/v1/apps"] == [
        {"limit": "200"}, {"limit": "200", "after": "2"},
    ]  # fmt: skip
    log = next(one for one in fake.asked if one.path == "/api/v1/logs")
    assert log.query["filter"] == 'eventType eq "user.authentication.sso"'
    assert log.query["since"] < log.query["until"]


def test_microsoft(fake: FakeVendor) -> None:
    estates.microsoft(fake)

    found = scan(fake, "microsoft")

    assert {one.scope for one in found.coverage if one.outcome is Outcome.COMPLETE} == {
        "applications",
        "assignments",
        "licences",
    }
    assert {one.outcome for one in found.coverage} == {Outcome.COMPLETE, Outcome.NOT_APPLICABLE}
    apps = found.of("app")
    assert len(apps) == 4
    one = apps["sp-0"].attributes
    assert (one["app_ids"], one["publisher_ids"], one["publisher"]) == (("app-0",), ("pub-0",), "Publisher 0")
    assert one["hosts"] == ("app0.example", "login.app0.example")
    assert "first_party" not in one
    assert apps["sp-ms"].attributes["first_party"] == "Microsoft"
    grant = found.of("delegated-grant")["sp-1"].attributes
    assert (grant["users"], grant["grant_count"], grant["scopes"]) == (4, 4, ("Mail.Read", "User.Read"))
    assert grant["refs"] == ("microsoft:acme/app/sp-1",)
    assert found.of("graph-permission")["sp-0"].attributes["resources"] == ("Microsoft Graph",)
    assigned = found.of("assignment")["sp-2"].attributes
    assert (assigned["users"], assigned["groups"], assigned["last_assigned"]) == (
        2,
        ("Sales Germany",),
        "2026-02-01T00:00:00Z",
    )
    licence = found.of("licence")["639dec6b-bb19-468b-871c-c5c441c4b0cb"].attributes
    assert (licence["bought"], licence["assigned"]) == (200, 120)
    assert "Microsoft_365_Copilot" in licence["licence_skus"]


def test_what_refers_to_an_application_by_another_of_its_ids_finds_it(fake: FakeVendor) -> None:
    estates.microsoft(fake)

    found = scan(fake, "microsoft", areas=("applications",))

    assert found.of("sign-in")["app-0"].attributes["refs"] == ("microsoft:acme/app/sp-0",)


def test_no_person_is_listed(fake: FakeVendor) -> None:
    estates.okta(fake)
    estates.microsoft(fake)

    written = repr((scan(fake, "okta"), scan(fake, "microsoft")))

    for told in ("@", "Jo Doe", "Al Doe", "person-", "00u1", TOKEN):
        assert told not in written


@pytest.mark.parametrize(("vendor", "estate"), [("okta", estates.okta), ("microsoft", estates.microsoft)])
def test_the_same_answers_give_the_same(fake: FakeVendor, vendor: str, estate: object) -> None:
    assert callable(estate)
    estate(fake)

    assert scan(fake, vendor) == scan(fake, vendor, manners={"concurrency": 1})


def test_what_is_refused_names_the_permission(fake: FakeVendor) -> None:
    estates.microsoft(fake)
    fake.faults = [Fault("oauth2PermissionGrants"), Fault("subscribedSkus")]

    found = scan(fake, "microsoft", areas=("applications", "licences"))

    applications = found.covered("applications")
    assert applications.outcome is Outcome.PARTIAL
    assert "grant DelegatedPermissionGrant.Read.All or Directory.Read.All" in applications.reason
    assert "grant LicenseAssignment.Read.All or Organization.Read.All" in found.covered("licences").reason
    assert "jo@example.com" not in repr(found)
