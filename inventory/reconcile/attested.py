"""Reasons that come from attestations: facts that contradict them, those that have run out, those that match nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.attestation import FEATURES, LICENSED, OFF, ON, STATE, whole
from inventory.coverage import place_of
from inventory.facts import show, value_set
from inventory.model import Origin
from inventory.reconcile.world import day_of
from inventory.scope.conditions import among, evidence
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inventory.attestation import Attestation
    from inventory.model import AISystem, Fact
    from inventory.reconcile.world import SystemView, World

IN_USE: Final = "in_use"
"""The state of a product's AI whose use is seen."""

LAST_USED: Final = "last_used"
"""The fact that tells the last day on which use was seen."""

_RUNS: Final = (ON, "preview", IN_USE)
_SEEN: Final = frozenset({Origin.OBSERVED, Origin.TAG})
_NEAREST: Final = 3
_ALIKE: Final = 70
"""Of 100: how alike an identifier must be to be worth a look."""

_COMPARED: Final = 50
"""For so many names similar ones are looked for: more are no slips of the pen, and each is compared with the whole estate."""


def contradicted_attestations(view: SystemView) -> Iterator[Reason]:
    """Attestations that an observed fact or a tag contradicts, each with both."""
    of_features = [one for one in view.attested if one.fact == STATE]
    for claim in of_features:
        yield from _contradicted_state(claim, of_features, view)
    derived = {one.statement for one in of_features}
    for name, stated in view.known.facts.items():
        for fact in stated:
            if name != STATE and fact.origin is Origin.ATTESTED and not derived.issuperset(fact.evidence):
                yield from _contradicted_value(fact, stated, view)


def ended_attestations(view: SystemView) -> Iterator[Reason]:
    """Attestations that have run out and that nothing has replaced, where somebody still rests on the system."""
    for one in () if view.dismissed else view.expired:
        text = f"What {one.by} ({one.role}) attested of {one.feature or one.fact} expired on {one.expires}."
        yield Reason(Status.UNVERIFIED, text, f"attestations.{one.fact}")


def unmatched_attestations(systems: Iterable[AISystem], world: World) -> Iterator[tuple[str, list[Reason]]]:
    """What attestations name that no system is, with the reasons. The nearest identifiers are told, and never taken."""
    named = world.attestations.named
    if not named:
        return
    sources = frozenset(world.coverage.sources)
    known = {name for system in systems for name in (system.id, *system.aliases, *system.anchors)}
    ordered = sorted(known)
    for number, missing in enumerate(name for name in named if name not in known):
        place = place_of(missing)
        asked = place is not None and place.source in sources
        gaps = world.coverage.gaps(place) if place and asked else ()
        status = Status.UNVERIFIED if gaps else Status.UNBOUND
        similar = nearest(missing, ordered) if number < _COMPARED else ""
        reasons = [
            Reason(status, f"{one.statement}. {_why(missing, one, gaps)}{similar}", "attestations")
            for one in world.attestations.naming(missing)
        ]
        if reasons:
            yield missing, reasons


def _contradicted_state(claim: Attestation, all_of_it: Sequence[Attestation], view: SystemView) -> Iterator[Reason]:
    """Whether a product's AI is seen to be otherwise than attested.

    Licences do not contradict that it is off, and a switch that is off does not contradict that it is licensed. Usage
    contradicts that it is off, unless it ended before.
    """
    seen = [fact for fact in view.known.of(STATE) if fact.origin in _SEEN]
    named = [fact for fact in view.known.of(FEATURES) if fact.origin in _SEEN and _names(fact, claim.feature)]
    if claim.partial(view.system):
        return
    same = [one for one in all_of_it if one.value == claim.value]
    against: list[Fact] = []
    if claim.value == OFF:
        against = named or [
            fact for fact in seen if fact.value in _RUNS and _since(fact, claim, view) and whole(same, view.system)
        ]
    elif claim.value == ON:
        against = [fact for fact in seen if fact.value == OFF and not named and whole([claim], view.system)]
    elif claim.value == LICENSED:
        against = [fact for fact in view.known.of("licence_count") if fact.origin in _SEEN and fact.value == 0]
    if against:
        values = "; ".join(f"{fact.name} {show(fact.value)} is {fact.origin}" for fact in against)
        text = f"{claim.statement}, but {values}."
        yield Reason(Status.ATTESTATION_CONTRADICTED, text, f"attestations.{STATE}", evidence(against))


def _names(fact: Fact, feature: str) -> bool:
    return bool(feature) and feature.casefold() in {str(value).casefold() for value in value_set(fact.value)}


def _since(fact: Fact, claim: Attestation, view: SystemView) -> bool:
    """Whether a state may have been seen while the claim held: use that ended before says nothing against it."""
    days = [day_of(str(one.value)) for one in view.known.of(LAST_USED)]
    last = max((day for day in days if day), default=None)
    return fact.value != IN_USE or last is None or last >= (claim.since or claim.date)


def _contradicted_value(claim: Fact, stated: Iterable[Fact], view: SystemView) -> Iterator[Reason]:
    seen = (fact for fact in stated if fact.origin in _SEEN)
    against = [fact for fact in seen if _contradicts(fact, claim, covered=view.known.covered)]
    if against:
        values = ", ".join(f"{show(fact.value)} is {fact.origin}" for fact in against)
        text = f"{'; '.join(claim.evidence)}: {claim.name} is {show(claim.value)}, but {values}."
        yield Reason(Status.ATTESTATION_CONTRADICTED, text, f"attestations.{claim.name}", evidence(against))


def _contradicts(fact: Fact, claim: Fact, *, covered: bool) -> bool:
    """Whether a fact says otherwise. Not to have seen something contradicts only where everything was seen."""
    if isinstance(fact.value, bool) and isinstance(claim.value, bool):
        believed = fact.value or covered or fact.origin is Origin.TAG
        return fact.value != claim.value and believed
    if isinstance(fact.value, int) and isinstance(claim.value, int):
        return fact.value > claim.value
    return any(not among(value, value_set(claim.value)) for value in value_set(fact.value))


def _why(missing: str, one: Attestation, gaps: Sequence[str]) -> str:
    if one.product:
        return f"The last scan did not know of `{missing}`: scan again."
    if gaps:
        return f"No system has the identifier `{missing}`, and not all was seen: {'; '.join(gaps)}."
    return f"No system has the identifier `{missing}`: correct it, or remove the attestation."


def nearest(missing: str, known: Sequence[str]) -> str:
    """The identifiers that are most like one that nothing has, in a sentence for a person; empty where none is alike."""
    from rapidfuzz import fuzz, process

    alike = process.extract(missing, known, scorer=fuzz.ratio, limit=_NEAREST, score_cutoff=_ALIKE)
    return f" Similar: {', '.join(f'`{name}`' for name, _, _ in alike)}." if alike else ""
