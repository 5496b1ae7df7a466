"""What code hosts say of repositories: facts, owners, and the names under which each is and was known.

A host's own id of a repository outlives its name. It is an anchor beside the name, `repo-id:HOST/ID`, so that a system
keeps its id when its repository is renamed, and the anchors of the old name with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.model import ObservationKind
from inventory.estate import first_tag, tag_facts, tags_of
from inventory.model import Fact, Join, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from connectors.model import Observation
    from inventory.estate import TagKeys
    from inventory.model import FactValue

BY_ID: Final = "repo-id:"
HOST_SOURCE: Final = "host_source"
"""Attribute of a repository: what its host's own id of it makes of it as a source."""
CALLED: Final = "called"
"""Attribute of a repository: the source that its host calls it by now."""
_FACTS: Final = ("archived", "fork", "visibility", "topics")
_OWNER: Final = "host_owner"
_FOLDER: Final = re.compile(r"[#!]")


@dataclass(frozen=True, slots=True)
class Hosted:
    """What is known of a repository beside its code.

    Attributes:
        also: Other sources that it is: by its host's id first, then by other names.
        taken: Ids of systems that its name was known under, and that belong to another repository by its host's id.
        facts: Facts of every system in it.
        owner: Whom the host or a tag names as its owner, or the empty string.
        joins: What says so, and what says under which other names it goes.
    """

    also: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    owner: str = ""
    joins: tuple[Join, ...] = ()

    def anchors(self, source: str, anchors: Iterable[str]) -> list[str]:
        """Anchors in a repository, and the same under its other names."""
        own = list(anchors)
        inside = [anchor.removeprefix(source) for anchor in own if anchor.startswith(source)]
        return [*own, *(f"{name}{rest}" for name in self.also for rest in inside)]

    def identity(self, anchors: Iterable[str], known: Mapping[str, str]) -> str:
        """The id under which anchors are known, what the host's id says first; empty where none is."""
        given = list(anchors)
        by_id = [anchor for anchor in given if anchor.startswith(BY_ID)]
        ids = (known[anchor] for anchor in (*by_id, *given) if anchor in known)
        return next((one for one in ids if one not in self.taken), "")


NOT_HOSTED: Final = Hosted()


def hosted(
    observations: Iterable[Observation], sources: Collection[str], known: Mapping[str, str], keys: TagKeys
) -> dict[str, Hosted]:
    """What is known of repositories, by source.

    Args:
        observations: Those of kind `repository` that stand in a repository are used.
        sources: All repositories of the scan.
        known: Anchor to system id, from the ledger, the scope document and earlier scans.
        keys: What the organisation's tags mean.
    """
    said: defaultdict[str, list[Observation]] = defaultdict(list)
    for one in observations:
        if one.kind is ObservationKind.REPOSITORY and one.location.source in sources:
            said[one.location.source].append(one)
    by_id = {source: tuple(_texts(of, HOST_SOURCE)) for source, of in said.items()}
    systems = _systems_of(known) if any(by_id.values()) else {}
    owned = {name: system for names in by_id.values() for name in names for system in (systems.get(name, frozenset()),)}
    found = {}
    for source, of in said.items():
        own = frozenset[str]().union(*(owned[name] for name in by_id[source]))
        others = frozenset[str]().union(*(ids for name, ids in owned.items() if name not in by_id[source]))
        former = {name for name, ids in systems.items() if ids & own and not name.startswith(BY_ID)} if own else set()
        now, before = [*_texts(of, CALLED)], sorted(former - {source} - set(sources))
        names = tuple(dict.fromkeys([*by_id[source], *now, *before]))
        owner, because = _owner(of, keys)
        joins = [Join(name, "what its code host calls it by now") for name in now]
        joins += [Join(name, "what it was called before, by the id that its code host gives it") for name in before]
        facts = _facts(of, keys)
        if owner:
            facts[_OWNER] = (Fact(_OWNER, owner, Origin.OBSERVED, (of[0].name,)),)
            joins.append(Join(source, because))
        found[source] = Hosted(names, others - own, facts, owner, tuple(joins))
    return found


def _systems_of(known: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Ids of the systems in each repository, by its name or its host's id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for anchor, system in known.items():
        if anchor.startswith(("repo:", BY_ID)):
            found[_FOLDER.split(anchor, maxsplit=1)[0]].add(system)
    return {name: frozenset(ids) for name, ids in found.items()}


def _texts(of: Iterable[Observation], name: str) -> Iterator[str]:
    return (str(one.attributes[name]) for one in of if one.attributes.get(name))


def _facts(of: Iterable[Observation], keys: TagKeys) -> dict[str, tuple[Fact, ...]]:
    facts: dict[str, tuple[Fact, ...]] = {}
    tags: defaultdict[str, list[str]] = defaultdict(list)
    for one in of:
        for name in _FACTS:
            value: FactValue | float | None = one.attributes.get(name)
            if isinstance(value, str | bool | tuple) and value != ():
                facts[name] = (Fact(name, value, Origin.OBSERVED, (one.name,)),)
        for key, tag in tags_of(one).items():
            tags[key].append(tag)
    return {**facts, **tag_facts(tags, keys)}


def _owner(of: Iterable[Observation], keys: TagKeys) -> tuple[str, str]:
    """Whom a tag names, else the teams that the host names, else the project or group that it stands in."""
    given = list(of)
    for one in given:
        key, tagged = first_tag(tags_of(one), keys.owner)
        if tagged:
            return tagged, f"its code host's property {key} names {tagged} as its owner"
    for one in given:
        owners = one.attributes.get("owners")
        if isinstance(owners, tuple) and owners:
            return ", ".join(owners), f"{', '.join(owners)} administers it on its code host"
    group = next(_texts(given, "owner"), "")
    return group, f"it stands in {group} on its code host" if group else ""
