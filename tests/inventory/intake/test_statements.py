from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from inventory.intake.problem import IntakeError
from inventory.scope.load import load_scope

_spec = importlib.util.spec_from_file_location("statements", Path(__file__).with_name("statements.py"))
assert _spec
assert _spec.loader
statements = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(statements)


def test_a_statement_of_tables_becomes_a_scope_document(desk):
    found = desk.take("scope.md", statements.TABLES)

    document = load_scope(desk.scope).document
    head = document.document
    assert (head.version, head.owner, head.sponsor) == (
        "2.1", "Helena Roth, Head of AI Governance", "Marcus Lind (COO)",
    )  # fmt: skip
    assert str(head.approved_on) == "2026-03-14"
    assert str(head.review_due) == "2027-03-14"
    assert [(part.entity, part.geography) for part in document.boundaries] == [
        ("Northwind Insurance AG", ("Switzerland", "Germany")),
        ("Northwind Services GmbH", ("Switzerland", "Germany")),
    ]
    assert [(record.title, record.reference) for record in document.records] == [
        ("AI policy", "DMS-4711"),
        ("Impact assessment of Claims Triage", "https://dms.northwind.example/4712"),
    ]
    assert found.counts == {"new": 6, "merged": 3, "held back": 2, "blank": 0}


def test_a_system_in_two_tables_is_one_entry_with_the_columns_of_both(desk):
    found = desk.take("scope.md", statements.TABLES)

    assert desk.entries()["ai-001"] == {
        "id": "ai-001",
        "name": "Claims Triage",
        "status": "in_scope",
        "owner": "claims-team@northwind.example",
        "purpose": "Sorts incoming claims by urgency",
        "baseline": {"personal_data": True},
        "review_due": "2026-12-01",
    }
    step = next(step for step in found.steps if step.entry_id == "ai-001")
    assert [place.number for place in step.draft.places] == [35, 44]
    assert step.draft.left == {"Model": "gpt-4o", "Lifecycle": "Production"}


def test_every_field_says_beside_it_where_it_came_from(desk):
    desk.take("scope.md", statements.TABLES)

    text = desk.scope.read_text()
    assert "# Imported from scope.md lines 35, 44, 4. AI systems in scope; 4. AI systems in scope / 4.1 Owners" in text
    assert "    owner: claims-team@northwind.example  # line 44, Owner\n" in text
    assert '  version: "2.1"  # line 3, version\n' in text


def test_bold_yes_and_yes_with_a_remark_are_yes_and_a_word_of_the_life_cycle_ends_a_system(desk):
    desk.take("scope.md", statements.TABLES)

    entries = desk.entries()
    assert entries["ai-002"]["baseline"] == {"personal_data": True}
    assert entries["ai-003"]["status"] == "decommissioned"
    assert entries["ai-003"]["baseline"] == {"personal_data": False}


def test_placeholders_stand_for_nothing_and_are_told(desk):
    found = desk.take("scope.md", statements.TABLES)

    assert "owner" not in desk.entries()["ai-002"]
    said = [one.text for one in found.taken.remarks.all()]
    assert "Owner: `N/A` stands for nothing" in said
    assert "Next review: `-` stands for nothing" in said


def test_what_is_not_clear_is_asked_and_held_back_and_kept(desk, outcomes):
    found = desk.take("scope.md", statements.TABLES)

    held = outcomes(found)
    assert held["ai-004"] == "In scope?: `Partially` is no status that is clear"
    assert held["legacy-ocr"] == "an exclusion needs a justification"
    assert not {"ai-004", "legacy-ocr"} & desk.entries().keys()
    kept = [json.loads(line) for line in desk.trace.read_text().splitlines()]
    assert [row["held"] for row in kept if "held" in row] == ["Tariff Optimiser", "Legacy OCR"]
    assert "Offices on customer premises are not part of it." in [row.get("left") for row in kept]
    assert found.asks


def test_an_exclusion_that_names_an_activity_is_no_system(desk):
    desk.take("scope.md", statements.TABLES)

    entries = desk.entries()
    assert entries["marketing-experiments"] == {
        "id": "marketing-experiments",
        "name": "Marketing experiments",
        "status": "excluded",
        "purpose": "Named as an activity or a sort of systems, and not as one system.",
        "justification": "No personal data, results are reviewed by a person",
    }
    assert "purpose" not in entries["docuscan-3"]


def test_an_obsolete_reference_is_told_and_the_text_stays(desk):
    found = desk.take("scope.md", statements.TABLES)

    assert any("ISO/IEC DIS 42001" in one.text and one.asks for one in found.taken.remarks.all())
    assert "ISO/IEC DIS 42001, clause 4.3" in (load_scope(desk.scope).document.document.statement or "")


def test_a_statement_of_lists(desk):
    found = desk.take("scope.md", statements.LISTS)

    head = load_scope(desk.scope).document.document
    assert (head.owner, head.version, head.approved_by, str(head.approved_on)) == (
        "Ines Duarte", "4", "Board of Directors", "2026-06-03",
    )  # fmt: skip
    assert head.statement == "We run the AI management system for all products of Lusitania Health."
    entries = desk.entries()
    assert entries["radiology-assist"]["owner"] == "Imaging Team"
    assert entries["radiology-assist"]["purpose"] == "marks suspicious regions in images"
    assert entries["triage-bot"] == {
        "id": "triage-bot", "name": "Triage Bot", "status": "in_scope", "purpose": "routes messages",
        "bind": ["repo:github.com/lusitania/triage-bot"],
    }  # fmt: skip
    assert entries["grammar-checkers"]["justification"] == "they have no effect on patients."
    assert entries["chefbot"]["justification"] == "canteen menu suggestions; no personal data"
    assert entries["old-triage"]["status"] == "decommissioned"
    assert "payroll-forecasting" not in entries
    assert any("every system that the digital board decides" in left.text for left in found.taken.left)


def test_a_statement_of_headings(desk):
    found = desk.take("scope.md", statements.HEADINGS)

    assert desk.entries() == {
        "route-planner": {
            "id": "route-planner", "name": "Route Planner", "status": "in_scope", "owner": "Fleet Analytics",
            "purpose": "Plans delivery routes overnight", "role": "develops", "baseline": {"personal_data": False},
            "review_due": "2027-01-15",
        },
        "parcel-chat": {
            "id": "parcel-chat", "name": "Parcel Chat", "status": "in_scope", "baseline": {"exposure": "customers"},
        },
        "yard-cameras": {
            "id": "yard-cameras", "name": "Yard cameras", "status": "excluded",
            "purpose": "Named as an activity or a sort of systems, and not as one system.",
            "justification": "Run by the landlord; we do not see its output.",
        },
    }  # fmt: skip
    assert any("`03/04/2027` is no day that is clear" in one.text for one in found.taken.remarks.all())
    kept = [json.loads(line) for line in desk.trace.read_text().splitlines()]
    assert next(row for row in kept if row.get("entry") == "parcel-chat")["left"] == {
        "Status": "Live", "Vendor": "Acme Bots",
    }  # fmt: skip


def test_a_bold_line_is_the_heading_that_it_was_meant_as(desk):
    text = "# AIMS\n\n**Systems in scope:**\n\n- Chat: answers\n\n**Out of scope**\n\n- Menu Bot: no effect\n\n# Annex\n\n- Nothing\n"
    desk.take("scope.md", text)

    assert {key: one["status"] for key, one in desk.entries().items()} == {"chat": "in_scope", "menu-bot": "excluded"}
    assert "# Imported from scope.md line 9, Out of scope" in desk.scope.read_text()


def test_a_table_without_a_status_asks_unless_the_user_says_one(desk, outcomes):
    table = "# AI inventory\n\n| System | Owner |\n|---|---|\n| Chat | Ann |\n| Search | Bo |\n"

    assert set(outcomes(desk.take("list.md", table)).values()) == {"nothing says whether it is in scope"}
    assert outcomes(desk.take("list.md", table, status="in_scope")) == {"chat": "new", "search": "new"}


def test_a_system_that_is_in_and_out_of_scope_is_held_back(desk, outcomes):
    text = "## In scope\n- Chat: answers\n\n## Out of scope\n- Chat: no personal data\n- Search: no personal data\n"

    found = desk.take("scope.md", text)
    assert outcomes(found) == {"chat": "it is declared in_scope and excluded", "search": "new"}


def test_two_values_of_one_field_are_asked_and_neither_is_lost(desk):
    text = "## In scope\n\n|System|Owner|\n|-|-|\n|Chat|Ann|\n\n## System owners\n\n|System|Owner|\n|-|-|\n|Chat|Bo|\n"
    found = desk.take("scope.md", text)

    assert desk.entries()["chat"]["owner"] == "Ann"
    assert any("`owner` is `Ann` and `Bo`; the first is taken" in one.text for one in found.taken.remarks.all())
    assert "Bo" in found.steps[0].draft.left.values()


@pytest.mark.parametrize(
    ("cell", "fact"),
    [("customer-facing", {"exposure": "customers"}), ("who knows", {})],
)
def test_a_fact_that_is_not_one_of_its_words_is_kept_and_not_taken(desk, cell, fact):
    found = desk.take("scope.md", f"## In scope\n\n|System|Exposure|\n|-|-|\n|Chat|{cell}|\n")

    assert desk.entries()["chat"].get("baseline", {}) == fact
    assert ("Exposure" in found.steps[0].draft.left) == (not fact)


@pytest.mark.parametrize("text", ["", "Just a letter to the board.\n", "# Notes\n\n- buy milk\n"])
def test_a_file_that_declares_nothing_is_refused_with_a_mend(desk, text):
    with pytest.raises(IntakeError, match="nothing in it was understood"):
        desk.take("scope.md", text)
    assert not desk.scope.exists()
