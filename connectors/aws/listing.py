"""Runs one row in one place: its lists, for each thing that it hangs on, and the details of what they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.rows import read
from connectors.aws.things import Thing, native_id
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place
    from connectors.aws.rows import Detail, ForEach, Row, Search, Service

_MANY: Final = 4
"""So many requests of a kind are worth sending at once."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is asked.

    Attributes:
        since: Start of the window of activity, in ISO 8601.
        pages: The most pages of one list.
        activity: The most things of one list of activity.
    """

    since: str
    pages: int
    activity: int


@dataclass(slots=True)
class _Got:
    """What came of questions: their items, and what was not answered."""

    items: list[Any] = field(default_factory=list)
    gaps: list[ApiError] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Seen:
    """What came of one row.

    Attributes:
        row: The row.
        things: What its lists hold, without the provider's own catalogue.
        gaps: What was not answered.
        counts: `requests`, `answers`, `dropped`, `left_out`.
    """

    row: Row
    things: list[Thing] = field(default_factory=list)
    gaps: list[ApiError] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> bool:
        """Whether any list of it was."""
        return self.counts["answers"] > 0

    def took(self, got: _Got) -> list[Any]:
        """The items, with the rest taken note of: in one thread, when those that asked are done."""
        self.gaps += got.gaps
        self.counts += got.counts
        return got.items


class Listing:
    """Runs rows of a service in a place.

    Args:
        ask: Asks.
        bounds: How much is asked.
        helpers: Threads for requests that may go out together.
        service: The service.
        place: The account and Region.
        offered: Whether the Region is said to have the service.
    """

    def __init__(
        self, ask: Asker, bounds: Bounds, helpers: Executor, service: Service, place: Place, *, offered: bool
    ) -> None:
        self._ask = ask
        self._bounds = bounds
        self._helpers = helpers
        self._service = service
        self._place = place
        self._offered = offered

    def row(self, row: Row, seen: Mapping[str, Seen]) -> Seen:
        """What comes of a row, given what came of those that it hangs on."""
        one = Seen(row)
        asked = list(self._requests(row, one, seen))
        for got in self._together(lambda question: self._list(row, *question), asked):
            one.things += one.took(got)
        one.things = self._own(row, one)
        if row.detail is not None:
            self._detail(row.detail, one)
        for thing in one.things:
            thing.arn = native_id(row, thing, self._place)
        if any(not thing.arn for thing in one.things):
            one.gaps.append(ApiError(Outcome.PARTIAL, f"{row.action}: listed something without its identifier"))
            one.things = [thing for thing in one.things if thing.arn]
        return one

    def _requests(self, row: Row, one: Seen, seen: Mapping[str, Seen]) -> Iterator[tuple[dict[str, Any], Thing | None]]:
        choices = [dict(zip(row.values, chosen, strict=True)) for chosen in product(*row.values.values())]
        if row.for_each is None:
            yield from ((chosen, None) for chosen in choices)
            return
        for parent in self._parents(row.for_each, one, seen):
            mapped = {name: parent.read(path) for name, path in row.for_each.params.items()}
            if None not in mapped.values():
                yield from (({**mapped, **chosen}, parent) for chosen in choices)

    def _parents(self, each: ForEach, one: Seen, seen: Mapping[str, Seen]) -> list[Thing]:
        if each.row is not None:
            things = seen[each.row].things
            if seen[each.row].gaps and not things:
                one.gaps += seen[each.row].gaps[:1]
        else:
            client = each.client or self._service.name
            asked = Question(client, each.operation or "", each.action or "", {}, {}, offered=self._offered)
            listed = one.took(self._pages(asked, each.items or "@", self._bounds.pages))
            things = [Thing.of(item, {}, None) for item in listed]
        return [thing for thing in things if each.when is None or thing.read(each.when)]

    def _list(self, row: Row, params: dict[str, Any], parent: Thing | None) -> _Got:
        asked = question(row, self._service, self._place, params, self._bounds.since, offered=self._offered)
        activity = row.tier == "C"
        got = self._pages(asked, row.items, self._bounds.pages, self._bounds.activity if activity else None)
        things = [Thing.of(item, asked.params, parent) for item in got.items]
        if activity and row.created and not row.window:
            since = self._bounds.since
            things = [thing for thing in things if (thing.text(row.created) or since) >= since]
        return _Got(things, got.gaps, got.counts)

    def _pages(self, asked: Question, items: str, limit: int, most: int | None = None) -> _Got:
        got = _Got()
        more = False
        try:
            for body, more in self._ask.pages(self._place, asked, limit=limit):
                got.counts.update(requests=1, answers=1)
                found = read(items, body)
                got.items += found if isinstance(found, list) else []
                if most is not None and (len(got.items) > most or (more and len(got.items) == most)):
                    got.counts["left_out"] += 1
                    got.items = got.items[:most]
                    return got
        except ApiError as error:
            got.counts["requests"] += 1
            got.gaps.append(error)
            return got
        if more:
            reason = f"{asked.action}: only the first {limit} pages were read; raise `max_pages`"
            got.gaps.append(ApiError(Outcome.PARTIAL, reason))
        return got

    def _own(self, row: Row, one: Seen) -> list[Thing]:
        """What is the customer's: the provider's own catalogue is counted and left out."""
        kept = [thing for thing in one.things if row.keep is None or thing.read(row.keep)]
        own = [thing for thing in kept if not any(thing.read(drop.when) for drop in row.drop)]
        one.counts["dropped"] += len(kept) - len(own)
        return own

    def _detail(self, detail: Detail, one: Seen) -> None:
        wanted = [thing for thing in one.things if detail.when is None or thing.read(detail.when)]
        if detail.search is not None and len(wanted) >= _MANY:
            wanted = self._searched(detail.search, one, wanted)
        for got in self._together(lambda thing: self._describe(detail, one.row, thing), wanted):
            one.took(got)

    def _searched(self, search: Search, one: Seen, wanted: list[Thing]) -> list[Thing]:
        """Those whose details SageMaker Search did not give. Why it did not is no gap: each is asked for singly."""
        params = {"Resource": search.resource}
        asked = Question("sagemaker", "Search", "sagemaker:Search", params, {}, offered=self._offered)
        got = self._pages(asked, search.item, self._bounds.pages)
        one.counts += got.counts
        arn = one.row.arn or ""
        known = {read(arn, item): item for item in got.items if isinstance(item, dict)}
        for thing in wanted:
            thing.add(known.get(thing.read(arn)))
        return [thing for thing in wanted if not thing.detailed]

    def _describe(self, detail: Detail, row: Row, thing: Thing) -> _Got:
        params = {name: thing.read(path) for name, path in detail.params.items()}
        got = _Got()
        if None in params.values():
            return got
        client = row.client or self._service.name
        asked = Question(client, detail.operation, detail.action, params, {}, detail.leave, offered=self._offered)
        got.counts["requests"] += 1
        try:
            thing.add(read(detail.root, self._ask.once(self._place, asked)))
        except ApiError as error:
            got.gaps.append(error)
        return got

    def _together(self, ask: Callable[[Any], Any], asked: Sequence[Any]) -> Iterable[Any]:
        return self._helpers.map(ask, asked) if len(asked) >= _MANY else [ask(one) for one in asked]


def question(
    row: Row, service: Service, place: Place, params: Mapping[str, Any], since: str, *, offered: bool = True
) -> Question:
    """The question of a row.

    Args:
        row: The row.
        service: Its service.
        place: Where it is asked.
        params: Parameters besides its fixed ones.
        since: Start of the window of activity.
        offered: Whether the Region is said to have the service.
    """
    fixed = {name: _filled(value, place) for name, value in row.params.items()}
    moving = _nested(row.window, since) if row.window else {}
    client = row.client or service.name
    return Question(client, row.operation, row.action, {**fixed, **params}, moving, row.leave, offered=offered)


def _filled(value: Any, place: Place) -> Any:
    return place.account if value == "{account}" else value


def _nested(path: str, value: str) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: _nested(rest, value) if rest else value}
