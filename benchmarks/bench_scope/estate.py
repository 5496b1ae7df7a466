"""A made-up organisation: systems in thousands of sources, the same every time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from classifiers.model import SystemKind, Technique
from connectors.model import Coverage, Outcome
from inventory.model import AISystem, Fact, FactValue, Origin

TODAY: Final = date(2026, 11, 23)
CATALOG: Final = "c" * 64
TEAMS: Final = 120
_SEED: Final = 42001
_HOST: Final = "repo:github.com/acme"

_SUBJECTS: Final = (
    "account", "address", "advert", "audit", "baggage", "benefit", "billing", "booking", "branch", "budget", "campaign", "cargo", "catalog",
    "checkout", "churn", "claims", "clinic", "complaint", "contract", "coupon", "courier", "credit", "customer", "customs", "dealer",
    "delivery", "demand", "deposit", "diagnosis", "dispatch", "dispute", "donation", "energy", "export", "fleet", "fraud", "freight",
    "garment", "grant", "harvest", "hiring", "hotel", "insurance", "inventory", "invoice", "irrigation", "kitchen", "lease", "ledger", "legal",
    "loan", "loyalty", "mailroom", "maintenance", "meeting", "merchant", "meter", "mortgage", "order", "outage", "parcel", "parking",
    "patient", "payroll", "pension", "permit", "pharmacy", "policy", "pricing", "procurement", "property", "quality", "quarry", "recall",
    "refund", "rental", "repair", "research", "roster", "safety", "sales", "shelf", "shipment", "sourcing", "station", "supplier", "support",
    "tariff", "tax", "tender", "ticket", "timber", "traffic", "training", "transit", "travel", "treasury", "vaccine", "vehicle", "vendor",
    "visitor", "voucher", "warehouse", "warranty", "waste", "weather", "yield",
)  # fmt: skip
_TASKS: Final = (
    "advisor", "agent", "answers", "assistant", "classifier", "copilot", "copy", "detection", "drafting", "embedding", "estimation",
    "extraction", "forecast", "grading", "insights", "inspection", "intake", "labelling", "lookup", "matching", "moderation", "notes",
    "optimiser", "personaliser", "planner", "prediction", "prioritiser", "radar", "ranking", "recognition", "recommender", "replies",
    "reporting", "review", "routing", "scoring", "screening", "search", "segmentation", "sentiment", "simulation", "speech", "summary",
    "tagging", "transcription", "translation", "triage", "tutor", "verification", "vision", "watch",
)  # fmt: skip
_SUFFIXES: Final = ("", "", "", "api", "service", "batch", "worker", "pilot", "europe", "mobile", "internal", "v2")
_MODELS: Final = {
    "openai": ("gpt-4.1-mini", "gpt-4o"),
    "anthropic": ("claude-sonnet-4-5", "claude-haiku-4-5"),
    "amazon-bedrock": ("anthropic.claude-3-5-sonnet-20241022-v2:0", "amazon.titan-embed-text-v2:0"),
    "azure-openai": ("gpt-4o",),
    "google-vertex-ai": ("gemini-2.5-flash",),
    "huggingface": ("BAAI/bge-m3",),
}
_REGIONS: Final = ("eu-west-1", "eu-central-1", "us-east-1")
_KINDS: Final = (SystemKind.AI_SYSTEM, SystemKind.EMBEDDED_AI, SystemKind.AI_PLATFORM, SystemKind.CANDIDATE)
_SOURCES_OF: Final = ((60, 15, "repo"), (30, 75, "account"), (10, 250, "tenant"))
"""Of a hundred systems so many, so many in each source, of this sort."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a system stands."""

    source: str
    anchors: tuple[str, ...]
    region: str = ""


def systems(count: int) -> tuple[AISystem, ...]:
    """So many systems, the first of a larger estate among them in the same shares, by id."""
    chance = Random(_SEED)
    made = (_system(number, chance) for number in range(count))
    return tuple(sorted(made, key=lambda system: system.id))


def coverage(estate: tuple[AISystem, ...]) -> tuple[Coverage, ...]:
    """What was asked of each source of an estate: a repository and an account as a whole and in parts, and faults."""
    return tuple(
        record for source in sorted({source for one in estate for source in one.sources}) for record in _asked(source)
    )


def digest(*parts: object) -> str:
    """A hash as findings and events have."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _system(number: int, chance: Random) -> AISystem:
    name = " ".join(filter(None, (chance.choice(_SUBJECTS), chance.choice(_TASKS), chance.choice(_SUFFIXES))))
    place = _place(number, name)
    provider = chance.choice(tuple(_MODELS))
    kind = chance.choices(_KINDS, (80, 5, 5, 10))[0]
    findings = tuple(sorted(f"f-{digest(number, part)[:16]}" for part in range(chance.randrange(1, 6))))
    return AISystem(
        id=f"sys-{digest(place.anchors[0])[:12]}",
        anchors=place.anchors,
        name=name.replace(" ", "-"),
        kind=kind,
        sources=(place.source,),
        findings=findings,
        facts=_facts(place, chance, findings),
        techniques=(chance.choice(tuple(Technique)),),
        providers=(provider,),
        models=(chance.choice(_MODELS[provider]),),
        owner=f"@acme/team-{chance.randrange(TEAMS)}",
        confidence=0.9,
        first_seen="2026-03-01T03:00:00Z",
        last_seen="2026-11-22T03:00:00Z",
    )


def _place(number: int, name: str) -> _Place:
    nth, share = divmod(number, 100)
    start = 0
    for size, crowd, sort in _SOURCES_OF:
        if share < start + size:
            return _PLACES[sort](nth * size + share - start, crowd, name.replace(" ", "-"))
        start += size
    raise AssertionError("the shares do not make a hundred")


def _in_repository(nth: int, crowd: int, name: str) -> _Place:
    repository = nth // crowd
    source = f"{_HOST}/team-{repository % TEAMS}-app-{repository}"
    anchor = f"{source}#services/{name}-{nth % crowd}"
    return _Place(source, (anchor, f"{source}!pypi/{name}-{nth % crowd}"))


def _in_account(nth: int, crowd: int, name: str) -> _Place:
    account, region = f"{nth // crowd + 100_000_000_000}", _REGIONS[nth % len(_REGIONS)]
    anchor = f"arn:aws:bedrock:{region}:{account}:agent/{name}-{nth % crowd}"
    return _Place(f"account:aws:{account}", (anchor,), region)


def _in_tenant(nth: int, crowd: int, name: str) -> _Place:
    source = f"tenant:okta:acme-{nth // crowd}"
    return _Place(source, (f"{source}/app/0oa{nth:08}", f"product:{name}-{nth % crowd}"))


_PLACES: Final = {"repo": _in_repository, "account": _in_account, "tenant": _in_tenant}


def _facts(place: _Place, chance: Random, findings: tuple[str, ...]) -> dict[str, tuple[Fact, ...]]:
    stated: dict[str, FactValue] = {"deployed": chance.random() < 0.7}
    tagged: dict[str, FactValue] = {}
    if place.region:
        stated["regions"] = (place.region,)
        tagged["environment"] = (chance.choice(("production", "staging", "development")),)
    if chance.random() < 0.2:
        tagged["personal_data"] = chance.random() < 0.5
    seen = {name: (Fact(name, value, Origin.OBSERVED, findings[:1]),) for name, value in stated.items()}
    return seen | {name: (Fact(name, value, Origin.TAG, ("tag",)),) for name, value in tagged.items()}


def _asked(source: str) -> tuple[Coverage, ...]:
    chance = Random(source)
    if source.startswith("account:"):
        services = ("bedrock", "sagemaker", "comprehend", "rekognition", "textract", "lex")
        parts = [f"{service}/{region}" for service in services for region in _REGIONS]
        return (Coverage(source, "", Outcome.COMPLETE), *(Coverage(source, part, *_ended(chance)) for part in parts))
    return (
        Coverage(source, "", *_ended(chance)),
        Coverage(source, "vendor", Outcome.SKIPPED, "left out by the settings", {"files": 12}),
    )


def _ended(chance: Random) -> tuple[Outcome, str]:
    roll = chance.random()
    if roll < 0.004:
        return Outcome.DENIED, "access denied; grant read access"
    return (Outcome.NOT_APPLICABLE, "not offered there") if roll < 0.05 else (Outcome.COMPLETE, "")
