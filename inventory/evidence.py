"""What findings say together: providers, models, techniques, facts, and how sure that is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from classifiers.model import Context, Role
from inventory.model import Fact, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifiers.model import Finding, Technique
    from inventory.model import FactValue

LIVE: Final = frozenset({Context.PRODUCTION, Context.DEVELOPMENT})
"""Contexts of code that runs."""


def live_first(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of code that runs; all of them where none does, so that a candidate still tells what it hints at."""
    live = [finding for finding in findings if finding.context in LIVE]
    return live or list(findings)


def providers(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Catalog ids of who answers, sorted."""
    return tuple(sorted({finding.provider for finding in live_first(findings) if finding.provider}))


def models(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Model identifiers as written, sorted."""
    return tuple(sorted({finding.model for finding in live_first(findings) if finding.model}))


def observed_facts(findings: Sequence[Finding], deployed_by: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
    """Facts that findings state, by name.

    Args:
        findings: Findings of one system.
        deployed_by: What shows that something runs it; empty where nothing does.
    """
    live = live_first(findings)
    facts: dict[str, tuple[Fact, ...]] = {}

    def observe(name: str, value: FactValue, evidence: Iterable[str]) -> None:
        if value not in ((), ""):
            facts[name] = (Fact(name, value, Origin.OBSERVED, tuple(sorted(evidence))),)

    observe("providers", providers(findings), (finding.id for finding in live if finding.provider))
    observe("models", models(findings), (finding.id for finding in live if finding.role is Role.MODEL))
    named = tuple(technique.value for technique in techniques(live))
    observe("techniques", named, (finding.id for finding in live if finding.techniques))
    if deployed_by:
        observe("deployed", True, deployed_by)
    return facts


def confidence(findings: Iterable[Finding]) -> float:
    """Independent sorts of evidence add up; repeats of one sort do not."""
    best: defaultdict[str, float] = defaultdict(float)
    for finding in findings:
        sort = finding.rule.rpartition("/")[2]
        weight = finding.confidence if finding.context in LIVE else finding.confidence / 4
        best[sort] = max(best[sort], weight)
    doubt = 1.0
    for weight in best.values():
        doubt *= 1.0 - weight
    return round(1.0 - doubt, 4)


def fingerprint(findings: Iterable[Finding]) -> str:
    """A hash over what was found, by source, rule, name and setting: a file that moves changes nothing, a use that leaves the tests does."""
    marks = {f"{one.location.source}\0{one.rule}\0{one.name}\0{one.context}" for one in findings}
    return _digest(marks)


def joined_fingerprint(*fingerprints: str) -> str:
    """The hash of what was found of systems that have become one."""
    return _digest(fingerprints)


def _digest(marks: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(marks)).encode("utf-8", "surrogatepass")).hexdigest()


def techniques(findings: Iterable[Finding]) -> tuple[Technique, ...]:
    """AI techniques, sorted."""
    return tuple(sorted({technique for finding in findings for technique in finding.techniques}))
