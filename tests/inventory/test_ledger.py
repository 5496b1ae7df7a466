"""The ledger as a set of events: reading, order, and what the events amount to."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.decision import Answer, EventKind, Identity
from inventory.decision_state import Decisions, DecisionState
from inventory.ledger import (
    DamagedEventError,
    FaultKind,
    History,
    LedgerError,
    RecordedEvent,
    encode,
    load,
    read,
    seal,
    standing,
)

ANN, BEN, CLO = Identity("Ann <ann@example.org>"), Identity("Ben <ben@example.org>"), Identity("Clo <clo@example.org>")


def event(answer=Answer.IN, *parents, kind=EventKind.APPROVED, subject="sys-1", by=ANN, refers="", **fields):
    """A sealed event after its parents."""
    fields.setdefault("at", "2026-01-01T00:00:00Z")
    fields.setdefault("anchors", (f"repo:example.org/{subject}",))
    return seal(
        RecordedEvent(
            kind=kind,
            subject=subject,
            answer=answer,
            because="because",
            by=by,
            parents=tuple(sorted(parent.id for parent in parents)),
            refers=refers.id if refers else "",
            **fields,
        )
    )


def approval(proposal, *parents, by=BEN, kind=EventKind.APPROVED):
    """An answer to a proposal that repeats what it decides."""
    known = tuple(sorted(parent.id for parent in (parents or (proposal,))))
    return seal(replace(proposal, kind=kind, by=by, refers=proposal.id, parents=known))


def answers(decisions):
    return [decision.answer for decision in decisions]


def state_of(*events) -> DecisionState:
    return standing(History(events)).state


def in_force(*events, subject="sys-1"):
    return state_of(*events).by_system.get(subject, ())


def conflicting(state: DecisionState, decisions) -> bool:
    return Decisions(state).conflict(decisions)


def write(path: Path, *events) -> Path:
    path.write_bytes(b"".join(encode(event) for event in events))
    return path


def kinds(path: Path):
    return [(fault.line, fault.kind) for fault in read(path).faults]


def test_what_is_written_reads_back_the_same(tmp_path):
    first = event(
        facts={"models": ("gpt-4.1", "o3"), "personal_data": True, "seats": 3},
        declares={"id": "shop", "n": [1.5, None]},
    )
    second = event(Answer.OUT, first, by=Identity("Zoë \u2028 Ångström"), at="2026-02-01T00:00:00Z")
    history = load(write(tmp_path / "ledger", second, first))
    assert history.order == (first, second)
    assert history.heads == (second.id,)


def test_a_ledger_that_does_not_exist_has_no_events(tmp_path):
    assert len(load(tmp_path / "none")) == 0


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"because": "half a \ud83d"}, "UTF-8"),
        ({"because": "x" * 300_000}, "shorten the justification"),
        ({"at": "2026-1-1T00:00:00Z"}, "`at` is not a time"),
        ({"facts": {"share": 0.5}}, "facts.share"),
    ],
)
def test_an_event_that_would_not_read_back_is_not_written(fields, what):
    with pytest.raises(DamagedEventError, match=what):
        encode(seal(replace(event(), **fields)))


def test_a_folder_in_place_of_the_ledger_is_a_fault_and_no_traceback(tmp_path):
    with pytest.raises(LedgerError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"<<<<<<< HEAD\n", FaultKind.CONFLICT_MARKER),
        (b"=======\n", FaultKind.CONFLICT_MARKER),
        (b">>>>>>> topic\n", FaultKind.CONFLICT_MARKER),
        (b"\n", FaultKind.DAMAGED),
        (b"[" * 100_000 + b"\n", FaultKind.DAMAGED),
        (b"\xff\xfe\n", FaultKind.DAMAGED),
        (b'{"id":NaN}\n', FaultKind.DAMAGED),
        (b"9" * 5000 + b"\n", FaultKind.DAMAGED),
        (b"[]\n", FaultKind.DAMAGED),
        (b'{"id":"\\ud800"}\n', FaultKind.DAMAGED),
        (b"x" * 1_000_000 + b"\n", FaultKind.TOO_LONG),
    ],
)
def test_a_line_that_is_no_event_is_named_and_the_others_are_read(tmp_path, line, kind):
    first, last = event(), event(subject="sys-2")
    path = tmp_path / "ledger"
    path.write_bytes(encode(first) + line + encode(last))
    reading = read(path)
    assert [(fault.line, fault.kind) for fault in reading.faults] == [(2, kind)]
    assert {event.id for event in reading.history.order} == {first.id, last.id}
    with pytest.raises(LedgerError, match=f"{path}:2: .* To mend it: "):
        load(path)


def test_a_missing_parent_is_a_gap(tmp_path):
    first = event()
    second = event(Answer.OUT, first)
    assert kinds(write(tmp_path / "ledger", second)) == [(1, FaultKind.GAP)]


def test_a_line_that_stands_twice_is_told_and_tolerated(tmp_path):
    first = event()
    path = write(tmp_path / "ledger", first, first)
    assert kinds(path) == [(2, FaultKind.DUPLICATE)]
    assert load(path).order == (first,)


def test_a_later_decision_replaces_the_one_that_it_knew():
    first = event(Answer.IN)
    second = event(Answer.OUT, first)
    assert answers(in_force(first, second)) == [Answer.OUT]


def test_knowing_counts_and_not_the_clock():
    first = event(Answer.IN, at="2026-06-01T00:00:00Z")
    second = event(Answer.OUT, first, at="2026-01-01T00:00:00Z")
    assert answers(in_force(first, second)) == [Answer.OUT]


def test_two_decisions_that_did_not_know_of_each_other_conflict_until_a_third_knows_both():
    root = event(Answer.DEFER)
    one, other = event(Answer.IN, root), event(Answer.OUT, root, by=BEN)
    state = state_of(root, one, other)
    assert conflicting(state, state.by_system["sys-1"])
    assert conflicting(state, state.by_anchor["repo:example.org/sys-1"])

    settled = state_of(root, one, other, event(Answer.OUT, one, other, by=CLO))
    assert not conflicting(settled, settled.by_system["sys-1"])
    assert answers(settled.by_system["sys-1"]) == [Answer.OUT]


def test_the_same_answer_twice_is_no_conflict():
    one, other = event(Answer.IN), event(Answer.IN, by=BEN)
    state = state_of(one, other)
    assert not conflicting(state, state.by_system["sys-1"])


def test_a_decision_on_another_system_conflicts_with_nothing():
    one, other = event(Answer.IN), event(Answer.OUT, subject="sys-2")
    state = state_of(one, other)
    assert not any(conflicting(state, decisions) for decisions in state.by_system.values())


def test_a_proposal_waits_and_what_was_decided_before_still_holds():
    before = event(Answer.IN)
    proposal = event(Answer.OUT, before, kind=EventKind.PROPOSED)
    state = state_of(before, proposal)
    assert state.pending == (proposal,)
    assert answers(state.by_system["sys-1"]) == [Answer.IN]


def test_an_approval_by_another_puts_the_proposal_in_force():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    state = state_of(proposal, approval(proposal))
    assert answers(state.by_system["sys-1"]) == [Answer.OUT]
    assert not state.pending


@pytest.mark.parametrize("same", ["Ann <ann@example.org>", "ANN  <Ann@Example.org>", "ann@example.org", "Ann"])
def test_nobody_approves_for_themselves(same):
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    own = approval(proposal, by=Identity(same))
    result = standing(History([proposal, own]))
    assert not result.state.by_system
    assert result.state.pending == (proposal,)
    assert result.effectless[own.id].kind is FaultKind.SELF_APPROVAL


def test_an_approval_of_something_else_has_no_effect():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    other = seal(replace(approval(proposal), answer=Answer.IN))
    assert not in_force(proposal, other)


def test_an_approval_that_cannot_have_known_its_proposal_has_no_effect():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    stranger = seal(replace(approval(proposal), parents=()))
    assert not in_force(proposal, stranger)


def test_a_rejection_closes_the_proposal_for_good():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    rejection = approval(proposal, kind=EventKind.REJECTED)
    late = approval(proposal, rejection, by=CLO)
    result = standing(History([proposal, rejection, late]))
    assert not result.state.pending
    assert not result.state.by_system
    assert result.effectless[late.id].kind is FaultKind.WITHOUT_EFFECT


def test_approved_here_and_rejected_there_is_a_conflict():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    state = state_of(proposal, approval(proposal), approval(proposal, by=CLO, kind=EventKind.REJECTED))
    assert conflicting(state, state.by_system["sys-1"])


def test_a_decision_closes_the_proposals_that_its_writer_knew():
    proposal = event(Answer.OUT, kind=EventKind.PROPOSED)
    decision = event(Answer.IN, proposal)
    late = approval(proposal, decision)
    state = state_of(proposal, decision, late)
    assert not state.pending
    assert answers(state.by_system["sys-1"]) == [Answer.IN]


def test_a_decision_outlives_the_id_through_its_anchors():
    state = state_of(event(Answer.IN, anchors=("arn:one", "repo:two")))
    assert answers(state.by_anchor["repo:two"]) == [Answer.IN]


@st.composite
def histories(draw):
    """Ledgers with branches, merges, proposals and their answers."""
    events: list[RecordedEvent] = []
    for number in range(draw(st.integers(1, 12))):
        parents = draw(st.lists(st.sampled_from(events), max_size=3, unique_by=lambda e: e.id)) if events else []
        proposals = [e for e in events if e.kind is EventKind.PROPOSED]
        by = draw(st.sampled_from([ANN, BEN, CLO]))
        if proposals and draw(st.booleans()):
            kind = draw(st.sampled_from([EventKind.APPROVED, EventKind.REJECTED]))
            events.append(approval(draw(st.sampled_from(proposals)), *parents, by=by, kind=kind))
        else:
            kind = draw(st.sampled_from([EventKind.PROPOSED, EventKind.APPROVED, EventKind.ADOPTED]))
            subject = draw(st.sampled_from(["sys-1", "sys-2"]))
            at = f"2026-01-{draw(st.integers(1, 5)):02}T00:00:{number:02}Z"
            events.append(event(draw(st.sampled_from(Answer)), *parents, kind=kind, subject=subject, by=by, at=at))
    return list({e.id: e for e in events}.values())


@given(histories(), st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_and_no_repetition_of_lines_changes_the_state(tmp_path, events, random):
    path = tmp_path / "ledger"
    expected = load(write(path, *events))
    lines = [encode(e) for e in events] + [encode(random.choice(events)) for _ in range(3)]
    random.shuffle(lines)
    path.write_bytes(b"".join(lines))
    shuffled = load(path)
    assert shuffled.order == expected.order
    assert shuffled.heads == expected.heads
    assert standing(shuffled) == standing(expected)


@given(histories())
def test_one_event_precedes_another_exactly_when_a_chain_of_parents_leads_back_to_it(events):
    history = History(events)
    ancestors: dict[str, set[str]] = {}
    for e in history.order:
        ancestors[e.id] = set(e.parents).union(*(ancestors[p] for p in e.parents))
    for one in events:
        for other in events:
            assert history.precedes(one.id, other.id) == (one.id in ancestors[other.id])


@given(histories(), st.data())
def test_the_merge_of_two_branches_holds_both_whichever_side_comes_first(events, data):
    cut = data.draw(st.integers(0, len(events)))
    ours = [*events[:cut], event(Answer.IN, *events[:cut], by=ANN, at="2027-01-01T00:00:00Z")]
    theirs = [*events, event(Answer.OUT, *events, by=BEN, at="2027-01-02T00:00:00Z")]
    one, other = History(ours + theirs), History(theirs + ours)
    assert one.order == other.order
    assert not one.gaps
    assert standing(one) == standing(other)
