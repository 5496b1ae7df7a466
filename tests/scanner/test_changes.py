from __future__ import annotations

from dataclasses import replace

from connectors.model import Coverage, Outcome
from inventory.model import Fact, Origin
from inventory.verdict import Status
from scanner.compare import compare
from tests.scanner.report_result import rich_result


def test_a_first_scan_has_nothing_to_compare_with() -> None:
    assert compare(None, rich_result()) is None


def test_the_same_scan_twice_changes_nothing() -> None:
    changes = compare(rich_result(), rich_result())
    assert changes is not None
    assert changes.nothing
    assert changes.scan == rich_result().scan.id


def test_a_system_is_gone_only_where_it_was_looked_for() -> None:
    before = rich_result()
    lost = {"support-bot", "churn-model"}
    now = replace(before, systems=tuple(system for system in before.systems if system.name not in lost))
    changes = compare(before, now)
    assert changes is not None
    assert [system.name for system in changes.gone] == ["support-bot"]
    # Part of acme/data was denied.
    assert [system.name for system in changes.unseen] == ["churn-model"]


def test_an_assistant_is_gone_only_when_all_its_repositories_were_seen() -> None:
    before = rich_result()
    now = replace(before, systems=tuple(system for system in before.systems if system.name != "cursor"))
    assert [one.name for one in compare(before, now).gone] == ["cursor"]  # type: ignore[union-attr]
    failed = Coverage("repo:github.com/acme/shop", "", Outcome.FAILED, "no network")
    blind = replace(now, coverage=(*now.coverage, failed))
    changes = compare(before, blind)
    assert changes is not None
    assert not changes.gone
    assert [one.name for one in changes.unseen] == ["cursor"]


def test_a_merged_system_is_neither_gone_nor_new() -> None:
    before = rich_result()
    first, second, *others = before.systems
    merged = replace(first, aliases=(second.id,))
    changes = compare(before, replace(before, systems=(merged, *others)))
    assert changes is not None
    assert not changes.gone
    assert not changes.new


def test_material_facts_that_differ_are_told_with_both_values() -> None:
    before = rich_result()
    first, *others = before.systems
    known = replace(first, models=("gpt-5",), facts={"personal_data": (Fact("personal_data", True, Origin.ATTESTED),)})
    changes = compare(before, replace(before, systems=(known, *others)))
    assert changes is not None
    assert [(one.fact, one.before, one.after, one.reclassified) for one in changes.facts] == [
        ("models", ("gpt-4.1-mini",), ("gpt-5",), False),
        ("personal_data", None, True, False),
    ]


def test_another_reading_of_the_same_evidence_is_reclassified() -> None:
    before = rich_result()
    first, *others = before.systems
    read_anew = replace(first, providers=("azure-openai",))
    now = replace(before, scan=replace(before.scan, catalog="newer"), systems=(read_anew, *others))
    assert [one.reclassified for one in compare(before, now).facts] == [True]  # type: ignore[union-attr]


def test_verdicts_are_raised_and_settled() -> None:
    before = rich_result()
    calm = {Status.UNDECLARED: Status.IN_SCOPE, Status.IN_SCOPE: Status.CHANGED}
    now = replace(
        before, verdicts=tuple(replace(one, status=calm.get(one.status, one.status)) for one in before.verdicts)
    )
    changes = compare(before, now)
    assert changes is not None
    assert {one.name for one in changes.raised} == {"product-descriptions", "github-copilot"}
    assert {(one.name, one.before, one.after) for one in changes.settled if one.name == "llm-gateway"} == {
        ("llm-gateway", Status.UNDECLARED, Status.IN_SCOPE)
    }
