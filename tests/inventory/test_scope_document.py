from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from inventory.scope.load import ScopeError, load_scope, parse_scope
from inventory.scope.schema import scope_schema

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "aims-scope.schema.json"

WHOLE = """
document:
  version: 1.10
  organisation: Acme
  owner: Ann
  sponsor: Bo
  approved_by: Bo
  approved_on: 2027-01-31
  review_due: "2028-01-31"
  requires_approval: [excluded]
boundaries:
  - id: eu
    entity: Acme GmbH
    unit: Retail
    geography: [DE, FR]
    match:
      accounts: [012345678901]
      repositories: github.com/acme/*
      tenants: [okta:acme]
      tags: {cost-center: 4711}
entries:
  - id: chat
    name: Chat
    status: excluded
    owner: Cy
    purpose: Answers customers.
    role: deploys
    bind: repo:github.com/acme/shop#services/chat
    justification: A trial without customers.
    conditions:
      - {fact: environment, op: none_of, value: production}
      - {fact: models, op: absent}
    baseline:
      models: [gpt-4o]
      deployed: false
    review_due: 2027-12-31
  - id: search
    status: in_scope
    bind:
rules:
  - when: {environment: production, users: {at_least: 10}, deployed: true}
    suggest: in_scope
    because: Production is in scope.
policy:
  - forbid: {provider: [openai], use: emotion recognition}
    in: eu
    because: No contract.
records:
  - {component: chat, kind: impact_assessment, title: Impact of the chat, reference: https://wiki, next_due: 2027-12-01}
"""


def parse(text):
    return parse_scope(text.encode(), "aims-scope.yaml")


def problems(text):
    with pytest.raises(ScopeError) as error:
        parse(text)
    return [str(problem) for problem in error.value.problems]


def test_the_whole_grammar():
    document = parse(WHOLE).document
    assert document.document.version == "1.10"
    assert document.boundaries[0].match.accounts == ("012345678901",)
    assert document.boundaries[0].match.tags == {"cost-center": ("4711",)}
    chat, search = document.entries
    assert chat.bind == ("repo:github.com/acme/shop#services/chat",)
    assert chat.conditions[0].value == ("production",)
    assert chat.baseline == {"models": ("gpt-4o",), "deployed": False}
    assert str(chat.review_due) == "2027-12-31"
    assert (search.bind, search.title) == ((), "search")
    assert [(c.fact, c.op, c.value) for c in document.rules[0].when] == [
        ("environment", "any_of", ("production",)),
        ("users", "at_least", 10),
        ("deployed", "equals", True),
    ]
    assert document.policy[0].boundary == "eu"


def test_every_part_has_its_line():
    file, lines = parse(WHOLE).file, WHOLE.splitlines()
    assert lines[file.line(("entries", 0, "status")) - 1] == "    status: excluded"
    assert lines[file.line(("entries", 0, "bind", 0)) - 1].startswith("    bind: repo:")
    assert lines[file.line(("policy", 0, "in")) - 1] == "    in: eu"
    assert lines[file.line(("records", 0, "no such key")) - 1].startswith("  - {component: chat")


def test_the_hash_is_of_what_is_declared_not_of_how_it_is_written():
    assert parse(WHOLE).hash == parse("# a comment\n" + WHOLE.replace("[okta:acme]", "okta:acme")).hash
    assert parse(WHOLE).hash != parse(WHOLE.replace("Cy", "Di")).hash


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "entries:\n  - id: a\n    status: exclude\n",
            "aims-scope.yaml:3: entries[0].status `exclude` is not one of in_scope, excluded, decommissioned, rejected, not_ai. Write `status: excluded`.",
        ),
        (
            "entries:\n  - id: a\n    status: in_scope\n    binds: x\n",
            "aims-scope.yaml:4: entries[0].binds is not a key that is understood here. Write `bind`.",
        ),
        ("entries:\n  - status: in_scope\n", "aims-scope.yaml:2: entries[0] has no `id`. Add `id: …`."),
        (
            "entries:\n  - id: a\n    status: excluded\n",
            "aims-scope.yaml:2: entries[0]: an exclusion needs a justification. Add `justification: …`.",
        ),
        (
            "entries:\n  - {id: a, status: in_scope}\n  - {id: a, status: in_scope}\n",
            "aims-scope.yaml:3: entries[1].id `a` stands already in line 2. Give one of them another id, or make them one.",
        ),
        (
            "entries:\n- {id: a, status: in_scope, bind: '*chat*'}\n",
            "aims-scope.yaml:2: entries[0].bind[0]: `*chat*` would bind by name, and names never confer status. Begin with an anchor, as `repo:github.com/acme/*`.",
        ),
        (
            "policy:\n- forbid: {provider: x}\n  in: mars\n  because: y\n",
            "aims-scope.yaml:3: policy[0].in `mars` is no boundary. Declare it in `boundaries`.",
        ),
        (
            "policy:\n- because: y\n",
            "aims-scope.yaml:2: policy[0]: a policy either forbids or allows. Write one of `forbid` and `allow`, and split the other off.",
        ),
        (
            "document: {review_due: 2027}",
            "aims-scope.yaml:1: document.review_due: `2027` is not a date. Write a day of the calendar as 2027-01-31.",
        ),
        (
            "rules:\n- when: {}\n  suggest: in_scope\n  because: x\n",
            "aims-scope.yaml:2: rules[0].when is empty. Write something, or remove the key.",
        ),
        (
            "- a",
            "aims-scope.yaml:1: the file is a list, not a mapping of keys to values. Write a mapping of keys to values there.",
        ),
        (
            "",
            "aims-scope.yaml: is empty. Declare something, or write a file to start from with `aimscope init`.",
        ),
    ],
)
def test_an_error_names_file_line_fault_and_mend(text, problem):
    assert problems(text) == [problem]


def test_all_errors_are_named_at_once_in_the_order_of_the_lines():
    found = problems("entries:\n  - {id: a b, status: in}\n  - {id: c}\nfoo: 1\n")
    assert [problem.split(":")[1] for problem in found] == ["2", "2", "3", "4"]


def test_a_file_is_read_from_disk(tmp_path):
    path = tmp_path / "aims-scope.yaml"
    path.write_text(WHOLE)
    assert load_scope(path).document.document.organisation == "Acme"
    with pytest.raises(ScopeError, match="cannot be read"):
        load_scope(tmp_path)


def test_the_published_schema_is_the_generated_one():
    assert SCHEMA.read_text() == scope_schema(), (
        "run: python -m inventory.scope.schema > docs/schemas/aims-scope.schema.json"
    )


def test_the_schema_takes_what_the_reader_takes():
    schema = json.loads(scope_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    written = json.loads(json.dumps(YAML(typ="safe").load(WHOLE.replace("    bind:\n", "")), default=str))
    jsonschema.validate(written, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"entries": [{"id": "a", "status": "exclude"}]}, schema)


KEYS = ["document", "boundaries", "entries", "rules", "policy", "records", "id", "status", "bind", "conditions", "fact",
        "op", "value", "baseline", "when", "suggest", "because", "forbid", "in", "match", "tags", "review_due",
        "justification", "models", "deployed", "x"]  # fmt: skip
VALUES = [
    "in_scope",
    "excluded",
    "equals",
    "only",
    "models",
    "deployed",
    "users",
    "repo:x",
    "*",
    "2027-01-31",
    "",
    "a b",
]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(VALUES), st.text(max_size=5), st.dates()
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=25,
)
documents = st.dictionaries(st.sampled_from(KEYS[:6]), trees | st.lists(st.dictionaries(st.sampled_from(KEYS), trees)))


@given(documents)
def test_a_document_is_read_or_refused_with_a_mend(document):
    text = json.dumps(document, default=str, ensure_ascii=True)
    try:
        found = parse(text).hash
    except ScopeError as error:
        found = [problem.mend for problem in error.problems]
    assert found
    assert isinstance(found, str) or all(mend.endswith(".") for mend in found)
