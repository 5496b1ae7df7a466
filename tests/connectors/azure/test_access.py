"""What the credentials need, and what they have."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.azure import Target, doctor, permissions
from connectors.azure.access import Access
from connectors.model import Outcome
from tests.connectors.azure.fake_azure import FakeAzure
from tests.connectors.azure.scanning import TARGET, scan, services


def checked(azure: FakeAzure) -> dict[str, tuple[bool | None, str]]:
    policy = Policy(base_urls={"azure": azure.url}, retries=0)
    found = doctor(TARGET, services(), policy, Archive.live(), Redactor(b"key"))
    return {what: (allowed, mend) for what, allowed, mend in found}


def test_the_role_that_is_printed_is_enough_for_a_complete_scan(azure: FakeAzure) -> None:
    subscription = azure.subscription(1, "Shop")
    ((_, text),) = permissions(services())
    azure.allowed[subscription] = json.loads(text)["Actions"]

    result = scan(azure)

    assert result.coverage
    assert not result.incomplete


def test_the_role_reads_and_does_nothing_else() -> None:
    for name, text in permissions(services(), Target(tiers=("A", "B", "C", "D"))):
        role = json.loads(text)
        reading = [action for action in role["Actions"] if action.endswith("/read")]
        others = set(role["Actions"]) - set(reading)
        assert others == {"Microsoft.CognitiveServices/accounts/projects/applications/listAgents/action"}
        assert not any("*" in action or "listkeys" in action.lower() for action in role["Actions"])
        assert role["DataActions"] == role["NotActions"] == role["NotDataActions"] == []
        assert len(role["Actions"]) == len({action.lower() for action in role["Actions"]})
        assert len(role["Description"]) <= 2048
        assert len(text) < 128 * 1024
        assert name.endswith(".json")


def test_the_role_covers_what_is_asked_for_and_no_more() -> None:
    ((_, text),) = permissions(services(), Target(services=("bot-service",), subscriptions=("ab-1",)))

    role = json.loads(text)
    assert role["AssignableScopes"] == ["/subscriptions/ab-1"]
    assert [action for action in role["Actions"] if "CognitiveServices" in action] == []
    assert "Microsoft.BotService/botServices/read" in role["Actions"]


def test_doctor_says_what_is_missing_and_how_to_mend_it(azure: FakeAzure) -> None:
    good, poor = azure.subscription(1, "Good"), azure.subscription(2, "Poor")
    azure.allowed[poor] = ["Microsoft.CognitiveServices/*/read", "Microsoft.Authorization/permissions/read"]

    found = checked(azure)

    assert found["list subscriptions (2 to scan)"] == (True, "")
    assert found[f"account:azure:{good}: cognitive-services"] == (True, "")
    assert found[f"account:azure:{poor}: bot-service"] == (False, "grant Microsoft.BotService/botServices/read")
    assert len(azure.asked) <= 5


def test_doctor_stops_where_nobody_can_sign_in(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMSCOPE_TEST_TOKEN", "wrong")

    ((allowed, mend),) = checked(azure).values()

    assert allowed is False
    assert "sign in" in mend


def test_permissions_that_cannot_be_read_leave_coverage_open(azure: FakeAzure) -> None:
    from tests.connectors.azure.fake_azure import Fault

    subscription = azure.subscription(1, "Shop")
    azure.faults.append(Fault("Authorization/permissions", "403"))

    coverage = scan(azure, "bot-service").covered(subscription, "global/bot-service")

    assert coverage.outcome is Outcome.PARTIAL
    assert "grant Microsoft.Authorization/permissions/read" in coverage.reason


@pytest.mark.parametrize(
    ("grants", "allowed"),
    [
        ([(["*/read"], [])], True),
        ([(["*"], [])], True),
        ([(["microsoft.search/SEARCHSERVICES/read"], [])], True),
        ([(["Microsoft.Search/searchServices/write"], [])], False),
        ([(["*/read"], ["Microsoft.Search/*"])], False),
        ([(["*/read"], ["Microsoft.Search/*"]), (["Microsoft.Search/*/read"], [])], True),
        ([], False),
    ],
)
def test_an_exception_binds_only_the_role_that_makes_it(
    grants: list[tuple[list[str], list[str]]], allowed: bool
) -> None:
    access = Access(tuple((tuple(yes), tuple(no)) for yes, no in grants))

    assert access.allows("Microsoft.Search/searchServices/read") is allowed


@given(st.text(alphabet="aZ/.*+(", max_size=20), st.text(alphabet="aZ/.", max_size=20))
def test_a_pattern_means_itself_but_for_its_stars(pattern: str, action: str) -> None:
    access = Access((((pattern,), ()),))

    if "*" not in pattern:
        assert access.allows(action) is (action.lower() == pattern.lower())
    assert access.allows(pattern.replace("*", "x"))
