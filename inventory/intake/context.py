"""Reads what a scope rests on: issues, interested parties, activities, and interfaces with what lies outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from inventory.intake.draft import Draft, Left, Origin, named
from inventory.intake.markup import links, plain
from inventory.intake.remarks import short
from inventory.intake.taken import ContextPart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.intake.blocks import Place, Table, Text
    from inventory.intake.taken import Taken
    from inventory.intake.words import Words
    from inventory.validation import Texts

WORDS: Final = ("context", "text")
INTERNAL: Final = ("context", "internal")
EXTERNAL: Final = ("context", "external")
PARTIES: Final = ("interested_parties",)
ACTIVITIES: Final = ("activities",)
INTERFACES: Final = ("interfaces",)

_ISSUES: Final[dict[str, tuple[str, ...]]] = {"internal": INTERNAL, "external": EXTERNAL}
_OF_SECTION: Final[dict[str, tuple[str, ...]]] = {
    "context": WORDS,
    "internal_issues": INTERNAL,
    "external_issues": EXTERNAL,
    "interested_parties": PARTIES,
    "activities": ACTIVITIES,
    "interfaces_and_dependencies": INTERFACES,
    "interfaces": INTERFACES,
    "dependencies": INTERFACES,
}
_KIND_OF_SECTION: Final = {"interfaces": "interface", "dependencies": "dependency"}
_LABELLED: Final = re.compile(r"\A([^:\n]{2,60}):\s*(.*)\Z", re.DOTALL)
_NAMED: Final = re.compile(r"\A(?:\*\*|__)(?=\S)(.{1,200}?)(?<=\S)(?:\*\*|__)\s*[:\u2013\u2014-]*\s*(.*)\Z", re.DOTALL)
_APART: Final = re.compile(r":\s+|\s+[\u2013\u2014-]\s+|\s*\u2014\s*")
_SEVERAL: Final = re.compile(r"\s*[;\n]\s*")
_SYSTEMS: Final = re.compile(r"\s*[;,\n]\s*")
_BULLET: Final = re.compile(r"\A[-*\u2022]\s+")
_MOST_WORDS: Final = 10
_LONGEST: Final = 90


class _Above(NamedTuple):
    """What items further in belong to.

    Attributes:
        part: A party or an interface; none where it is the label of a list.
        path: The list.
        depth: How deep it stands itself; -1 where it is no item.
        under: The headings above it.
    """

    part: Draft | None
    path: tuple[str, ...]
    depth: int
    under: tuple[str, ...]


class ContextReader:
    """Collects the parts of the context.

    Args:
        words: What documents say.
        taken: Takes what is read.
    """

    def __init__(self, words: Words, taken: Taken) -> None:
        self._words = words
        self._taken = taken
        self._above: _Above | None = None
        self._known: dict[tuple[str, ...], Draft] = {}
        self._labels: dict[tuple[str, ...], Mapping[str, Texts]] = {
            PARTIES: words.parties, INTERFACES: words.interfaces,
        }  # fmt: skip

    def announces(self, section: str) -> bool:
        """Whether what stands in a section is read here."""
        return section in _OF_SECTION

    def pair(self, key: str, value: str, place: Place) -> bool:
        """Reads `Internal issues: …` and its like; whether the key is one of a list of texts."""
        path = self._list_of(key)
        if path is None:
            return False
        for text in _several(value):
            self._add_text(path, text, place, plain(key))
        return True

    def text(self, text: Text, section: str) -> bool:
        """Reads a paragraph or an item in a section of the context; whether it was understood."""
        above = self._above
        if above and (above.under != text.place.under or not text.item or text.depth <= above.depth):
            above = self._above = None
        path = _OF_SECTION[section]
        if path in self._labels:
            return self._part_text(text, path, section, above)
        if above is not None:
            return self._add_text(above.path, text.text, text.place, text.place.under[-1])
        found = _LABELLED.match(plain(text.text))
        labelled = self._list_of(found[1]) if found else self._list_of(plain(text.text)) if text.item else None
        if labelled is not None and found and found[2]:
            return self.pair(found[1], found[2], text.place)
        if labelled is not None:
            self._above = _Above(None, labelled, text.depth if text.item else -1, text.place.under)
            return True
        if path == WORDS or (not text.item and path != ACTIVITIES):
            return self._add_words(text)
        return text.item and not text.depth and self._add_text(path, text.text, text.place, text.place.under[-1])

    def table(self, table: Table, section: str) -> bool:
        """Reads a table of the context; whether its columns are those of one."""
        header = table.first[0].cells
        path = _OF_SECTION.get(section) or self._path_of(header)
        if path is None:
            return False
        labels = self._words.activities if path == ACTIVITIES else self._labels.get(path, self._words.context)
        columns = self._words.fields(header, labels)
        needed: dict[tuple[str, ...], set[str]] = {
            PARTIES: {"party"}, INTERFACES: {"outside"}, ACTIVITIES: {"activity"},
        }  # fmt: skip
        if not needed.get(path, {"internal", "external", "issue"}) & columns.keys():
            return False
        for row in table.below(0):
            place = table.place.at(row.number)
            cells = {field: row.cells[at] for field, at in columns.items() if at < len(row.cells)}
            said = {field: cell for field, cell in cells.items() if not self._stands_for_nothing(cell, place)}
            rest = [cell for at, cell in enumerate(row.cells) if at not in columns.values()]
            self._leave(rest, "columns that no field of the context holds", place)
            if not self._row(path, section, said, {field: plain(header[at]) for field, at in columns.items()}, place):
                self._leave(list(said.values()), "a row that is not clear", place)
        return True

    def _path_of(self, header: Sequence[str]) -> tuple[str, ...] | None:
        """What a table without a heading that says so is about: only what two of its columns agree on."""
        if {"party", "requirements"} <= self._words.fields(header, self._words.parties).keys():
            return PARTIES
        return WORDS if {"internal", "external"} <= self._words.fields(header, self._words.context).keys() else None

    def _list_of(self, label: str) -> tuple[str, ...] | None:
        path = _OF_SECTION.get(self._words.key(label, self._words.sections))
        key = self._words.key(label, self._words.context)
        return path if path in {INTERNAL, EXTERNAL, ACTIVITIES} else _ISSUES.get(key)

    def _row(
        self, path: tuple[str, ...], section: str, said: dict[str, str], columns: Mapping[str, str], place: Place
    ) -> bool:
        if path in self._labels:
            return self._part_row(path, section, said, columns, place)
        if path == ACTIVITIES:
            return self._activity_row(said, columns, place)
        understood = not said
        for kind in (one for one in _ISSUES if one in said):
            for text in _several(said[kind]):
                understood |= self._add_text(_ISSUES[kind], text, place, columns[kind])
        if "issue" in said:
            kind = self._words.value("issue", said["kind"]) if "kind" in said else ""
            if kind or path != WORDS:
                return self._add_text(_ISSUES.get(kind, path), said["issue"], place, columns["issue"])
            self._taken.remarks.ask(
                f"{short(plain(said['issue']))}: nothing says whether it is internal or external", place
            )
            return False
        return understood

    def _activity_row(self, said: dict[str, str], columns: Mapping[str, str], place: Place) -> bool:
        if "activity" not in said:
            return not said
        if "scope" in said and (status := self._words.scope_status(said["scope"])) != "in_scope":
            if not status:
                what = short(plain(said["scope"]))
                self._taken.remarks.ask(
                    f"{short(plain(said['activity']))}: {what} does not say whether it is in scope", place
                )
            return False
        return self._add_text(ACTIVITIES, said["activity"], place, columns["activity"])

    def _part_row(
        self, path: tuple[str, ...], section: str, said: dict[str, str], columns: Mapping[str, str], place: Place
    ) -> bool:
        key = "party" if path == PARTIES else "outside"
        if key not in said:
            return not said
        name, kind = plain(said.pop(key)), _KIND_OF_SECTION.get(section, "")
        if "kind" in said:
            cell = said.pop("kind")
            if word := self._words.value("interface", cell):
                kind = word
            else:
                self._taken.remarks.ask(
                    f"{short(name)}: {short(plain(cell))} is neither interface nor dependency", place
                )
                self._leave([f"{name}: {cell}"], "a kind that is not clear", place)
        draft = self._part(path, name, kind, place, columns[key], columns.get("kind", "") or _heading(place))
        for field, cell in said.items():
            self._set(draft, field, cell, place, columns[field])
        return True

    def _part_text(self, text: Text, path: tuple[str, ...], section: str, above: _Above | None) -> bool:
        labelled = _LABELLED.match(plain(text.text))
        field = self._words.key(labelled[1], self._labels[path]) if labelled and labelled[2] else ""
        under = text.place.under
        if above is None and field and len(under) > 1 and not self._words.section(under[-1]):
            draft = self._part(
                path, plain(under[-1]), _KIND_OF_SECTION.get(section, ""), text.place, "heading", under[-2]
            )
            above = self._above = _Above(draft, path, -1, under)
        if above is not None and above.part is not None:
            if labelled and field and field not in {"party", "outside"}:
                return self._set(above.part, field, labelled[2], text.place, labelled[1])
            return path == PARTIES and self._set(
                above.part, "requirements", text.text, text.place, _heading(text.place)
            )
        name, rest = _divided(text.text)
        if not text.item or text.depth or self._words.is_placeholder(name) or not _is_name(name, rest):
            return False
        heading = _heading(text.place)
        draft = self._part(path, name, _KIND_OF_SECTION.get(section, ""), text.place, heading, heading)
        if rest:
            self._set(draft, "requirements" if path == PARTIES else "what", rest, text.place, heading)
        if path == INTERFACES and (link := next(iter(links(text.text)), "")):
            self._set(draft, "reference", link, text.place, heading)
        self._above = _Above(draft, path, text.depth, under)
        return True

    def _part(self, path: tuple[str, ...], name: str, kind: str, place: Place, column: str, kind_from: str) -> Draft:
        """The party or interface of that name: what several rows say of it adds up."""
        key = (*path, named(name), kind)
        if found := self._known.get(key):
            found.places.append(place)
            return found
        draft = Draft(name, "", "", [place], {"party" if path == PARTIES else "outside": name}, {})
        draft.origins[next(iter(draft.fields))] = Origin(0, column)
        if kind:
            draft.fields["kind"], draft.origins["kind"] = kind, Origin(0, kind_from)
        self._known[key] = draft
        self._taken.context.append(ContextPart(path, draft))
        return draft

    def _set(self, draft: Draft, field: str, cell: str, place: Place, column: str) -> bool:
        """Adds to a field of a party or an interface; what stands for nothing adds nothing."""
        if self._stands_for_nothing(cell, place):
            return True
        if place != draft.places[-1]:
            draft.places.append(place)
        there: Any = draft.fields.get(field)
        if field in {"requirements", "entries"}:
            parts = _several(cell) if field == "requirements" else [one for one in _SYSTEMS.split(plain(cell)) if one]
            draft.fields[field] = list(dict.fromkeys([*(there or []), *parts]))
        else:
            text = next(iter(links(cell)), "") if field == "reference" else ""
            text = text or plain(cell)
            if field == "kind" and not (text := self._words.value("interface", cell)):
                self._taken.remarks.ask(
                    f"{short(draft.name)}: {short(plain(cell))} is neither interface nor dependency", place
                )
                return False
            draft.fields[field] = f"{there}; {text}" if there and there != text else text
        draft.origins.setdefault(field, Origin(len(draft.places) - 1, plain(column)))
        return True

    def _add_text(self, path: tuple[str, ...], written: str, place: Place, column: str) -> bool:
        """Adds an issue or an activity; whether it says something."""
        text = plain(written)
        key = (*path, named(text))
        if not self._stands_for_nothing(text, place) and key not in self._known:
            draft = self._known[key] = Draft(text, "", "", [place], {"text": text}, {"text": Origin(0, column)})
            self._taken.context.append(ContextPart(path, draft))
        return True

    def _add_words(self, text: Text) -> bool:
        """Adds to the context in words, unless it only announces what follows."""
        said = plain(text.text)
        if said.endswith(":"):
            return False
        line = f"- {said}" if text.item else said
        draft = self._known.get(WORDS)
        if draft is None:
            draft = self._known[WORDS] = Draft("", "", "", [text.place], {"text": line}, {})
            draft.origins["text"] = Origin(0, _heading(text.place))
            self._taken.context.append(ContextPart(WORDS, draft))
        else:
            draft.places.append(text.place)
            draft.fields["text"] = f"{draft.fields['text']}\n{line}"
        return True

    def _stands_for_nothing(self, cell: str, place: Place) -> bool:
        if not self._words.is_placeholder(cell):
            return False
        if cell.strip():
            self._taken.remarks.note(f"{short(plain(cell))} stands for nothing", place)
        return True

    def _leave(self, cells: Sequence[str], why: str, place: Place) -> None:
        said = [plain(cell) for cell in cells if not self._words.is_placeholder(cell)]
        if said:
            self._taken.left.append(Left(" | ".join(said), why, place))


def _several(cell: str) -> list[str]:
    """The texts of a cell: semicolons and lines divide them, commas do not."""
    return [part for one in _SEVERAL.split(plain(cell)) if (part := _BULLET.sub("", one).strip())]


def _divided(text: str) -> tuple[str, str]:
    """What an item names, and what it says of it."""
    if bold := _NAMED.match(text):
        return plain(bold[1]).rstrip(" :"), plain(bold[2])
    name, rest = plain(text), ""
    if apart := _APART.search(name):
        name, rest = name[: apart.start()], name[apart.end() :]
    return name.strip(" .:;"), rest.strip()


def _is_name(name: str, rest: str) -> bool:
    return len(name) <= _LONGEST and (bool(rest) or len(name.split()) <= _MOST_WORDS)


def _heading(place: Place) -> str:
    return place.under[-1] if place.under else ""
