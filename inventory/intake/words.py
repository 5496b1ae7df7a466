"""How documents say what they say, as data: headings, columns, yes and no, placeholders, references that are obsolete."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.intake.markup import plain
from inventory.scope.document import EntryStatus
from inventory.validation import Day, Strict, Text, Texts, validate
from inventory.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FILE: Final = Path(__file__).with_name("words.yaml")
_NUMBERING: Final = re.compile(
    r"\A(?:(?:section|annex|appendix|part|clause)\s+)?(?:\d{1,3}|[a-z])(?:\.\d{1,3}){0,5}[.):]?\s+(?=\S)", re.IGNORECASE
)
_EDGE: Final = " \t\n:.;,?*_`\"'"
_LONGEST: Final = 80


class Obsolete(Strict):
    """A reference to something that is gone, or never was.

    Attributes:
        pattern: Regular expression of it.
        why: What is wrong, and what to refer to.
        source: Where that is said.
        checked: When it was looked up.
    """

    pattern: Text
    why: Text
    source: Text
    checked: Day


class Categories(Strict):
    """Words by which an activity or a sort of thing is told from a system."""

    begins: Texts
    ends: Texts
    endings: Texts
    no_endings: Texts


class Words(Strict):
    """The rows of `words.yaml`."""

    sections: dict[str, Texts]
    columns: dict[str, tuple[Text, ...]]
    facts: dict[str, Texts]
    values: dict[str, dict[str, Text]]
    document: dict[str, Texts]
    boundaries: dict[str, Texts]
    records: dict[str, Texts]
    context: dict[str, Texts]
    parties: dict[str, Texts]
    activities: dict[str, Texts]
    interfaces: dict[str, Texts]
    scope_words: dict[EntryStatus, Texts]
    status_words: dict[str, Texts]
    yes: Texts
    no: Texts
    placeholders: tuple[str, ...]
    categories: Categories
    obsolete: tuple[Obsolete, ...]

    @cached_property
    def _phrases(self) -> list[tuple[str, str]]:
        """Phrases of headings with their section, the longest first."""
        found = [(phrase, section) for section, phrases in self.sections.items() for phrase in phrases]
        return sorted(((folded(phrase), section) for phrase, section in found), key=lambda pair: -len(pair[0]))

    @cached_property
    def _empty(self) -> frozenset[str]:
        return frozenset(folded(word) for word in self.placeholders)

    @cached_property
    def _yes_no(self) -> Mapping[str, bool]:
        return {**{folded(word): True for word in self.yes}, **{folded(word): False for word in self.no}}

    @cached_property
    def _scope(self) -> Mapping[str, str]:
        return {folded(word): status.value for status, words in self.scope_words.items() for word in words}

    @cached_property
    def _status(self) -> Mapping[str, str]:
        return {folded(word): status for status, words in self.status_words.items() for word in words}

    @cached_property
    def _obsolete(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(row.pattern), row.why) for row in self.obsolete]

    def section(self, heading: str) -> str:
        """What a heading announces; empty where it is not known."""
        text = f" {folded(heading)} "
        if len(text) > _LONGEST:
            return ""
        return next((section for phrase, section in self._phrases if f" {phrase} " in text), "")

    def is_placeholder(self, cell: str) -> bool:
        """Whether a cell stands for nothing: N/A, TBD, a dash."""
        return len(cell) <= _LONGEST and (not (text := folded(cell)) or text in self._empty)

    def yes_no(self, cell: str) -> bool | None:
        """What a cell answers; none where it is neither yes nor no. `Yes (names only)` is yes."""
        text = folded(cell)
        first = re.split(r"[\s,;(/\u2013\u2014-]", text, maxsplit=1)[0]
        if text in self._yes_no:
            return self._yes_no[text]
        return (
            self._yes_no[first]
            if first in {"yes", "no"} and not re.search(r"\byes\b.*\bno\b|\bno\b.*\byes\b", text)
            else None
        )

    def scope_status(self, cell: str) -> str:
        """The status that a cell of a scope column declares; empty where that is not clear."""
        found = self._scope.get(folded(cell), "")
        if not found and (answer := self.yes_no(cell)) is not None:
            found = "in_scope" if answer else "excluded"
        return found

    def state(self, cell: str) -> str:
        """The status that a state declares, `says_nothing` where it is a known state, empty where it is not known."""
        text = folded(cell)
        return self._status.get(text) or self._status.get(
            re.split(r"\s*[(,;\u2013\u2014]", text, maxsplit=1)[0].strip(), ""
        )

    def value(self, field: str, cell: str) -> str:
        """The word of the grammar for what a cell says; empty where there is none."""
        rows = self.values.get(field, {})
        text = folded(cell)
        return next((word for said, word in rows.items() if folded(said) == text), "")

    def fields(self, header: Sequence[str], columns: Mapping[str, Iterable[str]]) -> dict[str, int]:
        """Which column of a header says what; a column says one thing."""
        names: dict[str, int] = {}
        for number, name in enumerate(header):
            names.setdefault(folded(name), number)
        found: dict[str, int] = {}
        for field, phrases in columns.items():
            place = next((names[text] for phrase in phrases if (text := folded(phrase)) in names), None)
            if place is not None and place not in found.values():
                found[field] = place
        return found

    def key(self, text: str, keys: Mapping[str, Iterable[str]]) -> str:
        """The key that a label stands for; empty where it is none."""
        wanted = folded(text)
        return next((key for key, labels in keys.items() if wanted in {folded(label) for label in labels}), "")

    def is_category(self, name: str) -> bool:
        """Whether a name is one of an activity or of a sort of things, and not of a system."""
        parts = plain(name).split()
        if not parts:
            return False
        last = parts[-1].casefold().strip(".,;)")
        if any(_is_name(part) for part in parts[1:]):
            return False
        begins = any(f"{plain(name).casefold()} ".startswith(f"{word} ") for word in self.categories.begins)
        plural = last.endswith(self.categories.endings) and not last.endswith(self.categories.no_endings)
        return begins or last in self.categories.ends or (plural and len(parts) > 1)

    def obsolete_in(self, text: str) -> list[tuple[str, str]]:
        """References in a text that are obsolete, with what is wrong with each."""
        if len(text) > _MOST:
            text = text[:_MOST]
        return [(found[0], why) for pattern, why in self._obsolete if (found := pattern.search(text))]


_MOST: Final = 20_000


def _is_name(word: str) -> bool:
    """Whether a word inside a name shows that it is one of a product: a capital or a digit, but no short form as AI."""
    return any(letter.isdigit() for letter in word) or (
        word[:1].isupper() and not (word.isupper() and len(word) <= _SHORT_FORM)
    )


_SHORT_FORM: Final = 3


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A text as it is compared: without case, markup, numbering and marks at its edges; hyphens are spaces."""
    text = _NUMBERING.sub("", plain(text)).strip(_EDGE).casefold()
    return " ".join(re.split(r"[\s_/-]+", text)).strip() or plain(text).strip().casefold()


@lru_cache(maxsize=1)
def words() -> Words:
    """The words that this version knows."""
    return validate(Words, read_yaml(_FILE))
