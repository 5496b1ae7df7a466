"""The rows of the knowledge base, the role that they need, and what the doctor says."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from classifiers.services import load_services
from connectors.gcp import Target, permissions
from connectors.gcp.rows import AssetRow, ListRow, read_rows
from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle
from tests.connectors.gcp.scanning import connector

ROWS = read_rows(load_services("gcp"))
_LISTS = {row_id: row for row_id, row in ROWS.items() if isinstance(row, ListRow)}


def test_no_asset_type_is_listed_twice() -> None:
    types = [row.asset_type for row in ROWS.values() if isinstance(row, AssetRow)]

    assert len(types) == len(set(types))


@pytest.mark.parametrize("row_id", sorted(_LISTS))
def test_a_list_names_where_it_is(row_id: str) -> None:
    row = _LISTS[row_id]
    paths = [row.path, *([row.under.path] if row.under else [])]

    assert all(re.fullmatch(r"v\d\w*/(projects/\{project\}|\{parent\})/[\w/{}]+", path) for path in paths)
    assert ("{parent}" in row.path) == (row.under is not None)
    assert ("{location}" in "".join(paths)) == bool(row.locations) or "locations/global" in row.path


def test_a_misspelt_key_is_refused() -> None:
    class Odd:
        id = "gcp/odd"
        collect = ({"id": "x", "by": "asset", "tier": "A", "asset_type": "a.googleapis.com/B", "feilds": {}},)

    with pytest.raises(ValidationError, match="feilds"):
        read_rows([Odd()])


def test_the_role_is_read_only_and_names_what_the_rows_need() -> None:
    [(name, text)] = permissions(load_services("gcp"))
    role = YAML(typ="safe").load(text)

    assert name == "aimscope.yaml"
    assert {"cloudasset.assets.searchAllResources", "monitoring.timeSeries.list", "aiplatform.ragCorpora.list", "discoveryengine.engines.list"} <= set(role["includedPermissions"])  # fmt: skip
    verbs = {permission.rpartition(".")[2] for permission in role["includedPermissions"]}
    assert verbs <= {"list", "get", "use", "listResource", "searchAllResources", "searchAllIamPolicies"}


def test_what_iam_may_not_know_is_left_to_the_reader() -> None:
    [(_, text)] = permissions(load_services("gcp"))

    assert "aiplatform.servingProfiles.list" not in YAML(typ="safe").load(text)["includedPermissions"]
    assert "# - aiplatform.servingProfiles.list" in text


def test_the_role_needs_no_more_than_is_asked_for() -> None:
    [(_, text)] = permissions(load_services("gcp"), Target(services=("gemini-api",)))

    assert "aiplatform" not in text
    assert "monitoring.timeSeries.list" in text


def _told(fake: FakeGoogle, scope: str) -> dict[str, tuple[bool | None, str]]:
    target = Target(scopes=(scope,), services=("gemini-api",))
    return {what: (allowed, mend) for what, allowed, mend in connector(fake, target).doctor()}


def test_the_doctor_names_what_is_missing(estate: Estate, fake: FakeGoogle) -> None:
    estate.granted = {"cloudasset.assets.searchAllResources"}

    told = _told(fake, "projects/shop-prod")

    assert told["sign in to Google Cloud"] == (True, "")
    assert told["cloudasset.assets.searchAllResources on projects/shop-prod"] == (True, "")
    assert told["monitoring.timeSeries.list on projects/shop-prod"] == (
        False, "grant monitoring.timeSeries.list on projects/shop-prod",
    )  # fmt: skip


def test_the_doctor_tests_in_an_organisation_what_it_can_grant(estate: Estate, fake: FakeGoogle) -> None:
    told = _told(fake, "organizations/9")

    assert "cloudasset.assets.searchAllResources on organizations/9" in told
    assert "monitoring.timeSeries.list on projects/shop-lab" in told
    assert "monitoring.timeSeries.list on organizations/9" not in told


def test_the_doctor_says_that_the_inventory_refuses(estate: Estate, fake: FakeGoogle) -> None:
    estate.denied = {"organizations/9"}

    allowed, mend = _told(fake, "organizations/9")["survey of account:gcp:organizations/9"]

    assert allowed is False
    assert "grant cloudasset.assets.searchAllResources on organizations/9" in mend
