"""CSV and XLSX tell the whole report, coverage first, and nothing in them acts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from scanner.reports import csv_report, xlsx_report
from scanner.result import ScanResult
from tests.scanner.report_result import empty_result, hostile_result, rich_result, undeclared_result

RESULTS = (rich_result, undeclared_result, empty_result, hostile_result)

FORMULAS = (
    "=HYPERLINK(\"https://evil.example\",\"open\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u200b=1+1",
    "x;=1+1",
    "#REF!",
)  # fmt: skip


def rows(result: ScanResult) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_report.render(result), newline="")))


def book(result: ScanResult) -> Workbook:
    return load_workbook(io.BytesIO(xlsx_report.render(result)))


def sheet(result: ScanResult, title: str) -> list[dict[str, object]]:
    head, *body = book(result)[title].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def said_by_everybody(text: str) -> ScanResult:
    """A result in which every text from a source is this one."""
    rich = rich_result()
    return replace(
        rich,
        findings=tuple(replace(one, name=text, model=text, snippet=text, rule=text) for one in rich.findings),
        systems=tuple(replace(one, name=text, owner=text, models=("x", text), anchors=(text,)) for one in rich.systems),
        verdicts=tuple(replace(one, name=text, owner=text, questions=(text, text)) for one in rich.verdicts),
        coverage=tuple(replace(one, reason=text, scope=text) for one in rich.coverage),
    )


@pytest.mark.parametrize("make", RESULTS)
def test_the_same_result_gives_the_same_bytes(make: Callable[[], ScanResult]) -> None:
    assert csv_report.render(make()) == csv_report.render(make())
    assert xlsx_report.render(make()) == xlsx_report.render(make())


def test_a_workbook_carries_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_report.render(rich_result()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = book(rich_result()).properties
    assert properties.created == properties.modified
    assert properties.created.isoformat() == "2025-11-03T02:01:41"


def test_the_sheets_open_with_what_was_covered() -> None:
    workbook = book(rich_result())

    assert workbook.sheetnames == ["Coverage", "Decisions", "Systems", "Findings", "About"]
    assert sheet(rich_result(), "Coverage")[0] == {
        "What": "boundary",
        "Name": "acme-apac",
        "Part": None,
        "Seen": "no_source_configured",
        "Why, and the mend": "no source is configured for account:aws:333344445555",
        "Files": None,
    }
    for one in workbook:
        assert one.freeze_panes == "A2"
        assert one.auto_filter.ref == one.dimensions
        assert one["A1"].font.bold
        assert one["A2"].alignment.wrap_text
        assert one.column_dimensions["A"].width > 8


def test_the_workbook_tells_everything() -> None:
    rich = rich_result()

    assert [row["Subject id"] for row in sheet(rich, "Decisions")] == [verdict.subject for verdict in rich.verdicts]
    assert [row["Id"] for row in sheet(rich, "Systems")] == [system.id for system in rich.systems]
    assert [row["Id"] for row in sheet(rich, "Findings")] == [finding.id for finding in rich.findings]
    loudest = sheet(rich, "Decisions")[0]
    assert (loudest["Status"], loudest["Asks for a decision"]) == ("exclusion_contradicted", "yes")
    assert str(loudest["Why"]).startswith(
        "Excluded, but the facts contradict it.\nEntry `support-bot`: deployed is true"
    )
    model = next(row for row in sheet(rich, "Findings") if row["Model"] == "gpt-4.1-mini")
    assert (model["Line"], model["Times"], model["Systems"]) == (41, 2, "sys-5c0ffee001aa")
    about = {row["About this scan"]: row["Value"] for row in sheet(rich, "About")}
    assert (about["Complete"], about["Findings"]) == ("no", len(rich.findings))


def test_one_csv_file_is_the_whole_report() -> None:
    rich = rich_result()
    told = rows(rich)
    records = [row["record"] for row in told]

    assert list(dict.fromkeys(records)) == ["coverage", "decision", "system", "finding", "scan"]
    assert records.count("system") == len(rich.systems)
    assert records.count("finding") == len(rich.findings)
    bot = next(row for row in told if row["record"] == "system" and row["name"] == "support-bot")
    assert (bot["status"], bot["models"], bot["source"]) == (
        "exclusion_contradicted",
        "gpt-4.1-mini",
        "repo:github.com/acme/support",
    )


def test_a_csv_file_without_ai_still_says_what_was_seen() -> None:
    told = rows(empty_result())

    assert [(row["record"], row["name"], row["status"]) for row in told[:1]] == [
        ("coverage", "repo:github.com/acme/fonts", "complete")
    ]
    assert told[0].keys() == rows(rich_result())[0].keys(), "columns do not depend on what was found"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    result = said_by_everybody(text)

    for row in rows(result):
        for value in row.values():
            for cell in (part for line in value.splitlines() for part in line.split(";")):
                assert cell.lstrip()[:1] not in {"=", "+", "-", "@"}, value
    for one in book(result):
        for line in one.iter_rows(min_row=2):
            for cell in line:
                assert cell.data_type in {"s", "n"}, cell.value
                assert str(cell.value).lstrip()[:1] not in {"=", "+", "-", "@"}


def test_a_hostile_estate_makes_a_whole_workbook() -> None:
    """Control characters, undecodable bytes and endless texts are what XML and spreadsheets choke on."""
    hostile = hostile_result()

    assert len(sheet(hostile, "Findings")) == len(hostile.findings)
    assert len(rows(hostile)) > len(hostile.findings)
    csv_report.render(hostile).encode()


def test_what_looks_like_the_code_of_a_character_is_shown_as_it_is() -> None:
    shown = sheet(said_by_everybody("_x003D_1+1"), "Systems")[0]["Name"]

    assert shown == "_x005F_x003D_1+1", "a spreadsheet shows _x005F_ as an underscore"


def test_a_long_text_fits_its_cell() -> None:
    shown = sheet(said_by_everybody("\U0001f600" * 40_000), "Systems")[0]["Name"]

    assert len(str(shown).encode("utf-16-le")) / 2 <= 32_767
    assert str(shown).endswith("…")


def test_what_does_not_fit_a_sheet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_report, "MOST_ROWS", 20)
    rich = rich_result()

    assert len(sheet(rich, "Findings")) == 20
    about = {row["About this scan"]: row["Value"] for row in sheet(rich, "About")}
    assert about["Findings beyond what a sheet can have"] == len(rich.findings) - 20
    assert "Systems beyond what a sheet can have" not in about
