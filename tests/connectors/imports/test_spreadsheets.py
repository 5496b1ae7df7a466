"""Spreadsheets: what people save them with, and what hostile ones do."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from connectors.imports import spreadsheets
from connectors.imports.problem import ImportProblem
from connectors.imports.spreadsheets import opened_workbook
from connectors.imports.tables import opened_tables
from connectors.model import Outcome
from tests.connectors.imports.importing import coverage, imported, only, reader, written

HEADER = ["App name", "Publisher", "Users", "Last used"]


def workbook(*rows: list[object], title: str = "Apps") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(content: bytes, part: str, edit: tuple[str, str]) -> bytes:
    """The same file with a pattern in one of its parts replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                text, number = re.subn(edit[0].encode(), edit[1].encode(), text, flags=re.DOTALL)
                assert number
            new.writestr(name, text)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_says_what_the_same_rows_say_as_csv(tmp_path: Path) -> None:
    rows = [["Enterprise applications"], [], HEADER, ["ChatGPT", "OpenAI", 12, datetime(2026, 11, 3)]]
    sheet = imported(tmp_path, saved(workbook(*rows)))
    text = imported(
        tmp_path, "Enterprise applications\n\nApp name,Publisher,Users,Last used\nChatGPT,OpenAI,12,2026-11-03\n"
    )
    assert sheet.observations == text.observations
    assert coverage(sheet).outcome is Outcome.COMPLETE


def test_rows_carry_the_number_that_the_program_shows(tmp_path: Path) -> None:
    book = workbook(HEADER)
    book.active["A7"] = "Slack"
    with opened_tables(written(tmp_path, saved(book))) as (table,):
        assert [row.number for row in table.first] == [1, 7]
    with opened_tables(written(tmp_path, "App name,Users\n\n\nSlack,1\n")) as (table,):
        assert [row.number for row in table.first] == [1, 4]


def test_cells_read_as_people_see_them(tmp_path: Path) -> None:
    book = workbook([7, 7.0, 7.5, True, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), " x ", None, "#REF!", "y"])
    with opened_workbook(written(tmp_path, saved(book))) as (sheet,):
        ((number, cells),) = sheet.rows()
        assert sheet.errors == 1
    assert number == 1
    assert cells == ["7", "7", "7.5", "TRUE", "2026-01-02", "2026-01-02 03:04:00", "x", "", "", "y"]


def test_formulas_are_not_computed_and_one_without_a_saved_value_is_told(tmp_path: Path) -> None:
    content = saved(workbook(HEADER, ["Slack", "=UPPER(A2)", "=1+1", ""]))
    result = imported(tmp_path, content)
    assert "users" not in only(result).attributes
    assert "UPPER" not in repr(only(result))
    assert coverage(result).outcome is Outcome.PARTIAL
    assert coverage(result).reason.startswith("2 formulas have no saved value")
    calculated = rewritten(content, SHEET, (r"<f>1\+1</f><v ?/?>(</v>)?", "<f>1+1</f><v>2</v>"))
    calculated = rewritten(calculated, SHEET, (r'<c r="B2">', '<c r="B2" t="str">'))  # the empty text is a value
    result = imported(tmp_path, calculated)
    assert only(result).attributes["users"] == 2
    assert coverage(result).outcome is Outcome.COMPLETE
    assert coverage(result).counts["formulas"] == 2


def test_the_sheet_that_is_understood_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    book = workbook(["Read me first"], title="Notes")
    book.create_sheet("Apps 2026").append(HEADER)
    book["Apps 2026"].append(["Slack", "Salesforce", 3])
    hidden = book.create_sheet("Old")
    hidden.append([*HEADER, "Owner", "Risk", "Category"])
    hidden.append(["Notion"])
    hidden.sheet_state = "hidden"
    path = written(tmp_path, saved(book))
    preview = reader(path).preview()
    assert [one.attributes["title"] for one in preview.first] == ["Slack"]
    assert list(preview.notes) == ["sheet: Apps 2026", "sheets not read: Notes, Old (hidden)"]
    asked = reader(path, sheet="old").preview()
    assert [one.attributes["title"] for one in asked.first] == ["Notion"]
    assert asked.notes[0] == "sheet: Old (hidden)"
    with pytest.raises(ImportProblem, match=r"no sheet `2025`; name one of Notes, Apps 2026, Old \(hidden\)"):
        reader(path, sheet="2025").preview()


def test_a_second_sheet_that_is_an_export_too_is_not_lost_silently(tmp_path: Path) -> None:
    book = workbook(HEADER, ["Slack"], title="2025")
    book.create_sheet("2026").append(HEADER)
    part = coverage(imported(tmp_path, saved(book)))
    assert part.outcome is Outcome.PARTIAL
    assert "were not read: 2026; import each with --sheet" in part.reason


def test_only_a_hidden_sheet_is_asked_for(tmp_path: Path) -> None:
    book = workbook(["nothing"], title="Cover")
    book.create_sheet("Apps").append(HEADER)
    book["Apps"].sheet_state = "veryHidden"
    with pytest.raises(ImportProblem, match="only hidden sheets are understood: Apps; name one with --sheet"):
        imported(tmp_path, saved(book))


def test_a_header_merged_over_two_rows_is_one_header(tmp_path: Path) -> None:
    book = workbook(
        ["App name", "Use", None, "Publisher"], [None, "Users", "Last used"], ["Slack", 3, "2026-11-03", "Salesforce"]
    )
    for merged in ("A1:A2", "B1:C1", "D1:D2"):
        book.active.merge_cells(merged)
    path = written(tmp_path, saved(book))
    app = only(reader(path).read())
    assert (app.attributes["title"], app.attributes["users"], app.attributes["publisher"]) == ("Slack", 3, "Salesforce")
    assert any(note.startswith("merged in the header: A1:A2, B1:C1, D1:D2") for note in reader(path).preview().notes)


def test_a_merged_text_counts_for_every_row_and_a_merged_amount_once(tmp_path: Path) -> None:
    book = workbook(["Merchant", "Amount", "Currency"], ["Slack", 10, "EUR"], [None, None, "EUR"])
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("B2:B3")
    payment = only(imported(tmp_path, saved(book)))
    assert (payment.attributes["amount"], payment.attributes["lines"]) == (10, 2)


def test_what_a_file_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    content = saved(workbook(HEADER, ["Slack"], ["Notion"]))
    for size in ("A1", "A1:XFD1048576"):
        result = imported(tmp_path, rewritten(content, SHEET, (r'<dimension ref="[^"]*"', f'<dimension ref="{size}"')))
        assert len(result.observations) == 2


def test_a_row_beyond_all_rows_ends_the_sheet_and_what_stands_before_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_SHEET_ROWS", 1000)
    content = rewritten(
        saved(workbook(HEADER, ["Slack"], ["Notion"])), SHEET, (r'<row r="3".*?>', '<row r="9000000000">')
    )
    content = rewritten(content, SHEET, (r'<c r="A3"', "<c"))
    result = imported(tmp_path, content)
    assert only(result).attributes["title"] == "Slack"
    assert coverage(result).outcome is Outcome.PARTIAL
    assert "more than 1000 rows" in coverage(result).reason


def test_wide_rows_are_dropped_and_counted(tmp_path: Path) -> None:
    book = workbook(HEADER, ["Slack"])
    book.active.cell(3, 2000, "x")
    result = imported(tmp_path, saved(book))
    assert coverage(result).counts["dropped: too many columns"] == 1
    assert only(result).attributes["title"] == "Slack"


def test_cells_are_bounded_in_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_CELLS", 40)
    result = imported(tmp_path, saved(workbook(HEADER, *([f"App {n}", "x", 1, ""] for n in range(50)))))
    assert 0 < len(result.observations) < 10
    assert coverage(result).outcome is Outcome.PARTIAL


SHARED = "xl/sharedStrings.xml"


def shared(content: bytes, text: str) -> bytes:
    """The same file with a text in the table of texts, as most programs write it."""
    cell = (f't="inlineStr"><is><t>{text}</t></is>', 't="s"><v>0</v>')
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    content = rewritten(content, SHEET, cell)
    content = rewritten(
        content, "[Content_Types].xml", ("</Types>", f'<Override PartName="/{SHARED}" ContentType="{kind}"/></Types>')
    )
    table = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    return added(content, SHARED, table.encode())


def added(content: bytes, part: str, text: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, text)
    return made.getvalue()


def test_texts_are_found_in_the_table_of_texts(tmp_path: Path) -> None:
    assert only(imported(tmp_path, shared(saved(workbook(HEADER, ["Slack"])), "Slack"))).attributes["title"] == "Slack"


@contextmanager
def within(megabytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/styles.xml"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, part: str) -> None:
    bomb = added(shared(saved(workbook(HEADER, ["Slack"])), "Slack"), part, b" " * (65 * 1024 * 1024))
    path = written(tmp_path, bomb)
    with within(8), pytest.raises(ImportProblem, match="unpacks to more"):
        reader(path).read()


@pytest.mark.parametrize(("part", "root"), [(SHEET, "<worksheet "), (SHARED, "<sst ")])
def test_entities_are_not_expanded(tmp_path: Path, part: str, root: str) -> None:
    entity = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom">]>{root}'
    content = shared(saved(workbook(HEADER, ["Slack"])), "Slack")
    content = rewritten(content, part, (f"^.*?{root}", entity))
    content = rewritten(content, part, ("Slack|Publisher", "&a;"))
    path = written(tmp_path, content)
    try:
        told = repr(reader(path).preview())
    except ImportProblem as problem:
        told = str(problem)
    assert "boom" not in told


def test_what_is_no_spreadsheet_of_today_is_refused_with_the_mend(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("apps.csv", "App name\nSlack\n")
    for content, mend in (
        (archive.getvalue(), "unpack it"),
        (b"PK\x03\x04 and so on", "save it as XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "save it as XLSX, without a password"),
    ):
        with pytest.raises(ImportProblem, match=mend):
            imported(tmp_path, content)


def test_rows_are_read_in_bounded_memory(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Apps")
    for _ in range(1000):
        sheet.append(["x" * 10_000])
    path = written(tmp_path, saved(book))
    with within(6), opened_workbook(path) as (one,):
        assert sum(len(row.cells[0]) for row in one.rows()) == 1000 * 10_000


WHOLE = saved(workbook(HEADER, ["Slack", "=1+1", 3]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=40))
def test_no_broken_file_ends_in_anything_but_a_result_or_a_problem(tmp_path: Path, place: int, noise: bytes) -> None:
    with suppress(ImportProblem):
        imported(tmp_path, WHOLE[:place] + noise + WHOLE[place + len(noise) :])
