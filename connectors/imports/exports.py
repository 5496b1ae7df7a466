"""Imports an export: a table of applications, extensions, programs or payments."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from connectors.imports.columns import Understood, understand
from connectors.imports.coverage import coverage
from connectors.imports.listing import Listing
from connectors.imports.opening import opened
from connectors.imports.preview import SHOWN, Preview
from connectors.imports.problem import ImportProblem
from connectors.imports.tables import MAX_ROWS, Table, read_table
from connectors.model import Result

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.imports.given import Given

_PREVIEW_ROWS: Final = 2000
_PREVIEW_NAMES: Final = 50
_HIDING: Final = ("too long", "not readable", "too many columns", "more things than can be kept")
"""Why a line was dropped that may have told something."""


class ExportImporter:
    """Reads tables.

    Args:
        given: What reading needs.
        reads: Id of the only row to read it with; empty for the one that understands it best.
    """

    def __init__(self, given: Given, reads: str = "") -> None:
        self._given = given
        self._rows = [(key, row) for key, row in given.rows.tables() if not reads or key.endswith(f"/{reads}")]

    def read(self, path: Path) -> Result:
        """What the table says."""
        with opened(path) as stream:
            table = read_table(stream)
            understood = self._understood(table)
            listing = self._listing(understood)
            cut = ""
            try:
                listing.read(islice(table.below(understood.header), MAX_ROWS))
                if next(table.rest, None):
                    cut = f"only the first {MAX_ROWS} lines were read; split the file"
            except ImportProblem as problem:
                cut = str(problem)
            return self._result(understood, listing, table, cut)

    def preview(self, path: Path) -> Preview:
        """How the table is understood."""
        with opened(path) as stream:
            table = read_table(stream)
            understood = self._understood(table)
            listing = self._listing(understood)
            listing.read(islice(table.below(understood.header), _PREVIEW_ROWS))
            result = self._result(understood, listing, table)
        in_order = sorted(understood.columns.items(), key=lambda pair: pair[1])
        return Preview(
            understood.key,
            understood.row.what,
            [(understood.names[place], column.value) for column, place in in_order],
            understood.ignored,
            result.observations[:SHOWN],
            [(name, one.name, one.score) for name, one in listing.suggested[:_PREVIEW_NAMES]],
            result.coverage,
            whole=listing.counts["lines"] < _PREVIEW_ROWS,
        )

    def _understood(self, table: Table) -> Understood:
        understood = understand(table.first, self._rows)
        if understood is None:
            raise ImportProblem(
                "nothing in it is understood: no format of a log, no bill of materials, and no column that names a product. "
                "See docs/import.md for what can be read, and say with --as what it is"
            )
        return understood

    def _listing(self, understood: Understood) -> Listing:
        return Listing(understood, self._given.redact, self._given.products, self._given.today)

    def _result(self, understood: Understood, listing: Listing, table: Table, cut: str = "") -> Result:
        source, scope = self._given.source, understood.key.partition("/")[2]
        counts = listing.counts.copy()
        counts.update({f"dropped: {why}": number for why, number in table.dropped.items()})
        counts["taken"] = len(listing)
        unread = sum(counts[f"dropped: {why}"] for why in _HIDING)
        observations = list(listing.observations(source, scope, self._given.signals))
        return Result(observations, [coverage(source, scope, counts, unread, cut)])
