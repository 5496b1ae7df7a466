from __future__ import annotations

import json

from tests.scanner.estate import Estate

STATEMENT = """\
Version: 1
Owner: Maria Ops

## Scope statement
All AI of Acme.

## In scope
- Chat: answers customers (owner: Ann), `repo:github.com/acme/shop#services/chat`
- Forecast: looks ahead; ask ann@example.org

## Out of scope
- Canteen Bot: no effect on customers
"""


def test_what_is_imported_is_valid_and_can_be_rendered_scanned_and_reviewed(estate: Estate) -> None:
    estate.write("scope.md", STATEMENT)

    ended = estate("scope", "import", "scope.md")
    assert ended.code == 0, ended.err
    assert "rows: 3 read = 3 new" in ended.out
    assert ended.out.endswith("aims-scope.yaml: changed\n")
    assert "3 entries" in estate("scope", "validate", "aims-scope.yaml").out

    estate("init")
    estate.scan()
    statuses = {row["name"]: row["status"] for row in estate("review", "--all").rows}
    assert statuses["chat"] == "unrecorded"
    assert statuses["Forecast"] == "unbound"
    page = estate("scope", "render", "markdown").out
    assert "Canteen Bot" in page
    assert "No effect on customers" in page or "no effect on customers" in page


def test_addresses_stay_only_in_owners(estate: Estate) -> None:
    estate.write("scope.md", STATEMENT.replace("owner: Ann", "owner: ann@example.org"))
    out = estate("scope", "import", "scope.md", "--format", "json").out

    assert estate.read("aims-scope.yaml").count("ann@example.org") == 1
    assert json.loads(out)["entries"][0]["fields"]["owner"] == {"value": "ann@example.org", "from": "In scope"}


def test_the_exit_code_says_whether_a_person_is_asked(estate: Estate) -> None:
    estate.write("list.csv", "System,In scope\nChat,Yes\nSearch,Perhaps\n")

    dry = estate("scope", "import", "list.csv", "--dry-run")
    assert dry.code == 1
    assert "would be changed" in dry.out
    assert not (estate.folder / "aims-scope.yaml").exists()
    assert estate("scope", "import", "list.csv", "--status", "in_scope").code == 0


def test_what_cannot_be_read_ends_in_a_sentence(estate: Estate) -> None:
    estate.write("notes.md", "Buy milk.\n")

    ended = estate("scope", "import", "notes.md")
    assert ended.code == 2
    assert "nothing in it was understood" in ended.err
    assert "Traceback" not in ended.err
