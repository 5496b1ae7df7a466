"""Finds out what a file is, and reads it as that."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.imports.bills.importer import BillImporter
from connectors.imports.bills.recognise import is_bill
from connectors.imports.exports import ExportImporter
from connectors.imports.formats import recognise
from connectors.imports.logs import LogImporter
from connectors.imports.opening import head
from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from connectors.imports.given import Given, Importer
    from connectors.imports.preview import Preview
    from connectors.imports.target import Target
    from connectors.model import Result

_ZIP: Final = b"PK\x03\x04"
_ATTESTATIONS: Final = re.compile(rb"^attestations:", re.MULTILINE)


class Reader:
    """Reads one file.

    Args:
        target: The file, and how the user says that it is to be read.
        given: What reading needs.
    """

    def __init__(self, target: Target, given: Given) -> None:
        self._path = Path(target.file)
        self._reads = target.reads
        self._given = given

    def read(self) -> Result:
        """What the file says.

        Raises:
            ImportProblem: It cannot be read, or is nothing that can be imported.
        """
        return self._importer().read(self._path)

    def preview(self) -> Preview:
        """How the file is understood, from its beginning.

        Raises:
            ImportProblem: As `read`.
        """
        return self._importer().preview(self._path)

    def _importer(self) -> Importer:
        start = head(self._path)
        if not start.strip():
            raise ImportProblem("is empty; export it again")
        if start.startswith(_ZIP):
            raise ImportProblem("is a spreadsheet or an archive; save the sheet as CSV, or unpack it")
        if _ATTESTATIONS.search(start):
            raise ImportProblem(
                "holds attestations, which are declared and not seen; name it under `attestations` in the settings"
            )
        if not self._reads and is_bill(start):
            return BillImporter(self._given)
        formats = [pair for pair in self._given.rows.formats() if self._reads in {"", pair[1].id}]
        tables = {key.partition("/")[2] for key, _ in self._given.rows.tables()}
        if self._reads and not formats and self._reads not in tables:
            known = sorted({form.id for _, form in self._given.rows.formats()} | tables)
            raise ImportProblem(f"there is no `{self._reads}` to read it as; name one of {', '.join(known)}")
        log = recognise(start, formats)
        if log is not None:
            return LogImporter(self._given, log)
        if formats and self._reads:
            raise ImportProblem(
                f"hardly a line is as {formats[0][1].name} writes it; leave --as out, or name another format"
            )
        return ExportImporter(self._given, self._reads)
