"""The CSV report: all tables in one file, so that one file is the whole report; the first column says what a row is.

Columns that tell the same are shared between the sorts of rows; what a sort of row does not have is empty. The rows on
coverage come first.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from scanner.reports.tables import tables

if TYPE_CHECKING:
    from scanner.result import ScanResult


def render(result: ScanResult) -> str:
    """The report as CSV text (RFC 4180), with the same columns whatever was found."""
    told = tables(result)
    keys = list(dict.fromkeys(column.key for table in told for column in table.columns))
    file = io.StringIO()
    writer = csv.DictWriter(file, ["record", *keys], restval="")
    writer.writeheader()
    for table in told:
        names = [column.key for column in table.columns]
        writer.writerows({"record": table.record, **dict(zip(names, row, strict=True))} for row in table.rows)
    return file.getvalue()
