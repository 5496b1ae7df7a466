"""Attestations: what a person in a role says that they have seen about a system, until when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from inventory.facts import show
from inventory.model import Fact, FactValue, Origin

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from inventory.model import AISystem

STATE: Final = "feature_state"
"""The fact that says whether a product's AI is on."""

FEATURES: Final = "features"
"""The fact that names what of it is on."""

ON: Final = "on"
OFF: Final = "off"
LICENSED: Final = "licensed"

PRODUCT: Final = "product:"
"""What stands before a product's catalog id in the anchor of its system."""

SOON: Final = timedelta(days=30)
"""How long before its end an attestation is said to expire soon."""

_TENANT: Final = "tenant:"


@dataclass(frozen=True, slots=True)
class Attestation:
    """What somebody attests.

    Attributes:
        system: Anchor or id of the system; `product:` and the catalog id where a product is named.
        fact: Name of the fact.
        value: Its value.
        by: Who attests.
        role: In which role.
        date: When.
        seen: What they have looked at.
        expires: The last day on which it counts; none only where a program made it.
        place: File and line.
        since: The day from which it is so, where that is said.
        feature: The one AI feature of a product that it is about; empty for the whole.
        others: All AI features that the catalog knows of that product, itself among them.
        tenant: Identity of the tenant that it is about; empty for the whole organisation.
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
    since: datetime.date | None = None
    feature: str = ""
    others: frozenset[str] = frozenset()
    tenant: str = ""

    @property
    def product(self) -> str:
        """Catalog id of the product that it names; empty where it names a system."""
        return self.system.removeprefix(PRODUCT) if self.system.startswith(PRODUCT) else ""

    @property
    def claim(self) -> str:
        """What it says, in words."""
        what = f"{self.feature} is {show(self.value)}" if self.feature else f"{self.fact} is {show(self.value)}"
        where = f" in {self.tenant.removeprefix(_TENANT)}" if self.tenant else ""
        return what + where + (f" since {self.since}" if self.since else "")

    def counts(self, today: datetime.date) -> bool:
        """Whether it holds today: it is made, and has not expired."""
        return self.date <= today and not self.expired(today)

    def expired(self, today: datetime.date) -> bool:
        """Whether its last day is over."""
        return self.expires is not None and self.expires < today

    def ends_soon(self, today: datetime.date) -> bool:
        """Whether it counts today and not much longer."""
        return self.counts(today) and self.expires is not None and self.expires - today <= SOON

    def partial(self, system: AISystem) -> bool:
        """Whether it is about one tenant of several in which the system shows: what it says of one is not so of all."""
        others = {source for source in system.sources if source.startswith(_TENANT)} - {self.tenant}
        return bool(self.tenant and others)

    @property
    def statement(self) -> str:
        """The whole in a phrase: who says what, in which role, having seen what, until when, and where it stands."""
        return self._told(f" that {self.claim}")

    def __str__(self) -> str:
        """The same beside a fact that says what."""
        return self._told("")

    def _told(self, claim: str) -> str:
        seen = f", having seen {self.seen}" if self.seen else ""
        until = f", until {self.expires}" if self.expires else ""
        place = f" [{self.place}]" if self.place else ""
        return f"{self.by} ({self.role}) attested on {self.date}{claim}{seen}{until}{place}"


class AttestationIndex:
    """Finds what was attested of a system."""

    def __init__(self, attestations: Iterable[Attestation], today: datetime.date) -> None:
        self._today = today
        self._by_system: dict[str, list[Attestation]] = {}
        for attestation in attestations:
            self._by_system.setdefault(attestation.system, []).append(attestation)

    @property
    def named(self) -> Sequence[str]:
        """The anchors and ids that attestations name, sorted."""
        return sorted(self._by_system)

    def naming(self, system: str) -> tuple[Attestation, ...]:
        """The attestations that name an anchor or id and have not expired."""
        return tuple(one for one in self._by_system.get(system, ()) if not one.expired(self._today))

    def in_force(self, system: AISystem) -> tuple[Attestation, ...]:
        """Those that count today. Of several about one fact or feature the latest counts."""
        latest: dict[tuple[str, str, str], Attestation] = {}
        for one in self.on(system):
            if one.counts(self._today):
                latest[one.fact, one.feature.casefold(), one.tenant] = one
        return tuple(latest.values())

    def facts(self, system: AISystem) -> tuple[Fact, ...]:
        """The facts that attestations in force state.

        One feature that is on, or licensed, says so of the product. That one is off says it of the product only where no
        other feature is known, or all are attested to be off, in every tenant.
        """
        found, of_features = [], []
        for one in self.in_force(system):
            if one.feature or one.tenant:
                of_features.append(one)
            else:
                found.append(Fact(one.fact, one.value, Origin.ATTESTED, (str(one),)))
        return (*found, *_of_parts(of_features, system))

    def expired(self, system: AISystem) -> tuple[Attestation, ...]:
        """The attestations that no longer count and that nothing has replaced."""
        known = {(one.fact, one.feature.casefold()) for one in self.in_force(system)}
        return tuple(
            one
            for one in self.on(system)
            if one.expired(self._today) and (one.fact, one.feature.casefold()) not in known
        )

    def on(self, system: AISystem) -> list[Attestation]:
        """All that name a system, the latest last."""
        if not self._by_system:
            return []
        names = dict.fromkeys((*system.anchors, system.id, *system.aliases))
        found = [attestation for name in names for attestation in self._by_system.get(name, ())]
        return sorted(found, key=lambda one: (one.date, one.fact, str(one.value), one.place))


def _of_parts(attested: Sequence[Attestation], system: AISystem) -> Iterator[Fact]:
    """What single features and tenants amount to."""
    by_fact: defaultdict[str, list[Attestation]] = defaultdict(list)
    for one in attested:
        by_fact[one.fact].append(one)
    for name, stated in by_fact.items():
        if name == STATE:
            yield from _of_features(stated, system)
        else:
            yield from (
                Fact(name, one.value, Origin.ATTESTED, (str(one),)) for one in stated if not one.partial(system)
            )


def _of_features(stated: Sequence[Attestation], system: AISystem) -> Iterator[Fact]:
    def evidence(state: str) -> tuple[str, ...]:
        return tuple(one.statement for one in stated if one.value == state)

    if on := tuple(sorted({one.feature for one in stated if one.value == ON and one.feature})):
        yield Fact(FEATURES, on, Origin.ATTESTED, evidence(ON))
    for state in (ON, LICENSED):
        if told := evidence(state):
            yield Fact(STATE, state, Origin.ATTESTED, told)
            return
    if whole(stated, system):
        yield Fact(STATE, OFF, Origin.ATTESTED, evidence(OFF))


def whole(stated: Iterable[Attestation], system: AISystem) -> bool:
    """Whether attestations that say the same together say it of the whole product, in every tenant."""
    complete = [one for one in stated if not one.partial(system)]
    said = {one.feature.casefold() for one in complete}
    return bool(complete) and ("" in said or all({name.casefold() for name in one.others} <= said for one in complete))
