"""The chain behind a system or an entry as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.facts import FACTS, show
from inventory.scope.conditions import Truth
from scanner.reports.coverage_view import short
from scanner.reports.plain import plain
from scanner.reports.wording import CONTEXT, DECISION, KIND, ROLE, STATUS, STRENGTH, count
from scanner.told import SHOWN, decided_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from classifiers.model import Finding
    from inventory.facts import FactDefinition
    from inventory.model import AISystem, Fact
    from inventory.reconcile.world import SystemView
    from inventory.verdict import Verdict
    from scanner.explanation import Explanation, TestedEntry, ToldEvent

Section = tuple[str, list[str]]
"""A heading and its lines."""

_FINDINGS: Final = 40
"""So many findings a person may want to read; `--format json` tells all."""
_PLACES: Final = 3
_SENTENCE: Final = 600
_SAID_ABOVE: Final = frozenset({"anchors", "kind"})
_OUTCOME: Final = {Truth.HOLDS: "holds", Truth.BROKEN: "broken", Truth.NOT_KNOWN: "not known"}


def sections(explanation: Explanation, names: Mapping[str, str]) -> Iterator[Section]:
    """The chain, section by section; sections without lines are left out. Everything in it is safe to print.

    Args:
        explanation: The chain.
        names: Catalog id to name.
    """
    parts: list[tuple[str, Iterable[str]]] = [("Verdict", _verdict(explanation.verdict))]
    if explanation.system and explanation.view:
        system, places = explanation.system, {one.id: _place(one) for one in explanation.findings}
        parts += [
            (f"{plain(system.name)} is {system.id}", _system(system, names)),
            (f"Why it counts as: {KIND[system.kind]}", _evidence(explanation.findings)),
            ("What makes it one system", (f"{plain(one.what)}: {plain(one.because)}" for one in system.joins)),
            ("Facts", _facts(explanation.view, places)),
            ("Attested", _attested(explanation.view)),
        ]
    parts += [
        ("Declared", (line for tested in explanation.entries for line in _entry(tested))),
        ("Binds", (f"{plain(system.id)} {plain(system.name)}" for system in explanation.bound)),
        ("Decided", map(_event, explanation.events)),
        ("Open questions", _questions(explanation.verdict)),
    ]
    for heading, lines in parts:
        if written := list(lines):
            yield heading, written


def _verdict(verdict: Verdict | None) -> Iterator[str]:
    if verdict is None:
        yield "none: no scope document, ledger or attestation says anything about it"
        return
    yield f"{STATUS[verdict.status].title} ({verdict.status}). {STATUS[verdict.status].meaning}"
    for reason in verdict.reasons:
        rule = f" [{plain(reason.rule)}]" if reason.rule else ""
        yield f"- {plain(reason.text, _SENTENCE)}{rule}"
    if suggestion := verdict.suggestion:
        decision = DECISION.get(suggestion.decision, plain(suggestion.decision))
        yield f"Suggested: {decision}. {plain(suggestion.because, _SENTENCE)}"
    if verdict.owner:
        yield f"Likely owner: {plain(verdict.owner)}"


def _system(system: AISystem, names: Mapping[str, str]) -> Iterator[str]:
    yield from (f"anchor: {plain(anchor)}" for anchor in system.anchors)
    yield from (f"also known as: {plain(alias)}" for alias in system.aliases)
    if system.providers:
        yield f"providers: {', '.join(plain(names.get(one, one)) for one in system.providers)}"
    if system.models:
        yield f"models: {', '.join(map(plain, system.models))}"
    if system.first_seen:
        yield f"first seen {plain(system.first_seen)}, last seen {plain(system.last_seen)}"


def _evidence(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings[:_FINDINGS]:
        context = CONTEXT[finding.context]
        what = f"{ROLE[finding.role]} {plain(finding.model or finding.name)}"
        yield f"{STRENGTH[finding.strength]}: {what} at {_place(finding)}{f', {context}' if context else ''} [{finding.rule}]"
        if finding.snippet:
            yield f"    {plain(finding.snippet)}"
    if len(findings) > _FINDINGS:
        yield f"and {count(len(findings) - _FINDINGS, 'weaker finding')}; --format json tells all"


def _place(finding: Finding) -> str:
    place = finding.location
    path = plain(place.path) + (f":{place.line}" if place.line else "")
    return f"{short(place.source)} {path}".strip()


def _facts(view: SystemView, places: Mapping[str, str]) -> Iterator[str]:
    for name, stated in sorted(view.known.facts.items()):
        if name in _SAID_ABOVE:
            continue
        yield from (f"{plain(name)}: {plain(show(fact.value))} ({_origin(fact, places)})" for fact in stated)
    unknown = [row.name for row in FACTS if _wanted(row, view) and not view.known.of(row.name)]
    if unknown:
        yield f"not known: {', '.join(unknown)}"
    yield from (f"not covered: {plain(gap, _SENTENCE)}" for gap in view.known.gaps)


def _wanted(row: FactDefinition, view: SystemView) -> bool:
    """Whether it is worth saying that a fact is not known: a decision rests on it, and somebody or a source could tell."""
    could_tell = row.question or row.shown_by - {"tenant"} or row.observable(view.known.sources)
    return bool(row.material and row.significant and could_tell)


def _attested(view: SystemView) -> Iterator[str]:
    """What people vouch for: who, in which role, when, what they have seen, and until when."""
    for stands, attestations in (("in force", view.attested), ("expired", view.expired)):
        for one in attestations:
            soon = ", expires soon" if one in view.ending else ""
            yield f"{stands}{soon}: {plain(one.claim)}"
            yield f"    by {plain(one.by)} ({plain(one.role)}) on {one.date}, until {one.expires}"
            yield f"    seen: {plain(one.seen, _SENTENCE)} [{plain(one.place)}]"


def _origin(fact: Fact, places: Mapping[str, str]) -> str:
    shown = list(dict.fromkeys(places.get(one, plain(one)) for one in fact.evidence))
    more = f" and {len(shown) - _PLACES} more" if len(shown) > _PLACES else ""
    return f"{fact.origin}: {'; '.join(shown[:_PLACES])}{more}" if shown else fact.origin.value


def _entry(tested: TestedEntry) -> Iterator[str]:
    entry = tested.entry
    owner = f", owner {plain(entry.owner)}" if entry.owner else ""
    due = f", review due {entry.review_due}" if entry.review_due else ""
    yield f"entry {plain(entry.id)} ({plain(entry.title)}): {entry.status.replace('_', ' ')}{owner}{due}"
    if entry.justification:
        yield f"    because: {plain(entry.justification, _SENTENCE)}"
    yield from (f"    binds: {plain(anchor)}" for anchor in entry.bind)
    for text, judgement in tested.conditions:
        if judgement is None:
            yield f"    condition {plain(text)}: no one system to test it on"
        else:
            yield f"    condition {_OUTCOME[judgement.truth]}: {plain(judgement.text, _SENTENCE)}"


def _event(told: ToldEvent) -> str:
    event = told.event
    stands = f" [{told.stands}]" if told.stands else ""
    until = f", until {event.until}" if event.until else ""
    because = f": {plain(event.because, _SENTENCE)}" if event.because else ""
    by = decided_by(event)
    return f"{event.at} {event.kind} {event.answer} by {by}{until}{stands}, event {event.id[:SHOWN]}{because}"


def _questions(verdict: Verdict | None) -> Iterator[str]:
    yield from (plain(question, _SENTENCE) for question in (verdict.questions if verdict else ()))
