"""The JSON report is what its schema promises, whatever a repository says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from classifiers.model import Context, Role, Strength, SystemKind, Technique
from connectors.model import Outcome
from inventory.denominator import PartKind, Share
from inventory.model import Fact, Join, Origin
from inventory.verdict import Status, SubjectKind
from scanner.reports.json_report import SCHEMA_VERSION, render
from scanner.result import ScanResult
from tests.scanner.report_result import empty_result, hostile_result, rich_result, undeclared_result

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/report.schema.json").read_text(encoding="utf-8"))
RESULTS = (rich_result, undeclared_result, empty_result, hostile_result)


def detailed_result() -> ScanResult:
    """What the other results leave out: facts of every shape, joins, names that are no valid Unicode."""
    rich = rich_result()
    facts = {
        "deployed": (Fact("deployed", True, Origin.OBSERVED, ("k8s-\udcff.yaml",)),),
        "licence_count": (Fact("licence_count", 12, Origin.ATTESTED),),
        "owner": (Fact("owner", "Z\udcff", Origin.TAG), Fact("owner", "Ana", Origin.DECLARED)),
        "models": (Fact("models", ("gpt-4o", "m\udcff"), Origin.OBSERVED),),
    }
    joins = (Join("services/\udcff", "deployed by k8s.yaml"),)
    first = replace(rich.systems[0], facts=facts, joins=joins, aliases=("sys-old",), stage="operation", first_seen="")
    return replace(rich, systems=(first, *rich.systems[1:]))


def document(result: ScanResult) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(result).encode())
    return parsed


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("make", [*RESULTS, detailed_result])
def test_every_report_validates(make: Callable[[], ScanResult]) -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

    assert [error.message for error in validator.iter_errors(document(make()))] == []


@pytest.mark.parametrize("make", [*RESULTS, detailed_result])
def test_the_same_result_gives_the_same_bytes(make: Callable[[], ScanResult]) -> None:
    assert render(make()).encode() == render(make()).encode()


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("role", Role),
        ("context", Context),
        ("strength", Strength),
        ("technique", Technique),
        ("system_kind", SystemKind),
        ("origin", Origin),
        ("outcome", Outcome),
        ("share", Share),
        ("part_kind", PartKind),
        ("status", Status),
        ("subject_kind", SubjectKind),
    ],
)
def test_the_schema_lists_what_there_is(name: str, enum: type[StrEnum]) -> None:
    assert SCHEMA["$defs"][name]["enum"] == [member.value for member in enum]


def test_the_schema_takes_nothing_else() -> None:
    objects = [SCHEMA, *SCHEMA["$defs"].values(), SCHEMA["$defs"]["finding"]["properties"]["location"]]
    described = [one for one in objects if "properties" in one]

    assert len(described) > 10
    for one in described:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_the_version_comes_first_then_what_was_covered() -> None:
    report = document(rich_result())

    assert list(report) == ["schema_version", "scan", "coverage", "findings", "systems", "verdicts"]
    assert report["scan"]["complete"] is False
    assert report["scan"]["denominator"][0] == {
        "kind": "boundary",
        "name": "acme-apac",
        "share": "no_source_configured",
        "sources": [],
        "gaps": ["no source is configured for account:aws:333344445555"],
    }


def test_a_source_holds_ai_when_a_system_that_counts_has_evidence_there() -> None:
    holding = {source["id"]: source["holds_ai"] for source in document(rich_result())["scan"]["sources"]}

    assert holding["repo:github.com/acme/support"] is True
    assert holding["repo:github.com/acme/sandbox"] is False, "it has only a candidate"
    assert holding["repo:github.com/acme/archive"] is False, "nothing was found in it"


def test_findings_name_the_systems_that_they_speak_for() -> None:
    report = document(rich_result())
    systems = {system["id"]: system["findings"] for system in report["systems"]}

    for finding in report["findings"]:
        assert finding["systems"] == [system for system, found in systems.items() if finding["id"] in found]


def test_what_is_not_known_is_null() -> None:
    rich = rich_result()
    finding = replace(rich.findings[0], location=replace(rich.findings[0].location, line=0))
    report = document(replace(rich, findings=(finding,), scan=replace(rich.scan, scope="", organisation="")))

    (shown,) = report["findings"]
    assert (shown["location"]["line"], shown["purl"], shown["model_family"]) == (None, None, None)
    assert (report["scan"]["scope"], report["scan"]["organisation"]) == (None, None)


def test_undecodable_names_are_shown_as_escapes() -> None:
    system = document(detailed_result())["systems"][0]

    assert system["facts"]["owner"][0]["value"] == "Z\\udcff"
    assert system["facts"]["models"][0]["value"] == ["gpt-4o", "m\\udcff"]
    assert system["joins"][0]["what"] == "services/\\udcff"
    assert system["first_seen"] is None
