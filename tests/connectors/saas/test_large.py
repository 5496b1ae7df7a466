"""A tenant that is large: requests stay few, and people and grants are counted as they come."""

from __future__ import annotations

from connectors.model import Outcome
from tests.connectors.saas.fake_vendor import Answer, Asked, FakeVendor
from tests.connectors.saas.scanning import scan

USERS = 1000
CLIENTS = 60


def workspace(fake: FakeVendor) -> None:
    """A Google Workspace in which each of many users has authorised some of a few clients."""
    fake.cursored(
        "/admin/directory/v1/users",
        [{"id": str(n)} for n in range(USERS)],
        "users",
        "nextPageToken",
        "pageToken",
        page=500,
    )

    def tokens(asked: Asked) -> Answer:
        if not asked.path.endswith("/tokens"):
            return 404, {}, {}
        user = int(asked.path.split("/")[-2])
        clients = [(user + step) % CLIENTS for step in range(10)]
        return (
            200,
            {"items": [{"clientId": f"c{n}", "displayText": f"App {n}", "scopes": [f"s{user % 3}"]} for n in clients]},
            {},
        )

    fake.otherwise = tokens


def test_users_are_asked_one_by_one_and_counted_by_client(fake: FakeVendor) -> None:
    workspace(fake)

    found = scan(fake, "google-workspace", areas=("oauth",))

    clients = found.of("oauth-client")
    assert len(clients) == CLIENTS
    assert sum(int(str(one.attributes["users"])) for one in clients.values()) == USERS * 10
    assert clients["c1"].attributes["scopes"] == ("s0", "s1", "s2")
    assert found.covered("oauth").outcome is Outcome.COMPLETE
    assert len(fake.asked) == USERS + 2 + 1, "users, two pages of them, and the customer"
