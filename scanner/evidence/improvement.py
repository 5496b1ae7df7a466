"""Component 8: what does not conform, since when, and what people do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.decision import Answer, Identity
from inventory.facts import known_value, show
from inventory.identity import same_person
from inventory.reconcile import DOCUMENT
from inventory.reconcile.world import due, entry_due
from inventory.register.document import FaultKind, NonConformity, Register, Sight, Stage
from inventory.register.file import Rows
from inventory.register.follow import Fault, fields, follow
from inventory.scope.conditions import Truth, evaluate
from inventory.scope.document import EntryStatus
from inventory.verdict import Status
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, said, table
from scanner.evidence.policy import evidence, rule_in_words, rule_of
from scanner.reports.wording import STATUS, count
from scanner.told import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.decision import Event
    from inventory.facts import KnownFacts
    from inventory.model import AISystem
    from inventory.scope.document import Entry
    from inventory.verdict import Reason, Verdict
    from scanner.evidence.ground import Ground
    from scanner.evidence.model import Table

KIND = {
    FaultKind.OVERDUE_DECISION: "Overdue decision",
    FaultKind.EXCLUSION_CONTRADICTED: "Contradicted exclusion",
    FaultKind.POLICY_VIOLATION: "Policy violation",
}
STAGE = {Stage.OPEN: "open", Stage.CORRECTION_OBSERVED: "correction observed", Stage.CLOSED: "closed"}


def section(ground: Ground) -> Section:
    """The non-conformities, with those that this scan adds and that nobody has recorded yet."""
    return Section(components()["improvement"], tuple(_points(ground)), (_records(ground), _history(ground)))


def record(ground: Ground, register: Register) -> Rows:
    """What this scan means for the register: the rows that it adds or adds to."""
    return Rows(nonconformities=[fields(row) for row in _followed(ground, register)])


def present(ground: Ground) -> tuple[NonConformity, ...]:
    """The non-conformities of the register as this scan leaves them, by when they were found."""
    rows = {**ground.register.nonconformities, **{row.id: row for row in _followed(ground, ground.register)}}
    return tuple(sorted(rows.values(), key=lambda row: (row.history[0].on, row.id)))


def _followed(ground: Ground, register: Register) -> tuple[NonConformity, ...]:
    scan, today = ground.session.scanned.scan.id, ground.session.today
    return follow(register, faults(ground), lambda row: _correction(ground, row), scan=scan, today=today)


def faults(ground: Ground) -> tuple[Fault, ...]:
    """What does not conform today, each once."""
    found: dict[tuple[FaultKind, str, str], Fault] = {}
    for one in (one for verdict in ground.session.verdicts for one in _faults(ground, verdict)):
        key = (one.kind, one.subject, one.rule)
        if key in found:
            one = Fault(one.kind, one.subject, one.name, one.rule, f"{found[key].what} {one.what}", one.former)  # noqa: PLW2901
        found[key] = one
    return tuple(found.values())


def _faults(ground: Ground, verdict: Verdict) -> Iterator[Fault]:
    system = ground.system(verdict.subject)
    former = system.aliases if system else ()
    for reason in verdict.reasons:
        kind = _kind(ground, reason, verdict)
        if kind is None:
            continue
        places = evidence(ground, reason)
        what = said(f"{reason.text} Evidence: {'; '.join(places[:3])}." if places else reason.text)
        if kind is FaultKind.OVERDUE_DECISION and (entry_id := _entry_reviewed(reason.rule)):
            # The review of an entry is about the entry, whether a system shows it today or not.
            yield Fault(kind, entry_id, verdict.name, reason.rule, what)
        else:
            yield Fault(kind, verdict.subject, verdict.name, _rule(ground, reason), what, former)


def _entry_reviewed(rule: str) -> str:
    """The entry whose review a rule is about, or the empty string."""
    is_review = rule.startswith("entries.") and rule.endswith(".review_due")
    return rule.removeprefix("entries.").removesuffix(".review_due") if is_review else ""


def _kind(ground: Ground, reason: Reason, verdict: Verdict) -> FaultKind | None:
    """What does not conform, where a reason says that something does not."""
    if reason.status is Status.EXCLUSION_CONTRADICTED:
        return FaultKind.EXCLUSION_CONTRADICTED
    if reason.status is Status.POLICY_BROKEN:
        return FaultKind.POLICY_VIOLATION
    overdue = reason.status is Status.REVIEW_DUE and not reason.rule.startswith("records[")
    deferred = reason.status is Status.UNDECLARED and _deferral_ended(ground, verdict.subject)
    return FaultKind.OVERDUE_DECISION if overdue or deferred else None


def _rule(ground: Ground, reason: Reason) -> str:
    """What says that something does not conform, in words that no edit elsewhere in the scope document changes."""
    if reason.status is Status.POLICY_BROKEN:
        return rule_in_words(rule_of(ground, reason))
    return "ledger.deferral" if reason.status is Status.UNDECLARED else reason.rule.partition(".conditions")[0]


def _deferral_ended(ground: Ground, subject: str) -> bool:
    system = ground.system(subject)
    events = ground.session.decisions.on_system(system) if system else ()
    return any(_is_over(event, ground) for event in events)


def _is_over(event: Event, ground: Ground) -> bool:
    end = due(event, ground.session.review)
    return event.answer is Answer.DEFER and end is not None and end < ground.session.today


def _correction(ground: Ground, row: NonConformity) -> str:
    """What shows that something conforms again; empty where nothing can vouch for it."""
    shown = _reviewed(ground, row) if row.kind is FaultKind.OVERDUE_DECISION else _mended(ground, row)
    return f"{ground.session.scanned.scan.id}, judged on {ground.session.today}: {shown}" if shown else ""


def _reviewed(ground: Ground, row: NonConformity) -> str:
    """What shows that a decision is not overdue any more: a later date or decision, and never that nothing shows it."""
    if row.subject == DOCUMENT:
        return "the review of the scope document is not overdue any more."
    entry = ground.entry(row.subject)
    if entry is None and _entry_reviewed(row.rule):
        return f"entry `{row.subject}` is no longer in the scope document."
    decisions = ground.session.decisions
    by_system = ground.session.declared.decisions.by_system
    events = decisions.on_entry(entry.id) if entry else by_system.get(row.subject, ())
    latest = events[-1] if events else None
    review = ground.session.review
    end = entry_due(entry, decisions, review) if entry else due(latest, review) if latest else None
    if end is None or end < ground.session.today:
        return ""
    by = f" Last decided by {latest.by.name}, {latest.at[:10]}, event {latest.id[:SHOWN]}." if latest else ""
    return f"the next review is on {end}.{by}"


def _mended(ground: Ground, row: NonConformity) -> str:
    """What shows that an exclusion or a rule of the policy is kept again."""
    system = ground.system(row.subject)
    if system is None:
        anchors = {anchor for event in ground.ledger.order if event.subject == row.subject for anchor in event.anchors}
        seen = not ground.seen.gaps(sorted(anchors))
        return "every source that would show it was covered, and it is not there." if seen else ""
    view = ground.session.view(system.id)
    if row.kind is FaultKind.EXCLUSION_CONTRADICTED:
        excluded = [entry for entry in view.entries if entry.status is EntryStatus.EXCLUDED]
        holding = _holding(excluded, view.known)
        return "" if holding is None else holding or _standing(ground, system.id)
    if row.rule not in map(rule_in_words, ground.scope.policy):
        return "the scope document no longer has the rule."
    return f"all its sources were covered, and nothing breaks the rule. {_in_use(system)}" if view.known.covered else ""


def _holding(excluded: list[Entry], known: KnownFacts) -> str | None:
    """The conditions of its exclusions, which all hold; none where that is not known; empty where it is not excluded."""
    judged = [evaluate(condition, known) for entry in excluded for condition in entry.conditions]
    if any(one.truth is not Truth.HOLDS for one in judged):
        return None
    return "; ".join(one.text for one in judged)


def _in_use(system: AISystem) -> str:
    facts = {name: known_value(system.facts.get(name, ())) for name in ("uses", "features")}
    used = {"providers": system.providers, "models": system.models, **facts}
    return " ".join(f"{name.capitalize()} now: {show(value)}." for name, value in used.items() if value)


def _standing(ground: Ground, subject: str) -> str:
    verdict = ground.verdicts.get(subject)
    return f"{STATUS[verdict.status].title}. {verdict.reasons[0].text}" if verdict else ""


def _points(ground: Ground) -> Iterator[Point]:
    rows = present(ground)
    stages = [row.stage for row in rows]
    unrecorded = [row for row in rows if row.id not in ground.register.nonconformities]
    if opened := stages.count(Stage.OPEN):
        yield Point(f"{count(opened, 'non-conformity is', 'non-conformities are')} open.", open=True)
    if corrected := stages.count(Stage.CORRECTION_OBSERVED):
        yield Point(
            f"Of {count(corrected, 'non-conformity', 'non-conformities')} a scan shows the correction; a named person closes them after reviewing the effect.",
            open=True,
        )
    if unrecorded:
        yield Point(
            f"{count(len(unrecorded), 'non-conformity is', 'non-conformities are')} not in the register yet: `aimscope evidence --record` adds them.",
            open=True,
        )
    if late := [row.id for row in rows if row.stage is not Stage.CLOSED and row.due and row.due < ground.session.today]:
        yield Point(f"Corrective action overdue: {', '.join(late)}.", open=True)
    if own := [row.id for row in rows if _closed_by_the_doer(row)]:
        yield Point(f"Closed by who carried out the action: {', '.join(own)}.", open=True)
    if not rows:
        yield Point("No non-conformity was found, and none is on record.")


def _closed_by_the_doer(row: NonConformity) -> bool:
    return bool(row.closed_by and row.responsible) and same_person(
        Identity(row.closed_by or ""), Identity(row.responsible or "")
    )


def _records(ground: Ground) -> Table:
    headings = {
        "id": "Id", "kind": "What", "subject": "Subject", "name": "Name", "stage": "State", "found_on": "Found on",
        "what": "What was found", "cause": "Cause", "corrective_action": "Corrective action", "responsible": "Responsible",
        "due": "Due", "correction": "Correction observed", "effectiveness": "Effect of the action",
        "closed_by": "Closed by", "closed_on": "Closed on", "recorded": "In the register",
    }  # fmt: skip
    rows = []
    for row in present(ground):
        last = row.history[-1]
        rows.append((
            row.id, KIND[row.kind], row.subject, row.name, STAGE[row.stage], row.history[0].on, row.history[0].what,
            row.cause, row.corrective_action, row.responsible, row.due,
            f"{last.on}: {last.what}" if last.shows is Sight.CORRECTION_OBSERVED else "", row.effectiveness,
            row.closed_by, row.closed_on, row.id in ground.register.nonconformities,
        ))  # fmt: skip
    return table("nonconformities", "Non-conformities", headings, rows, "No non-conformity is on record.")


def _history(ground: Ground) -> Table:
    headings = {"id": "Id", "on": "On", "scan": "Scan", "shows": "Shows", "what": "What"}
    rows = [
        (row.id, one.on, one.scan, one.shows.replace("_", " "), one.what)
        for row in present(ground)
        for one in row.history
    ]
    return table("history", "What scans have shown of them", headings, rows, "No scan has shown one.")
