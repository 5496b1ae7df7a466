"""The SARIF 2.1.0 report of a gate: verdicts that the change causes, documents that it alters, findings that it adds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scanner.reports import sarif
from scanner.reports.gate_part import part
from scanner.reports.sarif_text import SOURCE_ROOT, artifact, message

if TYPE_CHECKING:
    from scanner.gating.result import GateResult
    from scanner.reports.sarif_text import Object

DOCUMENT_RULE: Final = "governance_changed"

_CATEGORY: Final = "aimscope-gate"
"""Code hosts compare logs of one category: a log of a change alone must not look like a whole scan with less in it."""


def render(gate: GateResult) -> str:
    """The log as JSON text."""
    return json.dumps(document(gate), indent=2, ensure_ascii=False) + "\n"


def document(gate: GateResult) -> Object:
    """The log as plain data."""
    seen = part(gate)
    changed = {one.finding.id for one in gate.findings}
    findings = tuple(finding for finding in seen.findings if finding.id in changed)
    log = sarif.document(seen)
    # A scan that is held against no scope tells its findings: that is how the added ones become results.
    added = sarif.document(
        replace(seen, scan=replace(seen.scan, scope=""), verdicts=(), findings=findings, coverage=())
    )
    run, further = log["runs"][0], added["runs"][0]
    results = [
        {**body, "baselineState": "updated" if one.updated else "new"}
        for body, one in zip(run["results"], gate.verdicts, strict=False)
    ]
    results += [_altered(path) for path in gate.documents]
    results += [{**one, "baselineState": "new"} for one in further["results"]]
    rules = {rule["id"]: rule for rule in (*run["tool"]["driver"]["rules"], *further["tool"]["driver"]["rules"])}
    rules[DOCUMENT_RULE] = _DOCUMENT_RULE
    index = {rule: number for number, rule in enumerate(rules)}
    run["tool"]["driver"]["rules"] = list(rules.values())
    run["results"] = [{**one, "ruleIndex": index[one["ruleId"]]} for one in results]
    run["automationDetails"]["id"] = run["automationDetails"]["id"].replace("aimscope/", f"{_CATEGORY}/", 1)
    run["properties"] |= {"base": message(gate.base)["text"], "ancestor": gate.ancestor, "files": gate.files}
    return log


def _altered(path: str) -> Object:
    return {
        "ruleId": DOCUMENT_RULE,
        "kind": "fail",
        "level": "note",
        "message": message(f"The change alters {path}, which governs what this gate says. The base's was used."),
        "locations": [{"physicalLocation": {"artifactLocation": artifact(path, SOURCE_ROOT)}}],
        "baselineState": "new",
    }


_DOCUMENT_RULE: Final = {
    "id": DOCUMENT_RULE,
    "name": "GovernanceChanged",
    "shortDescription": {"text": "A document that governs is altered."},
    "fullDescription": {
        "text": "The settings, scope document, ledger, rows or attestations are altered by the change itself. They do "
        "not count before they are merged, and need the review of those who answer for the scope."
    },
    "help": {"text": "Have those who answer for the scope review it; `aimscope scope validate` checks the document."},
    "defaultConfiguration": {"level": "note"},
    "properties": {"tags": ["ai-governance", "iso-42001"]},
}
