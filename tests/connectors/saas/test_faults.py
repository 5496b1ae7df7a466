"""What goes wrong is told with its mend, costs nothing that was found, and is not hammered at."""

from __future__ import annotations

import time

import pytest

from connectors.model import Outcome
from tests.connectors.saas.fake_vendor import FakeVendor, Fault
from tests.connectors.saas.scanning import a_vendor, ask, scan

PARENT = {"id": "parent", "path": "/parents"}
CHILD = {"id": "child", "path": "/parents/{up.id}/children", "under": "parent", "needs": ["children.read"]}


def a_family(fake: FakeVendor, parents: int = 12) -> None:
    fake.one("/parents", [{"id": f"p{n}", "facts": {"n": n}} for n in range(parents)])
    for n in range(parents):
        fake.one(f"/parents/p{n}/children", [{"id": f"c{n}"}])


def test_throttling_is_waited_out(fake: FakeVendor) -> None:
    fake.one("/things", [{"id": "t"}])
    fake.faults = [Fault("/things", 429, headers={"Retry-After": "1"}, times=2)]

    found = ask(fake, a_vendor({}))

    assert found.covered("things").outcome is Outcome.COMPLETE
    assert len(fake.asked) == 3


@pytest.mark.parametrize("header", ["X-Rate-Limit-Reset", "x-ratelimit-reset", "RateLimit-Reset"])
def test_a_limit_is_waited_for_until_it_is_counted_anew(fake: FakeVendor, header: str) -> None:
    fake.one("/things", [{"id": "t"}])
    reset = int(time.time()) + 1
    fake.faults = [Fault("/things", 429, headers={header: str(reset)}, times=1)]

    found = ask(fake, a_vendor({}), manners={"max_wait_seconds": 5})

    assert found.covered("things").outcome is Outcome.COMPLETE
    assert time.time() >= reset - 0.05


def test_throttling_for_ever_is_a_gap(fake: FakeVendor) -> None:
    fake.faults = [Fault("/things", 429)]

    found = ask(fake, a_vendor({}))

    assert found.covered("things").outcome is Outcome.FAILED
    assert "throttled" in found.covered("things").reason


def test_children_of_some_parents_are_refused(fake: FakeVendor) -> None:
    a_family(fake)
    fake.faults = [Fault("/p3/", 403), Fault("/p5/", 403)]

    found = ask(fake, a_vendor(PARENT, CHILD))

    assert len(found.of("child")) == 10
    record = found.covered("things")
    assert record.outcome is Outcome.PARTIAL
    assert record.reason.endswith("grant children.read (2 times)")


def test_credentials_that_expire_in_mid_scan_end_it_quickly(fake: FakeVendor) -> None:
    a_family(fake, parents=100)
    fake.faults = [Fault("/children", 401, after=10)]

    found = ask(fake, a_vendor(PARENT, CHILD, {"area": "unasked"}))

    assert found.covered("things").outcome is Outcome.PARTIAL
    assert found.covered("unasked").outcome is Outcome.FAILED
    assert "sign in again" in found.covered("unasked").reason
    assert len(fake.asked) < 30, "what is left is not asked for"


def test_what_a_tenant_lacks_is_no_gap(fake: FakeVendor) -> None:
    assert ask(fake, a_vendor({})).covered("things").outcome is Outcome.NOT_APPLICABLE


def test_a_vendor_that_hides_what_may_not_be_seen_is_believed_less(fake: FakeVendor) -> None:
    record = ask(fake, a_vendor({"missing": "denied", "needs": ["admin:org"]})).covered("things")

    assert record.outcome is Outcome.DENIED
    assert "grant admin:org" in record.reason


def test_empty_is_not_unseen(fake: FakeVendor) -> None:
    fake.one("/things", {"items": []})

    record = ask(fake, a_vendor({"records": "items"})).covered("things")

    assert (record.outcome, record.counts["requests"]) == (Outcome.COMPLETE, 1)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("missing_scope", Outcome.DENIED),
        ("invalid_auth", Outcome.FAILED),
        ("unknown_method", Outcome.NOT_APPLICABLE),
        ("fatal_error", Outcome.FAILED),
    ],
)
def test_an_error_that_looks_like_success(fake: FakeVendor, code: str, outcome: Outcome) -> None:
    for method in ("team.info", "admin.apps.approved.list", "admin.apps.requests.list", "admin.apps.restricted.list"):
        fake.one(f"/api/{method}", {"ok": False, "error": code, "needed": "jo@example.com"})

    record = scan(fake, "slack", areas=("apps",)).covered("apps")

    assert record.outcome is outcome
    assert "jo@example.com" not in record.reason


def test_an_answer_of_graphql_that_is_an_error(fake: FakeVendor) -> None:
    fake.one("/api/v4/groups/acme", {"id": 9, "full_path": "acme", "duo_features_enabled": True})
    fake.one("/api/graphql", {"data": {"addOnPurchases": None}, "errors": [{"message": "jo@example.com may not"}]})

    record = scan(fake, "gitlab", areas=("duo",)).covered("duo")

    assert record.outcome is Outcome.PARTIAL
    assert record.reason == "add-on: access is denied (graphql); grant api as an owner"


def test_a_code_of_the_vendor_says_that_a_tenant_lacks_something(fake: FakeVendor) -> None:
    for path in ("/services/data/v65.0/query", "/services/data/v65.0/ssot/machine-learning/configured-models"):
        fake.faults.append(
            Fault(path, 400, body=[{"errorCode": "INVALID_TYPE", "message": "sObject type is not supported"}])
        )

    found = scan(fake, "salesforce")

    assert {one.outcome for one in found.coverage} == {Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("body", ["<html>sign in</html>", '"text"', "[" * 100_000])
def test_an_answer_of_another_kind_is_a_gap(fake: FakeVendor, body: str) -> None:
    fake.routes["/things"] = lambda _: (200, body, {})

    assert ask(fake, a_vendor({})).covered("things").outcome is Outcome.FAILED


@pytest.mark.parametrize("record", [None, 7, "x", [], [1], {"id": None}, {"id": {"deep": []}}, {"id": "", "name": 3}])
def test_odd_records_are_passed_over(fake: FakeVendor, record: object) -> None:
    fake.one("/things", [record, {"id": "t", "name": {"not": "a text"}, "url": 5, "labels": ["no", "mapping"]}])

    found = ask(fake, a_vendor({"title": "name", "hosts": ["url"], "tags": "labels", "facts": {"size": "sum(url)"}}))

    assert set(found.of("row-0")) == {"t"}


def test_no_more_is_asked_at_once_than_the_vendor_bears(fake: FakeVendor) -> None:
    a_family(fake, parents=40)
    fake.latency = 0.005

    found = ask(fake, a_vendor(PARENT, CHILD, per_host=3))

    assert len(found.of("child")) == 40
    assert fake.most_flying == 3


def test_a_bound_of_children_is_told(fake: FakeVendor) -> None:
    a_family(fake)

    found = ask(fake, a_vendor(PARENT, CHILD), max_children=5)

    assert len(found.of("child")) == 5
    assert "only 5 of 12 were asked for; raise `max_children`" in found.covered("things").reason


def test_what_only_the_user_knows_is_asked_for(fake: FakeVendor) -> None:
    vendor = a_vendor({"path": "/{region}/things"}, parameters={"region": "where your data is"})

    record = ask(fake, vendor).covered("things")

    assert record.outcome is Outcome.SKIPPED
    assert "set `parameters: {region: ...}`: where your data is" in record.reason
    fake.one("/eu/things", [{"id": "t"}])
    assert ask(fake, vendor, parameters={"region": "eu"}).covered("things").outcome is Outcome.COMPLETE


@pytest.mark.parametrize("name", ["../../admin", "a/b?x=1#y", "..", "%2e%2e"])
def test_an_id_cannot_lead_elsewhere(fake: FakeVendor, name: str) -> None:
    fake.one("/parents", [{"id": name}])

    ask(fake, a_vendor(PARENT, CHILD))

    child = fake.asked[-1]
    assert child.path in {f"/parents/{name}/children", "/parents//children"}
    assert child.query == {}
