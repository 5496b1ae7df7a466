"""From the rows of an export to things: each once, however many lines speak of it, and without people."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.imports import cells
from connectors.imports.distinct import Distinct
from connectors.imports.rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.imports.columns import Understood
    from connectors.imports.spreadsheets import Row
    from connectors.imports.suggestions import Products, Suggestion
    from connectors.model import Observation

MAX_THINGS: Final = 100_000
_MAX_TEXT: Final = 300
_MAX_HOSTS: Final = 50
_SUGGESTED: Final = 3
_SAME: Final = 100.0

_IN_URL: Final = re.compile(r"(?<=://)[^/@\s]*@|(?<=\S)\?[^\s#]*=\S*")
"""Credentials and parameters of a URL: where tokens stand, and nothing that identifies a product."""

_IDS: Final = (Column.CLIENT_IDS, Column.APP_IDS, Column.EXTENSION_IDS, Column.SKUS)
_DAYS: Final = (Column.DAY, Column.FIRST, Column.LAST)
_TEXTS: Final = (
    Column.PUBLISHER, Column.OWNER, Column.UNIT, Column.STATUS, Column.RISK, Column.CATEGORY, Column.PLATFORM,
    Column.SIGN_ON, Column.CURRENCY, Column.ENTITY, Column.VERSION,
)  # fmt: skip
_KEPT_PEOPLE: Final = frozenset({Column.OWNER})


@dataclass(slots=True)
class Thing:
    """One thing of an export: an application, an extension, a merchant.

    Attributes:
        title: What the export calls it.
        texts: What it says of it; of several lines the first that says something.
        ids: Identifiers, by their kind.
        hosts: Host names.
        scopes: Permissions that it has.
        first: The first day on which it is seen.
        last: The last.
        users: How many people use it, where the export counts them.
        people: Those whom the export lists.
        cents: Sum of amounts, in hundredths.
        lines: How many lines speak of it.
        suggested: Products that its name may mean.
    """

    title: str
    texts: dict[Column, str] = field(default_factory=dict)
    ids: dict[Column, str] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    scopes: set[str] = field(default_factory=set)
    first: str = ""
    last: str = ""
    users: int = 0
    people: Distinct = field(default_factory=Distinct)
    cents: int | None = None
    lines: int = 0
    suggested: Sequence[Suggestion] = ()

    def facts(self) -> dict[str, Any]:
        """What is known, by the names of an observation's attributes; what is empty is unknown."""
        suggested = tuple(f"{one.product} {one.score:.0f}" for one in self.suggested[:_SUGGESTED])
        return {
            **{column.value: text for column, text in self.texts.items()},
            **{column.value: (identifier,) for column, identifier in self.ids.items()},
            "billing_descriptors": tuple(one.descriptor for one in self.suggested[:1] if one.descriptor),
            "scopes": tuple(sorted(self.scopes)),
            "first_seen": self.first,
            "last_seen": self.last,
            "users": max(self.users, len(self.people)) or None,
            "amount": None if self.cents is None else self.cents / 100,
            "lines": self.lines if self.lines > 1 else None,
            "suggested": suggested,
        }


class Listing:
    """Gathers the things of a table.

    Args:
        understood: What its columns say.
        redact: Takes people out of what a cell says.
        products: Looks titles up.
        today: The day of the scan.
    """

    def __init__(self, understood: Understood, redact: Redactor, products: Products, today: date) -> None:
        self._understood = understood
        self._redact = redact
        self._products = products
        self._today = today
        self._noise = [re.compile(expression, re.IGNORECASE) for expression in understood.row.noise]
        self._known: dict[str, Sequence[Suggestion]] = {}
        self._things: dict[tuple[str, ...], Thing] = {}
        self.counts: Counter[str] = Counter()

    def read(self, rows: Iterable[Row]) -> None:
        """Takes rows in; what is dropped is counted with its reason."""
        for row in rows:
            self.counts["lines"] += 1
            said = {
                column: text
                for column, place in self._understood.columns.items()
                if place < len(row.cells) and (text := cells.written(row.cells[place]))
            }
            dropped = self._why_dropped(said)
            if dropped:
                self.counts[f"dropped: {dropped}"] += 1
            else:
                self._take(said)

    def observations(self, source: str, scope: str, signals: Signals) -> Iterator[Observation]:
        """What was taken, in a stable order."""
        understood = self._understood
        for key, thing in sorted(self._things.items()):
            hosts = sorted(thing.hosts)[:_MAX_HOSTS]
            found = asset(
                understood.row.kind, understood.key, "/".join((source, *filter(None, key))),
                source=source, scope=scope, title=thing.title, hosts=hosts, **thing.facts(),
            )  # fmt: skip
            keys = {key for host in hosts for key in signals.of_host(host)}
            yield _with_keys(found, keys)

    @property
    def suggested(self) -> list[tuple[str, Suggestion]]:
        """Names, and the product that each may mean; also those that are not alike enough to be taken for it."""
        return sorted((title, found[0]) for title, found in self._known.items() if found)

    def __len__(self) -> int:
        return len(self._things)

    def _why_dropped(self, said: Mapping[Column, str]) -> str:
        title = said.get(Column.TITLE, "")
        if not title and not any(column in said for column in _IDS):
            return "without a name"
        if len(title) > _MAX_TEXT:
            return "name too long"
        if self._understood.row.known_only and not self._recognised(title):
            return "no known product"
        if len(self._things) >= MAX_THINGS and self._key(said) not in self._things:
            return "more things than can be kept"
        return ""

    def _key(self, said: Mapping[Column, str]) -> tuple[str, ...]:
        """What makes two lines speak of one thing: its identifier, else its name and publisher."""
        identifier = next((said[column] for column in _IDS if column in said), "")
        if self._understood.row.known_only:
            return (self._suggest(said[Column.TITLE])[0].product, self._text(said, Column.CURRENCY))
        if identifier:
            return (self._clean(identifier),)
        return (self._text(said, Column.TITLE).casefold(), self._text(said, Column.PUBLISHER).casefold())

    def _take(self, said: Mapping[Column, str]) -> None:
        key = self._key(said)
        thing = self._things.get(key)
        if thing is None:
            thing = self._things[key] = Thing(
                self._text(said, Column.TITLE), suggested=self._suggest(said.get(Column.TITLE, ""))
            )
            if self._understood.row.known_only:
                thing.title = thing.suggested[0].name
        thing.lines += 1
        for column in _TEXTS:
            if column in said and column not in thing.texts:
                thing.texts[column] = said[column][:_MAX_TEXT] if column in _KEPT_PEOPLE else self._text(said, column)
        for column in _IDS:
            if column in said:
                thing.ids.setdefault(column, self._text(said, column))
        thing.hosts.update(cells.hosts(said.get(Column.HOSTS, "")))
        thing.scopes.update(
            self._clean(scope)
            # Whole first: what shows by its shape does not in the words that it is split into.
            for scope in re.split(r"[\s,;|]+", self._redact.text(said.get(Column.SCOPES, "")))[:200]
            if scope
        )
        if users := cells.count(said.get(Column.USERS, "")):
            thing.users = max(thing.users, users)
        if person := said.get(Column.PERSON):
            thing.people.add(person.casefold().encode())
        self._take_days(thing, said)
        amount = cells.cents(said.get(Column.AMOUNT, ""))
        if amount is not None:
            thing.cents = (thing.cents or 0) + amount

    def _take_days(self, thing: Thing, said: Mapping[Column, str]) -> None:
        days = {column: cells.day(said[column][:64], self._today) for column in _DAYS if column in said}
        self.counts["dates not understood"] += list(days.values()).count("")
        first = [day for column, day in days.items() if day and column is not Column.LAST]
        last = [day for column, day in days.items() if day and column is not Column.FIRST]
        thing.first = min((thing.first, *first) if thing.first else first, default="")
        thing.last = max((thing.last, *last))

    def _recognised(self, title: str) -> bool:
        return any(one.score >= self._understood.row.least for one in self._suggest(title)[:1])

    def _suggest(self, title: str) -> Sequence[Suggestion]:
        if title not in self._known:
            if len(self._known) >= MAX_THINGS:
                self._known.clear()
            self._known[title] = self._looked_up(title)
        return self._known[title]

    def _looked_up(self, title: str) -> Sequence[Suggestion]:
        """Products for a title as it stands, and without what surrounds a name where that says nothing for sure."""
        as_written = self._products.suggest(title) if title else ()
        if not self._noise or any(one.score == _SAME for one in as_written):
            return as_written
        name = title
        for noise in self._noise:
            name = noise.sub(" ", name)
        return self._products.suggest(" ".join(name.split())) if name.strip() else as_written

    def _text(self, said: Mapping[Column, str], column: Column) -> str:
        return self._clean(said.get(column, ""))

    def _clean(self, text: str) -> str:
        cleaned: str = self._redact(_IN_URL.sub("", " ".join(text[:_MAX_TEXT].split())))
        return cleaned


def _with_keys(observation: Observation, keys: set[str]) -> Observation:
    return replace(observation, matchers=(*observation.matchers, *sorted(keys))) if keys else observation
