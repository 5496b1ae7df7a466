"""Component 2: the scope document and the ledger as they are, the inventory, and every decision with its facts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from inventory.facts import show
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, table
from scanner.evidence.statement import statement_files
from scanner.reports import json_report
from scanner.reports.wording import KIND, STATUS, TONE, Tone, count
from scanner.statement.outline import outline
from scanner.told import SHOWN, decided_by, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.ledger import RecordedEvent
    from scanner.evidence.ground import Ground
    from scanner.evidence.model import Table


def section(ground: Ground, originals: Mapping[str, bytes]) -> Section:
    """The scope.

    Args:
        ground: What the sections are made from.
        originals: The scope document and the ledger, as they are, by the name of the file.
    """
    files = {
        **originals,
        "inventory.json": json_report.render(ground.as_of_today).encode(),
        **statement_files(ground),
    }
    return Section(
        components()["scope"], tuple(_points(ground)), (_entries(ground), _systems(ground), _decisions(ground)), files
    )


_ASKED_FOR: Final = {
    "context": ("context", "internal and external issues"),
    "interested_parties": ("context", "interested parties"),
    "interfaces": ("interfaces", "interfaces with what lies outside the scope"),
}
"""What the scope rests on, by its key in the scope document: the section of the statement that shows it, and its name."""


def _points(ground: Ground) -> Iterator[Point]:
    yield from _missing(ground)
    asking = [verdict for verdict in ground.session.verdicts if verdict.asks and verdict.counted]
    tones = Counter(STATUS[verdict.status].tone for verdict in asking)
    for tone in Tone:
        if tones[tone]:
            yield Point(f"{TONE[tone]}: {count(tones[tone], 'subject')}.", open=True)
    if not asking:
        yield Point("Everything that was found is decided, and nothing contradicts it.")
    yield Point(
        f"{count(len(ground.scope.entries), 'entry', 'entries')} declared, "
        f"{count(len(ground.session.systems), 'system')} observed, {count(len(ground.ledger), 'event')} in the ledger."
    )


def _missing(ground: Ground) -> Iterator[Point]:
    """What the scope rests on that neither the scope document names nor a record holds."""
    rows = {row.id: row for row in outline()}
    kinds = {record.kind for record in ground.scope.records}
    for key, (section, what) in _ASKED_FOR.items():
        row = rows[section]
        if key not in ground.scope.document.model_fields_set and not kinds & set(row.records):
            yield Point(
                f"The scope document names no {what} ({row.clause}). Name them under `document.{key}`.", open=True
            )


def _entries(ground: Ground) -> Table:
    headings = {
        "entry": "Entry", "name": "Name", "status": "Declared", "owner": "Owner", "purpose": "Purpose", "role": "Role",
        "justification": "Justification", "shown_by": "Observed as", "review_due": "Review due",
    }  # fmt: skip
    rows = [
        (
            entry.id, entry.title, entry.status.replace("_", " "), entry.owner, entry.purpose,
            entry.role.value if entry.role else "", entry.justification,
            [system.id for system in ground.session.bound(entry.id)], entry.review_due,
        )
        for entry in ground.scope.entries
    ]  # fmt: skip
    return table("declared", "What is declared", headings, rows, "Nothing is declared.")


def _systems(ground: Ground) -> Table:
    headings = {
        "system": "System", "name": "Name", "kind": "Kind", "status": "Status", "why": "Why", "owner": "Likely owner",
        "providers": "Providers", "models": "Models", "techniques": "Techniques", "anchors": "Anchors",
        "first_seen": "First seen", "last_seen": "Last seen",
    }  # fmt: skip
    rows = []
    for system in ground.session.systems:
        verdict = ground.verdicts.get(system.id)
        rows.append((
            system.id, system.name, KIND[system.kind], STATUS[verdict.status].title if verdict else "",
            verdict.reasons[0].text if verdict else "", verdict.owner if verdict else system.owner,
            system.providers, system.models, [technique.value for technique in system.techniques], system.anchors,
            system.first_seen, system.last_seen,
        ))  # fmt: skip
    return table("inventory", "What was found", headings, rows, "The scan found no AI.")


def _decisions(ground: Ground) -> Table:
    headings = {
        "event": "Event", "at": "At", "kind": "What", "answer": "Answer", "entry": "Entry", "subject": "System",
        "by": "By", "stands": "Stands", "until": "Until", "because": "Because", "facts": "On these facts",
    }  # fmt: skip
    stands = standings(ground.session.declared.decisions)
    rows = [_decision(event, stands.get(event.id, "")) for event in ground.ledger.order]
    return table("decisions", "Every decision with its facts", headings, rows, "The ledger holds no event.")


def _decision(event: RecordedEvent, stands: str) -> tuple[object, ...]:
    facts = [f"{name}: {show(value)}" for name, value in sorted(event.facts.items())]
    return (
        event.id[:SHOWN], event.at, event.kind.value, event.answer.value, event.entry, event.subject, decided_by(event),
        stands, event.until, event.because, facts,
    )  # fmt: skip
