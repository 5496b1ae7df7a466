"""Reads systems out of the tables, items and headings of a scope statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.intake.cells import UnclearError, fact_of, field_of
from inventory.intake.draft import Draft, Left, Origin
from inventory.intake.items import read_item
from inventory.intake.mapping import Fields, From, Key, Mapping, StatusFrom
from inventory.intake.markup import plain
from inventory.intake.remarks import short
from inventory.intake.rows import NO_SYSTEM, Row, RowReader, Status
from inventory.scope.document import EntryStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inventory.intake.blocks import Place, Table, Text
    from inventory.intake.merge import Merger
    from inventory.intake.taken import Taken
    from inventory.intake.words import Words

SECTIONS: Final = {"in_scope": "in_scope", "excluded": "excluded", "decommissioned": "decommissioned", "inventory": ""}
"""Sections of systems, with the status that standing there declares."""

_LABEL: Final = 40
_ENDED: Final = {"decommissioned", "rejected", "not_ai"}


class SystemReader:
    """Collects systems.

    Args:
        words: What documents say.
        taken: Takes remarks, leftovers and counts.
        merger: Takes the systems.
        status: Status of what declares none that is clear; empty where a person is asked.
    """

    def __init__(self, words: Words, taken: Taken, merger: Merger, status: str) -> None:
        self._words = words
        self._taken = taken
        self._merger = merger
        self._status = status
        self._last: Draft | None = None

    def columns(self, header: Sequence[str], section: str) -> dict[str, int]:
        """Which columns of a header say what of systems; none where it is no table of systems."""
        found = self._words.fields(header, {**self._words.columns, **self._words.facts})
        if "name" not in found or (len(found) == 1 and section not in SECTIONS):
            return {}
        return found

    def table(self, table: Table, header: int, section: str) -> None:
        """Reads a table of systems."""
        names = table.first[header].cells
        mapping = self._mapping(names, self.columns(names, section))
        reader = RowReader(
            names, mapping, self._words, self._taken.remarks, table.place, self._status_of(names, section, table.place)
        )
        self.rows(table, header, reader)

    def mapped(self, table: Table, header: int, mapping: Mapping) -> None:
        """Reads a table as a mapping says."""
        self._merger.merge = mapping.repeated == "merge"
        self._merger.add_up = mapping.add_up
        names = table.first[header].cells
        self.rows(
            table,
            header,
            RowReader(names, mapping, self._words, self._taken.remarks, table.place, fallback=self._status),
        )

    def rows(self, table: Table, header: int, reader: RowReader) -> None:
        """Reads the rows below a header."""
        for row in table.below(header):
            self._taken.rows["read"] += 1
            draft = reader.draft(row)
            if draft is None:
                self._taken.rows["blank"] += 1
            else:
                self.add(draft)

    def item(self, text: Text, section: str) -> None:
        """Reads an item of a list: a system, or what belongs to the system above it."""
        label, _, value = plain(text.text).partition(":")
        if (
            (text.depth or not text.item)
            and value.strip()
            and self._last is not None
            and self._further(text, label, value)
        ):
            return
        excluded = SECTIONS[section] == "excluded"
        found = read_item(text.text, excluded=excluded) if text.item and not text.depth else None
        if found is None:
            if text.item and not text.depth:
                self._taken.remarks.ask(
                    f"{short(plain(text.text))} is a sentence, and names no system that is clear", text.place
                )
            self._taken.left.append(Left(plain(text.text), "no system, and no field of one", text.place))
            return
        heading = text.place.under[-1] if text.place.under else "the list"
        fields = {
            "name": found.name, "status": SECTIONS[section] or self._status, "owner": found.owner, "bind": found.anchors,
            "justification" if excluded else "purpose": found.rest,
        }  # fmt: skip
        draft = Draft(found.name, "", "", [text.place], {name: value for name, value in fields.items() if value}, {})
        draft.origins = {name: Origin(0, heading) for name in draft.fields}
        self._taken.rows["read"] += 1
        self.add(draft)

    def heading(self, name: str, place: Place, section: str) -> None:
        """Takes a heading for the name of a system, as what stands below it tells of one."""
        draft = Draft(name, "", "", [place], {"name": name}, {"name": Origin(0, "heading")})
        if status := SECTIONS[section] or self._status:
            draft.fields["status"], draft.origins["status"] = (
                status,
                Origin(0, place.under[-2] if len(place.under) > 1 else "heading"),
            )
        self._taken.rows["read"] += 1
        self.add(draft)

    def leave_heading(self) -> None:
        """Says that what follows belongs to no system above it."""
        self._last = None

    def field_label(self, text: str) -> str:
        """The field of a system that a text such as `Owner: Ann Lee` gives; empty where it gives none."""
        label, _, value = plain(text).partition(":")
        keys = {**self._words.columns, **self._words.facts}
        return self._words.key(label, keys) if value.strip() else ""

    def add(self, draft: Draft) -> None:
        """Takes a system in."""
        self._last = draft
        self._merger.add(draft)

    def _further(self, text: Text, label: str, value: str) -> bool:
        """Takes an item such as `Owner: Ann Lee` below a system; whether it was one."""
        field = self._words.key(label, {**self._words.columns, **self._words.facts})
        draft, value = self._last, value.strip()
        if draft is None or field == "name" or len(label) > _LABEL:
            return False
        place = text.place
        if self._words.is_placeholder(value):
            self._taken.remarks.note(f"{plain(label)}: {short(value)} stands for nothing", place)
            return True
        if field in {"", "id"}:
            draft.left[plain(label)] = value
            return True
        if field in {"scope", "status"}:
            self._further_status(draft, field, plain(label), value, place)
            return True
        is_fact = field in self._words.facts
        try:
            held = (fact_of if is_fact else field_of)(field, value, self._words)
        except UnclearError as unclear:
            self._taken.remarks.ask(
                f"{plain(label)}: {short(value)} is {unclear}; it is kept, and not taken for `{field}`", place
            )
            draft.left[plain(label)] = value
            return True
        fields = draft.fields.setdefault("baseline", {}) if is_fact else draft.fields
        fields[field] = held
        draft.origins[f"baseline.{field}" if is_fact else field] = Origin(0, plain(label))
        return True

    def _further_status(self, draft: Draft, field: str, label: str, value: str, place: Place) -> None:
        status = self._words.scope_status(value) if field == "scope" else self._words.state(value)
        if status == "says_nothing":
            draft.left[label] = value
        elif status:
            draft.fields["status"], draft.origins["status"] = status, Origin(0, label)
        else:
            draft.left[label] = value
            self._taken.remarks.ask(f"{short(draft.name)}: {short(value)} is no status that is clear", place)

    def _mapping(self, names: Sequence[str], columns: dict[str, int]) -> Mapping:
        def source(field: str) -> From | None:
            return From(columns=(names[columns[field]],)) if field in columns else None

        facts = {fact: From(columns=(names[columns[fact]],)) for fact in self._words.facts if fact in columns}
        name = names[columns["name"]]
        return Mapping(
            id="by-meaning",
            title="by its headings and columns",
            needs=(name,),
            key=Key(id=names[columns["id"]] if "id" in columns else None, name=(name,)),
            repeated="merge",
            name=From(columns=(name,)),
            status=StatusFrom(default=EntryStatus.IN_SCOPE),
            fields=Fields(**{field: source(field) for field in Fields.model_fields}),
            facts=facts,
        )

    def _status_of(self, names: Sequence[str], section: str, place: Place) -> Callable[[Row], Status]:
        """Reads the status of a row: what it says itself, else what the section says."""
        columns = self._words.fields(names, self._words.columns)
        scope, state = (names[columns[field]] if field in columns else "" for field in ("scope", "status"))
        heading = place.under[-1] if place.under else ""

        def read(row: Row) -> Status:
            said = row.text(scope) if scope else ""
            status = self._words.scope_status(said)
            stage = row.text(state) if state else ""
            ended = self._words.state(stage)
            if ended in _ENDED and status in {"", "in_scope"}:
                return Status(ended, state)
            if said and not status and not self._status:
                return Status("", because=f"{scope}: {short(said)} is no status that is clear")
            if status:
                return Status(status, scope)
            if ended not in {"", "says_nothing"}:
                return Status(ended, state)
            if SECTIONS.get(section):
                return Status(SECTIONS[section], heading)
            return Status(self._status, "--status")

        return read


def finish(drafts: Sequence[Draft], words: Words, taken: Taken, status: str) -> None:
    """Holds back what cannot be an entry, and says what it needs."""
    for draft in drafts:
        place = draft.places[0]
        if draft.held == NO_SYSTEM:
            continue
        if not (draft.name or draft.own):
            draft.held = "it has neither a name nor an id"
            taken.remarks.ask("rows that have neither a name nor an id are held back: name them", place)
        if status and "status" not in draft.fields and not draft.held:
            draft.fields["status"], draft.origins["status"] = status, Origin(0, "--status")
        if "status" not in draft.fields:
            if not draft.held:
                draft.held = "nothing says whether it is in scope"
                what = short(draft.name) if taken.by_name else "rows"
                taken.remarks.ask(f"{what}: nothing says whether it is in scope. Say so there, or give --status", place)
        elif draft.fields["status"] == "excluded":
            _excluded(draft, words, taken)


def _excluded(draft: Draft, words: Words, taken: Taken) -> None:
    place = draft.places[0]
    if words.is_category(draft.name):
        draft.fields.setdefault("purpose", "Named as an activity or a sort of systems, and not as one system.")
        draft.origins.setdefault("purpose", Origin(0, "read from the name"))
        taken.remarks.note(
            f"{short(draft.name)} names an activity or a sort of systems: its entry binds nothing by itself", place
        )
    if not draft.fields.get("justification") and not draft.held:
        draft.held = "an exclusion needs a justification"
        taken.remarks.ask(f"{short(draft.name)} is excluded without a justification; it is held back. Say why", place)
