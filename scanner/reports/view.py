"""What every report for people shows: how a scan becomes groups, tallies and rows that are no longer than wanted.

Text from a source has been through `plain` once when it gets into a view; escaping it for a format is left to the format.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from classifiers.model import SystemKind
from inventory.verdict import Status, SubjectKind
from scanner.reports.changes_view import changes_view
from scanner.reports.command import command_for
from scanner.reports.coverage_view import coverage_view, short
from scanner.reports.few import Few, few
from scanner.reports.model import (
    USUAL,
    Bounds,
    DecisionView,
    EntryView,
    Evidence,
    Group,
    ReportView,
    StatusTally,
    SystemView,
    Tally,
)
from scanner.reports.plain import plain
from scanner.reports.wording import CONTEXT, DECISION, KIND, ROLE, STATUS, STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from classifiers.model import Finding
    from inventory.model import AISystem
    from inventory.verdict import Verdict
    from scanner.result import ScanResult


def view(result: ScanResult, bounds: Bounds = USUAL) -> ReportView:
    """A scan as people read it, no longer than the bounds."""
    return _Builder(result, bounds).build()


_NO_KIND: Final = {
    SubjectKind.ENTRY: "Declared entry",
    SubjectKind.DOCUMENT: "Scope document",
    SubjectKind.ATTESTATION: "Attestation",
}


class _Builder:
    def __init__(self, result: ScanResult, bounds: Bounds) -> None:
        self._result = result
        self._bounds = bounds
        self._alone = len(result.scan.sources) == 1
        self._findings = {finding.id: finding for finding in result.findings}
        self._systems = {system.id: system for system in result.systems}
        self._verdicts = {one.subject: one for one in result.verdicts if one.subject_kind is SubjectKind.SYSTEM}
        self._queue = [verdict for verdict in result.verdicts if verdict.asks and verdict.counted]
        self._numbers = {
            verdict.subject: number
            for number, verdict in enumerate(self._queue[: bounds.rows], 1)
            if verdict.subject_kind is SubjectKind.SYSTEM
        }

    def build(self) -> ReportView:
        result = self._result
        of_kind = defaultdict(list)
        for system in result.systems:
            of_kind[self._shelf(system)].append(system)
        counted = of_kind[SystemKind.AI_SYSTEM]
        return ReportView(
            scan=result.scan,
            organisation=plain(result.scan.organisation, _TITLE),
            declared=bool(result.scan.scope),
            coverage=coverage_view(result, self._bounds.rows),
            asks=len(self._queue),
            statuses=_statuses(result.verdicts),
            groups=self._groups(),
            systems=self._rows(counted),
            candidates=self._rows(of_kind[SystemKind.CANDIDATE]),
            assistants=self._rows(of_kind[SystemKind.DEV_ASSISTANT]),
            dismissed=self._rows(of_kind[SystemKind.NOT_AI]),
            entries=self._entries(),
            providers=_tally(_named(system.providers, result.names) for system in counted),
            techniques=_tally([technique.value for technique in system.techniques] for system in counted),
            changes=changes_view(result.changes, self._bounds.rows),
            holding_ai=len({source for system in counted for source in system.sources}),
        )

    def _shelf(self, system: AISystem) -> SystemKind:
        """The list that a system stands in: what counts as AI is one list, and what a person has dismissed is no AI."""
        verdict = self._verdicts.get(system.id)
        if verdict and verdict.status is Status.DISMISSED:
            return SystemKind.NOT_AI
        return SystemKind.AI_SYSTEM if system.kind.holds_ai else system.kind

    def _groups(self) -> tuple[Group, ...]:
        totals = Counter(verdict.status for verdict in self._queue)
        groups: defaultdict[Status, list[DecisionView]] = defaultdict(list)
        for number, verdict in enumerate(self._queue[: self._bounds.rows], 1):
            groups[verdict.status].append(self._decision(number, verdict))
        return tuple(
            Group(status, STATUS[status], Few(tuple(groups[status]), totals[status] - len(groups[status])))
            for status in Status
            if totals[status]
        )

    def _decision(self, number: int, verdict: Verdict) -> DecisionView:
        system = self._systems.get(verdict.subject) if verdict.subject_kind is SubjectKind.SYSTEM else None
        speaking = [found for reason in verdict.reasons if reason.status is verdict.status for found in reason.findings]
        suggestion = verdict.suggestion
        return DecisionView(
            number=number,
            subject=plain(verdict.subject),
            name=plain(verdict.name),
            what=KIND[system.kind] if system else _NO_KIND.get(verdict.subject_kind, "System"),
            where=_where(system, alone=self._alone) if system else (),
            uses=self._uses(system) if system else (),
            reasons=tuple(plain(reason.text, _SENTENCE) for reason in verdict.reasons),
            suggestion=DECISION.get(suggestion.decision, plain(suggestion.decision)) if suggestion else "",
            because=plain(suggestion.because, _SENTENCE) if suggestion else "",
            owner=plain(verdict.owner),
            questions=tuple(plain(question, _SENTENCE) for question in verdict.questions),
            command=command_for(verdict),
            proof=self._proof(speaking, system.findings if system else ()),
        )

    def _uses(self, system: AISystem) -> tuple[str, ...]:
        return (*_named(system.providers, self._result.names), *(plain(model) for model in system.models[:_FEW]))

    def _rows(self, systems: Sequence[AISystem]) -> Few[SystemView]:
        """Systems, those that ask first, then by name."""
        ranked = sorted(systems, key=lambda system: (self._rank(system), system.name.casefold(), system.id))
        return few(ranked, self._bounds.rows, self._system)

    def _rank(self, system: AISystem) -> int:
        verdict = self._verdicts.get(system.id)
        return verdict.status.rank if verdict else len(Status)

    def _system(self, system: AISystem) -> SystemView:
        verdict = self._verdicts.get(system.id)
        decision = self._numbers.get(system.id, 0)
        return SystemView(
            id=plain(system.id),
            name=plain(system.name),
            kind=KIND[system.kind],
            providers=_named(system.providers, self._result.names),
            models=tuple(plain(model) for model in system.models[:_MANY]),
            techniques=tuple(technique.value for technique in system.techniques),
            where=_where(system, alone=self._alone),
            owner=plain((verdict and verdict.owner) or system.owner),
            status=verdict.status if verdict else None,
            words=STATUS[verdict.status] if verdict else None,
            reason=plain(verdict.reasons[0].text, _SENTENCE) if verdict and verdict.reasons else "",
            command=command_for(verdict) if verdict and verdict.asks else "",
            decision=decision,
            first_seen=plain(system.first_seen)[:10],
            # A system in the queue shows its evidence there, once.
            proof=Few(more=len(system.findings)) if decision else self._proof((), system.findings),
        )

    def _proof(self, speaking: Sequence[str], others: Sequence[str]) -> Few[Evidence]:
        """The findings that speak for a reason, then the others; strongest first, and repeats of one thing last."""
        first = {finding.id: finding for finding in (*self._strongest(speaking), *self._strongest(others))}
        different = {(finding.role, finding.model or finding.name): finding for finding in reversed(first.values())}
        kept = {finding.id for finding in different.values()}
        shown = sorted(first.values(), key=lambda finding: finding.id not in kept)[: self._bounds.evidence]
        several = len({finding.location.source for finding in shown}) > 1
        return Few(tuple(_evidence(finding, several=several) for finding in shown), len(first) - len(shown))

    def _strongest(self, ids: Iterable[str]) -> list[Finding]:
        return sorted((self._findings[one] for one in ids if one in self._findings), key=_weight)

    def _entries(self) -> Few[EntryView]:
        """Entries that a verdict names, in the order of the verdicts."""
        of_entry: defaultdict[str, list[Verdict]] = defaultdict(list)
        for verdict in self._result.verdicts:
            if verdict.entry:
                of_entry[verdict.entry].append(verdict)
        return few(list(of_entry.values()), self._bounds.rows, _entry)


_SENTENCE: Final = 600
_TITLE: Final = 80
_FEW: Final = 3
_MANY: Final = 12


def _entry(verdicts: Sequence[Verdict]) -> EntryView:
    """An entry as the verdicts on it say; the most urgent of them says how it stands."""
    worst = min(verdicts, key=lambda verdict: verdict.status.rank)
    shown_by = tuple(plain(one.name) for one in verdicts if one.subject_kind is SubjectKind.SYSTEM)
    owner = next((verdict.owner for verdict in verdicts if verdict.owner), "")
    return EntryView(plain(worst.entry), worst.status, STATUS[worst.status], shown_by, plain(owner))


def _weight(finding: Finding) -> tuple[object, ...]:
    return (finding.strength.rank, bool(CONTEXT[finding.context]), -finding.confidence, finding.location, finding.id)


def _evidence(finding: Finding, *, several: bool) -> Evidence:
    place = finding.location
    path = plain(place.path) + (f":{place.line}" if place.line else "")
    return Evidence(
        what=f"{ROLE[finding.role]} {plain(finding.model or finding.name)}",
        source=short(place.source) if several and path else "",
        where=path or short(place.source),
        strength=STRENGTH[finding.strength],
        context=CONTEXT[finding.context],
        snippet=plain(finding.snippet),
        times=finding.observation.occurrences,
    )


def _where(system: AISystem, *, alone: bool) -> tuple[str, ...]:
    """The folder of a repository that a system was named after; else its sources, the first few.

    Where one source alone was scanned, the folder says it.
    """
    if len(system.sources) > 1:
        named = [short(source) for source in system.sources[:_FEW]]
        more = len(system.sources) - len(named)
        return (*named, f"and {more:,} more") if more else tuple(named)
    anchor = next((anchor for anchor in system.anchors if anchor.startswith(system.sources)), "").partition("!")[0]
    folder = anchor.partition("#")[2]
    if alone and folder:
        return (plain(folder),)
    return (short(anchor),) if anchor else tuple(map(short, system.sources))


def _named(ids: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted((plain(names.get(one, one)) for one in ids), key=str.casefold))


def _tally(groups: Iterable[Iterable[str]]) -> tuple[Tally, ...]:
    tallied = Counter(name for group in groups for name in set(group))
    return tuple(Tally(name, number) for name, number in sorted(tallied.items(), key=lambda one: (-one[1], one[0])))


def _statuses(verdicts: Iterable[Verdict]) -> tuple[StatusTally, ...]:
    totals = Counter(verdict.status for verdict in verdicts if verdict.counted)
    return tuple(StatusTally(status, STATUS[status], totals[status]) for status in Status if totals[status])
