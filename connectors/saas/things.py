"""Things: what is kept of the records of an answer, merged by id, and what is handed on of them.

A record is read before anything else sees the answer, so the archive holds no more than a thing does. People are
already keyed hashes there; on the way out only their number is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import add
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.saas.expressions import at, host, strings, texts

if TYPE_CHECKING:
    from connectors.model import Observation, Scalar
    from connectors.saas.rows import Row

Thing = dict[str, Any]
"""What is known of a thing: its `id`, how many records spoke of it, and those fields of its row that are not empty."""

_MAX_MEMBERS: Final = 200
_LISTS: Final = ("aliases", "models", "hosts", "identities")
_MAPPED_LISTS: Final = ("refs", "texts")


def read(record: Any, row: Row, up: Thing | None, person: Callable[[str], str]) -> Thing | None:
    """What a row keeps of a record; None where the record does not count, or has no id.

    Args:
        record: A record of a redacted answer.
        row: Says what stands where.
        up: The thing that it is listed below.
        person: Makes of an id of a person what may be kept.
    """
    seen = {**record, "_up": up or {}} if isinstance(record, Mapping) else {"_value": record, "_up": up or {}}
    if row.when and not at(seen, row.when):
        return None
    name = next(texts(at(seen, row.key)), "")
    if not name:
        return None
    thing: Thing = {
        "id": name,
        "title": next(texts(at(seen, row.title)), ""),
        "parent": _firsts(seen, row.parent),
        "facts": {name: value for name, path in row.facts.items() if _is_scalar(value := at(seen, path))} | _named(seen, row),
        "tags": strings(at(seen, row.tags)),
        "refs": {sort: found for sort, path in row.refs.items() if (found := _several(seen, (path,)))},
        "texts": {name: found for name, path in row.texts.items() if (found := _several(seen, (path,)))},
        "sums": {name: value for name, path in row.sums.items() if (value := _number(at(seen, path)))},
        "earliest": _firsts(seen, row.earliest),
        "latest": _firsts(seen, row.latest),
        "aliases": _several(seen, row.aliases),
        "models": _several(seen, row.models),
        "hosts": sorted({kept for written in _several(seen, row.hosts) if (kept := host(written))}),
        "identities": _several(seen, row.identities),
        "people": sorted({person(one) for one in _several(seen, row.people)}),
    }  # fmt: skip
    return {"count": 1, **{name: value for name, value in thing.items() if value}}


def merge(things: dict[str, Thing], found: Iterable[Thing]) -> None:
    """Adds things to those that are known; two with the same id become one."""
    for thing in found:
        known = things.get(thing["id"])
        if known is None:
            things[thing["id"]] = {**thing, "people": set(thing["people"])} if "people" in thing else thing
        else:
            _join(known, thing)


def packed(things: Iterable[Thing]) -> list[Thing]:
    """Merged things as JSON data."""
    return [{**thing, "people": sorted(thing["people"])} if "people" in thing else thing for thing in things]


def observed(vendor: str, row: Row, thing: Thing, place: Place) -> Observation:
    """The observation of a thing.

    Args:
        vendor: Id of the vendor with its connector's.
        row: The row that asked.
        thing: What is known of it.
        place: Where it stands, and how what it refers to is called.
    """
    counted: dict[str, Scalar] = {row.count: thing["count"]} if row.count else {}
    if row.people:
        counted["users"] = len(thing.get("people", ()))
    facts: dict[str, Any] = {
        **thing.get("facts", {}), **thing.get("sums", {}), **thing.get("earliest", {}), **thing.get("latest", {}), **counted,
        **{name: tuple(members) for name, members in thing.get("texts", {}).items()},
    }  # fmt: skip
    parents = [place.named(sort, name) for sort, name in thing.get("parent", {}).items()]
    refs = [place.named(sort, name) for sort, found in thing.get("refs", {}).items() for name in found]
    itself = place.native(row.sort, thing["id"])
    return asset(
        row.kind,
        f"{vendor}/{row.id}",
        itself,
        source=place.source,
        scope=row.area,
        title=thing.get("title") or thing["id"],
        tags=thing.get("tags"),
        parent=parents[0] if parents and parents[0] != itself else "",
        refs=[ref for ref in refs if ref != itself],
        models=thing.get("models", ()),
        hosts=thing.get("hosts", ()),
        identities=thing.get("identities", ()),
        snippet=f"{row.method} {row.path}",
        **facts,
    )


class Place:
    """A tenant: how its things are called, those too that are known under another id.

    Args:
        source: Identity of the tenant.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._aliases: dict[tuple[str, str], str] = {}

    def knows(self, sort: str, things: Iterable[Thing]) -> None:
        """Remembers under what other ids things are referred to."""
        for thing in things:
            for alias in thing.get("aliases", ()):
                self._aliases[sort, alias] = thing["id"]

    def native(self, sort: str, name: str) -> str:
        """The whole identifier of a thing."""
        return f"{self.source.removeprefix('tenant:')}/{sort}/{name}"

    def named(self, sort: str, name: str) -> str:
        """The whole identifier of a thing that something refers to, by whichever of its ids."""
        return self.native(sort, self._aliases.get((sort, name), name))


def _join(known: Thing, more: Thing) -> None:
    """Adds one to another. Where they contradict, the smaller text stays, so that order tells nothing."""
    known["count"] += more["count"]
    if title := more.get("title"):
        known["title"] = min(title, known.get("title") or title)
    for part, better in _CHOICES.items():
        _join_facts(known, more, part, better)
    if "people" in more:
        known.setdefault("people", set()).update(more["people"])
    for part in _LISTS:
        if part in more:
            known[part] = _union(known.get(part, []), more[part])
    for part in _MAPPED_LISTS:
        _join_facts(known, more, part, _union)


def _join_facts(known: Thing, more: Thing, part: str, joined: Callable[[Any, Any], Any]) -> None:
    for name, value in more.get(part, {}).items():
        held = known.setdefault(part, {})
        held[name] = joined(held[name], value) if name in held else value


def _smaller(one: Any, other: Any) -> Any:
    return min(one, other, key=str)


def _union(one: list[str], other: list[str]) -> list[str]:
    return one if set(other) <= set(one) else sorted({*one, *other})[:_MAX_MEMBERS]


def _several(seen: Any, paths: Iterable[str]) -> list[str]:
    return sorted({text for path in paths for text in texts(at(seen, path))})


_CHOICES: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "parent": _smaller, "facts": _smaller, "tags": _smaller, "earliest": min, "latest": max, "sums": add,
}  # fmt: skip
"""Which of two values of a fact stays."""


def _named(seen: Any, row: Row) -> dict[str, str]:
    found = {}
    for name, named in row.names.items():
        ids = {key.lower(): value for key, value in named.of.items()}
        if value := ids.get(next(texts(at(seen, named.at)), "").lower()):
            found[name] = value
    return found


def _firsts(seen: Any, paths: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, path in paths.items() if (value := next(texts(at(seen, path)), ""))}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and bool(value))


def _number(value: Any) -> float | int:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return 0
    if isinstance(value, list):
        return sum(_number(member) for member in value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
