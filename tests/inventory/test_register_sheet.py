"""The register as a sheet: filled in and taken back, all rows or none."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inventory.register.document import FaultKind, NonConformity, Observed, Risk, Sight
from inventory.register.file import Rows
from inventory.register.sheet import NONCONFORMITIES, RISKS, RiskRow, Tab, write_sheet
from inventory.register.sheet_reading import read_sheet
from inventory.sheet import SheetWriteError
from inventory.sheet_reading import SheetError

ROW = RiskRow(
    Risk(id="sys-1/security", controls=("Keys change.",), acceptor="@acme/board"),
    "=Chat", "Security", ("providers: openai (observed)",), ("Who may change it?",),
)  # fmt: skip
FOUND = NonConformity(
    id="nc-1",
    kind=FaultKind.OVERDUE_DECISION,
    subject="sys-1",
    rule="entries.chat.review_due",
    history=(Observed(on=date(2026, 1, 2), scan="scan-1", shows=Sight.FOUND, what="Overdue."),),
)


class Desk:
    """A sheet on somebody's desk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        write_sheet(path, [ROW], [FOUND])

    def fill(self, tab: Tab, **filled: object) -> None:
        book = load_workbook(self.path)
        headings = [column.heading for column in tab.columns]
        for heading, value in filled.items():
            book[tab.title].cell(2, headings.index(heading.replace("_", " ")) + 1).value = value
        book.save(self.path)

    def take_back(self, row: RiskRow = ROW, found: NonConformity = FOUND) -> Rows:
        return read_sheet(self.path, [row], {found.id: found})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "register.xlsx")


def test_what_nobody_filled_in_changes_nothing(desk: Desk) -> None:
    assert desk.take_back() == Rows(risks=[], nonconformities=[])


def test_what_was_filled_in_comes_back_as_fields(desk: Desk) -> None:
    desk.fill(RISKS, Treatment="Mitigate", Controls="Keys change.\n\n Nobody reads them.", Residual_rating="low")
    desk.fill(NONCONFORMITIES, Cause="Holidays", Due=datetime(2026, 5, 1))
    rows = desk.take_back()
    assert rows.risks == [
        {
            "id": "sys-1/security",
            "treatment": "mitigate",
            "controls": ["Keys change.", "Nobody reads them."],
            "residual": "low",
        }
    ]
    assert rows.nonconformities == [{"id": "nc-1", "cause": "Holidays", "due": date(2026, 5, 1)}]


def test_a_sheet_that_was_taken_back_already_changes_nothing(desk: Desk) -> None:
    desk.fill(RISKS, Treatment="accept", Risk_acceptor="@acme/ceo")
    (changed,) = desk.take_back().risks
    taken = replace(ROW, risk=Risk.model_validate({**ROW.risk.model_dump(), **changed}))
    assert taken.risk.acceptor == "@acme/ceo"
    assert desk.take_back(taken) == Rows(risks=[], nonconformities=[])


@pytest.mark.parametrize(
    ("tab", "filled", "says"),
    [
        (RISKS, {"Treatment": "ignore"}, "Choose what the column offers"),
        (RISKS, {"Risk": "=1+1"}, "Risk is a formula"),
        (RISKS, {"Controls": None}, "Controls of `sys-1/security` is emptied. Empty it in the register by hand"),
        (RISKS, {"Risk": "x", "Check": "0"}, "rests on something else now"),
        (RISKS, {"Risk": "x", "Row": "sys-9/security"}, "`sys-9/security` is not there any more"),
        (NONCONFORMITIES, {"Due": "soon"}, "Due `soon` is no day. Write a day as 2027-01-31"),
        (NONCONFORMITIES, {"Closed_by": "Ann"}, "closed without cause, corrective_action, effectiveness, closed_on"),
    ],
)
def test_a_row_that_is_not_in_order_is_named_and_nothing_is_taken(
    desk: Desk, tab: Tab, filled: dict[str, object], says: str
) -> None:
    desk.fill(tab, **filled)
    with pytest.raises(SheetError) as raised:
        desk.take_back()
    assert f"row 2: {tab.title}: " in str(raised.value)
    assert says in str(raised.value)


def test_a_row_whose_facts_have_changed_since_is_refused(desk: Desk) -> None:
    desk.fill(RISKS, Risk="It leaks.")
    with pytest.raises(SheetError, match="its facts or its answers have changed"):
        desk.take_back(replace(ROW, facts=("providers: mistral (observed)",)))


def test_facts_that_change_do_not_matter_where_nobody_has_filled_in_anything(desk: Desk) -> None:
    assert not desk.take_back(replace(ROW, facts=())).risks


def test_nothing_in_the_sheet_is_a_formula(desk: Desk) -> None:
    sheet = load_workbook(desk.path)[RISKS.title]
    assert sheet["A2"].value == "'=Chat"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a sheet"])
def test_what_is_no_sheet_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(SheetError, match="aimscope evidence --xlsx"):
        read_sheet(file, [ROW], {})


def test_a_sheet_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetWriteError, match="Name a file in a folder"):
        write_sheet(tmp_path / "nowhere" / "x.xlsx", [ROW], [])
