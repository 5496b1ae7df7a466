"""Importing again: what is the same stays to the byte, what changed is said, and what a person wrote is theirs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.intake.plan import Outcome

_spec = importlib.util.spec_from_file_location("statements", Path(__file__).with_name("statements.py"))
assert _spec
assert _spec.loader
statements = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(statements)

FIRST = "System ID,System,In scope,Owner,Purpose\nS1,Chat,Yes,Ann,Answers\nS2,Search,Yes,Bo,\n"


def edit(desk, before: str, after: str) -> None:
    text = desk.scope.read_text()
    assert before in text
    desk.scope.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize("text", [statements.TABLES, statements.LISTS, statements.HEADINGS])
def test_a_second_import_changes_not_one_byte(desk, text):
    desk.take("scope.md", text)
    before = desk.bytes()
    found = desk.take("scope.md", text)

    assert desk.bytes() == before
    assert not found.written
    assert {step.outcome for step in found.steps} <= {Outcome.UNCHANGED, Outcome.REFUSED}


def test_a_dry_run_writes_nothing_and_says_the_same(desk):
    found = desk.take("list.csv", FIRST, write=False)

    assert found.counts == {"new": 2, "merged": 0, "blank": 0}
    assert found.written
    assert not desk.scope.exists()
    assert not desk.trace.exists()


def test_an_updated_file_changes_what_changed_and_nothing_else(desk):
    desk.take("list.csv", FIRST)
    before = desk.scope.read_text()
    updated = FIRST.replace("Bo", "Cleo").replace("Answers", "") + "S3,Forecast,No,Dee,\n"
    found = desk.take("list.csv", updated.replace("S1", "S0,New,Yes,,\nS1"))

    assert [(step.entry_id, step.outcome.value, step.changes) for step in found.steps][:3] == [
        ("s0", "new", {}), ("s1", "changed", {"purpose": None}), ("s2", "changed", {"owner": "Cleo"}),
    ]  # fmt: skip
    after = desk.scope.read_text()
    unchanged = before.replace("    purpose: Answers  # Purpose\n", "").replace("owner: Bo ", "owner: Cleo ")
    assert after.startswith(unchanged.removesuffix("\nrecords:\n"))
    assert list(desk.entries()) == ["s1", "s2", "s0"]


def test_a_row_that_is_gone_is_told_and_its_entry_stays(desk):
    desk.take("list.csv", FIRST)
    found = desk.take("list.csv", FIRST.replace("S2,Search,Yes,Bo,\n", ""))

    assert found.gone == ["s2"]
    assert list(desk.entries()) == ["s1", "s2"]
    before = desk.bytes()
    assert desk.take("list.csv", FIRST.replace("S2,Search,Yes,Bo,\n", "")).gone == ["s2"]
    assert desk.bytes() == before


def test_what_a_person_changed_stays_and_only_a_change_of_both_is_a_conflict(desk):
    desk.take("list.csv", FIRST)
    edit(desk, "owner: Ann", "owner: Zoe")

    same = desk.take("list.csv", FIRST)
    assert (same.written, same.conflicts) == (False, 0)

    both = desk.take("list.csv", FIRST.replace("Ann", "Cleo"))
    assert [(one.field, one.there, one.imported) for one in both.steps[0].conflicts] == [("owner", "Zoe", "Cleo")]
    assert desk.entries()["s1"]["owner"] == "Zoe"
    before = desk.bytes()
    assert desk.take("list.csv", FIRST.replace("Ann", "Cleo")).conflicts == 1
    assert desk.bytes() == before

    edit(desk, "owner: Zoe", "owner: Cleo")
    assert desk.take("list.csv", FIRST.replace("Ann", "Cleo")).conflicts == 0


def test_an_entry_and_a_field_that_a_person_removed_are_not_brought_back(desk, outcomes):
    desk.take("list.csv", FIRST)
    edit(desk, "    purpose: Answers  # Purpose\n", "")
    text = desk.scope.read_text()
    start = text.index("\n  # Imported from list.csv line 3")
    desk.scope.write_text(text[:start] + text[text.index("\nrecords:") :])
    before = desk.scope.read_bytes()

    found = desk.take("list.csv", FIRST)
    assert outcomes(found)["s2"].startswith("its entry was imported before and removed since")
    assert not found.asks
    assert desk.scope.read_bytes() == before
    assert "purpose" not in desk.entries()["s1"]


def test_a_row_that_is_held_back_later_leaves_its_entry_and_what_is_known_of_it(desk):
    out = "System ID,System,In scope,Reason\nS1,Chat,No,No effect\n"
    desk.take("list.csv", out)
    before = desk.scope.read_bytes()

    found = desk.take("list.csv", out.replace("No effect", "TBD"))
    assert found.asks
    assert found.gone == []
    assert desk.scope.read_bytes() == before
    assert not desk.take("list.csv", out).asks
    assert desk.take("list.csv", out.replace("No effect", "None at all")).counts["changed"] == 1


HAND_WRITTEN = """\
# Ours.
document:
  version: 3.10   # of May
  owner: Maria
rules:
  - {when: {exposure: public}, suggest: in_scope, because: It meets the public.}
entries:
  # The first.
  - id: support-chat
    name: Chat
    status: in_scope
    owner: Zoe       # since May
    conditions:
      - {fact: personal_data, op: equals, value: false}

  - {id: old, status: rejected}

# The end.
policy: []
"""


def test_into_a_document_that_people_wrote_every_other_line_stays(desk):
    desk.scope.write_text(HAND_WRITTEN)
    found = desk.take(
        "scope.md", "Version: 3.10\nSponsor: Lena\n\n## In scope\n- Chat: answers (owner: Ann)\n- Search: finds\n"
    )

    assert [(step.entry_id, step.outcome.value) for step in found.steps] == [
        ("support-chat", "merged"),
        ("search", "new"),
    ]
    assert [one.field for one in found.steps[0].conflicts] == ["owner"]
    added = [
        "  sponsor: Lena  # line 2, Sponsor\n",
        "    purpose: answers\n",
        (
            "  # Imported from scope.md line 6, In scope\n  - id: search\n    name: Search  # In scope\n"
            "    status: in_scope  # In scope\n    purpose: finds  # In scope\n"
        ),
    ]
    text = desk.scope.read_text()
    for one in added:
        assert one in text
        text = text.replace(one, "", 1)
    assert text.replace("\n\n\n", "\n\n") == HAND_WRITTEN
    before = desk.bytes()
    desk.take(
        "scope.md", "Version: 3.10\nSponsor: Lena\n\n## In scope\n- Chat: answers (owner: Ann)\n- Search: finds\n"
    )
    assert desk.bytes() == before


def test_two_files_keep_a_trace_each(desk):
    desk.take("b.csv", FIRST)
    desk.take("a.md", "## In scope\n- Chat: answers\n- Forecast: looks ahead\n")

    rows = [json.loads(line) for line in desk.trace.read_text().splitlines()]
    assert [row["source"] for row in rows if "source" in row] == ["a.md", "b.csv"]
    assert [row["entry"] for row in rows if "entry" in row] == ["s1", "forecast", "s1", "s2"]
    before = desk.bytes()
    desk.take("b.csv", FIRST)
    desk.take("a.md", "## In scope\n- Chat: answers\n- Forecast: looks ahead\n")
    assert desk.bytes() == before


def test_a_kill_between_the_two_files_heals_with_the_next_import(desk):
    desk.take("list.csv", FIRST)
    before = desk.bytes()
    desk.trace.unlink()

    assert not desk.take("list.csv", FIRST).written
    assert desk.bytes() == before


_TEXT = st.text("abcÄ :#-'\"\\\n[]{}*&!%@`,?😀1yesnu~", min_size=1, max_size=12)
_ROW = st.tuples(
    st.sampled_from(["", "S1", "S2", "7"]), _TEXT, st.sampled_from(["Yes", "No", "?", "-", ""]), _TEXT, _TEXT
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROW, min_size=1, max_size=8))
def test_whatever_the_cells_say_rows_add_up_and_a_second_import_changes_nothing(desk, rows):
    desk.scope.unlink(missing_ok=True)
    desk.trace.unlink(missing_ok=True)
    quoted = [
        "System ID,System,In scope,Purpose,Reason",
        *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows),
    ]
    text = "\n".join(quoted) + "\n"

    found = desk.take("list.csv", text)
    assert sum(found.counts.values()) == found.taken.rows["read"]
    written = {step.entry_id for step in found.steps if step.outcome is Outcome.NEW}
    if desk.scope.exists():
        assert desk.entries().keys() == written
    before = desk.trace.read_bytes()
    again = desk.take("list.csv", text)
    assert not again.written
    assert desk.trace.read_bytes() == before
    assert sum(again.counts.values()) == found.taken.rows["read"]
