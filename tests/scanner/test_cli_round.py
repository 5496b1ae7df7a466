"""The whole path at the command line: start, scan, look, decide, approve, and the next scan knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook

from scanner import clock
from tests.scanner.estate import CHAT, Estate


def test_what_was_decided_the_next_scan_knows(estate: Estate) -> None:
    assert estate("init").code == 0
    assert estate.scan() == 1

    review = estate("review")
    assert review.code == 1
    (row,) = review.rows
    assert (row["name"], row["status"]) == ("chat", "undeclared")
    assert f"aimscope decide {row['id']} in" in review.err

    decided = estate("decide", row["id"], "in", "--because", "It answers customers.", "--owner", "Support")
    assert decided.code == 0
    assert "Ann Lee <ann@example.org> (asserted)" in decided.out
    assert "aims-scope.yaml: entry chat added" in decided.out
    assert "approval" not in decided.out

    assert estate("review").code == 0
    assert estate.scan() == 0
    row = estate.verdict()
    assert (row["status"], row["owner"]) == ("in_scope", "Support")


def test_an_exclusion_waits_for_somebody_else(scanned: Estate) -> None:
    scope = scanned.read("aims-scope.yaml")
    scanned.write("aims-scope.yaml", scope.replace('version: "1"', 'version: "1"\n  requires_approval: [excluded]'))
    before = scanned.read("aims-scope.yaml")

    proposed = scanned("decide", scanned.id_of(), "out", "--because", "A prototype.")
    assert proposed.code == 0
    assert "waits for the approval of somebody else" in proposed.out
    assert scanned.read("aims-scope.yaml") == before
    assert scanned("review").code == 1

    (proposal,) = scanned("approve", "--list").rows
    assert (proposal["answer"], proposal["proposed by"]) == ("out", "Ann Lee <ann@example.org>")
    own = scanned("approve", proposal["event"])
    assert own.code == 2
    assert "Let somebody else approve it" in own.err

    scanned.acts_as("Bob Roe", "bob@example.org")
    approved = scanned("approve", proposal["event"])
    assert approved.code == 0
    assert approved.out.startswith("Approved: out for")
    assert "aims-scope.yaml: entry chat added" in approved.out
    assert scanned("approve", "--list").err == "No proposal is open.\n"
    assert scanned.scan() == 0
    assert scanned.verdict()["status"] == "excluded"


def test_a_rejected_proposal_leaves_everything_as_it_was(scanned: Estate) -> None:
    scope = scanned.read("aims-scope.yaml")
    scanned.write("aims-scope.yaml", scope.replace('version: "1"', 'version: "1"\n  requires_approval: [in_scope]'))
    system = scanned.id_of()
    assert scanned("decide", system, "in").code == 0

    assert scanned("approve", system, "--reject").code == 2
    rejected = scanned("approve", system, "--reject", "--because", "Not ours.", "--by", "Bob <bob@example.org>")
    assert rejected.code == 0
    assert rejected.out.startswith("Not approved: in for")
    (row,) = scanned("review").rows
    assert row["status"] == "undeclared"


def test_decisions_go_out_and_come_back_in_a_sheet(scanned: Estate) -> None:
    assert scanned("review", "--xlsx", "queue.xlsx").code == 1
    assert scanned("decide", "--from", "queue.xlsx").out == "queue.xlsx: no row is filled in; nothing was written.\n"

    _fill("queue.xlsx", Decision="in", Justification="It answers customers.", Owner="Support")
    decided = scanned("decide", "--from", "queue.xlsx")
    assert decided.code == 0, decided.err
    assert "Decided: in for" in decided.out
    assert scanned("review").code == 0


def test_a_sheet_is_refused_where_the_facts_have_moved_on(scanned: Estate) -> None:
    scanned("review", "--xlsx", "queue.xlsx")
    _fill("queue.xlsx", Decision="in", Justification="It answers customers.")
    scanned.write("services/chat/chat.py", CHAT.replace("gpt-4.1-mini", "gpt-4o"))
    assert scanned.scan() == 1
    before = scanned.read("aims-scope.yaml")

    refused = scanned("decide", "--from", "queue.xlsx")
    assert refused.code == 2
    assert "models was gpt-4.1-mini and is gpt-4o" in refused.err
    assert scanned.read("aims-scope.yaml") == before
    assert not Path("aims-decisions.jsonl").exists()


def test_an_entry_that_somebody_wrote_is_adopted(scanned: Estate) -> None:
    entry = "\n  - {id: chat, name: Chat, status: in_scope, bind: 'repo:github.com/acme/shop#services/chat'}"
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("entries:", f"entries:{entry}"))
    (row,) = scanned("review").rows
    assert row["status"] == "unrecorded"

    adopted = scanned("decide", "--adopt-all")
    assert adopted.code == 0
    assert adopted.out.startswith("Adopted: in for")
    assert "aims-scope.yaml: unchanged" in adopted.out
    assert scanned("review").code == 0
    assert "nothing was written" in scanned("decide", "--adopt-all").out
    assert scanned("decide", "--adopt", "chat").code == 2


def test_what_people_attest_is_part_of_what_a_decision_rests_on(scanned: Estate) -> None:
    system = scanned.id_of()
    settings = scanned.read("aimscope.yaml").replace("#attestations", "attestations")
    scanned.write("aimscope.yaml", settings)
    today = clock.now().date()
    attestation = (
        f"{{system: {system}, fact: personal_data, value: false, by: Jo, role: DPO, date: {today}, seen: the record, "
        f"expires: {today + timedelta(days=365)}}}"
    )
    scanned.write("aims-attestations.yaml", f"attestations:\n  - {attestation}\n")

    assert scanned("decide", system, "in", "--condition", "personal_data equals false").code == 0
    assert json.loads(scanned.read("aims-decisions.jsonl"))["facts"]["personal_data"] is False
    test = scanned("scope", "test")
    assert (test.code, test.rows[0]["outcome"]) == (0, "holds")


def test_the_installed_command_ends_with_the_same_codes(tmp_path: Path) -> None:
    """In processes of its own, in a folder that is no repository."""
    (tmp_path / "app.py").write_text(CHAT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def aimscope(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scanner.cli", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert aimscope("review").returncode == 2
    assert aimscope("init").returncode == 0
    assert aimscope("scan").returncode == 1
    system = aimscope("review").stdout.splitlines()[1].split("\t")[1]
    assert aimscope("decide", system, "in", "--by", "Ann <ann@example.org>").returncode == 0
    assert aimscope("review").returncode == 0


def _fill(path: str, **cells: str) -> None:
    workbook = load_workbook(path)
    sheet = workbook["Decisions"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in cells.items():
        sheet.cell(row=2, column=columns[name], value=value)
    workbook.save(path)
