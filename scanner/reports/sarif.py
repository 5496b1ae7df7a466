"""The SARIF 2.1.0 report (OASIS), for code hosts and result management systems.

Verdicts that ask for something are its results, at the places of their evidence; what was not covered are its
notifications. There is no maintained object model that knows `baselineState`, so the log is written as plain data.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Final

from connectors.model import Outcome
from scanner.reports.plain import plain
from scanner.reports.sarif_results import results
from scanner.reports.sarif_rules import rules
from scanner.reports.sarif_text import artifact, bases, message
from scanner.reports.wording import OUTCOME

if TYPE_CHECKING:
    from connectors.model import Coverage
    from scanner.reports.sarif_text import Object
    from scanner.result import ScanResult

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_NOTIFICATIONS: Final = {Outcome.PARTIAL: "warning", Outcome.DENIED: "error", Outcome.FAILED: "error"}
"""Level by outcome. By the standard an error says that the results cannot be assumed to be complete."""


def render(result: ScanResult, previous: ScanResult | None = None) -> str:
    """The log as JSON text.

    Args:
        result: The scan.
        previous: The scan that its results are compared with; without it they have no `baselineState`.
    """
    return json.dumps(document(result, previous), indent=2, ensure_ascii=False) + "\n"


def document(result: ScanResult, previous: ScanResult | None = None) -> Object:
    """The log as plain data."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result, previous)]}


def _run(result: ScanResult, previous: ScanResult | None) -> Object:
    scan = result.scan
    found = results(result, previous)
    evidence = {finding.id: finding for one in found for finding in one.evidence}
    described = rules(evidence.values(), result.names)
    index = {rule["id"]: number for number, rule in enumerate(described)}
    run = {
        "tool": {
            "driver": {
                "name": "aimscope",
                "version": scan.version,
                "semanticVersion": scan.version,
                "rules": described,
                "notifications": [_notification_rule(outcome) for outcome in _NOTIFICATIONS],
                "properties": {"catalog": scan.catalog},
            }
        },
        "automationDetails": _automation(result),
        "invocations": [_invocation(result)],
        "originalUriBaseIds": {
            base: {"description": message(f"The root of {source}.")} for source, base in bases(scan.sources).items()
        },
        "results": [{**one.body, "ruleIndex": index[one.body["ruleId"]]} for one in found],
        "columnKind": "unicodeCodePoints",
        "redactionTokens": ["…"],
        "properties": {"scan": scan.id, "scope": scan.scope, "organisation": plain(scan.organisation)},
    }
    return {**run, "baselineGuid": _guid(previous.scan.id)} if previous else run


def _automation(result: ScanResult) -> Object:
    """Scans of the same sources are of one category, which code hosts keep apart from others."""
    sources = "\0".join(result.scan.sources).encode("utf-8", "surrogatepass")
    return {
        "id": f"aimscope/{hashlib.sha256(sources).hexdigest()[:8]}/{result.scan.id}",
        "guid": _guid(result.scan.id),
    }


def _guid(scan: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:aimscope:{scan}"))


def _invocation(result: ScanResult) -> Object:
    base_of = bases(result.scan.sources)
    gaps = [part for part in result.coverage if part.outcome.incomplete]
    return {
        "executionSuccessful": not any(part.outcome in {Outcome.DENIED, Outcome.FAILED} for part in gaps),
        "startTimeUtc": result.scan.started,
        "endTimeUtc": result.scan.finished,
        "toolExecutionNotifications": [_notification(part, base_of.get(part.source)) for part in gaps],
    }


def _notification(part: Coverage, base: str | None) -> Object:
    said = message(f"{part.scope or 'All'} of {part.source}: {OUTCOME[part.outcome]}.", part.reason)
    notification: Object = {
        "descriptor": {"id": _notification_id(part.outcome), "index": list(_NOTIFICATIONS).index(part.outcome)},
        "level": _NOTIFICATIONS[part.outcome],
        "message": said,
    }
    if part.scope and base:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": artifact(part.scope, base)}}]
    return notification


def _notification_rule(outcome: Outcome) -> Object:
    return {
        "id": _notification_id(outcome),
        "shortDescription": {"text": f"A source or a part of one: {OUTCOME[outcome]}."},
        "fullDescription": {"text": "Something that might exist was not seen there, so that absence proves nothing."},
        "defaultConfiguration": {"level": _NOTIFICATIONS[outcome]},
    }


def _notification_id(outcome: Outcome) -> str:
    return f"coverage/{outcome.value}"
