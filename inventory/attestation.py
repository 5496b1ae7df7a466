"""Attestations: what a person in a role says that they have seen about a system, until when."""

from __future__ import annotations

import datetime  # noqa: TC003 - part of the public type
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model import Fact, FactValue, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.model import AISystem


@dataclass(frozen=True, slots=True)
class Attestation:
    """What somebody attests.

    Attributes:
        system: Anchor or id of the system.
        fact: Name of the fact.
        value: Its value.
        by: Who attests.
        role: In which role.
        date: When.
        seen: What they have looked at.
        expires: The last day on which it counts, or none.
        place: File and line.
    """

    system: str
    fact: str
    value: FactValue
    by: str
    role: str
    date: datetime.date
    seen: str = ""
    expires: datetime.date | None = None
    place: str = ""

    def counts(self, today: datetime.date) -> bool:
        """Whether it holds today: it is made, and has not expired."""
        return self.date <= today and (self.expires is None or today <= self.expires)

    def __str__(self) -> str:
        seen = f", having seen {self.seen}" if self.seen else ""
        return f"{self.by} ({self.role}) attested on {self.date}{seen}" + (f" [{self.place}]" if self.place else "")


class AttestationIndex:
    """Finds what was attested of a system."""

    def __init__(self, attestations: Iterable[Attestation], today: datetime.date) -> None:
        self._today = today
        self._by_system: dict[str, list[Attestation]] = {}
        for attestation in attestations:
            self._by_system.setdefault(attestation.system, []).append(attestation)

    def facts(self, system: AISystem) -> tuple[Fact, ...]:
        """The facts that attestations in force state. Of several about one fact the latest counts."""
        latest: dict[str, Attestation] = {}
        for attestation in self._on(system):
            if attestation.counts(self._today):
                latest[attestation.fact] = attestation
        return tuple(Fact(one.fact, one.value, Origin.ATTESTED, (str(one),)) for one in latest.values())

    def expired(self, system: AISystem) -> tuple[Attestation, ...]:
        """The attestations that no longer count and that nothing has replaced."""
        known = {fact.name for fact in self.facts(system)}
        return tuple(one for one in self._on(system) if not one.counts(self._today) and one.fact not in known)

    def _on(self, system: AISystem) -> list[Attestation]:
        if not self._by_system:
            return []
        names = dict.fromkeys((*system.anchors, system.id, *system.aliases))
        found = [attestation for name in names for attestation in self._by_system.get(name, ())]
        return sorted(found, key=lambda one: (one.date, one.fact, str(one.value), one.place))
