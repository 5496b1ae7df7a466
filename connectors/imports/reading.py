"""Finds out what a file is, and reads it as that."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.api.cleaning import cleaned
from connectors.imports.bills.importer import BillImporter
from connectors.imports.bills.recognise import is_bill
from connectors.imports.declared import declares
from connectors.imports.exports import ExportImporter
from connectors.imports.formats import recognise
from connectors.imports.logs import LogImporter
from connectors.imports.opening import head
from connectors.imports.problem import ImportProblem
from connectors.imports.spreadsheets import is_spreadsheet
from connectors.model import Result

if TYPE_CHECKING:
    from connectors.imports.given import Given, Importer
    from connectors.imports.preview import Preview
    from connectors.imports.target import Target

_ATTESTATIONS: Final = re.compile(rb"^attestations:", re.MULTILINE)
_ROLE: Final = re.compile(rb"\brole\b", re.IGNORECASE)
"""Stands in every table of attestations, and in hardly another: only then is one looked at twice."""

_TOP: Final = 4096


class Reader:
    """Reads one file.

    Args:
        target: The file, and how the user says that it is to be read.
        given: What reading needs.
    """

    def __init__(self, target: Target, given: Given) -> None:
        self._path = Path(target.file)
        self._reads = target.reads
        self._sheet = target.sheet
        self._given = given

    def read(self) -> Result:
        """What the file says.

        Raises:
            ImportProblem: It cannot be read, or is nothing that can be imported.
        """
        return cleaned(self._importer().read(self._path), self._given.redact)

    def preview(self) -> Preview:
        """How the file is understood, from its beginning.

        Raises:
            ImportProblem: As `read`.
        """
        preview = self._importer().preview(self._path)
        shown = cleaned(Result([*preview.first], [*preview.coverage]), self._given.redact)
        suggested = [(self._given.redact.text(name), product, score) for name, product, score in preview.suggested]
        return replace(preview, first=shown.observations, suggested=suggested, coverage=shown.coverage)

    def _importer(self) -> Importer:
        start = head(self._path)
        if not start.strip():
            raise ImportProblem("is empty; export it again")
        tables = {key.partition("/")[2] for key, _ in self._given.rows.tables()}
        if _ATTESTATIONS.search(start) or self._attests(start):
            raise ImportProblem(
                "holds attestations, which are declared and not seen: take them in with `aimscope import`, "
                "or name the file under `attestations` in the settings"
            )
        if is_spreadsheet(start) and self._reads in {"", *tables}:
            return ExportImporter(self._given, self._reads, self._sheet)
        if not self._reads and is_bill(start):
            return BillImporter(self._given)
        formats = [pair for pair in self._given.rows.formats() if self._reads in {"", pair[1].id}]
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
        return ExportImporter(self._given, self._reads, self._sheet)

    def _attests(self, start: bytes) -> bool:
        looks_so = not self._reads and (is_spreadsheet(start) or _ROLE.search(start[:_TOP]) is not None)
        return looks_so and declares(self._path, self._given.rows.attested)
