"""Tables of attestations: recognised by their columns, row by row, and never read as an export."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from connectors.imports.declared import declared, declares
from connectors.imports.problem import ImportProblem
from connectors.imports.rows import Rows
from tests.connectors.imports.importing import SERVICES, imported, written
from tests.connectors.imports.test_spreadsheets import saved

ROW = Rows(SERVICES).attested
HEADER = ["Product", "Feature", "State", "Attested by", "Role", "Date", "Evidence", "Valid until"]
LINE = ["notion", "Notion AI", "off", "Jo", "head of IT", "2026-11-02", "Settings > AI", "2027-11-02"]
TEXTS = {
    "product": "notion", "feature": "Notion AI", "state": "off", "by": "Jo", "role": "head of IT", "date": "2026-11-02",
    "seen": "Settings > AI", "expires": "2027-11-02",
}  # fmt: skip


def text(*rows: list[str]) -> str:
    return "".join(";".join(row) + "\n" for row in rows)


def test_rows_come_by_name_with_their_place_whatever_stands_above_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, text(["Attestations 2026"], [], HEADER, LINE), "said.csv")
    (one,) = declared(path, ROW)
    assert (one.place, dict(one.texts)) == ("said.csv:4", TEXTS)


def test_a_json_list_is_a_table_too(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps([dict(zip(HEADER, LINE, strict=True))]), "said.json")
    assert [(one.place, dict(one.texts)) for one in declared(path, ROW)] == [("said.json:1", TEXTS)]


def test_every_sheet_that_people_see_is_read_and_a_hidden_one_where_it_is_asked_for(tmp_path: Path) -> None:
    book = Workbook()
    for name, state in (("IT", "visible"), ("Legal", "visible"), ("Old", "hidden"), ("Notes", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(HEADER if name != "Notes" else ["read me"])
        sheet.append(LINE)
    path = written(tmp_path, saved(book), "said.xlsx")
    assert [one.place for one in declared(path, ROW)] == ["said.xlsx#IT:2", "said.xlsx#Legal:2"]
    assert [one.place for one in declared(path, ROW, "old")] == ["said.xlsx:2"]
    with pytest.raises(ImportProblem, match="no such sheet"):
        declared(path, ROW, "2025")


@pytest.mark.parametrize("missing", ["Product", "Feature", "Attested by", "Role", "Evidence", "Valid until"])
def test_without_who_what_and_until_when_it_is_no_table_of_attestations(tmp_path: Path, missing: str) -> None:
    header = ["x" if name == missing else name for name in HEADER]
    assert not declares(written(tmp_path, text(header, LINE)), ROW)


def test_a_table_of_attestations_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="take them in with `aimscope import`"):
        imported(tmp_path, text(HEADER, LINE))
