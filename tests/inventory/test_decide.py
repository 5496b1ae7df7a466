"""Deciding, approving, rejecting and adopting: what ends up in the scope document and in the ledger."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.approve import approve, reject
from inventory.decide import Decision, adopt, decide
from inventory.decision import Answer, EventKind, Identity
from inventory.ledger import load, standing
from inventory.model import AISystem, Fact, Origin
from inventory.reconcile import reconcile
from inventory.recording import DecisionError
from inventory.scope.load import load_scope
from inventory.transaction import Files
from inventory.verdict import Status
from inventory.verify import verify

ROOT = Path(__file__).parents[2]
ANN, BEN = Identity("Ann <ann@example.org>"), Identity("Ben <ben@example.org>")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEXT_YEAR = date(2027, 3, 1)

SCOPE = """\
# Scope of Acme
document: {organisation: Acme, requires_approval: [excluded]}   # two persons for an exclusion

entries:
  # our own
  - id: chat
    name: Chat
    status: in_scope
    bind: [repo:example.org/chat]
    justification: it talks to customers   # really

  - id: labs
    status: in_scope
    bind: ["repo:example.org/lab-*"]

# the end
"""


def system(name="shop", **fields):
    fields.setdefault("kind", SystemKind.AI_SYSTEM)
    fields.setdefault("anchors", (f"repo:example.org/{name}",))
    fields.setdefault("findings", ("f1",))
    source = f"repo:example.org/{name}"
    return AISystem(id=f"sys-{name}", name=name.title(), sources=(source,), models=("gpt-4.1",), **fields)


@pytest.fixture
def files(tmp_path):
    files = Files(tmp_path / "aims-scope.yaml", tmp_path / "aims-decisions.jsonl")
    files.scope.write_text(SCOPE)
    return files


def entry(files, entry_id):
    return next((e for e in load_scope(files.scope).document.entries if e.id == entry_id), None)


def state(files):
    return standing(load(files.ledger)).state


def status(files, *systems, today=date(2026, 3, 1)):
    coverage = [Coverage(source, "", Outcome.COMPLETE) for s in systems for source in s.sources]
    scope = load_scope(files.scope).document
    verdicts = reconcile(systems, scope, state(files), coverage, [], today=today, catalog_hash="c1")
    return {verdict.subject: verdict.status for verdict in verdicts}


def record(files, *decisions, by=ANN, now=NOW):
    return decide(decisions, files, by=by, now=now, catalog="c1")


def test_a_decision_makes_an_entry_and_an_event_and_the_next_scan_knows(files):
    shop = system(owner="team-shop", facts={"personal_data": (Fact("personal_data", True, Origin.TAG),)})
    assert status(files, shop)["sys-shop"] is Status.UNDECLARED
    (event,) = record(files, Decision(shop, Answer.IN, "it sells"))
    assert files.scope.read_text() == SCOPE.replace(
        "\n# the end\n",
        """
  - id: shop
    name: Shop
    status: in_scope
    owner: team-shop
    bind:
      - repo:example.org/shop
    justification: it sells
    baseline:
      models:
        - gpt-4.1
      owner: team-shop
      personal_data: true
    review_due: 2027-03-01

# the end
""",
    )
    assert event.kind is EventKind.APPROVED
    assert (event.subject, event.entry, event.answer, event.by) == ("sys-shop", "shop", Answer.IN, ANN)
    assert event.facts == {"models": ("gpt-4.1",), "owner": "team-shop", "personal_data": True}
    assert event.until == "2027-03-01"
    assert status(files, shop)["sys-shop"] is Status.IN_SCOPE
    assert status(files, replace(shop, models=("o3",)))["sys-shop"] is Status.CHANGED
    assert status(files, shop, today=NEXT_YEAR + timedelta(days=1))["sys-shop"] is Status.REVIEW_DUE


def test_a_decision_that_needs_an_approval_leaves_the_scope_document_alone_until_then(files):
    shop = system()
    (proposal,) = record(
        files,
        Decision(
            shop, Answer.OUT, "a prototype", conditions=({"fact": "personal_data", "op": "equals", "value": False},)
        ),
    )
    assert proposal.kind is EventKind.PROPOSED
    assert files.scope.read_text() == SCOPE
    assert status(files, shop)["sys-shop"] is Status.UNDECLARED

    with pytest.raises(DecisionError, match="cannot approve what"):
        approve([proposal.id], files, by=ANN, now=NOW)
    assert files.scope.read_text() == SCOPE

    (approval,) = approve([proposal.id[:12]], files, by=BEN, now=NOW)
    assert approval.refers == proposal.id
    declared = entry(files, "shop")
    assert (declared.status, declared.justification) == ("excluded", "a prototype")
    assert declared.conditions[0].fact == "personal_data"
    assert status(files, shop)["sys-shop"] in {Status.EXCLUDED, Status.UNVERIFIED}
    assert verify(files.ledger, []).good

    with pytest.raises(DecisionError, match="no open proposal"):
        approve([proposal.id], files, by=BEN, now=NOW)


def test_a_rejected_proposal_leaves_everything_as_it_was(files):
    (proposal,) = record(files, Decision(system(), Answer.OUT, "a prototype"))
    with pytest.raises(DecisionError, match="needs a reason"):
        reject([proposal.subject], files, because=" ", by=BEN, now=NOW)
    reject([proposal.subject], files, because="it is no prototype", by=BEN, now=NOW)
    assert not state(files).pending
    assert files.scope.read_text() == SCOPE
    with pytest.raises(DecisionError, match="no open proposal"):
        approve([proposal.id], files, by=BEN, now=NOW)


def test_a_second_proposal_replaces_the_first_and_keeps_the_id_of_its_entry(files):
    first, second = (record(files, Decision(system(), Answer.OUT, why))[0] for why in ("a prototype", "a toy"))
    assert [proposal.id for proposal in state(files).pending] == [second.id]
    assert first.entry == second.entry == "shop"
    approve(["shop"], files, by=BEN, now=NOW)
    assert entry(files, "shop").justification == "a toy"


def test_a_proposal_that_no_longer_fits_the_scope_document_is_not_approved(files):
    record(files, Decision(system(), Answer.OUT, "a prototype"), Decision(system("chat"), Answer.OUT, "a toy"))
    written = "entries:\n  - {id: shop, status: in_scope}\n"
    files.scope.write_text(f"document: {{requires_approval: [excluded]}}\n{written}")
    with pytest.raises(DecisionError) as caught:
        approve(["shop", "chat"], files, by=BEN, now=NOW)
    assert [refusal.what for refusal in caught.value.refusals] == [
        "the entry `shop` is in the scope document by now",
        "the entry `chat` is not there any more",
    ]
    assert files.scope.read_text().endswith(written)


def test_two_open_proposals_on_one_system_are_told_apart_by_their_ids(files):
    (one,) = record(files, Decision(system(), Answer.OUT, "a prototype"))
    first = files.ledger.read_bytes()
    files.ledger.unlink()
    (other,) = record(files, Decision(system(), Answer.OUT, "a toy"), by=BEN)
    files.ledger.write_bytes(first + files.ledger.read_bytes())
    with pytest.raises(DecisionError, match=f"Name one of .*{other.id[:12]}"):
        approve(["shop"], files, by=Identity("Clo"), now=NOW)
    approve([one.id], files, by=BEN, now=NOW)
    assert entry(files, "shop").justification == "a prototype"


def test_deciding_again_supersedes_and_takes_away_what_belonged_to_the_old_answer(files):
    chat = system("chat")
    record(files, Decision(chat, Answer.IN, conditions=({"fact": "models", "op": "only", "value": ["gpt-4.1"]},)))
    assert entry(files, "chat").justification == "it talks to customers"
    (event,) = record(files, Decision(chat, Answer.DECOMMISSIONED), by=BEN)
    assert event.kind is EventKind.SUPERSEDED
    declared = entry(files, "chat")
    assert declared.status == "decommissioned"
    assert (declared.justification, declared.conditions, declared.baseline, declared.review_due) == (None, (), {}, None)
    assert [e.answer for e in state(files).by_system["sys-chat"]] == [Answer.DECOMMISSIONED]


def test_only_the_lines_of_a_changed_entry_change(files):
    record(files, Decision(system("chat"), Answer.IN, owner="Chris"))
    before, after = SCOPE.splitlines(), files.scope.read_text().splitlines()
    assert [line for line in before if line not in after] == []
    assert [line for line in after if line not in before] == [
        "    owner: Chris",
        "    baseline:",
        "      models:",
        "        - gpt-4.1",
        "    review_due: 2027-03-01",
    ]


def test_a_deferral_stands_in_the_ledger_alone_and_ends(files):
    (event,) = record(files, Decision(system(), Answer.DEFER, "ask legal"))
    assert event.until == "2026-03-31"
    assert files.scope.read_text() == SCOPE
    assert status(files, system())["sys-shop"] is Status.DEFERRED
    assert status(files, system(), today=date(2026, 4, 2))["sys-shop"] is Status.UNDECLARED


def test_not_ai_is_dismissed_until_there_is_new_evidence(files):
    shop = system(kind=SystemKind.CANDIDATE)
    record(files, Decision(shop, Answer.NOT_AI, "a lamp"))
    assert status(files, shop)["sys-shop"] is Status.DISMISSED
    assert status(files, replace(shop, findings=("f1", "f2")))["sys-shop"] is Status.CHANGED


def test_what_is_gone_is_decommissioned_by_its_entry(files):
    record(files, Decision(system("chat"), Answer.IN))
    (event,) = record(files, Decision("chat", Answer.DECOMMISSIONED, "switched off"))
    assert event.subject == "sys-chat"
    assert entry(files, "chat").status == "decommissioned"
    assert status(files, system("chat"))["sys-chat"] is Status.STILL_RUNNING


def test_an_entry_decided_before_it_was_seen_is_decided_anew_with_the_system(files):
    record(files, Decision("chat", Answer.IN))
    record(files, Decision(system("chat"), Answer.DECOMMISSIONED))
    assert {e.answer for events in state(files).by_system.values() for e in events} == {Answer.DECOMMISSIONED}


def test_ids_are_made_of_the_name_and_are_unique(files):
    record(
        files, Decision(system("one", owner="x"), Answer.IN), Decision(replace(system("two"), name="Chat"), Answer.IN)
    )
    record(files, Decision(replace(system("three"), name="Ünïcode & Söns / 日本"), Answer.IN))
    record(
        files,
        Decision(replace(system("four"), name="日本"), Answer.IN),
        Decision(replace(system("five"), name="日本"), Answer.IN),
    )
    ids = [e.id for e in load_scope(files.scope).document.entries]
    assert ids == ["chat", "labs", "one", "chat-2", "unicode-sons", "system", "system-2"]


@pytest.mark.parametrize(
    ("decision", "what"),
    [
        (Decision(system(), Answer.OUT), "`out` needs a justification"),
        (Decision(system(), Answer.NOT_AI, " "), "`not-ai` needs a justification"),
        (Decision(system(), Answer.REJECTED), "`rejected` needs a justification"),
        (Decision(system(), Answer.IN, until=date(2026, 3, 1)), "has passed"),
        (Decision(system(), Answer.IN, until=date(2027, 3, 3)), "more than a year"),
        (Decision("shop", Answer.IN), "there is no entry `shop`"),
        (Decision(system(), Answer.IN, entry="none"), "there is no entry `none`"),
        (Decision(system("lab-1"), Answer.OUT, "a toy"), "may bind other systems as well"),
        (
            Decision(system(anchors=("repo:example.org/chat", "repo:example.org/lab-1")), Answer.IN),
            "bound by chat, labs",
        ),
        (Decision(system(anchors=()), Answer.IN), "no anchor"),
        (Decision(system(), Answer.IN, "half a \ud83d"), "shop"),
        (Decision(system(), Answer.IN, "x" * 300_000), "shorten the justification"),
        (
            Decision(system(), Answer.IN, conditions=({"fact": "colour", "op": "equals", "value": "red"},)),
            "cannot be tested",
        ),
    ],
)
def test_a_decision_that_is_not_in_order_is_refused_with_its_mend_and_nothing_is_recorded(files, decision, what):
    with pytest.raises(DecisionError, match=what):
        record(files, Decision(system("other"), Answer.IN), decision)
    assert files.scope.read_text() == SCOPE
    assert not files.ledger.exists()


def test_all_that_is_wrong_is_told_at_once(files):
    with pytest.raises(DecisionError) as caught:
        record(
            files,
            Decision(system("a"), Answer.OUT),
            Decision(system("b"), Answer.IN),
            Decision(system("b"), Answer.IN),
            Decision("z", Answer.IN),
        )
    assert [refusal.subject for refusal in caught.value.refusals] == ["A (sys-a)", "B (sys-b)", "z"]


def test_a_system_under_a_shared_entry_is_confirmed_without_touching_the_entry(files):
    (event,) = record(files, Decision(system("lab-1"), Answer.IN))
    assert event.entry == "labs"
    assert files.scope.read_text() == SCOPE
    assert status(files, system("lab-1"))["sys-lab-1"] is Status.IN_SCOPE


def test_a_named_entry_takes_up_one_more_system(files):
    record(files, Decision(system("talk"), Answer.IN, entry="chat"))
    assert entry(files, "chat").bind == ("repo:example.org/chat", "repo:example.org/talk")


def test_an_entry_written_by_hand_is_adopted_with_the_present_facts(files):
    chat = system("chat")
    assert status(files, chat)["sys-chat"] is Status.UNRECORDED
    (event,) = adopt(["chat"], [chat, system()], files, by=ANN, now=NOW, catalog="c1")
    assert event.kind is EventKind.ADOPTED
    assert event.facts == {"models": ("gpt-4.1",)}
    assert event.because == "it talks to customers"
    assert files.scope.read_text() == SCOPE
    assert status(files, chat)["sys-chat"] is Status.IN_SCOPE
    with pytest.raises(DecisionError, match="recorded already"):
        adopt(["chat"], [chat], files, by=ANN, now=NOW)


def test_all_systems_of_a_pattern_are_adopted_with_its_entry(files):
    events = adopt(["labs"], [system("lab-1"), system("lab-2")], files, by=ANN, now=NOW)
    assert [event.subject for event in events] == ["sys-lab-1", "sys-lab-2"]


def test_an_entry_that_nothing_shows_is_adopted_by_itself(files):
    (event,) = adopt(["chat"], [], files, by=ANN, now=NOW)
    assert (event.subject, event.anchors, event.facts) == ("chat", ("repo:example.org/chat",), {})


def test_nobody_gets_round_a_second_person_by_writing_the_entry(files):
    files.scope.write_text(
        SCOPE.replace(
            "status: in_scope\n    bind: [repo:example.org/chat]", "status: excluded\n    bind: [repo:example.org/chat]"
        )
    )
    (event,) = adopt(["chat"], [system("chat")], files, by=ANN, now=NOW)
    assert event.kind is EventKind.PROPOSED
    assert status(files, system("chat"))["sys-chat"] is Status.UNRECORDED
    approve(["chat"], files, by=BEN, now=NOW)
    assert status(files, system("chat"))["sys-chat"] is Status.EXCLUDED


def test_without_a_scope_document_nothing_is_decided(files):
    files.scope.unlink()
    with pytest.raises(DecisionError, match="aimscope init"):
        record(files, Decision(system(), Answer.IN))
    assert not files.ledger.exists()


def test_hostile_names_stay_text(files):
    name = "x\n  - id: evil\n    status: excluded # \u2028 {{ }} !!python/object:os.system"
    record(files, Decision(replace(system(), name=name), Answer.IN, because=name, owner=name))
    document = load_scope(files.scope).document
    assert [e.status for e in document.entries] == ["in_scope"] * 3
    assert document.entries[2].justification == name


def test_deciders_in_two_processes_at_once_are_both_recorded(files):
    script = """
import sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from classifiers.model import SystemKind
from inventory.decide import Decision, decide
from inventory.decision import Answer, Identity
from inventory.model import AISystem
from inventory.transaction import Files
for n in range(4):
    name = f"{sys.argv[4]}-{n}"
    system = AISystem(f"sys-{name}", (f"repo:example.org/{name}",), "Same name", SystemKind.AI_SYSTEM, ())
    decide([Decision(system, Answer.IN)], Files(Path(sys.argv[2]), Path(sys.argv[3])), by=Identity(name), now=datetime.now(UTC))
"""
    command = [sys.executable, "-c", script, str(ROOT), *map(str, files)]
    deciders = [subprocess.Popen([*command, name]) for name in ("ann", "ben")]
    assert [decider.wait(timeout=60) for decider in deciders] == [0, 0]
    document = load_scope(files.scope).document
    assert len(document.entries) == 10
    history = load(files.ledger)
    assert len(history) == 8
    assert len(history.heads) == 1
    assert verify(files.ledger, []).good
    assert {events[-1].entry for events in state(files).by_system.values()} == {e.id for e in document.entries[2:]}
