"""The results of the SARIF report: verdicts that ask for something, and how they stand against the scan before.

Where there is no scope document to hold findings against, the findings themselves are results that ask nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from classifiers.model import Context
from inventory.coverage import CoverageIndex, Place
from inventory.verdict import SubjectKind, Verdict
from scanner.compare import compare
from scanner.reports.plain import plain
from scanner.reports.sarif_rules import LEVELS
from scanner.reports.sarif_text import artifact, bases, message, place
from scanner.reports.wording import DECISION, ROLE, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifiers.model import Finding
    from scanner.reports.sarif_text import Object
    from scanner.result import ScanResult

MOST_LOCATIONS: Final = 100
"""More than anybody reads of one result, and as many as code hosts show."""

_SCOPE_DOCUMENT: Final = "aims-scope.yaml"
"""Where an entry stands, by the usual name: code hosts refuse a log with a result that has no file."""

_CONTEXTS: Final = tuple(Context)


@dataclass(frozen=True, slots=True)
class Result:
    """A result of one scan.

    Attributes:
        about: What it tells of.
        body: The object of the log, without its state.
        evidence: The findings that it points at.
    """

    about: Verdict | Finding
    body: Object
    evidence: tuple[Finding, ...]


class _Absence(Enum):
    """Why a result of the scan before is not there any more."""

    SETTLED = "settled"
    NOT_SEEN = "not_seen"
    NOT_ASKED = "not_asked"


def results(result: ScanResult, previous: ScanResult | None) -> list[Result]:
    """Results in the order of the verdicts; against a scan before with their state, and with those that are gone.

    What could not be seen this time is not gone: it stays as a result that is open.
    """
    sources = result.scan.sources
    current = {_fingerprint(one.body): one for one in _drafts(result, sources)}
    if previous is None:
        return list(current.values())
    before = {_fingerprint(one.body): one for one in _drafts(previous, sources)}
    missing = _Missing(previous, result)
    return [
        *(_with_state(one, before.get(key)) for key, one in current.items()),
        *(gone for key, one in before.items() if key not in current and (gone := missing.result(one))),
    ]


def _drafts(result: ScanResult, sources: Sequence[str]) -> Iterator[Result]:
    drafts = _Drafts(result, bases(sources))
    for verdict in result.verdicts:
        if verdict.asks:
            yield drafts.verdict(verdict)
    if not result.scan.scope:
        for finding in result.findings:
            yield drafts.finding(finding)


class _Drafts:
    def __init__(self, result: ScanResult, base_of: dict[str, str]) -> None:
        self._bases = base_of
        self._findings = {finding.id: finding for finding in result.findings}
        self._systems = {system.id: system for system in result.systems}

    def verdict(self, verdict: Verdict) -> Result:
        words = STATUS[verdict.status]
        evidence = self._evidence(verdict)
        suggestion = verdict.suggestion
        suggested = (
            f"Suggested: {DECISION.get(suggestion.decision, suggestion.decision)}. {suggestion.because}"
            if suggestion
            else ""
        )
        body = {
            "ruleId": verdict.status.value,
            "kind": "fail",
            "level": LEVELS[words.tone] if verdict.counted else "note",
            "message": message(
                f"{words.title}: {verdict.name}.", *(reason.text for reason in verdict.reasons), suggested
            ),
            "locations": [self._shown(finding) for finding in evidence[:MOST_LOCATIONS]] or [_declared(verdict)],
            "partialFingerprints": _prints(verdict.status.value, verdict.subject_kind.value, verdict.subject),
            "properties": {
                "subject": plain(verdict.subject),
                "subjectKind": verdict.subject_kind.value,
                "entry": plain(verdict.entry),
                "owner": plain(verdict.owner),
                "suggestedDecision": suggestion.decision if suggestion else "",
                "questions": [plain(question) for question in verdict.questions],
                "counted": verdict.counted,
                "evidence": len(evidence),
            },
        }
        return Result(verdict, body, evidence)

    def finding(self, finding: Finding) -> Result:
        said = message(f"{ROLE[finding.role]} {finding.name}", finding.snippet)
        body = {
            "ruleId": message(finding.rule)["text"],
            "kind": "informational",
            "level": "none",
            "message": said,
            "locations": [self._shown(finding)],
            "partialFingerprints": _prints(finding.rule, "finding", finding.id),
            "properties": {"context": finding.context.value, "strength": finding.strength.value},
        }
        return Result(finding, body, (finding,))

    def _evidence(self, verdict: Verdict) -> tuple[Finding, ...]:
        """Findings behind the reasons, else all of the system; first what proves most about what runs."""
        ids = {finding for reason in verdict.reasons for finding in reason.findings}
        if not ids and verdict.subject in self._systems:
            ids.update(self._systems[verdict.subject].findings)
        found = [self._findings[finding] for finding in ids if finding in self._findings]
        return tuple(sorted(found, key=_weight))

    def _shown(self, finding: Finding) -> Object:
        said = message(f"{ROLE[finding.role]} {finding.name} ({finding.rule})", finding.snippet)
        return place(finding.location, self._bases, said)


class _Missing:
    """Tells why results of the scan before are missing."""

    def __init__(self, previous: ScanResult, result: ScanResult) -> None:
        changes = compare(previous, result)
        self._unseen = {system.id for system in changes.unseen} if changes else set()
        self._sources = {system.id: system.sources for system in previous.systems}
        self._asked = set(result.scan.sources)
        self._coverage = CoverageIndex(result.coverage)

    def result(self, one: Result) -> Result | None:
        """What to say of it in this scan; none where this scan is not about it."""
        absence = self._absence(one.about)
        if absence is _Absence.NOT_ASKED:
            return None
        if absence is _Absence.SETTLED:
            return Result(one.about, {**one.body, "baselineState": "absent"}, one.evidence)
        said = message("Not seen this time: what would show it was not fully covered.")["text"]
        body = {
            **one.body,
            "kind": "open",
            "level": "none",
            "message": {"text": f"{one.body['message']['text']}\n{said}"},
            "baselineState": "unchanged",
        }
        return Result(one.about, body, one.evidence)

    def _absence(self, about: Verdict | Finding) -> _Absence:
        if not isinstance(about, Verdict):
            place = Place(about.location.source, about.location.path)
            return self._of_sources((about.location.source,), unseen=not self._coverage.fully(place))
        if about.subject_kind is not SubjectKind.SYSTEM:
            return _Absence.SETTLED
        return self._of_sources(self._sources.get(about.subject, ()), unseen=about.subject in self._unseen)

    def _of_sources(self, sources: Sequence[str], *, unseen: bool) -> _Absence:
        if self._asked.isdisjoint(sources):
            return _Absence.NOT_ASKED
        return _Absence.NOT_SEEN if unseen else _Absence.SETTLED


def _with_state(one: Result, before: Result | None) -> Result:
    state = "new"
    if before is not None:
        state = "unchanged" if _significant(one) == _significant(before) else "updated"
    return Result(one.about, {**one.body, "baselineState": state}, one.evidence)


def _significant(one: Result) -> tuple[str, str]:
    """What makes a result another one for its reader; a line that moved does not."""
    return one.body["level"], one.body["message"]["text"]


def _prints(*parts: str) -> dict[str, str]:
    """What a result is recognised by. Code hosts read the second name only, and else compute it from the line."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return {"aimscopeSubject/v1": digest, "primaryLocationLineHash": digest}


def _fingerprint(body: Object) -> str:
    return str(body["partialFingerprints"]["aimscopeSubject/v1"])


def _weight(finding: Finding) -> tuple[object, ...]:
    return finding.strength.rank, _CONTEXTS.index(finding.context), finding.location, finding.id


def _declared(verdict: Verdict) -> Object:
    return {
        "physicalLocation": {"artifactLocation": artifact(_SCOPE_DOCUMENT, None)},
        "logicalLocations": [{"fullyQualifiedName": plain(verdict.subject), "kind": verdict.subject_kind.value}],
        "message": message("Declared in the scope document."),
    }
