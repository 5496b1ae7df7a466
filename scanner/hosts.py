"""From what code hosts list to repositories to scan, and what the hosts say of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.api.access import NOBODY
from connectors.code.checkout import normalised_url
from connectors.model import Coverage, Location, ObservationKind, Outcome
from inventory.hosted import BY_ID, HOST_SOURCE
from scanner.workspace import SourceSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connectors.api.access import Access
    from connectors.model import Observation
    from scanner.collecting import Collected


_USER: Final = re.compile(r"(?<=:)//[^/@]*@")


def repositories(
    listed: Iterable[Observation], access: Mapping[str, Access], collected: Collected
) -> Iterator[SourceSpec]:
    """The repositories that code hosts list, to be scanned next; one that holds nothing to scan is said to be left out.

    What a host says of a repository is collected as said of the repository itself.

    Args:
        listed: What hosts listed.
        access: Proves who clones what each of them lists.
        collected: Takes up what is said, and what is left out.
    """
    seen: set[str] = set()
    for one in _together(one for one in listed if one.kind is ObservationKind.REPOSITORY):
        # A user name in it is the organisation's or a person's, and git is told how to sign in otherwise.
        url = _USER.sub("//", str(one.attributes.get("url", "")))
        reason = str(one.attributes.get("skip", ""))
        itself = _of_itself(one, url)
        by_id = str(itself.attributes.get(HOST_SOURCE, url))
        if not url or reason or by_id in seen:
            title = f"{one.location.path}/{one.attributes['title']}"
            why = reason or ("was renamed while it was listed" if url else "has no URL to clone")
            collected.coverage.append(Coverage(one.location.source, title, Outcome.SKIPPED, why))
            continue
        seen.add(by_id)
        collected.observations.append(itself)
        yield SourceSpec(url, "", access.get(one.location.source, NOBODY))


def leave_out(specs: Iterable[SourceSpec], collected: Collected) -> list[SourceSpec]:
    """Says of repositories that a replay does not clone them; gives what is left to scan, which is nothing."""
    for spec in specs:
        reason = "a replay clones nothing; scan without --replay to see its code"
        collected.coverage.append(Coverage(f"repo:{normalised_url(spec.location)}", "", Outcome.SKIPPED, reason))
    return []


def _together(listed: Iterable[Observation]) -> list[Observation]:
    """Repositories by what several lists say of each: the host's own list, and those of its teams."""
    found: dict[str, Observation] = {}
    for one in listed:
        known = found.get(one.name)
        if known is None:
            found[one.name] = one
        else:
            main = one if "url" in one.attributes else known
            found[one.name] = replace(main, attributes={**one.attributes, **known.attributes, **main.attributes})
    return list(found.values())


def _of_itself(one: Observation, url: str) -> Observation:
    """What a host says of a repository, standing in the repository."""
    attributes = dict(one.attributes)
    if host_id := attributes.get("host_id"):
        attributes[HOST_SOURCE] = f"{BY_ID}{urlsplit(url).hostname or ''}/{host_id}"
    return replace(one, location=Location(f"repo:{normalised_url(url)}"), attributes=attributes)
