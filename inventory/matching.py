"""Which systems an entry without `bind` may be about, with the reasons. It only suggests: a person binds.

A score is 70 hundredths how alike the names are, and 10 for each of vendor, owner and tags where they agree: a name alone
never reaches more than 70.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.facts import TAG_PREFIX, facts_of, known_value, material_values, show, value_set
from inventory.model import Origin
from inventory.similar import NameIndex, name_likeness, plain_name, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.model import AISystem, Fact
    from inventory.scope.document import Entry

_NAME_SHARE: Final = 0.7
_POINTS: Final = 10
_COMMON: Final = 200
"""What so many systems have in their names says nothing about any of them."""
_COMPARED: Final = 32
"""So many names are compared, those that share most with the entry's."""
_LOOKED_AT: Final = 12
"""So many systems are looked at further, those whose names are most alike."""
_LEAST: Final = 40
"""A lower score is noise."""
SHOWN: Final = 3
"""So many systems are suggested for an entry at most."""
_SAID_ANYWAY: Final = frozenset({"providers", "models", "owner"})
"""Facts that have a reason of their own."""


@dataclass(frozen=True, slots=True)
class Match:
    """A system that an entry may be about.

    Attributes:
        system: The system.
        score: 0 to 100.
        agrees: What speaks for it, a phrase each: words, vendor, owner, tags.
        differs: Facts that the entry declares otherwise than they are seen, a phrase each.
    """

    system: AISystem
    score: int
    agrees: tuple[str, ...]
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """An entry without `bind`, and the systems that it may be about, the likeliest first."""

    entry: Entry
    matches: tuple[Match, ...]


class Matcher:
    """Suggests, among the systems that no entry binds, those that an entry may be about."""

    def __init__(self, systems: Sequence[AISystem]) -> None:
        self._systems = sorted(systems, key=lambda system: system.id)
        self._names = NameIndex([system.name for system in self._systems], common=_COMMON)

    def suggest(self, entry: Entry) -> Suggested:
        """What an entry may be about; nothing where no name is like its."""
        alike = self._names.alike(entry.title, _COMPARED)[:_LOOKED_AT]
        found = [compare(entry, self._systems[number], likeness) for number, likeness in alike]
        likely = sorted((one for one in found if one.score >= _LEAST), key=lambda one: (-one.score, one.system.id))
        return Suggested(entry, tuple(likely[:SHOWN]))


def compare(entry: Entry, system: AISystem, likeness: float | None = None) -> Match:
    """What speaks for an entry being about a system, and what against."""
    if likeness is None:
        likeness = name_likeness(entry.title, system.name)
    facts = facts_of(system)
    shared = sorted(words(entry.title) & words(system.name), key=plain_name(entry.title).find)
    further = [reason for reason in (_vendor(entry, system), _owner(entry, system), _tags(entry, facts)) if reason]
    named = (f"words {', '.join(shared)} (names {likeness:.0f} of 100 alike)",) if shared else ()
    score = round(likeness * _NAME_SHARE) + _POINTS * len(further)
    return Match(system, score, (*named, *further), tuple(_differences(entry, facts)))


def _vendor(entry: Entry, system: AISystem) -> str:
    """Vendors and models of the system that the entry declares, or that its words name."""
    declared = {
        str(one).casefold() for fact in ("providers", "models") for one in value_set(entry.baseline.get(fact, ()))
    }
    said = words(f"{entry.title} {entry.purpose or ''}")
    agreeing = [
        one
        for one in (*system.providers, *system.models)
        if one.casefold() in declared or (words(one) and words(one) <= said)
    ]
    return f"vendor {', '.join(agreeing)}" if agreeing else ""


def _owner(entry: Entry, system: AISystem) -> str:
    """The owner, however it is written: `@acme/claims` and `claims@acme.example` are one team."""
    ours, theirs = _team(entry.owner or ""), _team(system.owner)
    return f"owner {system.owner}" if ours and ours == theirs else ""


def _team(owner: str) -> frozenset[str]:
    name = owner.removeprefix("@").rpartition("/")[2] or owner
    return words(name.rpartition("<")[2].partition("@")[0])


def _tags(entry: Entry, facts: Mapping[str, Sequence[Fact]]) -> str:
    """Tags that say what the entry declares, or that name the entry itself."""
    names = {entry.id.casefold(), entry.title.casefold()}
    agreeing = [
        f"{name.removeprefix(TAG_PREFIX)} {show(fact.value)}"
        for name, stated in sorted(facts.items())
        for fact in stated
        if fact.origin is Origin.TAG and name not in _SAID_ANYWAY
        if fact.value == entry.baseline.get(name) or {str(one).casefold() for one in value_set(fact.value)} & names
    ]
    return f"tags {', '.join(dict.fromkeys(agreeing))}" if agreeing else ""


def _differences(entry: Entry, facts: Mapping[str, Sequence[Fact]]) -> Iterator[str]:
    seen = material_values({name: facts.get(name, ()) for name in entry.baseline})
    for name, declared in entry.baseline.items():
        if name in seen and known_value(facts[name]) != declared:
            yield f"{name}: {show(declared)} is declared, {show(seen[name])} is seen"
