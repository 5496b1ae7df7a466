from __future__ import annotations

import csv
import io
import json

import pytest

from inventory.intake.mapping import known_mappings, mapping_named
from inventory.intake.problem import IntakeError

FEDERAL = (
    "agency", "agency_name", "id", "use_case_name", "agency_bureau", "development_stage", "is_high_impact", "problem_solved",
    "benefits", "contracting_usage", "has_pii", "demographic_features",
)  # fmt: skip


def federal(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FEDERAL)
    writer.writeheader()
    writer.writerows({"agency": "DOE", "agency_name": "Department of Examples", **row} for row in rows)
    return out.getvalue()


def row(name: str, own: str = "", **more: str) -> dict[str, str]:
    return {"use_case_name": name, "id": own, "development_stage": "Deployed", **more}


def test_a_federal_inventory_is_recognised_by_its_columns(desk):
    found = desk.take("omb.csv", federal(
        row("Letter Sorting", "DOE-1", agency_bureau="Mail", problem_solved="Sorts\nletters", has_pii="Yes",
            contracting_usage="In-house Development", benefits="Speed", demographic_features="['Age', 'Sex']"),
    ))  # fmt: skip

    assert found.taken.mapping.startswith("omb-2025-use-cases")
    assert desk.entries() == {
        "doe-1": {
            "id": "doe-1", "name": "Letter Sorting", "status": "in_scope", "owner": "Mail, Department of Examples",
            "purpose": "Sorts\nletters", "role": "develops", "baseline": {"personal_data": True},
        },
    }  # fmt: skip
    line = json.loads(desk.trace.read_text().splitlines()[1])
    assert line["entry"] == "doe-1"
    assert line["left"] == {"benefits": "Speed", "demographic_features": "Age; Sex"}
    assert line["from"]["owner"] == "agency_bureau, agency_name"


def test_ids_are_the_rows_own_else_of_agency_and_name_and_an_ordinal(desk):
    desk.take("omb.csv", federal(
        row("Chat", "35"), row("Chat"), row("Chat"), row("Search", "35"), row("Forecast", "DOE-7"), row("Forecast", "DOE-7"),
        {**row("Chat", "35"), "agency": "DOJ"},
    ))  # fmt: skip

    entries = desk.entries()
    assert {key: one["name"] for key, one in entries.items()} == {
        "doe-35": "Chat", "doe-chat": "Chat", "doe-chat-2": "Chat", "doe-35-2": "Search", "doe-7": "Forecast", "doj-35": "Chat",
    }  # fmt: skip


def test_an_id_at_two_names_is_asked(desk):
    found = desk.take("omb.csv", federal(row("Chat", "35"), row("Search", "35")))

    assert [one.text for one in found.taken.remarks.all()] == [
        "the id `35` stands at two names, `Chat` and `Search`; they are two systems"
    ]


@pytest.mark.parametrize(("stage", "status"), [("Retired", "decommissioned"), ("", "in_scope"), ("Pilot", "in_scope")])
def test_a_stage_says_whether_a_use_case_has_ended(desk, stage, status):
    desk.take("omb.csv", federal(row("Chat", "1", development_stage=stage)))

    assert desk.entries()["doe-1"]["status"] == status


def test_an_unknown_stage_is_held_back_and_kept(desk):
    found = desk.take("omb.csv", federal(row("Chat", "1", development_stage="Paused?"), row("Search", "2")))

    assert list(desk.entries()) == ["doe-2"]
    assert found.counts == {"new": 1, "merged": 0, "held back": 1, "blank": 0}
    held = next(line for line in map(json.loads, desk.trace.read_text().splitlines()) if "held" in line)
    assert held["because"] == "development_stage: `Paused?` is no status that is clear"
    assert held["left"]["development_stage"] == "Paused?"


def test_commercial_products_add_up_by_agency_and_product(desk):
    header = "Agency,AI Use Case,Agency Use (Y/N)?,Name of Commercial Product or Service Used,Estimated # of Licenses/Users\n"
    found = desk.take("cots.csv", header + (
        "Office of Examples,Drafting,Y,Co Writer,1-100\nOffice of Examples,Search,Y,CO Writer,1-100\n"
        "Office of Examples,Maps,N,,\nOffice of Examples,Mail,Y,,\nOther Office,Drafting,Y,Co Writer,\n"
    ))  # fmt: skip

    assert [(one["name"], one["owner"], one["purpose"], one["role"]) for one in desk.entries().values()] == [
        ("Co Writer", "Office of Examples", "Drafting\nSearch", "uses"),
        ("Co Writer", "Other Office", "Drafting", "uses"),
    ]
    assert found.counts == {"new": 2, "merged": 1, "held back": 1, "declare no system": 1, "blank": 0}


def test_servicenow_assets_in_review_are_asked(desk):
    found = desk.take("assets.csv", (
        "Display name,Asset tag,Managed by,Lifecycle phase,Lifecycle status,Risk classification\n"
        "Incident Summariser,AIS001,Ann Lee,Operate,Deployed,Low\nSales Agent,AIS002,Bo,Assess,In review,\n"
        "Old Agent,AIS003,Bo,,Retired,\n"
    ))  # fmt: skip

    assert {key: one["status"] for key, one in desk.entries().items()} == {
        "ais001": "in_scope",
        "ais003": "decommissioned",
    }
    assert found.asks


USERS = """\
id: ours
title: Our register
needs: [Nr, Anwendung, Stand]
key: {id: Nr, name: Anwendung}
name: Anwendung
status:
  column: Stand
  values: {aktiv: in_scope, beendet: decommissioned}
fields:
  owner: {columns: [Fachbereich, Team], join: " / "}
  purpose: Zweck
facts:
  personal_data: {columns: Personenbezug, values: {ja: "yes", nein: "no"}}
"""


def test_a_mapping_of_the_users_own(desk, tmp_path):
    (tmp_path / "ours.yaml").write_text(USERS)
    text = "Nr;Anwendung;Stand;Fachbereich;Team;Personenbezug\n7;Chat;aktiv;IT;Web;ja\n8;Alt;beendet;IT;;nein\n"

    desk.take("register.csv", text, mapping=str(tmp_path / "ours.yaml"))

    assert desk.entries() == {
        "7": {
            "id": "7",
            "name": "Chat",
            "status": "in_scope",
            "owner": "IT / Web",
            "baseline": {"personal_data": True},
        },
        "8": {
            "id": "8",
            "name": "Alt",
            "status": "decommissioned",
            "owner": "IT",
            "baseline": {"personal_data": False},
        },
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("needs:", r"ours.yaml:3: need is not a key|ours.yaml:3: .*need"),
        ("owner:", r"ours.yaml:10: fields.ownr is not a key that is understood here. Write `owner`."),
        ("in_scope", r"ours.yaml:8: status.values.aktiv `inscope` is not one of"),
        ("personal_data:", r"ours.yaml:13: .*persnal_data"),
    ],
)
def test_a_mapping_that_is_wrong_names_line_and_mend(tmp_path, wrong, said):
    misspelt = {"needs:": "need:", "owner:": "ownr:", "in_scope": "inscope", "personal_data:": "persnal_data:"}[wrong]
    (tmp_path / "ours.yaml").write_text(USERS.replace(wrong, misspelt))

    with pytest.raises(IntakeError, match=said):
        mapping_named(str(tmp_path / "ours.yaml"))


def test_a_mapping_that_does_not_fit_or_is_not_there(desk, tmp_path):
    (tmp_path / "ours.yaml").write_text(USERS)

    with pytest.raises(IntakeError, match="has no table with the columns Nr, Anwendung, Stand"):
        desk.take("register.csv", "System,Owner\nChat,Ann\n", mapping=str(tmp_path / "ours.yaml"))
    with pytest.raises(IntakeError, match="Name one of omb-2025-cots"):
        mapping_named("omb")


def test_every_mapping_of_ours_is_documented():
    assert all(one.source and one.checked for one in known_mappings())
    assert len({one.id for one in known_mappings()}) == len(known_mappings())


def test_a_newer_export_under_another_name_is_the_same_inventory(desk):
    desk.take("2025.csv", federal(row("Chat", "1", agency_bureau="Mail"), row("Search", "2")))
    found = desk.take("2026.csv", federal(row("Chat", "1", agency_bureau="Post"), row("Search", "2"), row("New", "3")))

    assert {step.entry_id: step.outcome.value for step in found.steps} == {
        "doe-1": "changed", "doe-2": "unchanged", "doe-3": "new",
    }  # fmt: skip
    assert desk.entries()["doe-1"]["owner"] == "Post, Department of Examples"
    before = desk.scope.read_bytes()
    assert desk.take("2025.csv", federal(row("Chat", "1", agency_bureau="Mail"), row("Search", "2"))).conflicts == 0
    assert desk.scope.read_bytes() == before
