from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from inventory.intake.problem import IntakeError

ROWS = [
    ("System name", "In scope", "Owner", "Purpose", "Reason"),
    ("Sortierung Häfen", "Yes", "Jörg", "Sorts; by hand, too", ""),
    ("Canteen Bot", "No", "Ann", "", "No effect on customers"),
]


def _delimited(separator: str) -> str:
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in ROWS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_any_separator_and_encoding(desk, separator, encoding):
    desk.take("inventory.csv", _delimited(separator).encode(encoding))

    assert desk.entries() == {
        "sortierung-hafen": {
            "id": "sortierung-hafen", "name": "Sortierung Häfen", "status": "in_scope", "owner": "Jörg",
            "purpose": "Sorts; by hand, too",
        },
        "canteen-bot": {
            "id": "canteen-bot", "name": "Canteen Bot", "status": "excluded", "owner": "Ann",
            "justification": "No effect on customers",
        },
    }  # fmt: skip


def test_rows_above_the_header_and_empty_cells_are_no_systems(desk):
    found = desk.take(
        "inventory.csv", "AI inventory of Acme;;\nas of May;;\nSystem;In scope;Owner\nChat;Yes;Ann\n-;;N/A\n"
    )

    assert list(desk.entries()) == ["chat"]
    assert found.counts == {"new": 1, "merged": 0, "blank": 1}
    assert [left.text for left in found.taken.left] == ["AI inventory of Acme", "as of May"]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    control = book.active
    assert control is not None
    control.title = "Document control"
    control.append(["Version", 7])
    control.append(["Approval date", date(2026, 5, 4)])
    inside = book.create_sheet("In scope")
    inside.append(["AI inventory"])
    inside.append(["System", "Owner", "Next review"])
    inside.append(["Chat", "Ann", date(2027, 1, 31)])
    outside = book.create_sheet("Out of scope")
    outside.append(["System", "Reason"])
    outside.append(["Canteen Bot", "No effect"])
    hidden = book.create_sheet("Drafts")
    hidden.append(["System", "In scope"])
    hidden.append(["Secret Bot", "Yes"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "inventory.xlsx"
    book.save(path)
    return path


def test_the_sheets_of_a_workbook_are_its_headings(desk, workbook):
    found = desk.take_file(workbook)

    assert {key: (one["status"], one.get("review_due")) for key, one in desk.entries().items()} == {
        "chat": ("in_scope", "2027-01-31"), "canteen-bot": ("excluded", None),
    }  # fmt: skip
    assert {name: said.value for name, said in found.taken.document.items()} == {
        "version": "7",
        "approved_on": "2026-05-04",
    }
    assert "# Imported from inventory.xlsx row 3, In scope" in desk.scope.read_text()


def test_one_sheet_is_read_where_it_is_named(desk, workbook):
    desk.take_file(workbook, sheet="Drafts")

    assert list(desk.entries()) == ["secret-bot"]
    with pytest.raises(IntakeError, match=r"has no sheet `Draft`. Name one of Document control, In scope"):
        desk.take_file(workbook, sheet="Draft")


def test_what_is_no_table_says_so(desk):
    with pytest.raises(IntakeError, match=r"broken spreadsheet|no XLSX"):
        desk.take("inventory.xlsx", b"PK\x03\x04 no more")
    with pytest.raises(IntakeError, match="none of the formats"):
        desk.take("inventory.pdf", b"%PDF")
    with pytest.raises(IntakeError, match=r"has no sheets"):
        desk.take("scope.md", "# x", sheet="A")
