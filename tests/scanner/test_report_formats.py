"""A format is found by its name or by the ending of a file, and imported only when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scanner.reports.formats import FORMATS, ReportError, of_file, render, write
from tests.scanner.report_result import rich_result


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders(name: str) -> None:
    report = render(rich_result(), name)

    assert report
    assert isinstance(report, bytes) is FORMATS[name].binary


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("report.html", "html"),
        ("summary.md", "markdown"),
        ("REPORT.JSON", "json"),
        ("aimscope.sarif", "sarif"),
        ("aimscope.sarif.json", "sarif"),
        ("a.b.csv", "csv"),
        ("queue.xlsx", "xlsx"),
    ],
)
def test_the_ending_names_the_format(file: str, name: str, tmp_path: Path) -> None:
    assert of_file(Path(file)).name == name
    write(rich_result(), tmp_path / file)
    report = render(rich_result(), name)
    assert (tmp_path / file).read_bytes() == (report.encode() if isinstance(report, str) else report)


def test_an_unknown_ending_names_those_that_there_are() -> None:
    with pytest.raises(
        ReportError, match=r"^out/report\.pdf: its ending names no format of report\. Use one of: \.html,"
    ):
        of_file(Path("out/report.pdf"))


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"cannot be written: No such file or directory\. Name a file in"):
        write(rich_result(), tmp_path / "no" / "report.json")


def test_only_sarif_takes_the_scan_before() -> None:
    assert '"baselineState": "unchanged"' in str(render(rich_result(), "sarif", rich_result()))
    assert render(rich_result(), "json", rich_result()) == render(rich_result(), "json")


def test_nothing_heavy_is_imported_for_the_table() -> None:
    heavy = "{'openpyxl', 'jinja2', 'rich', 'sqlalchemy', 'pydantic'}"
    program = f"import sys, scanner.reports.formats; print(sorted({heavy} & sys.modules.keys()))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
