"""Small systems, documents and ledgers for the tests of the reconciler."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.decision import Answer, Event, EventKind, Identity
from inventory.decision_state import DecisionState
from inventory.model import AISystem, Fact, Origin
from inventory.reconcile import reconcile
from inventory.scope.document import ScopeDocument
from inventory.verdict import Status, Verdict

REPO = "repo:github.com/acme/shop"
CHAT = f"{REPO}#services/chat"
TODAY = date(2027, 6, 1)
CATALOG = "c" * 64
SEEN = (Coverage(REPO, "", Outcome.COMPLETE),)


def system(
    anchor: str = CHAT,
    *facts: Fact,
    kind: SystemKind = SystemKind.AI_SYSTEM,
    aliases: tuple[str, ...] = (),
    findings: tuple[str, ...] = ("f1",),
    models: tuple[str, ...] = (),
    providers: tuple[str, ...] = (),
    name: str = "Chat",
    owner: str = "",
) -> AISystem:
    by_name: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_name[fact.name].append(fact)
    return AISystem(
        id=f"id-of-{anchor}",
        anchors=(anchor,),
        name=name,
        kind=kind,
        sources=(anchor.partition("#")[0],),
        findings=findings,
        facts={key: tuple(values) for key, values in by_name.items()},
        aliases=aliases,
        models=models,
        providers=providers,
        owner=owner,
    )


def fact(name: str, value: Any, origin: Origin = Origin.OBSERVED, *evidence: str) -> Fact:
    return Fact(name, value, origin, evidence or ("f1",))


def entry(status: str = "in_scope", bind: str | list[str] = CHAT, **fields: Any) -> dict[str, Any]:
    because = {"justification": "Not ours."} if status == "excluded" else {}
    return {"id": "chat", "status": status, "bind": bind, **because, **fields}


def scope(*entries: dict[str, Any], **sections: Any) -> ScopeDocument:
    return ScopeDocument.model_validate({"entries": list(entries), **sections})


def event(answer: Answer = Answer.IN, subject: str = CHAT, **fields: Any) -> Event:
    given = {
        "kind": EventKind.APPROVED,
        "subject": f"id-of-{subject}",
        "anchors": (subject,),
        "because": "Said so.",
        "by": Identity("jane@acme.example"),
        "at": "2027-01-10T09:00:00Z",
        "entry": "chat",
        "id": f"{answer}-{subject}",
    }
    return Event(answer=answer, **{**given, **fields})


def ledger(*events: Event, pending: tuple[Event, ...] = (), disputed: frozenset[str] = frozenset()) -> DecisionState:
    by_system: dict[str, list[Event]] = defaultdict(list)
    by_anchor: dict[str, list[Event]] = defaultdict(list)
    for one in events:
        by_system[one.subject].append(one)
        for anchor in one.anchors:
            by_anchor[anchor].append(one)
    return DecisionState(
        {key: tuple(found) for key, found in by_system.items()},
        {key: tuple(found) for key, found in by_anchor.items()},
        pending,
        disputed,
    )


def verdicts(
    systems: list[AISystem],
    declared: ScopeDocument | None,
    decided: DecisionState | None = None,
    covered: tuple[Coverage, ...] = SEEN,
    attested: tuple[Any, ...] = (),
) -> tuple[Verdict, ...]:
    return reconcile(
        systems, declared, decided or DecisionState(), covered, attested, today=TODAY, catalog_hash=CATALOG
    )


def only(found: tuple[Verdict, ...]) -> Verdict:
    (verdict,) = found
    return verdict


def statuses(verdict: Verdict) -> list[Status]:
    return [reason.status for reason in verdict.reasons]
