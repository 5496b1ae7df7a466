"""The part of a checkout that a change concerns, in the shape of a scan, so that reports of scans can tell it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inventory.verdict import Reason, Verdict
    from scanner.gating.result import GateResult
    from scanner.result import ScanResult


def part(gate: GateResult) -> ScanResult:
    """The verdicts that the change causes, their systems and those it adds, with the findings that it adds or alters.

    A reason that such findings show is shown by them alone; another keeps all of its evidence.
    """
    changed = {one.finding.id for one in gate.findings}
    of_system: defaultdict[str, list[str]] = defaultdict(list)
    for one in gate.findings:
        of_system[one.system].append(one.finding.id)
    verdicts = tuple(_narrowed(one.verdict, changed) for one in gate.verdicts)
    told = {verdict.subject for verdict in verdicts} | {one.system.id for one in gate.systems} | set(of_system)
    systems = tuple(
        replace(system, findings=tuple(sorted(of_system[system.id])) or system.findings)
        for system in gate.after.systems
        if system.id in told
    )
    shown = changed | {finding for system in systems for finding in system.findings}
    shown |= {finding for verdict in verdicts for reason in verdict.reasons for finding in reason.findings}
    findings = tuple(finding for finding in gate.after.findings if finding.id in shown)
    return replace(gate.after, verdicts=verdicts, systems=systems, findings=findings, coverage=gate.unseen)


def _narrowed(verdict: Verdict, changed: set[str]) -> Verdict:
    return replace(verdict, reasons=tuple(_shown_by(reason, changed) for reason in verdict.reasons))


def _shown_by(reason: Reason, changed: set[str]) -> Reason:
    found = tuple(finding for finding in reason.findings if finding in changed)
    return replace(reason, findings=found) if found else reason
