"""Code hosts: each list is read to its end, through throttling, and a refusal names what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.api.access import Access
from connectors.model import ObservationKind, Outcome
from tests.connectors.saas.fake_vendor import Answer, Asked, FakeVendor, Fault
from tests.connectors.saas.scanning import TOKEN_ENV, connector, scan

HERE = Path(__file__).parent
Json = dict[str, Any]
MANY = 5


@dataclass(frozen=True)
class Host:
    """How a host lists repositories.

    Attributes:
        row: The row that asks.
        area: Its area.
        path: Where.
        serve: Makes the fake serve records there, in pages.
        name: Gives a record a name.
        needs: A permission that a refusal has to name.
    """

    row: str
    area: str
    path: str
    serve: Callable[[FakeVendor, str, list[Json]], None]
    name: Callable[[Json, str], Json]
    needs: str


def numbered(fake: FakeVendor, path: str, records: list[Json]) -> None:
    """Pages by number, the last one empty, as in Gitea."""

    def answer(asked: Asked) -> Answer:
        start = (int(asked.query["page"]) - 1) * 2
        return 200, records[start : start + 2], {}

    fake.routes[path] = answer


def from_start(fake: FakeVendor, path: str, records: list[Json]) -> None:
    """Pages that say where the next one starts, as in Bitbucket Data Center."""

    def answer(asked: Asked) -> Answer:
        start = int(asked.query.get("start", 0))
        last = start + 2 >= len(records)
        more = {} if last else {"nextPageStart": start + 2}
        return 200, {"values": records[start : start + 2], "isLastPage": last, **more}, {}

    fake.routes[path] = answer


def whole(fake: FakeVendor, path: str, records: list[Json]) -> None:
    """One page, as in Azure DevOps."""
    fake.one(path, {"count": len(records), "value": records})


linked = FakeVendor.linked
chained = partial(FakeVendor.chained, at="next", items="values")
full_name = lambda record, name: {**record, "full_name": f"acme/{name}"}  # noqa: E731 - one of a row of namings

HOSTS = {
    "github": Host("repository", "repositories", "/orgs/acme/repos", linked, full_name, "contents: read"),
    "gitlab": Host(
        "project", "projects", "/api/v4/groups/acme/projects", linked,
        lambda record, name: {**record, "path_with_namespace": f"acme/{name}"}, "read_repository",
    ),
    "bitbucket": Host("repository", "repositories", "/2.0/repositories/acme", chained, full_name, "repository"),
    "bitbucket-data-center": Host(
        "repository", "repositories", "/rest/api/latest/repos", from_start,
        lambda record, name: {**record, "slug": name}, "REPO_READ",
    ),
    "azure-devops": Host(
        "repository", "repositories", "/acme/_apis/git/repositories", whole,
        lambda record, name: {**record, "name": name}, "vso.code",
    ),
    "gitea": Host("repository", "repositories", "/api/v1/orgs/acme/repos", numbered, full_name, "read:repository"),
    "huggingface": Host(
        "space-code", "spaces", "/api/spaces", linked, lambda record, name: {**record, "id": f"acme/{name}"}, "repo.content.read",
    ),
}  # fmt: skip
NAMES = {f"r{number}" for number in range(MANY)}


def documented(vendor: str) -> Json:
    answer = json.loads((HERE / "documented" / f"{vendor}.json").read_text())[HOSTS[vendor].row]
    records = answer if isinstance(answer, list) else answer.get("values") or answer["value"]
    return dict(records[0])


def served(fake: FakeVendor, vendor: str) -> Host:
    host, record = HOSTS[vendor], documented(vendor)
    host.serve(fake, host.path, [host.name(record, f"r{number}") for number in range(MANY)])
    return host


@pytest.mark.parametrize("vendor", HOSTS)
def test_every_page_is_read_through_throttling(fake: FakeVendor, vendor: str) -> None:
    host = served(fake, vendor)
    fake.faults = [Fault(host.path, 429, headers={"Retry-After": "0"}, times=1)]

    found = scan(fake, vendor, areas=(host.area,))

    assert found.covered(host.area).outcome is Outcome.COMPLETE
    assert set(found.of(host.row)) == NAMES
    assert {one.kind for one in found.of(host.row).values()} == {ObservationKind.REPOSITORY}


@pytest.mark.parametrize("vendor", HOSTS)
def test_a_refusal_names_the_permission(fake: FakeVendor, vendor: str) -> None:
    host = served(fake, vendor)
    fake.faults = [Fault(host.path, 403)]

    covered = scan(fake, vendor, areas=(host.area,)).covered(host.area)

    assert covered.outcome is Outcome.DENIED
    assert host.needs in covered.reason


@pytest.mark.parametrize("vendor", sorted(set(HOSTS) - {"azure-devops"}))
def test_what_is_refused_later_is_a_gap_beside_what_was_read(fake: FakeVendor, vendor: str) -> None:
    host = served(fake, vendor)
    fake.faults = [Fault(host.path, 403, after=1)]

    found = scan(fake, vendor, areas=(host.area,))

    assert found.covered(host.area).outcome is Outcome.PARTIAL
    assert set(found.of(host.row)) == {"r0", "r1"}


WRITTEN = {
    "github": ("https://github.com/acme/shop.git", "main", "private"),
    "gitlab": ("https://gitlab.example.com/acme/shop.git", "main", "private"),
    "bitbucket": ("https://…@bitbucket.org/acme/shop.git", "main", "private"),
    "bitbucket-data-center": ("https://bitbucket.example.com/scm/prj/shop.git", "main", "private"),
    "azure-devops": ("https://…@dev.azure.com/acme/Shops/_git/shop", "release/1", "private"),
    "gitea": ("https://codeberg.org/acme/shop.git", "main", "internal"),
}


@pytest.mark.parametrize("vendor", WRITTEN)
def test_what_a_host_says_of_a_repository_has_the_same_names_everywhere(fake: FakeVendor, vendor: str) -> None:
    host = served(fake, vendor)

    (said, *_) = (one.attributes for one in scan(fake, vendor, areas=(host.area,)).of(host.row).values())

    assert (said["url"], said["branch"], said["visibility"]) == WRITTEN[vendor]
    assert isinstance(said["fork"], bool)
    assert said["host_id"]


def test_the_code_of_a_space_is_cloned_from_the_hub(fake: FakeVendor) -> None:
    served(fake, "huggingface")
    said = scan(fake, "huggingface", areas=("spaces",)).of("space-code")["r0"].attributes
    assert (said["url"], said["skip"]) == ("https://huggingface.co/spaces/acme/r0", "disabled")


def test_teams_that_administer_a_repository_own_it(fake: FakeVendor) -> None:
    fake.linked("/orgs/acme/teams", [{"id": 1, "slug": "web"}, {"id": 2, "slug": "readers"}])
    fake.linked("/orgs/acme/teams/web/repos", [{"full_name": "acme/shop", "permissions": {"admin": True}}])
    fake.linked("/orgs/acme/teams/readers/repos", [{"full_name": "acme/shop", "permissions": {"admin": False}}])

    found = scan(fake, "github", areas=("repository-owners",)).of("team-repository")

    assert found["shop"].attributes["owners"] == ("@acme/web",)


@pytest.mark.parametrize(
    ("vendor", "further", "expected"),
    [
        ("github", {}, Access("x-access-token", TOKEN_ENV)),
        ("gitlab", {}, Access("oauth2", TOKEN_ENV)),
        ("bitbucket", {}, Access("x-token-auth", TOKEN_ENV)),
        ("bitbucket", {"username": "jo@example.com"}, Access("x-bitbucket-api-token-auth", TOKEN_ENV)),
        ("bitbucket-data-center", {"username": "jo"}, Access("jo", TOKEN_ENV)),
        ("azure-devops", {}, Access("pat", TOKEN_ENV)),
        (
            "azure-devops",
            {"auth": "entra", "token_env": "", "token_command": ("az", "token")},
            Access("entra", "", ("az", "token")),
        ),
        ("gitea", {}, Access("oauth2", TOKEN_ENV)),
        ("okta", {}, Access()),
    ],
)
def test_git_signs_in_with_the_same_token(
    fake: FakeVendor, vendor: str, further: dict[str, Any], expected: Access
) -> None:
    assert connector(fake, vendor, **further).plan().access == expected


def test_a_personal_access_token_of_azure_devops_is_a_password_without_a_name(fake: FakeVendor) -> None:
    served(fake, "azure-devops")
    scan(fake, "azure-devops", areas=("repositories",))
    assert {one.headers["authorization"][:6] for one in fake.asked} == {"Basic "}
