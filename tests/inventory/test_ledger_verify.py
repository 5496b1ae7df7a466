"""`aimscope ledger verify`: every edit and gap, and which recorded heads were looked for."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.decision import Answer, EventKind, Identity
from inventory.ledger import FaultKind, RecordedEvent, encode, load, seal
from inventory.verify import RecordedHead, verify

ANN, BEN = Identity("Ann <ann@example.org>"), Identity("Ben <ben@example.org>")


def event(*parents, kind=EventKind.APPROVED, by=ANN, answer=Answer.IN, subject="sys-1", **fields):
    known = tuple(sorted(parent.id for parent in parents))
    fields = {"because": "it sells", "at": "2026-01-01T00:00:00Z", **fields}
    return seal(
        RecordedEvent(kind=kind, subject=subject, anchors=("repo:x",), answer=answer, by=by, parents=known, **fields)
    )


@pytest.fixture
def chain():
    first = event()
    second = event(first, answer=Answer.OUT)
    return [first, second, event(second, answer=Answer.IN, because="back again")]


def write(path: Path, events) -> Path:
    path.write_bytes(b"".join(encode(event) for event in events))
    return path


def faults(path: Path, *heads: RecordedHead):
    return [(fault.line, fault.kind) for fault in verify(path, heads).faults]


def test_a_whole_ledger_is_good_and_says_what_was_not_checked(tmp_path, chain):
    path = write(tmp_path / "ledger", chain)
    result = verify(path, [RecordedHead("the scope document"), RecordedHead("--head", (chain[1].id,))])
    assert result.good
    assert result.events == 3
    assert result.heads == (chain[2].id,)
    assert result.checked == ("--head",)
    assert result.not_checked == ("the scope document",)


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_single_byte_edit_is_found(tmp_path, chain, data):
    content = write(tmp_path / "ledger", chain).read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    change = data.draw(st.sampled_from(["replace", "insert", "delete"]))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda b: change == "insert" or b != content[at]))])
    edited = content[:at] + (b"" if change == "delete" else byte) + content[at + (change != "insert") :]
    path = tmp_path / "edited"
    path.write_bytes(edited)
    result = verify(path, [])
    assert not result.good
    line = content[:at].count(b"\n") + 1
    assert any(fault.line in {line, line + 1} for fault in result.faults)


def test_an_edited_text_is_one_fault_on_its_line(tmp_path, chain):
    path = write(tmp_path / "ledger", chain)
    path.write_bytes(path.read_bytes().replace(b"it sells", b"it sold!", 1))
    assert faults(path) == [(1, FaultKind.DAMAGED)]


def test_an_edit_that_also_renews_the_hash_is_a_gap_for_those_who_knew_it(tmp_path, chain):
    forged = seal(replace(chain[0], because="another reason"))
    assert faults(write(tmp_path / "ledger", [forged, *chain[1:]])) == [(2, FaultKind.GAP)]


def test_a_line_taken_out_is_a_gap(tmp_path, chain):
    assert faults(write(tmp_path / "ledger", [chain[0], chain[2]])) == [(2, FaultKind.GAP)]


def test_a_line_that_stands_twice_is_a_notice(tmp_path, chain):
    result = verify(write(tmp_path / "ledger", [*chain, chain[1]]), [])
    assert result.good
    assert [(notice.line, notice.kind) for notice in result.notices] == [(4, FaultKind.DUPLICATE)]


def test_parents_that_lead_back_are_a_cycle(tmp_path, chain):
    path = write(tmp_path / "ledger", chain)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[0]["parents"] = [lines[2]["id"]]
    text = [json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for line in lines]
    path.write_text("".join(line + "\n" for line in text))
    found = faults(path)
    assert (1, FaultKind.DAMAGED) in found
    assert {line for line, kind in found if kind is FaultKind.CYCLE} == {1, 2, 3}


def test_a_self_approval_is_found(tmp_path):
    proposal = event(kind=EventKind.PROPOSED)
    own = seal(replace(proposal, kind=EventKind.APPROVED, refers=proposal.id, parents=(proposal.id,)))
    assert faults(write(tmp_path / "ledger", [proposal, own])) == [(2, FaultKind.SELF_APPROVAL)]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_ledger_cut_off_shows_against_a_recorded_head_only(tmp_path, chain, kept):
    path = write(tmp_path / "ledger", chain[:kept])
    assert faults(path) == []
    assert faults(path, RecordedHead("the last report", (chain[2].id,))) == [(0, FaultKind.HEAD_MISSING)]


def test_a_ledger_written_anew_shows_against_a_recorded_head(tmp_path, chain):
    first = event(because="never happened otherwise")
    path = write(tmp_path / "ledger", [first, event(first)])
    assert faults(path, RecordedHead("--head", (chain[2].id,))) == [(0, FaultKind.HEAD_MISSING)]


def test_two_branches_that_both_appended_merge_in_git(tmp_path, chain):
    def git(*arguments):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    ledger = tmp_path / "aims-decisions.jsonl"
    (tmp_path / ".gitattributes").write_text("aims-decisions.jsonl merge=union\n")
    git("init")
    write(ledger, chain)
    git("add", "-A")
    git("commit", "-m", "start")
    ours, theirs = event(chain[2], subject="sys-2"), event(chain[2], subject="sys-3", by=BEN)
    git("checkout", "-b", "theirs")
    write(ledger, [*chain, theirs])
    git("commit", "-am", "theirs")
    git("checkout", "main")
    write(ledger, [*chain, ours])
    git("commit", "-am", "ours")
    git("merge", "theirs")

    result = verify(ledger, [RecordedHead("--head", (ours.id, theirs.id))])
    assert result.good
    assert result.heads == tuple(sorted([ours.id, theirs.id]))
    assert len(load(ledger)) == 5
