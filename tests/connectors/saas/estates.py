"""Tenants, with answers in the shape of the vendors' published descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.connectors.saas.fake_vendor import Json

if TYPE_CHECKING:
    from tests.connectors.saas.fake_vendor import FakeVendor

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def okta(fake: FakeVendor) -> None:
    """An Okta organisation with three apps."""
    apps: list[Json] = [
        {
            "id": f"0oa{number}", "label": label, "name": name, "status": "ACTIVE", "signOnMode": mode,
            "created": "2026-01-02T03:04:05.000Z", "lastUpdated": "2026-02-03T04:05:06.000Z",
            "settings": {"signOn": {"ssoAcsUrl": f"https://{host}/saml/acs"}, "oauthClient": {"client_uri": f"https://{host}"}},
            "credentials": {"userNameTemplate": {"template": "${source.login}"}},
        }
        for number, (label, name, mode, host) in enumerate([
            ("ChatGPT", "openai", "SAML_2_0", "auth.openai.com"),
            ("Our portal", "oidc_client", "OPENID_CONNECT", "portal.acme.example"),
            ("Payroll", "payroll", "SAML_2_0", "payroll.example"),
        ], 1)
    ]  # fmt: skip
    fake.one("/api/v1/org", {"id": "00o1", "companyName": "Acme", "subdomain": "acme", "phoneNumber": "+44 1"})
    fake.linked("/api/v1/apps", apps)
    for app in apps:
        users = [{"id": f"00u{n}", "scope": "USER", "profile": {"email": f"u{n}@acme.example"}} for n in range(5)]
        fake.linked(f"/api/v1/apps/{app['id']}/users", users)
        group = {"id": "00g1", "_embedded": {"group": {"profile": {"name": "Sales Germany"}}}}
        fake.linked(f"/api/v1/apps/{app['id']}/groups", [group])
    fake.one("/api/v1/apps/0oa2/grants", [
        {"id": "oag1", "scopeId": "okta.users.read", "status": "ACTIVE", "source": "ADMIN", "created": "2026-01-01T00:00:00.000Z"},
        {"id": "oag2", "scopeId": "okta.apps.read", "status": "ACTIVE", "source": "END_USER", "userId": "00u1"},
    ])  # fmt: skip
    tokens = [{"id": f"oar{n}", "userId": "00u1", "status": "ACTIVE", "scopes": ["offline_access"]} for n in range(3)]
    fake.linked("/api/v1/apps/0oa2/tokens", tokens)
    fake.linked("/integrations/api/v1/api-services", [
        {"id": "0oi1", "type": "anzennaapp", "name": "Anzenna", "grantedScopes": ["okta.users.read"], "createdAt": "2026-01-01T00:00:00Z"},
    ])  # fmt: skip
    fake.linked("/api/v1/logs", [
        {
            "uuid": str(n), "published": f"2026-11-{10 + n:02}T00:00:00.000Z", "outcome": {"result": "SUCCESS"},
            "actor": {"id": f"00u{n % 2}", "alternateId": "jo@example.com", "displayName": "Jo Doe"},
            "target": [{"type": "AppInstance", "id": "0oa1", "displayName": "ChatGPT"}, {"type": "AppUser", "displayName": "Jo Doe"}],
        }
        for n in range(4)
    ])  # fmt: skip


def microsoft(fake: FakeVendor, applications: int = 3, people: int = 4) -> None:
    """An Entra tenant in which each person has consented to each application."""
    fake.one(
        "/v1.0/organization",
        {"value": [{"id": "t1", "displayName": "Acme", "verifiedDomains": [{"name": "acme.example"}]}]},
    )
    own = [{
        "id": f"sp-{n}", "appId": f"app-{n}", "displayName": f"App {n}", "appOwnerOrganizationId": "contoso",
        "servicePrincipalType": "Application", "accountEnabled": True, "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "homepage": f"https://app{n}.example/start", "replyUrls": [f"https://login.app{n}.example/cb"],
        "verifiedPublisher": {"displayName": f"Publisher {n}", "verifiedPublisherId": f"pub-{n}"},
    } for n in range(applications)]  # fmt: skip
    first_party = {
        "id": "sp-ms",
        "appId": "app-ms",
        "displayName": "Office 365",
        "appOwnerOrganizationId": MICROSOFT,
        "tags": [],
    }
    fake.chained("/v1.0/servicePrincipals", [*own, first_party])
    grants = [
        {"id": f"g{n}-{p}", "clientId": f"sp-{n}", "consentType": "Principal", "principalId": f"person-id-{p}", "resourceId": "sp-ms",
         "scope": " Mail.Read User.Read"}
        for n in range(applications) for p in range(people)
    ]  # fmt: skip
    fake.chained("/v1.0/oauth2PermissionGrants", grants, page=3)
    fake.chained("/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo", [
        {"id": "a1", "principalId": "sp-0", "principalType": "ServicePrincipal", "principalDisplayName": "App 0",
         "resourceDisplayName": "Microsoft Graph", "appRoleId": "r1", "createdDateTime": "2026-03-01T00:00:00Z"},
    ])  # fmt: skip
    fake.chained("/beta/reports/servicePrincipalSignInActivities", [
        {"id": "s1", "appId": "app-0", "lastSignInActivity": {"lastSignInDateTime": "2026-11-01T00:00:00Z"}},
    ])  # fmt: skip
    for n in range(applications):
        fake.chained(f"/v1.0/servicePrincipals/sp-{n}/appRoleAssignedTo", [
            {"principalId": "u1", "principalType": "User", "principalDisplayName": "Jo Doe", "createdDateTime": "2026-01-01T00:00:00Z"},
            {"principalId": "u2", "principalType": "User", "principalDisplayName": "Al Doe", "createdDateTime": "2026-02-01T00:00:00Z"},
            {"principalId": "g1", "principalType": "Group", "principalDisplayName": "Sales Germany"},
        ])  # fmt: skip
    fake.one("/v1.0/subscribedSkus", {"value": [{
        "id": "x", "skuId": "639dec6b-bb19-468b-871c-c5c441c4b0cb", "skuPartNumber": "Microsoft_365_Copilot",
        "capabilityStatus": "Enabled", "consumedUnits": 120, "prepaidUnits": {"enabled": 200},
        "servicePlans": [{"servicePlanName": "M365_COPILOT_APPS", "provisioningStatus": "Success"}],
    }]})  # fmt: skip
