"""Reads the rows of a table of systems as its mapping says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from inventory.intake.cells import UnclearError, fact_of, field_of, text_of
from inventory.intake.draft import Draft, Origin
from inventory.intake.remarks import short
from inventory.intake.words import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from inventory.intake.blocks import Cells, Place
    from inventory.intake.mapping import From, Mapping, StatusFrom
    from inventory.intake.remarks import Remarks
    from inventory.intake.words import Words


class Status(NamedTuple):
    """What a row declares.

    Attributes:
        status: The status; empty where it is not clear.
        column: What says so.
        because: What is not clear.
        no_system: Whether the row says that there is no system.
    """

    status: str
    column: str = ""
    because: str = ""
    no_system: bool = False


class Row(Protocol):
    """One row by its columns."""

    def text(self, column: str) -> str:
        """What a column says; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Sequence[str]
    columns: dict[str, int]
    words: Words
    used: set[int]

    def text(self, column: str) -> str:
        place = self.columns.get(folded(column))
        if place is None or place >= len(self.cells):
            return ""
        self.used.add(place)
        return "" if self.words.is_placeholder(self.cells[place]) else text_of(self.cells[place])


class RowReader:
    """Reads rows.

    Args:
        header: The names of the columns.
        mapping: Which of them says what.
        words: What cells say.
        status: How the status is read, where the mapping does not say it.
        remarks: Takes what a person should know.
        place: Where the table stands.
        fallback: The status of rows that declare none that is clear; empty where a person is asked.
    """

    def __init__(
        self,
        header: Sequence[str],
        mapping: Mapping,
        words: Words,
        remarks: Remarks,
        place: Place,
        status: Callable[[Row], Status] | None = None,
        *,
        fallback: str = "",
    ) -> None:
        self._names = [text_of(name) or f"column {number}" for number, name in enumerate(header, 1)]
        self._columns: dict[str, int] = {}
        for number, name in enumerate(header):
            self._columns.setdefault(folded(name), number)
        self._mapping = mapping
        self._words = words
        self._remarks = remarks
        self._place = place
        self._status = status or _status_reader(mapping.status)
        self._fallback = fallback
        self._fields: list[tuple[str, From, bool]] = [
            *((name, source, False) for name, source in mapping.fields.named()),
            *((name, source, True) for name, source in mapping.facts.items()),
        ]

    def draft(self, row: Cells) -> Draft | None:
        """What a row declares; none where it is empty."""
        if all(self._words.is_placeholder(cell) for cell in row.cells):
            return None
        place = self._place.at(row.number)
        cells = _Row(row.cells, self._columns, self._words, set())
        key = self._mapping.key
        own = " ".join(cells.text(key.id).split()) if key.id else ""
        name, column = self._said(cells, self._mapping.name)
        name = " ".join(name.split())
        draft = Draft(name, cells.text(key.within) if key.within else "", own, [place], {}, {})
        if name:
            draft.fields["name"], draft.origins["name"] = name, Origin(0, column)
        self._declare(draft, cells, place)
        for field, source, is_fact in self._fields:
            self._take(draft, cells, field, source, place, is_fact=is_fact)
        self._keep(draft, cells, place)
        return draft

    def _declare(self, draft: Draft, cells: _Row, place: Place) -> None:
        before = set(cells.used)
        status = self._status(cells)
        # What was looked at and did not decide is kept with all that no field holds.
        cells.used.intersection_update(
            before | ({self._columns.get(folded(status.column), -1)} if status.status else set())
        )
        if status.no_system:
            draft.held = NO_SYSTEM
        elif status.status:
            draft.fields["status"], draft.origins["status"] = status.status, Origin(0, status.column)
        elif self._fallback:
            draft.fields["status"], draft.origins["status"] = self._fallback, Origin(0, "--status")
        elif status.because:
            draft.held = status.because
            self._remarks.ask(status.because, place)

    def _take(self, draft: Draft, cells: _Row, field: str, source: From, place: Place, *, is_fact: bool) -> None:
        text, column = self._said(cells, source)
        if not text:
            return
        if source.values:
            said = next((value for cell, value in source.values.items() if folded(cell) == folded(text)), "")
            if not said:
                draft.left[column] = text
                return
            text = said
        try:
            value: Any = (fact_of if is_fact else field_of)(field, text, self._words)
        except UnclearError as unclear:
            self._remarks.ask(f"{column}: {short(text)} is {unclear}; it is kept, and not taken for `{field}`", place)
            draft.left[column] = text
            return
        if is_fact:
            draft.fields.setdefault("baseline", {})[field] = value
        else:
            draft.fields[field] = value
        draft.origins[f"baseline.{field}" if is_fact else field] = Origin(0, column)

    def _said(self, cells: _Row, source: From) -> tuple[str, str]:
        """What the columns of a field say, and which of them."""
        said: list[tuple[str, str]] = []
        for column in source.columns:
            if text := cells.text(column):
                said.append((text, column))
                if not source.join:
                    break
        return (source.join or " ").join(text for text, _ in said), ", ".join(column for _, column in said)

    def _keep(self, draft: Draft, cells: _Row, place: Place) -> None:
        """Keeps what no field holds, and tells of placeholders in fields."""
        for number, cell in enumerate(cells.cells):
            if number < len(self._names) and number in cells.used:
                if cell and cell.strip() and self._words.is_placeholder(cell):
                    self._remarks.note(f"{self._names[number]}: {short(cell)} stands for nothing", place)
            elif not self._words.is_placeholder(cell) and (text := text_of(cell)):
                name = self._names[number] if number < len(self._names) else f"column {number + 1}"
                draft.left.setdefault(name, text)


NO_SYSTEM = "declares no system"
"""What holds a row that says that there is no system."""


def _status_reader(source: StatusFrom) -> Callable[[Row], Status]:
    values = {folded(said): status.value for said, status in source.values.items()}
    no_system = {folded(said) for said in source.no_system}
    default = source.default.value if source.default else ""
    blank = source.blank.value if source.blank else ""

    def read(row: Row) -> Status:
        if source.column is None:
            return Status(default, "the mapping's default")
        text = row.text(source.column)
        if folded(text) in no_system and text:
            return Status("", no_system=True)
        if not text:
            return Status(blank, "listed") if blank else Status("", because=f"{source.column} says no status")
        status = values.get(folded(text), "")
        return Status(
            status, source.column, "" if status else f"{source.column}: {short(text)} is no status that is clear"
        )

    return read


def obsolete(words: Words, remarks: Remarks, texts: Iterable[str], place: Place) -> None:
    """Tells of references that are obsolete; the texts stay as they are."""
    for text in texts:
        for reference, why in words.obsolete_in(text):
            remarks.ask(f"{short(reference)} is obsolete: {why}", place)
