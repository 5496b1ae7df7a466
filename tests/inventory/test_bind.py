"""Binding an entry to a system: scope document and ledger together, or neither."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from connectors.model import Coverage, Outcome
from inventory.approve import approve
from inventory.bind import Binding, bind
from inventory.decision import EventKind, Identity
from inventory.ledger import load, standing
from inventory.reconcile import reconcile
from inventory.recording import DecisionError
from inventory.scope.load import load_scope
from inventory.transaction import Files
from tests.inventory.builders import REPO, system

ANN, BEN = Identity("Ann <ann@example.org>"), Identity("Ben <ben@example.org>")
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
CHAT = system(f"{REPO}#services/chat", providers=("openai",))
SEARCH = system(f"{REPO}#services/search", name="Search")

SCOPE = """\
document: {organisation: Acme, requires_approval: [excluded]}

entries:
  # imported from the register
  - id: chat
    name: Chat   # as the register has it
    status: in_scope
    baseline: {providers: [anthropic]}

  - id: search
    status: excluded
    justification: A pilot.

  - id: other
    status: in_scope
    bind: repo:github.com/acme/other
"""


@pytest.fixture
def files(tmp_path):
    files = Files(tmp_path / "aims-scope.yaml", tmp_path / "aims-decisions.jsonl")
    files.scope.write_text(SCOPE)
    return files


def record(files, *bindings, by=ANN):
    return bind(bindings, files, by=by, now=NOW, catalog="c1")


def verdicts(files, *systems):
    state = standing(load(files.ledger)).state
    scope, seen = load_scope(files.scope).document, [Coverage(REPO, "", Outcome.COMPLETE)]
    found = reconcile(systems, scope, state, seen, [], today=date(2027, 6, 2), catalog_hash="c1")
    return {verdict.subject: [str(reason.status) for reason in verdict.reasons] for verdict in found}


def test_the_entry_names_the_anchor_and_the_ledger_says_why(files):
    (event,) = record(files, Binding("chat", CHAT, "words chat"))

    assert (event.kind, event.subject, event.entry, event.answer) == (EventKind.ADOPTED, CHAT.id, "chat", "in")
    assert "words chat" in event.because
    assert files.scope.read_text() == SCOPE.replace(
        "    baseline: {providers: [anthropic]}\n",
        f'    baseline: {{providers: [anthropic]}}\n    bind:\n      - {CHAT.anchors[0]}\n',
    )  # fmt: skip
    assert load(files.ledger).get(event.id) == event


def test_it_is_neither_unbound_nor_unrecorded_any_more_but_what_differs_is_reported(files):
    assert verdicts(files, CHAT)["chat"] == ["unbound", "unrecorded", "in_scope"]
    record(files, Binding("chat", CHAT))
    reasons = verdicts(files, CHAT)[CHAT.id]
    assert reasons == ["changed", "in_scope"], "anthropic was declared, and confirming the system does not confirm that"


def test_an_exclusion_is_proposed_until_somebody_else_approves(files):
    (event,) = record(files, Binding("search", SEARCH))
    assert event.kind is EventKind.PROPOSED
    assert files.scope.read_text() == SCOPE

    approve(["search"], files, by=BEN, now=NOW)
    assert load_scope(files.scope).document.entries[1].bind == SEARCH.anchors


@pytest.mark.parametrize(
    ("bindings", "why"),
    [
        ([Binding("nothing", CHAT)], "there is no entry `nothing`"),
        ([Binding("chat", CHAT), Binding("chat", SEARCH)], "bound twice"),
        ([Binding("chat", CHAT), Binding("search", CHAT)], "bound twice"),
        ([Binding("chat", system("repo:github.com/acme/other"))], "bound by `other` already"),
        ([Binding("chat", CHAT), Binding("nothing", SEARCH)], "there is no entry `nothing`"),
    ],
)
def test_all_are_recorded_or_none(files, bindings, why):
    with pytest.raises(DecisionError, match=why):
        record(files, *bindings)
    assert files.scope.read_text() == SCOPE
    assert not files.ledger.exists()


def test_an_entry_that_was_decided_unseen_keeps_one_answer(files):
    from inventory.decide import adopt

    adopt(["chat"], [], files, by=ANN, now=NOW)
    record(files, Binding("chat", CHAT))
    assert verdicts(files, CHAT)[CHAT.id] == ["changed", "in_scope"]
