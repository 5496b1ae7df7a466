"""The facts that can be known about a system, as data, and what several statements of one fact amount to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from inventory.model import Fact, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.model import AISystem, FactValue


class FactType(StrEnum):
    """What values a fact takes."""

    TEXT = "text"
    BOOLEAN = "boolean"
    NUMBER = "number"
    SET = "set"


class Trigger(StrEnum):
    """Which difference from the value that was decided on asks for a review."""

    ANY = "any"
    MORE = "more"
    FROM_NONE = "from_none"


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One fact.

    Attributes:
        name: Its name in conditions, baselines, rules, attestations and the ledger.
        type: What values it takes.
        meaning: What it says, in a phrase.
        origins: How it can be known.
        shown_by: Sorts of source that show it, as their identities begin: only where one of them was fully seen does
            it say something that nothing states the fact.
        material: Whether a decision rests on it, and records it.
        question: What to ask a person where it is open; empty where nobody is asked.
        trigger: Which difference from what was decided on is news: `MORE` is a value that was not there, `FROM_NONE` is
            some where there was none, or on where it was off.
        significant: Whether that asks for a review where the scope document does not say otherwise.
        yields: Whether what is declared in general, as by a vendor of all its customers, gives way to what a tag or a
            person says of this one system.
        classified: Whether the catalog reads it out of the evidence, so that a newer one may read it otherwise. The others
            stand in the evidence itself: a Region, a scope, an owner.
        told: Whether the source itself states it, so that what it states is all there is, and false is no mere silence.
    """

    name: str
    type: FactType
    meaning: str
    origins: tuple[Origin, ...]
    shown_by: frozenset[str] = frozenset()
    material: bool = False
    question: str = ""
    trigger: Trigger = Trigger.ANY
    significant: bool = True
    yields: bool = False
    classified: bool = False
    told: bool = False

    def observable(self, sources: Iterable[str]) -> bool:
        """Whether a scan of these sources can see it, so that full coverage without it says something."""
        return any(source.partition(":")[0] in self.shown_by for source in sources)


_SEEN = (Origin.OBSERVED, Origin.ATTESTED)
_ANY = frozenset({"repo", "account", "tenant"})
_RUNS = frozenset({"repo", "account"})
_CLOUD = frozenset({"account"})
_TENANT = frozenset({"tenant"})
_SAID = (Origin.TAG, Origin.ATTESTED)
_PLACED = (Origin.TAG, Origin.ATTESTED, Origin.DECLARED)

FACTS = (
    FactDefinition("providers", FactType.SET, "who runs the models that it calls, as catalog ids", _SEEN, _ANY, material=True, classified=True),
    FactDefinition("models", FactType.SET, "model identifiers, as written", _SEEN, _ANY, material=True, classified=True),
    FactDefinition("regions", FactType.SET, "cloud Regions where it runs or calls", _SEEN, _CLOUD, material=True),
    FactDefinition(
        "environment", FactType.SET, "environments where it runs: production, staging, development", (Origin.OBSERVED, Origin.TAG, Origin.ATTESTED), _CLOUD,
        material=True, question="In which environments does it run?",
    ),
    FactDefinition("deployed", FactType.BOOLEAN, "whether something runs it", _SEEN, _RUNS, material=True),
    FactDefinition(
        "data_categories", FactType.SET, "categories of data that it processes", _SAID,
        material=True, question="Which categories of data does it process?",
    ),
    FactDefinition(
        "personal_data", FactType.BOOLEAN, "whether it processes personal data", _SAID,
        material=True, question="Does it process personal data?",
    ),
    FactDefinition(
        "autonomy", FactType.TEXT, "how far it acts without a person: assists (suggests), human_in_the_loop (acts with "
        "approval), human_on_the_loop (acts, and a person can step in), autonomous (acts alone)", _SAID,
        material=True, question="How far does it act without a person?",
    ),
    FactDefinition(
        "exposure", FactType.TEXT, "who meets its output: internal, partners, customers, public", _SAID,
        material=True, question="Who meets its output?",
    ),
    FactDefinition("owner", FactType.TEXT, "who answers for it", _SEEN, material=True, question="Who answers for it?"),
    FactDefinition(
        "features", FactType.SET, "AI features of a product that are on", _SEEN, _TENANT, material=True, trigger=Trigger.MORE,
    ),
    FactDefinition(
        "feature_state", FactType.TEXT, "state of a product's AI: on, preview, in_use (seen in use), off; licensed where only a licence tells",
        _SEEN, _TENANT, material=True, trigger=Trigger.FROM_NONE,
    ),
    FactDefinition(
        "licence_count", FactType.NUMBER, "licences bought, or held by people where only that is told", _SEEN, _TENANT,
        material=True, trigger=Trigger.FROM_NONE,
    ),
    FactDefinition(
        "permissions", FactType.SET, "what it was granted in a tenant: OAuth scopes and permissions, as written", _SEEN, _TENANT,
        material=True, trigger=Trigger.MORE,
    ),
    FactDefinition(
        "data_use", FactType.SET, "what its vendor states that it does with the organisation's data: does_not_train, "
        "trains_unless_opted_out, trains", (Origin.ATTESTED, Origin.DECLARED), material=True, yields=True,
    ),
    FactDefinition("uses", FactType.SET, "what it is used for", _SAID, material=True, significant=False),
    FactDefinition(
        "stage", FactType.TEXT, "life-cycle stage (ISO/IEC 22989): inception, design_and_development, "
        "verification_and_validation, deployment, operation_and_monitoring, continuous_validation, re-evaluation, retirement",
        _SAID, material=True, significant=False,
    ),
    FactDefinition(
        "geography", FactType.SET, "countries or areas where it is used", _PLACED, material=True, significant=False,
    ),
    FactDefinition("entity", FactType.TEXT, "legal entity that it belongs to", _PLACED, material=True, significant=False),
    FactDefinition("unit", FactType.TEXT, "organisational unit that it belongs to", _PLACED, material=True, significant=False),
    FactDefinition("users", FactType.NUMBER, "people who use it", _SEEN, _TENANT),
    FactDefinition("last_used", FactType.TEXT, "last day on which use of a product's AI was seen", (Origin.OBSERVED,), _TENANT),
    FactDefinition("techniques", FactType.SET, "AI techniques (ISO/IEC 22989)", _SEEN, _ANY),
    FactDefinition("archived", FactType.BOOLEAN, "whether its code host has archived the repository", (Origin.OBSERVED,), told=True),
    FactDefinition("fork", FactType.BOOLEAN, "whether its repository is a fork, by its code host", (Origin.OBSERVED,), told=True),
    FactDefinition("visibility", FactType.TEXT, "who may read its repository, as its code host says: private, internal, public", (Origin.OBSERVED,), told=True),
    FactDefinition("host_owner", FactType.TEXT, "whom its code host names as the owner of its repository", (Origin.OBSERVED,), told=True),
    FactDefinition("topics", FactType.SET, "topics that its code host shows on its repository", (Origin.OBSERVED,), told=True),
    FactDefinition("kind", FactType.TEXT, "what it is: ai_system, embedded_ai, candidate, …", (Origin.OBSERVED,), _ANY),
    FactDefinition("anchors", FactType.SET, "its explicit identifiers", (Origin.OBSERVED,), _ANY),
    FactDefinition("boundary", FactType.SET, "boundaries of the scope that it is in", (Origin.DECLARED,)),
)  # fmt: skip
"""The registry. A row is a fact; the grammar of the scope document does not change with it."""

TAG_PREFIX = "tag:"
"""`tag:<key>` names the values of a tag of the source, whatever its key."""

_BY_NAME = {row.name: row for row in FACTS}


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known about a system, and whether more may exist unseen.

    Attributes:
        facts: Facts by name, of every origin.
        covered: Whether every source that would show a fact was fully covered.
        gaps: What was not covered, in words.
        sources: Identities of the sources with evidence of it.
    """

    facts: Mapping[str, tuple[Fact, ...]]
    covered: bool
    gaps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def of(self, name: str) -> tuple[Fact, ...]:
        """What is known of one fact, the strongest origin first."""
        return self.facts.get(name, ())


def definition(name: str) -> FactDefinition | None:
    """The definition of a fact, or none where there is no such fact."""
    if name.startswith(TAG_PREFIX) and len(name) > len(TAG_PREFIX):
        return FactDefinition(name, FactType.SET, "values of a tag", (Origin.TAG,))
    return _BY_NAME.get(name)


def facts_of(system: AISystem, *further: Fact) -> dict[str, tuple[Fact, ...]]:
    """All facts about a system by name: those that it carries, what its own fields say, and the further ones."""
    fields: dict[str, FactValue] = {
        "owner": system.owner,
        "stage": system.stage,
        "providers": system.providers,
        "models": system.models,
        "techniques": tuple(technique.value for technique in system.techniques),
        "kind": system.kind.value,
        "anchors": system.anchors,
    }
    facts: dict[str, tuple[Fact, ...]] = {
        name: (Fact(name, value, Origin.OBSERVED),) for name, value in fields.items() if value
    }
    facts |= {name: _strongest_first(stated) for name, stated in system.facts.items() if stated}
    return with_facts(facts, further)


def with_facts(facts: Mapping[str, tuple[Fact, ...]], further: Iterable[Fact]) -> dict[str, tuple[Fact, ...]]:
    """Facts by name with further ones among them, the strongest origin first."""
    together = dict(facts)
    for fact in further:
        together[fact.name] = _strongest_first(_of_this_system((*together.get(fact.name, ()), fact)))
    return together


def _of_this_system(stated: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """What counts of several statements: what is said of the one system, where a general declaration gives way to it."""
    row = _BY_NAME.get(stated[0].name)
    said = tuple(fact for fact in stated if fact.origin is not Origin.DECLARED)
    return said if said and row is not None and row.yields else stated


def value_set(value: FactValue) -> tuple[str | int | bool, ...]:
    """The members of a set-valued fact; a scalar alone."""
    return value if isinstance(value, tuple) else (value,)


def known_value(facts: Sequence[Fact]) -> FactValue | None:
    """What several statements of one fact amount to: what the strongest origin says, or none where nothing is known.

    Statements of the same origin add up: sets to one set, a boolean to true where anything says so, and scalars that
    differ to the set of what is said.
    """
    if not facts:
        return None
    strongest = min(facts, key=_strength).origin
    stated = [fact.value for fact in facts if fact.origin is strongest]
    if all(isinstance(value, bool) for value in stated):
        return any(stated)
    distinct = {member for value in stated for member in value_set(value)}
    if len(distinct) == 1 and not isinstance(stated[0], tuple):
        return stated[0]
    return tuple(sorted(map(str, distinct))) or None


def material_values(facts: Mapping[str, Sequence[Fact]]) -> dict[str, FactValue]:
    """The known values of all material facts: what a decision is made on."""
    values = {row.name: known_value(facts.get(row.name, ())) for row in FACTS if row.material}
    return {name: value for name, value in values.items() if value is not None}


def show(value: FactValue) -> str:
    """A value as people read it."""
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


_STRENGTH = {origin: rank for rank, origin in enumerate(Origin)}


def _strongest_first(stated: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(stated, key=_strength)) if len(stated) > 1 else tuple(stated)


def _strength(fact: Fact) -> tuple[int, str, tuple[str, ...]]:
    return _STRENGTH[fact.origin], str(fact.value), fact.evidence
