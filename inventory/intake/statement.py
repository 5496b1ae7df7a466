"""Reads the blocks of a scope statement by meaning: what stands below which heading, and in which column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.intake.blocks import Heading, Pair, Place, Table, Text
from inventory.intake.bold_headings import with_bold_headings
from inventory.intake.cells import UnclearError, day_of
from inventory.intake.context import ContextReader
from inventory.intake.draft import Draft, Left, Origin
from inventory.intake.mapping import recognised
from inventory.intake.markup import links, plain
from inventory.intake.merge import slug
from inventory.intake.remarks import short
from inventory.intake.rows import obsolete
from inventory.intake.systems import SECTIONS, SystemReader
from inventory.intake.taken import Said, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inventory.intake.blocks import Block
    from inventory.intake.mapping import Mapping
    from inventory.intake.words import Words

_PAIR: Final = re.compile(r"\A([^:\n]{2,40}):\s+(\S.*)\Z", re.DOTALL)
_DAYS: Final = frozenset({"approved_on", "review_due"})
_BY_AND_ON: Final = re.compile(r"\A(.{2,}?)(?:,|\s+on)\s+((?:\d|[A-Z][a-z]+ \d).{5,30})\Z")
_REFERENCE: Final = re.compile(r"\(([^()]{2,80})\)\s*\Z|[\u2013\u2014:-]\s+([A-Z]{2,}[-/ ]?[\w./-]*\d[\w./-]*)\s*\Z")
_PARTS: Final = re.compile(r"\s*(?:;|,\s|\n|\band\b)\s*")


class StatementReader:
    """Reads one document.

    Args:
        words: What documents say.
        taken: Takes what is read.
        systems: Takes the systems.
        mapping: The mapping that the user named, or none.
    """

    def __init__(self, words: Words, taken: Taken, systems: SystemReader, mapping: Mapping | None) -> None:
        self._words = words
        self._taken = taken
        self._systems = systems
        self._mapping = mapping
        self._context = ContextReader(words, taken)
        self._statement: list[str] = []
        self._statement_place: Place | None = None
        self._named: dict[str, list[tuple[str, Place]]] = {"entity": [], "unit": [], "geography": []}
        self._heading_is_system = False

    def read(self, blocks: Iterable[Block]) -> None:
        """Reads all blocks."""
        for block in with_bold_headings(blocks, self._words):
            if isinstance(block, Heading):
                self._systems.leave_heading()
                self._heading_is_system = False
            elif isinstance(block, Pair):
                self._pair(block.key, block.value, block.place)
            elif isinstance(block, Text):
                obsolete(self._words, self._taken.remarks, [block.text], block.place)
                self._text(block)
            else:
                self._table(block)
        if self._statement and self._statement_place:
            said = Said("\n".join(self._statement), self._statement_place, "")
            self._taken.document.setdefault("statement", said)
        self._boundaries_of_lists()

    def _section(self, under: Sequence[str]) -> str:
        """What the headings above announce; the title of the whole document speaks only for what is directly below it."""
        for depth in range(len(under) - 1, -1, -1):
            if (depth or len(under) == 1) and (section := self._words.section(under[depth])):
                return section
        return ""

    def _pair(self, key: str, value: str, place: Place) -> None:
        field = self._words.key(key, self._words.document)
        if field:
            self._set(field, value, place, key)
        elif (label := self._words.key(key, self._words.boundaries)) in self._named:
            self._named[label] += [(part, place) for part in _PARTS.split(plain(value)) if part]
        elif not self._context.pair(key, value, place):
            self._leave(f"{key}: {plain(value)}", "no field of the scope document", place)

    def _text(self, text: Text) -> None:
        section = self._section(text.place.under)
        pair = _PAIR.match(plain(text.text))
        if section in SECTIONS:
            self._system_text(text, section)
        elif pair and section in {"", "document", "statement"} and self._words.key(pair[1], self._words.document):
            self._pair(pair[1], pair[2], text.place)
        elif section == "statement":
            self._statement_place = self._statement_place or text.place
            self._statement.append(("- " if text.item else "") + plain(text.text))
        elif section == "boundaries":
            self._boundary_text(text, pair)
        elif section == "records" and text.item:
            self._record_text(text)
        elif not (self._context.announces(section) and self._context.text(text, section)):
            why = (
                "history is kept in git and in the ledger"
                if section == "history"
                else "no heading or label that is understood"
            )
            self._leave(plain(text.text), why, text.place)

    def _system_text(self, text: Text, section: str) -> None:
        under = text.place.under
        own_heading = len(under) > 1 and not self._words.section(under[-1])
        if own_heading and not self._heading_is_system and self._systems.field_label(text.text) and not text.depth:
            self._systems.heading(under[-1], text.place, section)
            self._heading_is_system = True
        if self._heading_is_system:
            text = Text(text.text, text.item, text.place, depth=1)
        self._systems.item(text, section)

    def _set(self, field: str, value: str, place: Place, column: str) -> None:
        value = plain(value)
        if self._words.is_placeholder(value):
            self._taken.remarks.ask(f"{plain(column)}: {short(value)} stands for nothing; `{field}` stays open", place)
            return
        if field == "approved_by" and (both := _BY_AND_ON.match(value)):
            try:
                self._taken.document.setdefault("approved_on", Said(day_of(both[2]), place, plain(column)))
                value = both[1]
            except UnclearError:
                pass
        if field in _DAYS:
            try:
                value = day_of(value)
            except UnclearError as unclear:
                self._taken.remarks.ask(f"{plain(column)}: {short(value)} is {unclear}", place)
                self._leave(f"{plain(column)}: {value}", "a day that is not clear", place)
                return
        there = self._taken.document.get(field)
        if there is None:
            self._taken.document[field] = Said(value, place, plain(column))
        elif there.value != value:
            self._taken.remarks.ask(f"`{field}` is {short(there.value)} and {short(value)}; the first is taken", place)
            self._leave(f"{plain(column)}: {value}", f"`{field}` is said twice", place)

    def _boundary_text(self, text: Text, pair: re.Match[str] | None) -> None:
        label = self._words.key(pair[1], self._words.boundaries) if pair else ""
        value = pair[2] if pair and label else plain(text.text)
        if not label and text.item:
            label = self._words.key(text.place.under[-1], self._words.boundaries)
            value = re.split(r"\s+[\u2013\u2014-]\s+", value, maxsplit=1)[0]
        if label not in self._named:
            self._leave(plain(text.text), "no entity, unit or geography that is clear", text.place)
            return
        parts = [plain(value)] if text.item and not pair else _PARTS.split(plain(value))
        self._named[label] += [(part.strip(" ."), text.place) for part in parts if part.strip(" .")]

    def _boundaries_of_lists(self) -> None:
        """Makes a boundary of every entity and unit that lists name; the geographies hold for each."""
        areas = list(dict.fromkeys(area for area, _ in self._named["geography"]))
        named = [(label, text, place) for label in ("entity", "unit") for text, place in self._named[label]]
        if not named and areas:
            place = self._named["geography"][0][1]
            self._boundary({"geography": areas}, [place], "geography")
        for label, text, place in named:
            self._boundary({label: text, **({"geography": areas} if areas else {})}, [place], label)
        if named and areas:
            self._taken.remarks.ask(
                "every entity and unit was taken to hold in all geographies that are named; mend it where that is not so",
                named[0][2],
            )

    def _boundary(self, fields: dict[str, str | list[str]], places: list[Place], column: str) -> None:
        taken = {boundary_id for boundary_id, _ in self._taken.boundaries}
        name = next(str(fields[label]) for label in ("unit", "entity", "geography") if label in fields)
        name = name if isinstance(fields.get("unit") or fields.get("entity"), str) else "geography"
        boundary_id = slug(name)
        if boundary_id not in taken:
            draft = Draft(name, "", "", places, dict(fields), {field: Origin(0, column) for field in fields})
            self._taken.boundaries.append((boundary_id, draft))

    def _record_text(self, text: Text) -> None:
        said = plain(text.text)
        reference = next(iter(links(text.text)), "")
        if not reference and (found := _REFERENCE.search(said)):
            reference = found[1] or found[2]
            said = said[: found.start()].strip(" \u2013\u2014:-")
        fields = {"title": said, **({"reference": reference} if reference else {})}
        heading = text.place.under[-1] if text.place.under else ""
        self._taken.records.append(
            Draft(said, "", "", [text.place], dict(fields), dict.fromkeys(fields, Origin(0, heading)))
        )

    def _table(self, table: Table) -> None:
        rows = [row.cells for row in table.first]
        section = self._section(table.place.under)
        if self._mapped(table, rows) or not rows:
            return
        for row in table.first:
            obsolete(self._words, self._taken.remarks, row.cells, table.place.at(row.number))
        if self._no_systems(table, rows, section):
            return
        header = self._header(rows, section) if self._may_hold_systems(section) else None
        if header is None:
            if section or not self._context.table(table, section):
                self._leave_table(table)
            return
        for cells in rows[:header]:
            if any(cells):
                self._leave(" | ".join(filter(None, cells)), "stands above the header", table.place)
        self._systems.table(table, header, section)

    def _no_systems(self, table: Table, rows: Sequence[Sequence[str]], section: str) -> bool:
        """Reads a table of the context, the document, records or boundaries; whether it is one."""
        if self._context.announces(section) and self._context.table(table, section):
            return True
        if self._is_document(rows, section) and section not in SECTIONS:
            for row in table.first:
                self._pair(row.cells[0], " ".join(row.cells[1:]), table.place.at(row.number))
            return True
        return section in {"records", "boundaries"} and self._part_table(table, rows, section)

    def _may_hold_systems(self, section: str) -> bool:
        return section not in {"history", "records", "boundaries"} and not self._context.announces(section)

    def _mapped(self, table: Table, rows: Sequence[Sequence[str]]) -> bool:
        """Reads a table as a mapping says, where the user named one or one of ours knows its columns."""
        if self._mapping is not None:
            found = next(((self._mapping, n) for n, row in enumerate(rows) if not self._mapping.missing(row)), None)
        else:
            found = recognised(rows)
        if found is None:
            return False
        mapping, header = found
        self._taken.mapping = f"{mapping.id}: {mapping.title}"
        self._taken.by_name = mapping.repeated == "merge"
        self._systems.mapped(table, header, mapping)
        return True

    def _is_document(self, rows: Sequence[Sequence[str]], section: str) -> bool:
        pairs = [row for row in rows if row and any(row[1:])]
        known = [row for row in pairs if self._words.key(row[0], self._words.document)]
        two = all(len(row) <= 2 or not any(row[2:]) for row in rows)  # noqa: PLR2004 - a key and a value
        return two and bool(known) and (section == "document" or len(known) * 2 >= len(pairs))

    def _header(self, rows: Sequence[Sequence[str]], section: str) -> int | None:
        """Which row names columns of systems best."""
        fits = [
            (len(columns), -number)
            for number, row in enumerate(rows)
            if (columns := self._systems.columns(row, section))
        ]
        return -max(fits)[1] if fits else None

    def _part_table(self, table: Table, rows: Sequence[Sequence[str]], part: str) -> bool:
        """Reads a table of boundaries or records; whether its columns say so."""
        labels = self._words.boundaries if part == "boundaries" else self._words.records
        columns = self._words.fields(rows[0], labels)
        needed = {"entity", "unit", "geography"} if part == "boundaries" else {"title"}
        if not needed & columns.keys():
            return False
        for row in table.below(0):
            place = table.place.at(row.number)
            said = {
                field: plain(row.cells[at]) for field, at in columns.items()
                if at < len(row.cells) and not self._words.is_placeholder(row.cells[at])
            }  # fmt: skip
            rest = [
                cell
                for at, cell in enumerate(row.cells)
                if at not in columns.values() and not self._words.is_placeholder(cell)
            ]
            if rest:
                self._leave(" | ".join(map(plain, rest)), f"columns that no field of {part} holds", place)
            if part == "boundaries":
                self._boundary_row(said, place)
            else:
                self._record_row(said, row.cells, place)
        return True

    def _boundary_row(self, said: dict[str, str], place: Place) -> None:
        said.pop("id", None)
        fields: dict[str, str | list[str]] = dict(said)
        if "geography" in said:
            fields["geography"] = [part for part in _PARTS.split(said["geography"]) if part]
        if fields:
            self._boundary(fields, [place], "table")

    def _record_row(self, said: dict[str, str], cells: Sequence[str], place: Place) -> None:
        for field in ("date", "next_due"):
            if field in said:
                try:
                    said[field] = day_of(said[field])
                except UnclearError as unclear:
                    self._taken.remarks.ask(f"{field}: {short(said[field])} is {unclear}", place)
                    self._leave(said.pop(field), "a day that is not clear", place)
        if "title" not in said:
            self._leave(" | ".join(map(plain, cells)), "a record without a title", place)
            return
        if found := next((link for cell in cells for link in links(cell)), ""):
            said.setdefault("reference", found)
        self._taken.records.append(
            Draft(said["title"], "", "", [place], dict(said), dict.fromkeys(said, Origin(0, "table")))
        )

    def _leave_table(self, table: Table) -> None:
        why = (
            "history is kept in git and in the ledger"
            if self._section(table.place.under) == "history"
            else "a table whose columns are not understood"
        )
        for row in table.below(-1):
            place = table.place.at(row.number)
            if any(row.cells):
                self._leave(" | ".join(plain(cell) for cell in row.cells), why, place)

    def _leave(self, text: str, why: str, place: Place) -> None:
        if text.strip():
            self._taken.left.append(Left(text, why, place))
