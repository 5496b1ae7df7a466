from __future__ import annotations

import json

import pytest

from inventory.scope.schema import scope_schema
from tests.scanner.estate import Estate


@pytest.mark.parametrize(
    ("condition", "outcome", "code"),
    [
        ("providers only openai", "holds", 0),
        ("providers none_of openai", "broken", 1),
        ("personal_data equals false", "not known", 1),
    ],
)
def test_every_condition_is_held_against_the_last_scan(
    scanned: Estate, condition: str, outcome: str, code: int
) -> None:
    system = scanned.id_of()
    scanned("decide", system, "out", "--because", "A prototype.", "--condition", condition)
    test = scanned("scope", "test")
    (row,) = test.rows
    assert (test.code, row["outcome"], row["system"], row["condition"]) == (
        code,
        outcome,
        system,
        condition.replace("_of", " of"),
    )
    assert row["because"]
    assert ("openai in repo:github.com/acme/shop services/chat/chat.py:1" in row["because"]) is (outcome == "broken")


def test_what_no_system_shows_has_nothing_to_test(scanned: Estate) -> None:
    scanned.write(
        "aims-scope.yaml",
        "entries:\n  - {id: old, status: excluded, bind: repo:github.com/acme/old, justification: Gone,"
        " conditions: [{fact: deployed, op: equals, value: false}]}\n",
    )
    test = scanned("scope", "test")
    assert (test.code, test.rows[0]["outcome"]) == (0, "nothing to test")


def test_validate_names_every_problem_with_its_line(scanned: Estate) -> None:
    scanned.write("other.yaml", "entries:\n  - {id: a, status: inscope}\n  - {id: b, status: excluded}\n")
    ended = scanned("scope", "validate", "other.yaml")
    assert ended.code == 2
    assert "other.yaml:2: entries[0].status `inscope` is not one of" in ended.err
    assert "other.yaml:3: entries[1]: an exclusion needs a justification" in ended.err
    assert scanned("scope", "validate").out.endswith("0 records.\n")


def test_schema_prints_the_published_one(scanned: Estate) -> None:
    assert scanned("scope", "schema").out == scope_schema()


def test_verify_finds_an_edit_and_a_head_that_is_missing(scanned: Estate) -> None:
    system = scanned.id_of()
    scanned("decide", system, "in")
    whole = scanned("ledger", "verify")
    assert whole.code == 0
    assert whole.out.startswith("1 event: no fault.\nhead: ")
    assert "Not held against the scope document and --head" in whole.out
    head = json.loads(scanned.read("aims-decisions.jsonl"))["id"]
    assert "Held against the heads recorded in: --head." in scanned("ledger", "verify", "--head", head).out

    missing = scanned("ledger", "verify", "--head", "f" * 64)
    assert missing.code == 1
    assert "the ledger was cut off or written anew" in missing.out

    scope = scanned.read("aims-scope.yaml")
    scanned.write("aims-scope.yaml", scope.replace('version: "1"', f'version: "1"\n  ledger_head: {head}'))
    assert "Held against the heads recorded in: the scope document." in scanned("ledger", "verify").out

    scanned.write("aims-decisions.jsonl", scanned.read("aims-decisions.jsonl").replace("Ann", "Eve"))
    edited = scanned("ledger", "verify")
    assert edited.code == 1
    assert "aims-decisions.jsonl:1: not an event as it was written" in edited.out


def test_show_tells_what_is_in_force(scanned: Estate) -> None:
    system = scanned.id_of()
    assert scanned("ledger", "show").err == "The ledger holds no event.\n"
    scanned("decide", system, "defer", "--because", "Next week.")
    scanned("decide", system, "in")
    rows = scanned("ledger", "show").rows
    assert [(row["did"], row["answer"], row["stands"]) for row in rows] == [
        ("approved", "defer", ""),
        ("superseded", "in", "in force"),
    ]
    assert scanned("ledger", "show", "--system", "chat").rows == rows[1:]
    assert scanned("ledger", "show", "--system", system[:8]).rows == rows
    assert scanned("ledger", "show", "--system", "other").rows == []
