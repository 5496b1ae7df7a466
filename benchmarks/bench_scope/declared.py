"""What the made-up organisation has declared and decided about its estate: scope document, ledger, attestations."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks.bench_scope.estate import CATALOG, TEAMS, TODAY, digest
from inventory.attestation import Attestation
from inventory.decision import Answer, EventKind, Identity
from inventory.decision_state import evidence_hash
from inventory.facts import facts_of, material_values
from inventory.ledger import RecordedEvent, encode, seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inventory.model import AISystem

Entry = dict[str, Any]

_SEED: Final = 27001
_SHARES: Final = {
    "exact": 50, "excluded": 16, "pattern": 10, "ended": 8, "dismissed": 4, "unseen": 6, "unbound": 6,
}  # fmt: skip
"""Of a hundred entries so many: for one system, an exclusion with conditions, for all that a pattern names, declared to
have ended, no AI, for a system that no source shows, imported and not bound to any."""
_PEOPLE: Final = tuple(f"Person {number} <person{number}@acme.example>" for number in range(40))
_CONDITIONS: Final = (
    ({"fact": "deployed", "op": "equals", "value": False},),
    ({"fact": "environment", "op": "none_of", "value": ["production"]}, {"fact": "personal_data", "op": "equals", "value": False}),
    ({"fact": "regions", "op": "only", "value": ["eu-west-1", "eu-central-1"]},),
    ({"fact": "providers", "op": "only", "value": ["openai", "anthropic"]}, {"fact": "users", "op": "at_most", "value": 20}),
)  # fmt: skip
_STATUS: Final = {"excluded": "excluded", "ended": "decommissioned", "dismissed": "not_ai"}
_ANSWERS: Final = {
    "in_scope": Answer.IN,
    "excluded": Answer.OUT,
    "decommissioned": Answer.DECOMMISSIONED,
    "not_ai": Answer.NOT_AI,
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared and decided.

    Attributes:
        document: The text of `aims-scope.yaml`.
        ledger: The lines of `aims-decisions.jsonl`.
        attestations: What people attest.
    """

    document: str
    ledger: bytes
    attestations: tuple[Attestation, ...]


def declare(estate: Sequence[AISystem], entries: int) -> Declared:
    """So many entries about an estate, with two events of the ledger for each that was decided."""
    chance = Random(_SEED)
    chosen = chance.sample(estate, min(entries, len(estate)))
    kinds = chance.choices(tuple(_SHARES), tuple(_SHARES.values()), k=len(chosen))
    made = [
        _entry(number, kind, system, chance) for number, (kind, system) in enumerate(zip(kinds, chosen, strict=True))
    ]
    events = list(_chained(_events(made, chosen, chance)))
    attested = tuple(_attested(system, chance) for system in chosen[: entries // 4])
    return Declared(_document(made), b"".join(map(encode, events)), attested)


def _entry(number: int, kind: str, system: AISystem, chance: Random) -> Entry:
    status = _STATUS.get(kind, "in_scope")
    entry: Entry = {
        "id": f"{system.name}-{number}",
        "name": system.name.replace("-", " ").capitalize(),
        "status": status,
        "owner": system.owner,
        "purpose": f"Helps with {system.name.replace('-', ' ')}; a person looks at the outcome.",
        "role": chance.choice(("develops", "deploys", "uses")),
    }
    if bind := _binding(kind, system, number):
        entry["bind"] = [bind]
    if status == "excluded":
        entry["justification"] = "A pilot of one team, without effect on others."
        entry["conditions"] = list(chance.choice(_CONDITIONS))
    if status in {"in_scope", "excluded"} and kind not in {"unbound", "pattern"}:
        known = material_values(facts_of(system))
        entry["baseline"] = {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}
        entry["review_due"] = str(TODAY + timedelta(days=chance.randrange(-20, 340)))
    return entry


def _binding(kind: str, system: AISystem, number: int) -> str:
    anchor = system.anchors[0]
    if kind == "unbound":
        return ""
    if kind == "unseen":
        return f"{system.sources[0]}#services/retired-{number}" if "#" in anchor else f"{anchor}-retired"
    if kind != "pattern":
        return anchor
    if anchor.startswith("arn:"):
        return f"{anchor.rpartition('/')[0]}/{system.name.partition('-')[0]}-*"
    return f"{system.sources[0]}#services/*" if "#" in anchor else f"{system.sources[0]}/app/*{anchor[-3:]}"


def _events(entries: Sequence[Entry], estate: Sequence[AISystem], chance: Random) -> Iterator[RecordedEvent]:
    """Two events for each entry that somebody decided: a year ago, and since."""
    decided = [(entry, system) for entry, system in zip(entries, estate, strict=True) if "bind" in entry]
    for turn, day in enumerate((TODAY - timedelta(days=400), TODAY - timedelta(days=90))):
        for entry, system in decided:
            yield RecordedEvent(
                kind=EventKind.SUPERSEDED if turn else EventKind.APPROVED,
                subject=system.id,
                anchors=system.anchors,
                answer=_ANSWERS[entry["status"]],
                because=entry.get("justification", "Its output reaches customers."),
                by=Identity(chance.choice(_PEOPLE)),
                at=f"{day}T09:{turn:02}:00Z",
                entry=entry["id"],
                facts=material_values(facts_of(system)),
                catalog=CATALOG,
                evidence=evidence_hash(system),
                until=entry.get("review_due", "") if turn else "",
                declares={name: value for name, value in entry.items() if name != "purpose"},
            )


def _chained(events: Iterator[RecordedEvent]) -> Iterator[RecordedEvent]:
    first: dict[str, str] = {}
    parents: tuple[str, ...] = ()
    for event in events:
        sealed = seal(replace(event, parents=parents, refers=first.get(event.subject, "")))
        first.setdefault(event.subject, sealed.id)
        parents = (sealed.id,)
        yield sealed


def _attested(system: AISystem, chance: Random) -> Attestation:
    made = TODAY - timedelta(days=chance.randrange(10, 500))
    return Attestation(
        system=system.anchors[0],
        fact="personal_data",
        value=chance.random() < 0.3,
        by=f"{digest(system.id)[:6]}@acme.example",
        role="data protection officer",
        date=made,
        seen="the record of processing activities",
        expires=made + timedelta(days=365),
        place="attestations.yaml:1",
    )


_HEAD: Final = """# The declared scope of Acme's AI management system (ISO/IEC 42001, clause 4.3).
document:
  version: "12"
  organisation: Acme
  owner: governance@acme.example
  approved_on: 2026-05-04
  review_due: 2027-05-04

boundaries:
"""
_TAIL: Final = """
rules:
  - when: {environment: production}
    suggest: in_scope
    because: What runs in production belongs to the scope.

policy:
  - forbid: {model: ["deepseek*"]}
    because: Not assessed.
"""


def _document(entries: Sequence[Entry]) -> str:
    teams = (
        f"  - id: team-{team}\n    unit: Team {team}\n    match:\n      repositories: [github.com/acme/team-{team}-*]\n"
        for team in range(TEAMS)
    )
    parts = [_HEAD, *teams]
    parts.append('  - id: clouds\n    match:\n      accounts: ["aws:*"]\n      tenants: ["okta:*"]\n\nentries:\n')
    parts += (_written(entry) for entry in entries)
    return "".join(parts) + _TAIL


def _written(entry: Entry) -> str:
    """An entry as people and `decide` write it, a field a line."""
    lines = [f"{name}: {_scalar(value)}" for name, value in entry.items() if isinstance(value, str)]
    lines += [f"bind:\n      - {anchor}" for anchor in entry.get("bind", ())]
    if "conditions" in entry:
        lines.append("conditions:")
        lines += [
            f"  - {{fact: {one['fact']}, op: {one['op']}, value: {json.dumps(one['value'])}}}"
            for one in entry["conditions"]
        ]
    if "baseline" in entry:
        lines.append("baseline:")
        for name, value in entry["baseline"].items():
            members = "".join(f"\n        - {_scalar(member)}" for member in value) if isinstance(value, list) else ""
            lines.append(f"  {name}:{members}" if members else f"  {name}: {_scalar(value)}")
    return "\n  - " + "\n    ".join(lines) + "\n"


def _scalar(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return json.dumps(text) if text.startswith("@") or ": " in text else text
