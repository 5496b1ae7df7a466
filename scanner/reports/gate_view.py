"""What a gate tells people: sections of items, worded and bounded, without markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifiers.model import Context, Strength, SystemKind
from scanner.reports.command import command_for
from scanner.reports.few import Few, few
from scanner.reports.gate_part import part
from scanner.reports.plain import plain
from scanner.reports.wording import CONTEXT, DECISION, KIND, OUTCOME, ROLE, STATUS, STRENGTH, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifiers.model import Finding
    from connectors.model import Coverage
    from inventory.model import AISystem
    from inventory.verdict import Verdict
    from scanner.gating.result import ChangedFinding, ChangedSystem, GateResult
    from scanner.result import ScanResult

_MOST: Final = 50
_PLACES: Final = 3
_SENTENCE: Final = 600


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is told.

    Attributes:
        title: What it is about.
        says: What is said of it, a line each; what stands between backticks is code.
        places: Where it shows, with words from the source.
        command: The command that answers it, or the empty string.
    """

    title: str
    says: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class GateView:
    """What is told, in the order of urgency.

    Attributes:
        headline: What was compared, and whether it asks for something.
        sections: Title and items of each section that has any.
    """

    headline: str
    sections: tuple[tuple[str, Few[Item]], ...]


def gate_view(gate: GateResult) -> GateView:
    """A gate as people read it."""
    seen = part(gate)
    findings = {finding.id: finding for finding in seen.findings}
    names = {system.id: plain(system.name) for system in seen.systems}
    fresh = [one for one in gate.findings if not one.known]
    anchors = {one.system.id: one.system.anchors[0] for one in gate.systems if one.was is None}
    sections = (
        (
            "Decisions that this change asks for",
            few(seen.verdicts, _MOST, lambda one: _verdict(one, seen, findings, anchors)),
        ),
        ("Systems added", few(gate.systems, _MOST, lambda one: _system(one, seen.names))),
        ("Added or altered", few(fresh, _MOST, lambda one: _finding(one, names))),
        ("More of what was there", few(_more(gate), _MOST, lambda one: one)),
        ("Documents that govern, altered by this change", few(gate.documents, _MOST, _document)),
        ("Not looked at", few(gate.unseen, _MOST, _unseen)),
    )
    return GateView(_headline(gate), tuple(one for one in sections if one[1].total))


def _headline(gate: GateResult) -> str:
    compared = f"{count(gate.files, 'file differs', 'files differ')} from {plain(gate.base)} ({gate.ancestor[:12]})"
    asking = sum(one.verdict.counted for one in gate.verdicts)
    if asking:
        said = f"the change asks for {count(asking, 'decision')}"
    elif gate.nothing:
        said = "nothing of AI is added or altered"
    else:
        said = "the change asks for no decision"
    return f"{compared}: {said}{', as far as was seen' if gate.incomplete else ''}."


def _verdict(verdict: Verdict, seen: ScanResult, findings: Mapping[str, Finding], new: Mapping[str, str]) -> Item:
    """A verdict; no stored scan has a system that is new, so that no command can name it: its anchor can."""
    shown = [findings[one] for reason in verdict.reasons for one in reason.findings if one in findings]
    if not shown:
        system = next((one for one in seen.systems if one.id == verdict.subject), None)
        shown = [findings[one] for one in (system.findings if system else ()) if one in findings]
    places = sorted({one.id: one for one in shown}.values(), key=lambda one: (one.strength.rank, one.location))[
        :_PLACES
    ]
    suggestion = verdict.suggestion
    suggested = [f"Suggested: {DECISION.get(suggestion.decision, suggestion.decision)}. {suggestion.because}"] if suggestion else []  # fmt: skip
    owner = [f"Likely owner: {verdict.owner}"] if verdict.owner else []
    reasons = (reason.text for reason in verdict.reasons)
    shown_at = tuple(f"at {_place(one)}: {_what(one)}" for one in places)
    uncounted = "" if verdict.counted else " (not counted)"
    title = f"{plain(verdict.name)}: {STATUS[verdict.status].title}{uncounted}"
    anchor = new.get(verdict.subject, "")
    declare = [f"To declare it, write an entry with `bind: {anchor}` in the scope document."] if anchor else []
    says = tuple(plain(line, _SENTENCE) for line in (*reasons, *suggested, *declare, *owner))
    return Item(title, says, shown_at, "" if anchor else command_for(verdict))


def _system(one: ChangedSystem, names: Mapping[str, str]) -> Item:
    system = one.system
    was = f", was: {KIND[one.was]}" if one.was else ""
    uses = (*(names.get(provider, provider) for provider in system.providers), *system.models[:_PLACES])
    title = f"{plain(system.name)}: {KIND[system.kind]}{was}"
    using = f"uses {', '.join(map(plain, uses))}" if uses else ""
    return Item(title, tuple(line for line in (using, _where(system)) if line))


def _where(system: AISystem) -> str:
    if system.kind is SystemKind.DEV_ASSISTANT:
        return ""
    folder = system.anchors[0].partition("#")[2]
    return f"in {plain(folder)}" if folder else ""


def _finding(one: ChangedFinding, names: Mapping[str, str]) -> Item:
    finding = one.finding
    where = f", of {names[one.system]}" if one.system in names else ""
    context = f", in {CONTEXT[finding.context]}" if CONTEXT[finding.context] else ""
    title = f"{_place(finding)}: {_what(finding)}, {STRENGTH[finding.strength]}{context}{where}"
    return Item(title, tuple(f"{_FIELDS[name]} was {_value(name, value)}" for name, value in one.was))


def _more(gate: GateResult) -> list[Item]:
    known = sum(one.known for one in gate.findings)
    return [Item(f"{count(known, 'further place')} of what its system used before")] if known else []


def _document(path: str) -> Item:
    return Item(plain(path), ("The base's was used. It counts once it is merged, and needs a review of its own.",))


def _unseen(gap: Coverage) -> Item:
    files = f" ({count(gap.counts['files'], 'file')})" if gap.counts.get("files") else ""
    return Item(f"{plain(gap.scope) or 'A part of the checkout'}{files}: {OUTCOME[gap.outcome]}", (plain(gap.reason, _SENTENCE),))  # fmt: skip


def _place(finding: Finding) -> str:
    line = f":{finding.location.line}" if finding.location.line else ""
    return f"{plain(finding.location.path)}{line}"


def _what(finding: Finding) -> str:
    return f"{ROLE[finding.role]} {plain(finding.model or finding.name)}"


_FIELDS: Final = {
    "name": "It",
    "context": "Its setting",
    "strength": "What it proves",
    "provider": "Its provider",
    "role": "Its part",
    "system_kind": "What it makes",
}


def _value(field: str, value: str) -> str:
    """A value before the change, in words."""
    if field == "context":
        return CONTEXT[Context(value)] or "production"
    if field == "strength":
        return STRENGTH[Strength(value)]
    if field == "system_kind":
        return KIND[SystemKind(value)]
    return plain(value) or "not known"
