"""Every row of every vendor against an answer of its vendor.

`answers/` is made of published specifications by `make_answers`; `documented/` is written after documentation, where no
specification could be had. A field that an answer lacks is a row that is wrong.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from connectors.api.archive import Archive
from connectors.model import Outcome
from connectors.saas import Target
from connectors.saas.rows import Row, Vendor, read_vendor
from tests.connectors.saas.fake_vendor import TOKEN, Answer, Asked, FakeVendor
from tests.connectors.saas.scanning import Scan, scan, vendors

HERE = Path(__file__).parent
VENDORS = {vendor.name: vendor for vendor in map(read_vendor, vendors())}
PASTED = "sk-proj-" + "Ab1" * 12
PLANTED = f"jo@example.com {PASTED}"
HOSTS = (
    "licensing.googleapis.com", "cloudidentity.googleapis.com", "chromemanagement.googleapis.com",
    "api.endpoints.huggingface.cloud",
)  # fmt: skip


def answers(vendor: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in ("answers", "documented"):
        file = HERE / folder / f"{vendor}.json"
        if file.exists():
            found |= json.loads(file.read_text())
    return found


def fits(row: Row, asked: Asked) -> bool:
    """Whether a request is a row's."""
    path = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", row.path))
    fixed = {name: value for name, value in row.query.items() if isinstance(value, str) and "{" not in value}
    statement = row.body.get("statement") if isinstance(row.body, dict) else None
    return (
        bool(re.fullmatch(path, asked.path))
        and all(asked.query.get(name) == value for name, value in fixed.items())
        and (statement is None or asked.body["statement"] == statement)
    )


def serve(fake: FakeVendor, vendor: Vendor, given: dict[str, Any]) -> None:
    """The fake answers each row's first page, and then with nothing."""

    def answer(asked: Asked) -> Answer:
        row = next((row for row in vendor.rows if fits(row, asked)), None)
        if row is None:
            return 404, {}, {}
        paging = row.paging or vendor.api.paging
        first = {"offset": "0", "page": str(paging.start)}.get(paging.style)
        return 200, given[row.id] if asked.query.get(paging.param) == first else type(given[row.id])(), {}

    fake.otherwise = answer


def scanned(fake: FakeVendor, vendor: Vendor, given: dict[str, Any], **settings: Any) -> Scan:
    serve(fake, vendor, given)
    parameters = {name: "a-value" for name in vendor.api.parameters if name not in vendor.api.defaults}
    username = "jo@example.com" if vendor.api.auth[0].style == "basic" else ""
    tiers = ("A", "B", "C", "D")
    return scan(fake, vendor.name, *HOSTS, parameters=parameters, username=username, tiers=tiers, **settings)


def expected(row: Row) -> set[str]:
    """Attributes that a row gives of a complete answer."""
    named = {*row.facts, *row.texts, *row.sums, *row.earliest, *row.latest, *([row.count] if row.count else [])}
    listed = {"refs": row.refs, "models": row.models, "hosts": row.hosts, "users": row.people}
    return named | {name for name, paths in listed.items() if paths}


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_every_row_finds_every_field_in_its_vendors_answer(fake: FakeVendor, vendor: Vendor) -> None:
    given = answers(vendor.name)
    assert set(given) == {row.id for row in vendor.rows}, "an answer for every row"

    found = scanned(fake, vendor, given)

    assert {one.outcome for one in found.coverage} == {Outcome.COMPLETE}, [one.reason for one in found.coverage]
    for row in (row for row in vendor.rows if row.observe):
        things = found.of(row.id).values()
        assert things, row.id
        lacking = expected(row) - {name for thing in things for name in thing.attributes}
        # A switch without `automatic` is a switch; everything else that a row names must be there.
        assert not lacking, f"{row.id} lacks {lacking}"


def planted(value: Any, keep: frozenset[str]) -> Any:
    """An answer with secrets and addresses in every text that no expression compares, and in fields of every object."""
    if isinstance(value, dict):
        more = {"description": PLANTED, "apiKey": TOKEN, "notes": {"owner_email": "jo@example.com", "password": TOKEN}}
        return {**{name: held if name in keep else planted(held, keep) for name, held in value.items()}, **more}
    if isinstance(value, list):
        return [planted(member, keep) for member in value]
    return f"{value} {PLANTED}" if isinstance(value, str) and value and value not in keep else value


@pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS)
def test_nothing_that_was_planted_is_handed_on_or_archived(fake: FakeVendor, vendor: Vendor, tmp_path: Path) -> None:
    compared = set(re.findall(r"'([^']+)'", "".join(row.when + row.ask + row.key for row in vendor.rows)))
    cursors = {(row.paging or vendor.api.paging).at.rpartition(".")[2] for row in vendor.rows}
    keep = frozenset(compared | cursors)
    given = {row: planted(answer, keep) for row, answer in answers(vendor.name).items()}

    found = scanned(fake, vendor, given, archive=Archive.recording(tmp_path / "archive"))

    assert any(row.observe for row in vendor.rows) == bool(found.observations)
    archived = "".join(file.read_text() for file in (tmp_path / "archive").iterdir())
    for secret in ("jo@example.com", PASTED, TOKEN, "Jo Doe"):
        assert secret not in repr(found)
        assert secret not in archived


@pytest.mark.parametrize("vendor", ["okta", "microsoft", "google-workspace", "openai"])
def test_a_replay_gives_the_same_without_network(fake: FakeVendor, vendor: str, tmp_path: Path) -> None:
    given = answers(vendor)
    live = scanned(fake, VENDORS[vendor], given, archive=Archive.recording(tmp_path / "archive"))
    asked = len(fake.asked)

    replayed = scanned(fake, VENDORS[vendor], given, archive=Archive.replaying(tmp_path / "archive"))

    assert len(fake.asked) == asked
    assert replayed == live


def test_a_replay_needs_no_credentials(fake: FakeVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = answers("okta")
    live = scanned(fake, VENDORS["okta"], given, archive=Archive.recording(tmp_path / "archive"))
    monkeypatch.undo()

    assert scanned(fake, VENDORS["okta"], given, archive=Archive.replaying(tmp_path / "archive")) == live


def test_every_vendor_says_how_to_sign_in_and_what_each_row_needs() -> None:
    for vendor in VENDORS.values():
        assert vendor.api.setup
        assert all(row.needs for row in vendor.rows), vendor.name
        assert vendor.areas(Target(vendor=vendor.name, tenant="acme"))
