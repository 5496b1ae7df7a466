"""Entries are written into the text of the scope document, and everything else stays byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from inventory.scope_text import ScopeTextError, set_entries

DOCUMENT = """\
# What Acme declares.
document:   {version: 1,   organisation: "Acme"}   # spaced by hand

entries:
  # the shop
  - id: shop
    name: 'Shop assistant'      # quoted by hand
    status: in_scope
    bind:
      # both of them
      - repo:github.com/acme/shop
      - repo:github.com/acme/shop-*
    justification: >-
      it talks to
      customers

  # the lab
  - {id: lab,  name: Lab, status: excluded}

# what follows is about rules
rules: []
"""


def data(text):
    return YAML(typ="safe").load(text)


def entry(text, entry_id):
    return next(entry for entry in data(text)["entries"] if entry["id"] == entry_id)


def test_a_new_entry_stands_behind_the_last_and_all_other_lines_stay():
    new = {
        "id": "bot",
        "name": "Bot: the second",
        "status": "in_scope",
        "bind": ["repo:x"],
        "justification": "one\ntwo",
    }
    edited = set_entries(DOCUMENT, [new])
    assert entry(edited, "bot") == new
    added = """
  - id: bot
    name: 'Bot: the second'
    status: in_scope
    bind:
      - repo:x
    justification: |-
      one
      two
"""
    before, after = DOCUMENT.split("status: excluded}\n")
    assert edited == before + "status: excluded}\n" + added + after


def test_a_changed_field_changes_its_line_and_no_other():
    edited = set_entries(DOCUMENT, [{"id": "shop", "status": "decommissioned"}])
    assert edited == DOCUMENT.replace("status: in_scope", "status: decommissioned")


def test_an_entry_on_one_line_stays_on_one_line():
    edited = set_entries(DOCUMENT, [{"id": "lab", "status": "in_scope", "owner": "team-lab"}])
    assert "  # the lab\n  - {id: lab, name: Lab, status: in_scope, owner: team-lab}\n\n# what follows" in edited


def test_a_field_can_be_taken_out_and_a_list_grows_in_place():
    bind = [*entry(DOCUMENT, "shop")["bind"], "arn:three"]
    edited = set_entries(DOCUMENT, [{"id": "shop", "bind": bind, "justification": None}])
    assert "      # both of them\n      - repo:github.com/acme/shop\n" in edited
    assert "      - arn:three\n" in edited
    assert "justification" not in entry(edited, "shop")


def test_many_entries_at_once():
    edited = set_entries(
        DOCUMENT,
        [
            {"id": "lab", "status": "in_scope"},
            {"id": "a", "name": "A"},
            {"id": "shop", "owner": "o"},
            {"id": "b", "name": "B"},
        ],
    )
    assert [item["id"] for item in data(edited)["entries"]] == ["shop", "lab", "a", "b"]
    assert data(edited)["rules"] == []


@pytest.mark.parametrize(
    "text",
    [
        "document: {}\nentries: []   # none yet\n  # - id: an example\nrules: []\n",
        "document: {}\nentries:\n# none yet\nrules: []\n",
        "document: {}\nentries: null\n",
        "document: {}\nentries:",
        "document: {}",
        "document: {}\nentries:\n- id: a\n  name: A\n",
        "document: {}\nentries:\n    -   id: a\n        name: A",
        "document: {}\nentries:\n  -\n    id: a\n    bind:\n    - x\n\n",
        "document: {}\r\nentries:\r\n  - id: a\r\n    name: A\r\nrules: []\r\n",
        "document: {}\nentries:\n  - id: a\n    justification: |\n      one\n\n      two\n\n\n# rules\nrules: []\n",
        "\ufeffdocument: {}\nentries: []\n",
    ],
)
def test_the_first_or_next_entry_fits_in_wherever_the_list_stands(text):
    edited = set_entries(text, [{"id": "new", "name": "Nëw", "bind": ["repo:x#a"]}])
    assert data(edited)["entries"][-1] == {"id": "new", "name": "Nëw", "bind": ["repo:x#a"]}
    assert {line for line in text.splitlines() if "#" in line} <= set(edited.splitlines()) | {
        "entries: []   # none yet"
    }
    assert ("\r\n" in text) == ("\r\n" in edited)
    assert edited.count("\r\n") in {0, edited.count("\n")}


def test_changes_that_meet_in_one_place_stand_in_their_order():
    text = "# one\nentries:\n  - id: a\n    bind:\n      - x\n\n"
    edited = set_entries(text, [{"id": "a", "bind": ["x", "y"], "owner": "o"}, {"id": "b", "name": "B"}])
    added = "      - y\n    owner: o\n  - id: b\n    name: B\n"
    assert edited == text.removesuffix("\n") + added + "\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: A  # first", "name: B  # first"),
        ("name: 'A' # first", "name: B # first"),
        ("name:   # first", "name: B   # first"),
        ("name:", "name: B"),
        ("name: >\n      A\n\n      A", "name: B"),
        ("name: A\n      and more # first", "name: B # first"),
        ("name: [A,\n      B] # first", "name: B # first"),
        ("name:\n      A: B", "name: B"),
    ],
)
@pytest.mark.parametrize("behind", ["\n", "\n    owner: o\n", "\n\n# end\n", "", "\n  - id: x\n"])
def test_a_comment_behind_a_changed_value_stays(old, new, behind):
    text = "entries:\n  - id: a\n    "
    assert set_entries(text + old + behind, [{"id": "a", "name": "B"}]) == text + new + (behind or "\n")


@pytest.mark.parametrize(
    "text",
    [
        "{document: {}, entries: [{id: a}]}",
        "document: {}\nentries: [{id: a}]\n",
        "document: {}\nentries: [\n]\n",
        "- a list\n",
        "broken: [",
        "entries:\n  - id: b\n  - id: b\n",
    ],
)
def test_what_cannot_be_edited_without_touching_the_rest_is_refused(text):
    with pytest.raises(ScopeTextError, match=r"To mend it|YAML"):
        set_entries(text, [{"id": "b", "name": "B"}])


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40) | st.sampled_from(
    [
        "2026-01-01",
        "yes",
        "null",
        "- a",
        "a: b",
        "# no",
        "a\nb\n",
        " x ",
        "*x",
        "&y",
        "!t",
        "%",
        "@",
        "`",
        "'",
        '"',
        "1e3",
    ]
)
FIELDS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["shop", "lab", "new"]),
        "name": TEXT,
        "justification": TEXT,
        "bind": st.lists(TEXT, max_size=3),
    }
)


@given(st.lists(FIELDS, max_size=3, unique_by=lambda fields: fields["id"]))
def test_whatever_is_written_reads_back_and_every_comment_stays(entries):
    edited = set_entries(DOCUMENT, entries)
    for fields in entries:
        assert {**entry(edited, fields["id"]), **fields} == entry(edited, fields["id"])
    for comment in (
        "# What Acme declares.",
        "# spaced by hand",
        "# the shop",
        "# quoted by hand",
        "# the lab",
        "# what follows",
    ):
        assert comment in edited
