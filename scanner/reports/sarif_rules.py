"""The rules of the SARIF report: one for each status of a verdict, one for each rule that a finding came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.verdict import Status
from scanner.reports.sarif_text import message
from scanner.reports.wording import ROLE, STATUS, TONE, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from classifiers.model import Finding
    from scanner.reports.sarif_text import Object

LEVELS: Final = {
    Tone.CONTRADICTED: "error",
    Tone.OPEN: "warning",
    Tone.CHANGED: "warning",
    Tone.UPKEEP: "note",
    Tone.SETTLED: "none",
}


def rules(findings: Iterable[Finding], names: Mapping[str, str]) -> list[Object]:
    """Rules of all statuses in their order, then of these findings by id."""
    by_rule = {finding.rule: finding for finding in findings}
    return [
        *(_of_status(status) for status in Status),
        *(_of_finding(by_rule[rule], names) for rule in sorted(by_rule)),
    ]


def _of_status(status: Status) -> Object:
    words = STATUS[status]
    return {
        "id": status.value,
        "name": "".join(part.title() for part in status.value.split("_")),
        "shortDescription": {"text": f"{words.title}."},
        "fullDescription": {"text": words.meaning},
        "help": {
            "text": f"{words.meaning} `aimscope explain SUBJECT` shows the evidence and what was decided; "
            "`aimscope decide SUBJECT` records a decision."
        },
        "defaultConfiguration": {"level": LEVELS[words.tone]},
        "properties": {"tags": ["ai-governance", "iso-42001"], "urgency": TONE[words.tone]},
    }


def _of_finding(finding: Finding, names: Mapping[str, str]) -> Object:
    row, _, matcher = finding.rule.partition("/")
    name = names.get(row, row)
    return {
        "id": message(finding.rule)["text"],
        "shortDescription": message(f"{name}, by its {matcher or 'name'}."),
        "fullDescription": message(
            f"Evidence of {name} in the part of: {ROLE[finding.role]}. By itself it asks nothing."
        ),
        "help": message(
            f"`aimscope catalog show {row}` prints the row of the knowledge base that it was recognised by."
        ),
        "defaultConfiguration": {"level": "none"},
        "properties": {"tags": ["ai-evidence"]},
    }
