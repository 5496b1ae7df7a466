"""A person who knows a vendor's API writes its file without Python: mistakes are told with row and mend, and it can be tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.api.archive import Archive
from connectors.model import Coverage, Observation, Outcome
from connectors.saas import Target, doctor, permissions, try_row
from connectors.saas.rows import VendorError, read_vendor
from tests.connectors.saas import estates
from tests.connectors.saas.fake_vendor import TOKEN, FakeVendor, Fault
from tests.connectors.saas.scanning import REDACT, TOKEN_ENV, a_vendor, ask, policy, vendors

FILE = """
service: acme-soft
api:
  base_url: https://api.acme-soft.example
  auth: [{style: token}]
  setup: Make a token.
collect:
  - {id: app, area: apps, tier: B, path: /apps, title: name, facts: {state: "on && 'on' || 'off'"}, needs: [apps.read]}
"""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"titel": "name"}, "row `row-0`: titel: Extra inputs are not permitted"),
        ({"title": "name["}, "is no JMESPath"),
        ({"facts": {"scope": "x"}}, "a fact may not be called scope"),
        ({"facts": {"x": "a"}, "sums": {"x": "b"}}, "two facts are called x"),
        ({"people": ["id"], "facts": {"users": "a"}}, "two facts are called users"),
        ({"under": "nobody"}, "`under` names no row"),
        ({"under": "row-0"}, "is listed below itself"),
        ({"path": "/{somewhere}"}, "{somewhere} is no placeholder; add it to `parameters`"),
        ({"path": "/{up.id}"}, "{up.id} is no placeholder"),
        ({"paging": {"style": "cursor", "at": "x"}}, "paging `cursor` needs `param`"),
        ({"paging": {"style": "next"}}, "paging `next` needs `at`"),
        ({"paging": {"style": "link", "size": 5}}, "`size_param` and `size` go together"),
        ({"method": "DELETE"}, "method"),
        ({"kind": "import"}, "kind"),
    ],
)
def test_a_mistake_in_a_row_is_told(row: dict[str, Any], said: str) -> None:
    with pytest.raises(VendorError, match=r"saas/acme-soft") as told:
        read_vendor(a_vendor(row))

    assert said in str(told.value)


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ({"auth": []}, "auth"),
        ({"auth": [{"style": "magic"}]}, "auth"),
        ({"base_url": "ftp://x"}, "base_url"),
        ({"defaults": {"region": "eu"}}, "`defaults` of what is no parameter: region"),
        ({"paging": {"style": "circle"}}, "paging"),
    ],
)
def test_a_mistake_about_the_api_is_told(api: dict[str, Any], said: str) -> None:
    with pytest.raises(VendorError) as told:
        read_vendor(a_vendor({}, **api))

    assert said in str(told.value)


def test_rows_that_ask_the_same_are_one_row_too_many() -> None:
    with pytest.raises(VendorError, match="row-0, row-1 ask the same"):
        read_vendor(a_vendor({}, {}))


def test_a_circle_of_rows_is_told() -> None:
    with pytest.raises(VendorError, match="below itself"):
        read_vendor(a_vendor({"under": "row-1"}, {"under": "row-0"}))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "name the `vendor`"),
        ({"vendor": "okta"}, "name the `tenant`"),
        ({"vendor": "okta", "tenant": "a/../b"}, "name the `tenant`"),
        ({"vendor": "okta", "tenant": "a", "base_url": "okta.com"}, "`base_url` starts with https://"),
        ({"vendor": "okta", "tenant": "a", "days": 0}, "positive"),
    ],
)
def test_a_mistake_in_the_settings_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="saas:") as told:
        Target(**given)

    assert said in str(told.value)


def test_a_vendor_that_is_not_known_is_told(fake: FakeVendor) -> None:
    from connectors.saas import connect

    with pytest.raises(ValueError, match="name one of anthropic"):
        connect(Target(vendor="acme", tenant="a"), vendors(), policy(fake), Archive.live(), REDACT)


def test_a_parameter_that_is_not_known_is_told(fake: FakeVendor) -> None:
    with pytest.raises(ValueError, match="`parameters` knows no `regoin`"):
        ask(fake, a_vendor({}), parameters={"regoin": "eu"})


def test_a_file_is_tried_with_the_users_credentials(fake: FakeVendor, tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(FILE)
    fake.one("/apps", [{"id": 7, "name": "Helper", "on": True, "made_by": "jo@example.com"}])

    found = list(
        try_row(
            file, Target(vendor="acme-soft", tenant="a", token_env=TOKEN_ENV, base_url=fake.url), policy(fake), REDACT
        )
    )

    app, record = found
    assert isinstance(app, Observation)
    assert isinstance(record, Coverage)
    assert app.name == "acme-soft:a/app/7"
    assert app.attributes == {"state": "on", "title": "Helper"}
    assert record.outcome is Outcome.COMPLETE
    assert fake.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"), ("a: [", "not valid YAML"), ("[]", "lacks `service`, `api`, `collect`"),
        ("{service: x, api: {}, collect: [1]}", "every row of `collect` is a mapping"),
        (FILE.replace("title: name", "title: 'na me'"), "row `app`"), (FILE.replace("service: acme-soft", "service: other"), "no vendor `acme-soft`"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_tried_says_why(fake: FakeVendor, tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "acme.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(VendorError) as told:
        list(try_row(file, Target(vendor="acme-soft", tenant="a", token_env=TOKEN_ENV), policy(fake), REDACT))

    assert said in str(told.value)


def checked(fake: FakeVendor, **target: Any) -> dict[str, tuple[bool | None, str]]:
    given = {"vendor": "okta", "tenant": "acme", "base_url": fake.url, "token_env": TOKEN_ENV} | target
    found = doctor(Target(**given), vendors(), policy(fake), Archive.live(), REDACT)
    return {what: (allowed, mend) for what, allowed, mend in found}


def test_the_doctor_asks_a_page_of_each_list(fake: FakeVendor) -> None:
    estates.okta(fake)
    fake.faults = [Fault("/api/v1/logs", 403)]

    found = checked(fake)

    assert found["applications: app"] == (True, "")
    allowed, mend = found["activity: sign-in"]
    assert allowed is False
    assert mend.endswith("grant okta.logs.read")
    assert max(fake.paths.values()) == 1
    assert len(fake.asked) == len(found)


def test_the_doctor_stops_where_the_credentials_are_not_accepted(fake: FakeVendor) -> None:
    fake.faults = [Fault("/", 401)]

    found = checked(fake)

    assert [allowed for allowed, _ in found.values()] == [False]


def test_permissions_name_the_least_by_product_area() -> None:
    documents = dict(permissions(vendors()))

    assert len(documents) == len(vendors())
    assert "grants:\n  okta.appGrants.read\n  okta.apps.read\n" in documents["okta.txt"]
    narrowed = dict(permissions(vendors(), Target(vendor="okta", tenant="a", services=("activity",))))
    assert list(narrowed) == ["okta.txt"]
    assert "okta.apps.read" not in narrowed["okta.txt"]
