"""What two sides of a change differ in: systems, findings and verdicts, each compared with its like."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from classifiers.model import SystemKind
from inventory.evidence import LIVE
from inventory.verdict import Status
from scanner.gating.result import ChangedFinding, ChangedSystem, ChangedVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from classifiers.model import Finding
    from inventory.model import AISystem
    from inventory.verdict import Reason, Verdict

_NO_CHANGES_DOING: Final = frozenset({Status.UNRECORDED, Status.REVIEW_DUE})
"""A signature that is missing and a date that has passed: no change to code causes them."""

_ASPECTS: Final = ("context", "strength", "provider", "role", "system_kind")
"""Fields in which a finding of the same rule, name and place can be another."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a change shows."""

    findings: Sequence[Finding]
    systems: Sequence[AISystem]
    verdicts: Sequence[Verdict]

    @property
    def system_of(self) -> dict[str, str]:
        """Finding id to the id of its system."""
        return {finding: system.id for system in self.systems for finding in system.findings}


def changed_systems(before: Side, after: Side) -> tuple[ChangedSystem, ...]:
    """Systems that are new, or of another kind than before; of candidates only their findings are told.

    All that only hints is one candidate a repository, and what a gate reads tells neither its name nor whether it is new.
    """
    kinds = {known: system.kind for system in before.systems for known in (system.id, *system.aliases)}
    found = [
        ChangedSystem(system, kinds.get(system.id))
        for system in after.systems
        if kinds.get(system.id) is not system.kind and system.kind is not SystemKind.CANDIDATE
    ]
    return tuple(
        sorted(found, key=lambda one: (not one.system.kind.holds_ai, one.system.name.casefold(), one.system.id))
    )


def changed_findings(before: Side, after: Side, renamed: Mapping[str, str]) -> tuple[ChangedFinding, ...]:
    """Findings that are new or altered.

    A finding is the same as before where its rule and name are, in the same file or in the one that the file was
    renamed from. Where one of a rule goes from a file and one of the same rule comes, the one became the other.

    Args:
        before: The side before the change.
        after: The side after it.
        renamed: Path before the change to the path after it, of every file that differs in both.
    """
    old: dict[tuple[str, str, str], Finding] = {}
    for finding in before.findings:
        path = finding.location.path
        old[renamed.get(path, path), finding.rule, finding.name] = finding
    new = {(one.location.path, one.rule, one.name): one for one in after.findings}
    replaced = _replaced(old, new)
    used = _used(before)
    system_of = after.system_of
    changed = []
    for key, finding in new.items():
        like = old.get(key) or replaced.get(key)
        was = tuple(_was(like, finding)) if like else ()
        if was or like is None:
            system = system_of.get(finding.id, "")
            known = like is None and _what(finding) in used[system]
            changed.append(ChangedFinding(finding, system, was, known))
    return tuple(sorted(changed, key=lambda one: (one.known, one.finding.location, one.finding.id)))


def caused_verdicts(before: Side, after: Side) -> tuple[ChangedVerdict, ...]:
    """Verdicts that ask for something for a reason that did not hold before; in their order.

    A reason of a subject that did not count before, a candidate, is new where the subject counts now.
    """
    then = {(one.subject_kind, one.subject): one for one in before.verdicts}
    candidates = {system.id for system in after.systems if system.kind is SystemKind.CANDIDATE}
    caused = []
    for verdict in after.verdicts:
        old = then.get((verdict.subject_kind, verdict.subject))
        reasons = tuple(_new_reasons(old, verdict))
        if verdict.subject in candidates:
            reasons = tuple(one for one in reasons if one.status is not Status.UNDECLARED)
        if reasons and verdict.subject_kind.decidable:
            status = reasons[0].status
            same = status is verdict.status
            told = replace(verdict, status=status, reasons=reasons, suggestion=verdict.suggestion if same else None)
            caused.append(ChangedVerdict(told, updated=bool(old and any(map(_told, old.reasons)))))
    return tuple(sorted(caused, key=lambda one: one.verdict.status.rank))


def _replaced(
    old: Mapping[tuple[str, str, str], Finding], new: Mapping[tuple[str, str, str], Finding]
) -> dict[tuple[str, str, str], Finding]:
    gone: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    come: defaultdict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for key in old.keys() - new.keys():
        gone[key[:2]].append(old[key])
    for key in new.keys() - old.keys():
        come[key[:2]].append(key)
    return {keys[0]: gone[place][0] for place, keys in come.items() if len(keys) == len(gone[place]) == 1}


def _was(old: Finding, new: Finding) -> Iterator[tuple[str, str]]:
    for aspect in ("name", *_ASPECTS):
        if getattr(old, aspect) != getattr(new, aspect):
            yield aspect, str(getattr(old, aspect))


def _used(side: Side) -> defaultdict[str, set[tuple[object, ...]]]:
    """What each system uses already: by the id of the system."""
    system_of = side.system_of
    used: defaultdict[str, set[tuple[object, ...]]] = defaultdict(set)
    for finding in side.findings:
        used[system_of.get(finding.id, "")].add(_what(finding))
    return used


def _what(finding: Finding) -> tuple[object, ...]:
    """What a finding says that its system uses, wherever it stands; use in tests is not use in what runs."""
    row = finding.rule.partition("/")[0]
    return row, finding.provider, finding.model, finding.strength, finding.context in LIVE


def _new_reasons(old: Verdict | None, new: Verdict) -> Iterator[Reason]:
    told = {(one.status, one.rule, one.text) for one in old.reasons} if old and old.counted >= new.counted else set()
    for reason in new.reasons:
        if _told(reason) and (reason.status, reason.rule, reason.text) not in told:
            yield reason


def _told(reason: Reason) -> bool:
    """Whether a reason asks for something that a change can cause."""
    return not reason.status.settled and reason.status not in _NO_CHANGES_DOING
