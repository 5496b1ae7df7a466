"""The formats of a report: their names, the endings of their files, and what renders them, imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from scanner.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.result import ScanResult


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: As options call it.
        endings: Of its files; none where it is only printed.
        module: What renders it, as `render`.
        binary: Whether it is bytes, which no terminal shows.
        compares: Whether it takes the scan before as well.
    """

    name: str
    endings: tuple[str, ...]
    module: str
    binary: bool = False
    compares: bool = False


FORMATS: Final = {
    one.name: one
    for one in (
        Format("terminal", (), "scanner.reports.terminal"),
        Format("html", (".html", ".htm"), "scanner.reports.html"),
        Format("markdown", (".md", ".markdown"), "scanner.reports.markdown"),
        Format("json", (".json",), "scanner.reports.json_report"),
        Format("sarif", (".sarif", ".sarif.json"), "scanner.reports.sarif", compares=True),
        Format("csv", (".csv",), "scanner.reports.csv_report"),
        Format("xlsx", (".xlsx",), "scanner.reports.xlsx_report", binary=True),
    )
}


class ReportError(Exception):
    """A report cannot be written; the message says which, why, and what to do."""


def of_file(file: Path) -> Format:
    """The format that the ending of a file names.

    Raises:
        ReportError: It names none.
    """
    name = file.name.lower()
    ending_of = {ending: one for one in FORMATS.values() for ending in one.endings}
    for ending in sorted(ending_of, key=len, reverse=True):
        if name.endswith(ending):
            return ending_of[ending]
    raise ReportError(f"{file}: its ending names no format of report. Use one of: {', '.join(ending_of)}.")


def render(result: ScanResult, name: str, previous: ScanResult | None = None) -> str | bytes:
    """The report in a format.

    Args:
        result: The scan.
        name: One of `FORMATS`.
        previous: The scan before, for the formats that compare.
    """
    chosen = FORMATS[name]
    renderer = import_module(chosen.module).render
    report: str | bytes = renderer(result, previous) if chosen.compares else renderer(result)
    return report


def write(result: ScanResult, file: Path, previous: ScanResult | None = None) -> None:
    """Writes the report to a file, in the format that its ending names.

    Raises:
        ReportError: The ending names no format, or the file cannot be written.
    """
    report = render(result, of_file(file).name, previous)
    try:
        write_whole(file, report.encode() if isinstance(report, str) else report)
    except OSError as error:
        mend = "Name a file in a folder that exists and that you may write to."
        raise ReportError(f"{file}: cannot be written: {error.strerror}. {mend}") from error
