"""Imports an export: a table of applications, extensions, programs or payments."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from connectors.imports.choosing import Chosen, choose
from connectors.imports.coverage import coverage
from connectors.imports.listing import Listing
from connectors.imports.preview import SHOWN, Preview
from connectors.imports.problem import ImportProblem
from connectors.imports.tables import MAX_ROWS, opened_tables
from connectors.model import Result

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.imports.columns import Understood
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
        sheet: Name of the sheet to read; empty for the one that is understood best.
    """

    def __init__(self, given: Given, reads: str = "", sheet: str = "") -> None:
        self._given = given
        self._rows = [(key, row) for key, row in given.rows.tables() if not reads or key.endswith(f"/{reads}")]
        self._sheet = sheet

    def read(self, path: Path) -> Result:
        """What the table says."""
        with opened_tables(path) as tables:
            chosen = choose(tables, self._rows, self._sheet)
            table, understood = chosen.table, chosen.understood
            listing = self._listing(understood)
            cut = chosen.missed
            try:
                listing.read(islice(table.below(understood.header), MAX_ROWS))
                if next(table.rest, None):
                    cut = f"only the first {MAX_ROWS} lines were read; split the file"
            except ImportProblem as problem:
                cut = str(problem)
            return self._result(chosen, listing, cut)

    def preview(self, path: Path) -> Preview:
        """How the table is understood."""
        with opened_tables(path) as tables:
            chosen = choose(tables, self._rows, self._sheet)
            understood = chosen.understood
            listing = self._listing(understood)
            listing.read(islice(chosen.table.below(understood.header), _PREVIEW_ROWS))
            result = self._result(chosen, listing)
            notes = [*chosen.notes()]
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
            notes=notes,
        )

    def _listing(self, understood: Understood) -> Listing:
        return Listing(understood, self._given.redact, self._given.products, self._given.today)

    def _result(self, chosen: Chosen, listing: Listing, cut: str = "") -> Result:
        source, scope = self._given.source, chosen.understood.key.partition("/")[2]
        counts = listing.counts + Counter(chosen.counts)
        counts.update({f"dropped: {why}": number for why, number in chosen.table.dropped.items()})
        counts["taken"] = len(listing)
        unread = sum(counts[f"dropped: {why}"] for why in _HIDING)
        observations = list(listing.observations(source, scope, self._given.signals))
        return Result(observations, [coverage(source, scope, counts, unread, cut)])
