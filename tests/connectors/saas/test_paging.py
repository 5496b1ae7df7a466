"""Every style of paging gives every item once; none leads to another host, in a circle, or on for ever."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.model import Outcome
from tests.connectors.saas.fake_vendor import FakeVendor, Fault
from tests.connectors.saas.scanning import a_vendor, ask

THINGS = [{"id": f"t{n}"} for n in range(7)]
ALL = {f"t{n}" for n in range(7)}


def linked(fake: FakeVendor) -> dict[str, Any]:
    fake.linked("/things", THINGS)
    return {"paging": {"style": "link", "size_param": "limit", "size": 2}}


def chained(fake: FakeVendor) -> dict[str, Any]:
    fake.chained("/things", THINGS)
    return {"records": "value", "paging": {"style": "next", "at": '"@odata.nextLink"'}}


def cursored(fake: FakeVendor) -> dict[str, Any]:
    fake.cursored("/things", THINGS, "items", "meta.next", "cursor")
    return {"records": "items", "paging": {"style": "cursor", "at": "meta.next", "param": "cursor"}}


def cursored_while_more(fake: FakeVendor) -> dict[str, Any]:
    fake.cursored("/things", THINGS, "data", "last_id", "after", more="has_more")
    return {"records": "data", "paging": {"style": "cursor", "at": "last_id", "more": "has_more", "param": "after"}}


def by_offset(fake: FakeVendor) -> dict[str, Any]:
    fake.counted("/things", THINGS, "result", "offset", page=3)
    # The vendor gives smaller pages than it is asked for.
    return {"records": "result", "paging": {"style": "offset", "param": "offset", "size_param": "limit", "size": 1000}}


def by_page(fake: FakeVendor) -> dict[str, Any]:
    fake.counted("/things", THINGS, "logs", "page", by_page=True)
    return {"records": "logs", "paging": {"style": "page", "param": "page"}}


STYLES = [linked, chained, cursored, cursored_while_more, by_offset, by_page]


@pytest.mark.parametrize("style", STYLES)
def test_every_item_is_found_once(fake: FakeVendor, style: Any) -> None:
    found = ask(fake, a_vendor(style(fake)))

    assert set(found.of("row-0")) == ALL
    assert found.covered("things").outcome is Outcome.COMPLETE
    assert len(fake.asked) <= 5


@pytest.mark.parametrize("style", STYLES)
def test_a_bound_that_is_reached_is_told(fake: FakeVendor, style: Any) -> None:
    found = ask(fake, a_vendor(style(fake)), max_pages=2)

    assert 4 <= len(found.of("row-0")) < 7
    assert found.covered("things").outcome is Outcome.PARTIAL
    assert "`max_pages`" in found.covered("things").reason


def test_of_a_log_the_newest_are_enough(fake: FakeVendor) -> None:
    found = ask(fake, a_vendor({**linked(fake), "newest": True}), log_pages=2)

    assert len(found.of("row-0")) == 4
    assert found.covered("things").outcome is Outcome.COMPLETE


@pytest.mark.parametrize(
    "there", ["https://evil.example/things?after=2", "//evil.example/things", "http://127.0.0.1:9/things"]
)
def test_a_next_page_on_another_host_is_not_asked_for(fake: FakeVendor, there: str) -> None:
    fake.one("/things", {"value": THINGS[:2], "next": there})

    found = ask(fake, a_vendor({"records": "value", "paging": {"style": "next", "at": "next"}}))

    assert len(fake.asked) == 1
    assert "another host" in found.covered("things").reason
    assert set(found.of("row-0")) == {"t0", "t1"}


def test_a_link_to_another_host_is_not_followed(fake: FakeVendor) -> None:
    fake.routes["/things"] = lambda _: (200, THINGS, {"Link": '<https://evil.example/things>; rel="next"'})

    found = ask(fake, a_vendor({"paging": {"style": "link"}}))

    assert found.covered("things").outcome is Outcome.PARTIAL
    assert len(fake.asked) == 1


def test_a_list_that_goes_in_a_circle_ends(fake: FakeVendor) -> None:
    fake.one("/things", {"value": THINGS, "next": "same"})

    found = ask(fake, a_vendor({"records": "value", "paging": {"style": "cursor", "at": "next", "param": "after"}}))

    assert len(fake.asked) == 2
    assert "read before" in found.covered("things").reason


def test_a_redirection_is_not_followed(fake: FakeVendor) -> None:
    fake.faults = [Fault("/things", 302, headers={"Location": "https://evil.example/"})]

    assert ask(fake, a_vendor({})).covered("things").outcome is Outcome.FAILED


def test_a_page_that_fails_cuts_the_list_and_keeps_what_was_read(fake: FakeVendor) -> None:
    row = linked(fake)
    fake.faults = [Fault("/things", 500, after=2)]

    found = ask(fake, a_vendor(row))

    assert len(found.of("row-0")) == 4
    assert "page 3" in found.covered("things").reason
