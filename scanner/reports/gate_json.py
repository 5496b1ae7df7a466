"""The JSON report of a gate: findings, systems and verdicts as in the report of a scan, and what is new of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from scanner.reports import json_report
from scanner.reports.gate_part import part
from scanner.reports.json_report import text

if TYPE_CHECKING:
    from scanner.gating.result import ChangedFinding, GateResult

SCHEMA_VERSION: Final = "1.0"


def render(gate: GateResult) -> str:
    """The report as JSON text."""
    return json.dumps(document(gate), indent=1, ensure_ascii=False) + "\n"


def document(gate: GateResult) -> dict[str, Any]:
    """The report as plain data."""
    seen = json_report.document(part(gate))
    return {
        "schema_version": SCHEMA_VERSION,
        "gate": {
            "base": text(gate.base),
            "ancestor": gate.ancestor,
            "files": gate.files,
            "complete": not gate.incomplete,
            "documents": [text(path) for path in gate.documents],
            "systems": [{"id": one.system.id, "was": one.was.value if one.was else None} for one in gate.systems],
            "findings": [_finding(one) for one in gate.findings],
            "verdicts": [{"subject": text(one.verdict.subject), "updated": one.updated} for one in gate.verdicts],
        },
        "scan": {**seen["scan"], "complete": not gate.incomplete},
        **{name: seen[name] for name in ("coverage", "findings", "systems", "verdicts")},
    }


def _finding(one: ChangedFinding) -> dict[str, Any]:
    return {
        "id": one.finding.id,
        "system": one.system or None,
        "was": {name: text(value) for name, value in one.was},
        "known": one.known,
    }
