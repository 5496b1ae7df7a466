"""A session in which every text that can come from somebody else is an attack."""

from __future__ import annotations

from datetime import date

from inventory.decision import Answer, EventKind, Identity
from inventory.ledger import History, RecordedEvent, seal, standing
from inventory.scope.document import ScopeDocument, scope_hash
from inventory.scope.load import LoadedScope
from inventory.yaml_file import parse_yaml
from scanner.session import Session
from scanner.workspace import Declared
from tests.scanner.report_result import HOSTILE, hostile_result

TODAY = date(2026, 11, 16)
ATTACKS = tuple(text.encode(errors="replace").decode() for text in HOSTILE)
"""What a file in UTF-8 can hold of them: scope document and ledger are such files."""

IDS = tuple("".join(text.split()) for text in ATTACKS)
"""Ids may not hold spaces, and everything else."""


def hostile_scope() -> ScopeDocument:
    """A scope document that somebody else wrote."""
    entries = [
        {
            "id": name,
            "name": text,
            "status": status,
            "owner": text,
            "purpose": text,
            "bind": f"repo:{text}",
            "justification": text,
            "conditions": [{"fact": "models", "op": "only", "value": [text]}],
        }
        for number, (name, text) in enumerate(zip(IDS, ATTACKS, strict=True))
        for status in [("in_scope", "excluded", "decommissioned")[number % 3]]
    ]
    return ScopeDocument.model_validate(
        {
            "document": dict.fromkeys(("version", "organisation", "owner", "sponsor", "approved_by"), ATTACKS[0])
            | {
                "statement": "\n\n".join(ATTACKS), "ledger_head": list(ATTACKS), "activities": list(ATTACKS),
                "context": {"text": "\n\n".join(ATTACKS), "internal": list(ATTACKS), "external": list(ATTACKS)},
                "interested_parties": [{"party": text, "requirements": [text], "addressed": text} for text in ATTACKS],
                "interfaces": [
                    {"outside": text, "what": text, "entries": [name], "reference": text}
                    for name, text in zip(IDS, ATTACKS, strict=True)
                ],
            },
            "review": {"owners": list(ATTACKS)},
            "boundaries": [
                {"id": name, "entity": text, "unit": text, "geography": [text], "match": {"repositories": [text], "tags": {text: text}}}
                for name, text in zip(IDS, ATTACKS, strict=True)
            ],
            "entries": entries,
            "policy": [{"forbid": {"provider": text}, "because": text} for text in ATTACKS],
            "records": [
                {"component": text, "kind": text, "title": text, "reference": text, "approved_by": text} for text in ATTACKS
            ],
        }
    )  # fmt: skip


def hostile_ledger() -> History:
    """Events of somebody who writes what they like."""
    return History(
        seal(
            RecordedEvent(
                kind=EventKind.PROPOSED,
                subject=text,
                anchors=(f"repo:{text}",),
                answer=Answer.OUT,
                because=text,
                by=Identity(text),
                at="2026-11-01T10:00:00Z",
                entry=name,
            )
        )
        for name, text in zip(IDS, ATTACKS, strict=True)
    )


def hostile_session() -> tuple[Session, History]:
    """A session, and its ledger."""
    scope, ledger = hostile_scope(), hostile_ledger()
    loaded = LoadedScope(scope, parse_yaml(b"{}", "aims-scope.yaml"), scope_hash(scope))
    return Session(hostile_result(), Declared(loaded, standing(ledger).state, ()), TODAY), ledger
