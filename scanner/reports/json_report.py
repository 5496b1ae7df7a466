"""The JSON report; its schema is `docs/schemas/report.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from classifiers.model import Finding
    from connectors.model import Coverage
    from inventory.denominator import CoveredPart
    from inventory.model import AISystem, Fact, FactValue
    from inventory.verdict import Reason, Verdict
    from scanner.result import ScanResult

SCHEMA_VERSION: Final = "1.0"
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


def render(result: ScanResult) -> str:
    """The report as JSON text, arrays sorted, so that the same input gives the same bytes.

    Each finding, system and verdict is a line: two reports can be compared line by line, and a large one is written many
    times quicker than with each value on a line of its own.
    """
    members = ",\n".join(f'"{name}": {_member(value)}' for name, value in document(result).items())
    return f"{{\n{members}\n}}\n"


def _member(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _ENCODER.encode(value)
    lines = ",\n".join(map(_ENCODER.encode, value))
    return f"[\n{lines}\n]"


def document(result: ScanResult) -> dict[str, Any]:
    """The report as plain data."""
    systems_of: dict[str, list[str]] = {}
    for system in result.systems:
        for finding in system.findings:
            systems_of.setdefault(finding, []).append(system.id)
    return {
        "schema_version": SCHEMA_VERSION,
        "scan": {
            "id": result.scan.id,
            "tool": "aimscope",
            "version": result.scan.version,
            "started": result.scan.started,
            "finished": result.scan.finished,
            "catalog": result.scan.catalog,
            "scope": result.scan.scope or None,
            "organisation": text(result.scan.organisation) or None,
            "complete": not result.incomplete,
            "sources": _sources(result),
            "denominator": [_covered(part) for part in result.denominator],
        },
        "coverage": [_coverage(part) for part in result.coverage],
        "findings": [_finding(finding, systems_of.get(finding.id, [])) for finding in result.findings],
        "systems": [_system(system) for system in result.systems],
        "verdicts": [_verdict(verdict) for verdict in result.verdicts],
    }


def text(value: str) -> str:
    """Text from a source as valid UTF-8: what could not be decoded is shown as an escape."""
    return value.encode("utf-8", "backslashreplace").decode()


def _sources(result: ScanResult) -> list[dict[str, Any]]:
    holding = {source for system in result.systems if system.kind.holds_ai for source in system.sources}
    return [{"id": text(source), "holds_ai": source in holding} for source in result.scan.sources]


def _covered(part: CoveredPart) -> dict[str, Any]:
    return {
        "kind": part.kind.value,
        "name": text(part.name),
        "share": part.share.value,
        "sources": [text(source) for source in part.sources],
        "gaps": [text(gap) for gap in part.gaps],
    }


def _coverage(part: Coverage) -> dict[str, Any]:
    return {
        "source": text(part.source),
        "scope": text(part.scope),
        "outcome": part.outcome.value,
        "reason": text(part.reason),
        "counts": dict(sorted(part.counts.items())),
    }


def _finding(finding: Finding, systems: list[str]) -> dict[str, Any]:
    return {
        "id": finding.id,
        "role": finding.role.value,
        "name": text(finding.name),
        "purl": text(finding.purl) or None,
        "provider": text(finding.provider) or None,
        "model": text(finding.model) or None,
        "model_family": finding.model_family or None,
        "context": finding.context.value,
        "strength": finding.strength.value,
        "confidence": finding.confidence,
        "rule": text(finding.rule),
        "techniques": [technique.value for technique in finding.techniques],
        "systems": sorted(systems),
        "location": {
            "source": text(finding.location.source),
            "path": text(finding.location.path),
            "line": finding.location.line or None,
        },
        "occurrences": finding.observation.occurrences,
        "snippet": text(finding.snippet),
    }


def _system(system: AISystem) -> dict[str, Any]:
    return {
        "id": system.id,
        "anchors": [text(anchor) for anchor in system.anchors],
        "aliases": list(system.aliases),
        "name": text(system.name),
        "kind": system.kind.value,
        "techniques": [technique.value for technique in system.techniques],
        "providers": [text(provider) for provider in system.providers],
        "models": [text(model) for model in system.models],
        "sources": [text(source) for source in system.sources],
        "facts": {text(name): [_fact(fact) for fact in facts] for name, facts in sorted(system.facts.items())},
        "owner": text(system.owner) or None,
        "stage": system.stage or None,
        "confidence": system.confidence,
        "first_seen": system.first_seen or None,
        "last_seen": system.last_seen or None,
        "findings": list(system.findings),
        "joins": [{"what": text(join.what), "because": text(join.because)} for join in system.joins],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "value": _value(fact.value),
        "origin": fact.origin.value,
        "evidence": [text(item) for item in fact.evidence],
    }


def _value(value: FactValue) -> str | int | bool | list[str]:
    if isinstance(value, tuple):
        return [text(item) for item in value]
    return text(value) if isinstance(value, str) else value


def _verdict(verdict: Verdict) -> dict[str, Any]:
    suggestion = verdict.suggestion
    return {
        "subject": text(verdict.subject),
        "subject_kind": verdict.subject_kind.value,
        "name": text(verdict.name),
        "status": verdict.status.value,
        "asks": verdict.asks,
        "counted": verdict.counted,
        "entry": text(verdict.entry) or None,
        "owner": text(verdict.owner) or None,
        "reasons": [_reason(reason) for reason in verdict.reasons],
        "suggestion": {"decision": suggestion.decision, "because": text(suggestion.because)} if suggestion else None,
        "questions": [text(question) for question in verdict.questions],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "status": reason.status.value,
        "text": text(reason.text),
        "rule": text(reason.rule) or None,
        "findings": list(reason.findings),
    }
