"""Products that people attest, as a source like any other: a product known by name only has no other evidence."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from classifiers.apps import HOST_KEY
from connectors.api.asset import asset
from connectors.api.task import Plan, Task
from connectors.model import Coverage, Location, ObservationKind, Outcome, Result
from inventory.attestation import SOON
from scanner.reports.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from connectors.model import Observation
    from inventory.attestation import Attestation

SOURCE: Final = "import:attestations"
"""Identity of the source."""

_ROWS: Final = {False: "imports/attestations/product", True: "imports/attestations/expired"}
"""Rows of the knowledge base for what counts, and for what has expired."""


def standing(attestations: Sequence[Attestation], today: date) -> Iterator[str]:
    """How many attestations count today, and which are about to end or have ended."""
    ending = [one for one in attestations if one.ends_soon(today)]
    ended = [one for one in attestations if one.expired(today)]
    in_force = sum(one.counts(today) for one in attestations)
    yield (
        f"{count(len(attestations), 'attestation')}: {in_force} in force, {len(ending)} of them for {SOON.days} days more at most, "
        f"{len(ended)} expired"
    )
    for word, those in (("expires", ending), ("expired", ended)):
        yield from (
            f"- {word} {one.expires}: {one.system}, {one.claim}, by {one.by} ({one.role}) [{one.place}]"
            for one in those
        )


class AttestedProducts:
    """Hands on that a product is there because somebody attests something of it.

    What is attested is no part of the observation: it is a fact of its own origin, and judged anew every day.

    Args:
        attestations: What people attest.
        names: Catalog id of a product to its name.
        today: The day of the scan.
    """

    def __init__(self, attestations: Iterable[Attestation], names: Mapping[str, str], today: date) -> None:
        self._names = names
        self._today = today
        made = sorted((one for one in attestations if one.date <= today), key=lambda one: (one.date, one.place))
        self._latest = {(one.product, one.feature or one.fact): one for one in made if one.product in names}

    def plan(self) -> Plan:
        """One task."""
        said = "\0".join(one.statement for one in self._latest.values())
        key = hashlib.sha256(f"{self._today}\0{said}".encode("utf-8", "surrogatepass")).hexdigest()
        return Plan((SOURCE,), (Task(SOURCE, "", tuple(_ROWS.values()), f"attestations/{key}"),))

    def run(self, task: Task) -> Result:
        """An observation for each attestation about a product."""
        observations = [self._observed(what, one) for (_, what), one in sorted(self._latest.items())]
        counts = {"attestations": len(observations)} if observations else {}
        return Result(observations, [Coverage(task.source, task.scope, Outcome.COMPLETE, "", counts)])

    def _observed(self, what: str, one: Attestation) -> Observation:
        row = _ROWS[one.expired(self._today)]
        told = f"{one.by} ({one.role}) attested on {one.date}: {one.claim}"
        found = asset(
            ObservationKind.ASSET, row, f"{SOURCE}/{one.product}/{what}", source=SOURCE, scope="",
            title=self._names[one.product], snippet=told,
        )  # fmt: skip
        file, _, line = one.place.rpartition(":")
        place = Location(SOURCE, file, int(line)) if line.isdigit() else Location(SOURCE, one.place)
        return replace(found, matchers=(row, f"{HOST_KEY}{one.product}"), location=place)
