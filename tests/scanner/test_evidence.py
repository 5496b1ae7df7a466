"""The evidence pack at the command line: what an organisation has, it shows; what is missing, it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from scanner import clock
from tests.scanner.estate import Estate

ENTRY = """
  - id: chat
    name: Chat
    status: {status}
    owner: ann@example.org
    bind: repo:github.com/acme/shop#services/chat
    justification: It answers customers.
"""
ATTESTED = """\
attestations:
  - {{system: "repo:github.com/acme/shop#services/chat", fact: {fact}, value: {value},
     by: eve@example.org, role: buyer, date: {day}, seen: the contract, expires: {day}}}
"""
SECRET = "sk-" + "a1B2" * 8


def declare(estate: Estate, status: str = "in_scope", further: str = "") -> None:
    """Declares the chat service, and whatever else."""
    text = estate.read("aims-scope.yaml").partition("\nentries:")[0]
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    estate.write("aims-scope.yaml", f"{text}\nentries:{ENTRY.format(status=status)}{further}")


def attest(estate: Estate, fact: str, value: str) -> None:
    estate.write("attested.yaml", ATTESTED.format(fact=fact, value=value, day=clock.now().date()))
    estate.write("aimscope.yaml", estate.read("aimscope.yaml") + "\nattestations: [attested.yaml]\n")


def packed(estate: Estate, name: str = "pack") -> Path:
    """Writes a pack."""
    pack = estate.folder.parent / name
    ended = estate("evidence", "-o", str(pack))
    assert ended.code == 0, ended.err
    return pack


def component(pack: Path, name: str) -> dict[str, Any]:
    index = json.loads((pack / "index.json").read_text())
    (found,) = (one for one in index["components"] if one["id"] == name)
    return found


def rows(pack: Path, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((pack / path).read_bytes().decode())))


def points(pack: Path, name: str) -> str:
    return "\n".join(point["text"] for point in component(pack, name)["points"])


def test_the_manifest_names_every_other_file_with_its_hash(scanned: Estate) -> None:
    pack = packed(scanned)
    lines = [line.split("  ") for line in (pack / "manifest.sha256").read_text().splitlines()]
    there = sorted(str(file.relative_to(pack)) for file in pack.rglob("*") if file.is_file())
    assert sorted([*(path for _, path in lines), "manifest.sha256"]) == there
    for digest, path in lines:
        assert hashlib.sha256((pack / path).read_bytes()).hexdigest() == digest
    for each in json.loads((pack / "index.json").read_text())["components"]:
        assert set(each["files"]) <= set(there)


def test_the_same_input_gives_the_same_bytes(scanned: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    declare(scanned)
    assert scanned("evidence", "-o", "one.zip").code == scanned("evidence", "-o", "two.zip").code == 0
    one, two = ((scanned.folder / name).read_bytes() for name in ("one.zip", "two.zip"))
    assert one == two
    pack = packed(scanned)
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            str(file.relative_to(pack)): file.read_bytes() for file in pack.rglob("*") if file.is_file()
        }


def test_it_says_what_it_rests_on_and_what_was_not_covered(scanned: Estate) -> None:
    declare(scanned, further="  - {id: far, status: in_scope, bind: 'repo:github.com/acme/far', owner: x}\n")
    index = json.loads((packed(scanned) / "index.json").read_text())
    assert index["scan"]["id"].startswith("scan-")
    assert index["ledger_heads"] == []
    assert any("far" in gap for gap in index["coverage"]["gaps"])


def test_what_leadership_lacks_is_named(scanned: Estate) -> None:
    pack = packed(scanned)
    assert "names no sponsor" in points(pack, "leadership")
    assert "names no interested parties (ISO/IEC 42001:2023, clauses 4.1, 4.2 (practice))" in points(pack, "scope")
    states = {row["field"]: row["state"] for row in rows(pack, "1-leadership/mandate.csv")}
    assert (states["sponsor"], states["version"]) == ("missing", "recorded")


def test_every_decision_stands_there_with_its_facts(scanned: Estate) -> None:
    scanned("decide", scanned.id_of(), "in", "--because", "It answers customers.", "--owner", "Support")
    pack = packed(scanned)
    (row,) = rows(pack, "2-scope/decisions.csv")
    assert (row["answer"], row["by"], row["stands"]) == ("in", "Ann Lee <ann@example.org> (asserted)", "in force")
    assert "models: gpt-4.1-mini" in row["facts"].splitlines()
    assert (pack / "2-scope/aims-decisions.jsonl").read_bytes() == (
        scanned.folder / "aims-decisions.jsonl"
    ).read_bytes()
    assert [one["id"] for one in json.loads((pack / "2-scope/inventory.json").read_text())["systems"]] == [
        row["subject"]
    ]


def test_the_register_is_started_with_facts_and_questions_and_no_rating(scanned: Estate) -> None:
    declare(scanned)
    register = rows(packed(scanned), "3-risk/register.csv")
    assert [row["category"] for row in register] == [
        "Data quality", "Bias and fairness", "Safety", "Security", "Transparency and explainability", "Societal impact",
    ]  # fmt: skip
    security = register[3]
    assert "providers: openai (observed)" in security["facts"].splitlines()
    assert "What may the provider do with what it is sent, and where is that agreed?" in security["questions"]
    assert {row["residual"] + row["treatment"] for row in register} == {""}


def test_what_people_fill_in_a_sheet_lives_in_the_register(scanned: Estate) -> None:
    declare(scanned)
    assert "6 risks to fill in" in scanned("evidence", "--xlsx", "register.xlsx").err
    sheet = scanned.folder / "register.xlsx"
    book = load_workbook(sheet)
    headings = [cell.value for cell in book["Risks"][1]]
    for heading, value in {"Risk": "It makes things up.", "Treatment": "mitigate", "Controls": "A person reads it.",
                           "Risk acceptor": "Bob", "Residual rating": "low", "Review again when": "the model changes"}.items():  # fmt: skip
        book["Risks"].cell(2, headings.index(heading) + 1).value = value
    book.save(sheet)
    assert "1 row taken" in scanned("evidence", "--from", "register.xlsx").err
    assert "acceptor: Bob" in scanned.read("aims-register.yaml")

    pack = packed(scanned)
    filled = rows(pack, "3-risk/register.csv")[0]
    assert (filled["risk"], filled["acceptor"], filled["missing"]) == ("It makes things up.", "Bob", "")
    assert "1 of the 6 rows of the register are filled in" in points(pack, "risk")
    assert rows(pack, "7-performance/indicators.csv")[-1]["register_share"] == "16.7"
    assert rows(pack, "4-roles/roles.csv")[0]["acceptor"] == "Bob"


def test_a_name_raises_no_question_of_the_ai_act_and_an_attested_use_does(scanned: Estate) -> None:
    declare(scanned)
    scope = scanned.read("aims-scope.yaml").replace("name: Chat", "name: Recruiting by emotion recognition")
    scanned.write("aims-scope.yaml", scope)
    pack = packed(scanned, "before")
    assert rows(pack, "3-risk/eu-ai-act.csv") == []
    assert "cannot be screened" in points(pack, "risk")

    attest(scanned, "uses", "[recruiting staff]")
    (row,) = rows(packed(scanned, "after"), "3-risk/eu-ai-act.csv")
    assert row["about"] == "Employment"
    assert "Annex III, 4" in row["articles"].splitlines()
    assert row["raised_by"].startswith(
        f"uses: recruiting staff (eve@example.org (buyer) attested on {clock.now().date()}"
    )
    assert row["read"] == "no"


def test_an_owner_who_approves_for_themselves_is_named(scanned: Estate) -> None:
    scanned("decide", scanned.id_of(), "in", "--because", "It helps.", "--owner", "ann@example.org")
    pack = packed(scanned)
    assert "Approved by their own owner: chat." in points(pack, "roles")
    assert rows(pack, "4-roles/roles.csv")[0]["faults"].splitlines() == ["no risk acceptor", "the owner approved it"]


def test_a_violation_is_followed_until_a_person_closes_it(scanned: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    declare(scanned, further="policy:\n  - {forbid: {provider: openai}, because: No contract.}\n")
    pack = packed(scanned, "first")
    (violation,) = rows(pack, "5-policy/violations.csv")
    assert "services/chat/chat.py:1" in violation["evidence"]
    (row,) = rows(pack, "8-improvement/nonconformities.csv")
    assert (row["kind"], row["stage"], row["recorded"]) == ("Policy violation", "open", "no")
    assert not (scanned.folder / "aims-register.yaml").exists(), "a pack changes nothing"

    assert "1 non-conformity added" in scanned("evidence", "--record").err
    assert rows(packed(scanned, "second"), "8-improvement/nonconformities.csv")[0]["recorded"] == "yes"
    recorded = scanned.read("aims-register.yaml")
    assert "0 non-conformities added" in scanned("evidence", "--record").err
    assert scanned.read("aims-register.yaml") == recorded

    scanned.write("services/chat/chat.py", "import anthropic\n\nclient = anthropic.Anthropic()\n")
    scanned.write(
        "services/chat/pyproject.toml", scanned.read("services/chat/pyproject.toml").replace("openai", "anthropic")
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800100000")
    scanned.scan()
    assert "1 non-conformity added or followed up" in scanned("evidence", "--record").err
    (row,) = rows(packed(scanned, "third"), "8-improvement/nonconformities.csv")
    assert row["stage"] == "correction observed"
    assert "Providers now: anthropic." in row["correction"]
    assert row["closed_by"] == ""
    assert scanned.read("aims-register.yaml").startswith(recorded.rstrip("\n"))


def test_what_a_scan_did_not_cover_is_not_called_corrected(scanned: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(scanned, further="policy:\n  - {forbid: {provider: openai}, because: No contract.}\n")
    scanned("evidence", "--record")
    recorded = scanned.read("aims-register.yaml")
    shutil.rmtree(scanned.folder / "services")
    scanned.write("README", "nothing here\n")
    scanned.write("aimscope.yaml", scanned.read("aimscope.yaml").replace("path: .", "path: nowhere"))
    scanned.scan()
    assert scanned("evidence", "--record").code == 0
    assert scanned.read("aims-register.yaml") == recorded


def test_a_review_that_nobody_made_stays_overdue_though_nothing_shows_the_system(scanned: Estate) -> None:
    declare(scanned, further="    review_due: 2026-01-01\n")
    scanned("evidence", "--record")
    recorded = scanned.read("aims-register.yaml")
    assert "kind: overdue_decision\n    subject: chat\n" in recorded
    scanned.write("aimscope.yaml", scanned.read("aimscope.yaml").replace("path: .", "path: services/chat"))
    shutil.rmtree(scanned.folder / "services/chat")
    scanned.write("services/chat/README", "nothing here\n")
    scanned.scan()
    scanned("evidence", "--record")
    assert scanned.read("aims-register.yaml") == recorded

    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("2026-01-01", "2999-01-01"))
    scanned("evidence", "--record")
    assert "the next review is on 2999-01-01." in scanned.read("aims-register.yaml")


def test_a_rule_that_was_taken_out_is_said_to_be_gone(scanned: Estate) -> None:
    declare(scanned, further="policy:\n  - {forbid: {provider: openai}, because: No contract.}\n")
    scanned("evidence", "--record")
    declare(scanned)
    scanned("evidence", "--record")
    assert "the scope document no longer has the rule." in scanned.read("aims-register.yaml")


def test_an_exclusion_whose_conditions_hold_again_is_corrected_with_the_facts(scanned: Estate) -> None:
    condition = "    conditions:\n      - {fact: providers, op: only, value: [mistral]}\n"
    declare(scanned, status="excluded", further=condition)
    scanned("evidence", "--record")
    assert rows(packed(scanned, "first"), "8-improvement/nonconformities.csv")[0]["kind"] == "Contradicted exclusion"
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("[mistral]", "[mistral, openai]"))
    scanned("evidence", "--record")
    (row,) = rows(packed(scanned, "second"), "8-improvement/nonconformities.csv")
    assert row["stage"] == "correction observed"
    assert "providers only mistral, openai: openai is observed" in row["correction"]


def test_a_decommissioned_system_that_is_still_there_has_tasks_left(scanned: Estate) -> None:
    further = (
        "records:\n  - {component: chat, kind: notice, title: Mail to all users, date: 2026-05-05, approved_by: bob}\n"
    )
    declare(scanned, status="decommissioned", further=further)
    tasks = {row["task"]: row["state"] for row in rows(packed(scanned), "6-operation/decommissioning.csv")}
    assert tasks["Its end is decided and on record"] == "not shown"
    assert tasks["Every source that would show it was covered, and nothing shows it"] == "still there"
    assert tasks["Those who use it or depend on it were told"] == "done"


def test_records_are_missing_overdue_or_checked_by_their_own_owner(scanned: Estate) -> None:
    further = (
        "records:\n"
        "  - {component: chat, kind: impact_assessment, title: IA, approved_by: ann@example.org, date: 2026-05-05, next_due: 2026-06-06}\n"
        "  - {component: chat, kind: fire_drill, title: Drill, approved_by: bob@example.org, date: 2026-05-05}\n"
    )
    declare(scanned, further=further)
    states = {row["record"]: row["state"] for row in rows(packed(scanned), "9-records/records.csv")}
    assert states["AI policy"] == "missing"
    assert states["Impact assessment"] == "overdue, checked by its own owner"
    assert states["fire drill"] == "there"


def test_indicators_are_told_scan_by_scan(scanned: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rows(packed(scanned, "first"), "7-performance/indicators.csv")
    assert [(row["systems"], row["decided_share"]) for row in first] == [("1", "0.0"), ("1", "0.0")]
    scanned("decide", scanned.id_of(), "in", "--because", "It helps.", "--owner", "Support")
    scanned.scan()
    second = rows(packed(scanned, "second"), "7-performance/indicators.csv")
    assert [row["decided_share"] for row in second] == ["0.0", "100.0", "100.0"]
    assert second[-1]["days_to_decision"] == "0"
    page = (scanned.folder.parent / "second" / "index.html").read_text()
    assert 'aria-label="Share decided, %: from 0.0 to 100.0, on a scale to 100"' in page
    assert '<polyline points="4.0,52.0 120.0,4.0 236.0,4.0"/>' in page


def test_no_secret_gets_in_and_the_index_says_where_one_was(scanned: Estate) -> None:
    declare(scanned)
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("It answers", f"Key {SECRET} answers"))
    pack = packed(scanned)
    for file in pack.rglob("*"):
        assert file.is_dir() or SECRET.encode() not in file.read_bytes(), file
    assert "aims-scope.yaml: what looks like a secret stands in line" in points(pack, "scope")


def test_no_cell_is_a_formula(scanned: Estate) -> None:
    declare(scanned)
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("name: Chat", "name: '=HYPERLINK(1)'"))
    assert rows(packed(scanned), "3-risk/register.csv")[0]["system"] == "'=HYPERLINK(1)"


def test_the_pages_show_markup_as_text(scanned: Estate) -> None:
    declare(scanned)
    scanned.write(
        "aims-scope.yaml", scanned.read("aims-scope.yaml").replace("name: Chat", 'name: "<script>alert(1)</script>"')
    )
    pack = packed(scanned)
    for page in ("index.html", "management-review.html"):
        assert "<script" not in (pack / page).read_text()


def test_without_a_scope_document_it_says_so(estate: Estate) -> None:
    estate.write("aimscope.yaml", "sources:\n  - path: .\ndatabase: aimscope.db\n")
    estate.scan()
    assert "There is no scope document" in points(packed(estate), "leadership")


def test_the_review_document_has_the_open_points_and_room_for_decisions(scanned: Estate) -> None:
    text = (packed(scanned) / "management-review.md").read_text()
    assert "- **Open:** " in text
    assert text.count("Decision: ") == 8


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nothing to do"),
        (("-o", "pack"), "lies in"),
        (("-o", "aims.zip"), "is there already, and evidence is not overwritten"),
        (("-o", "../nowhere/pack"), "Name a folder or a file in a folder that exists"),
        (("--register", "aims-scope.yaml", "-o", "../x"), "is not a key that is understood here"),
    ],
)
def test_an_error_is_a_sentence_with_the_mend(scanned: Estate, arguments: tuple[str, ...], says: str) -> None:
    scanned.write("aims.zip", "mine")
    ended = scanned("evidence", *arguments)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err
