from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.intake.blocks import Place
from inventory.intake.chunks import split
from inventory.intake.draft import Draft, Origin
from inventory.intake.markup import plain
from inventory.intake.problem import IntakeError
from inventory.intake.reading import fields_of
from inventory.intake.render import ENTRY_FIELDS, item
from inventory.yaml_file import parse_yaml

_LINE = st.text(min_size=1, max_size=40).map(plain).filter(bool)
_TEXTS = st.one_of(_LINE, st.lists(_LINE, min_size=1, max_size=4).map("\n".join))


@settings(max_examples=100, deadline=None)
@given(_LINE, _TEXTS, st.lists(_LINE, max_size=3), st.booleans(), _LINE)
def test_what_is_written_reads_back_quickly_and_as_yaml(name, purpose, bind, personal, column):
    fields = {
        "name": " ".join(name.split()), "purpose": plain(purpose), "baseline": {"personal_data": personal}, "review_due": "2027-01-31",
        **({"bind": bind} if bind else {}),
    }  # fmt: skip
    draft = Draft(name, "", "", [Place("a.csv", 1)], fields, {key: Origin(0, column) for key in fields})
    text = item("an-id", draft, ENTRY_FIELDS, 2, "Imported from " + column)

    expected = {"id": "an-id", **fields}
    assert fields_of(text, "aims-scope.yaml", 1) == expected
    assert parse_yaml(text.encode(), "aims-scope.yaml").value == [expected]


@pytest.mark.parametrize(
    "entry",
    [
        "  - id: a\n    name: b c # no\n",
        "  - id: a\n    name: 'it''s'\n",
        "  - {id: a, status: in_scope}\n",
        "  - id: a\n    name: &x b\n    owner: *x\n",
        "  - id: a\n    purpose: >-\n      folded\n      text\n",
        "  - id: a\n    purpose: goes\n      on\n",
        "  - id: a\n    bind: [b, c]\n",
        "  - id: a\n    version: 1.10\n    name: yes\n    owner: ~\n",
        "  -\n    id: a\n",
        "  - id: a\n    conditions:\n      - {fact: models, op: only, value: [b]}\n",
        "  - id: a\n    conditions:\n      - fact: models\n        op: only\n        value: b\n",
        "  - id: a\n    purpose: |\n      with an end\n",
        '  - id: a\n    name: "\\x41b"\n',
        '  - id: a\n    name: "over\n      lines"\n',
    ],
)
def test_what_people_write_otherwise_reads_as_yaml_reads_it(entry):
    assert fields_of(entry, "aims-scope.yaml", 1) == parse_yaml(entry.encode(), "aims-scope.yaml").value[0]


WRITTEN = """\
entries:   # ours
# one
- id: a
  purpose: |
    # no comment
    - id: no entry

# two
- id: b
# of the rules
rules: []
"""


def test_a_document_comes_apart_and_together_again():
    chunks = split(WRITTEN, "aims-scope.yaml")

    assert {key: chunk.line for key, chunk in chunks.entries.items()} == {"a": 2, "b": 7}
    assert chunks.entries["a"].fields["purpose"] == "# no comment\n- id: no entry\n"
    assert chunks.tail == "# of the rules\nrules: []\n"
    assert chunks.text() == WRITTEN
    assert split("entries: []  # none\n", "x").text() == "entries:  # none\n"


@pytest.mark.parametrize(
    "text", ["entries: [{id: a}]\n", "{entries: []}\n", "entries:\r\n  - id: a\r\n", "entries: &x\n  - id: a\n"]
)
def test_a_document_that_cannot_be_edited_is_refused_with_a_mend(text):
    with pytest.raises(IntakeError, match="then import again"):
        split(text, "aims-scope.yaml")
