from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Context, Role, Strength, SystemKind
from connectors.model import Coverage, Outcome
from inventory.decision import Answer
from inventory.denominator import CoveredPart, PartKind, Share
from inventory.reconcile.suggest import Step
from inventory.verdict import Reason, Status, SubjectKind, Suggestion, Verdict
from scanner.reports import wording
from scanner.reports.command import command_for
from scanner.reports.coverage_view import Seen, coverage_view
from scanner.reports.model import Bounds
from scanner.reports.plain import plain
from scanner.reports.view import view
from tests.scanner.report_result import HOSTILE, empty_result, large_result, rich_result, undeclared_result


def test_there_are_words_for_everything() -> None:
    assert set(wording.STATUS) == set(Status)
    assert set(wording.TONE) == set(wording.Tone)
    assert set(wording.KIND) == set(SystemKind)
    assert set(wording.STRENGTH) == set(Strength)
    assert set(wording.CONTEXT) == set(Context)
    assert set(wording.ROLE) == set(Role)
    assert set(wording.SHARE) == set(Share)
    assert set(wording.OUTCOME) == set(Outcome)
    assert set(wording.DECISION) == {*Answer, *Step}


def test_a_status_is_settled_in_words_when_it_is_in_fact() -> None:
    assert {status for status, words in wording.STATUS.items() if words.tone is wording.Tone.SETTLED} == {
        status for status in Status if status.settled
    }


def test_decisions_stand_in_the_order_of_urgency_and_are_numbered() -> None:
    report = view(rich_result())
    assert [group.status for group in report.groups] == [status for status in Status if not status.settled]
    assert [decision.number for decision in report.decisions] == list(range(1, report.asks + 1))


def test_what_does_not_count_stands_apart_from_the_queue() -> None:
    report = view(rich_result())
    queue = {decision.name for decision in report.decisions}
    apart = {system.name for rows in (report.candidates, report.assistants) for system in rows.shown}
    assert apart == {"notebooks", "tests of checkout", "cursor", "github-copilot"}
    assert not queue & apart


def test_what_was_dismissed_is_not_counted_as_ai() -> None:
    report = view(rich_result())
    assert [system.name for system in report.dismissed.shown] == ["fonts-tool"]
    assert "fonts-tool" not in {system.name for system in report.systems.shown}
    assert report.found == "Found: 13 AI systems, 2 candidates that a person must look at and 2 coding assistants."


def test_evidence_for_the_reason_comes_first_then_the_strongest_and_repeats_last() -> None:
    proof = view(rich_result()).decisions[0].proof
    assert [(one.what, one.strength) for one in proof.shown[:4]] == [
        ("container image acme/support-bot", "proves it is on"),
        ("SDK openai", "shows the capability"),
        ("model gpt-4.1-mini", "shows the capability"),
        ("endpoint api.openai.com", "shows the capability"),
    ]
    assert proof.shown[0].where == "services/bot/deploy/k8s.yaml:22"
    assert proof.shown[3].context == "test"
    assert proof.total == 43
    assert len(proof.shown) == 6


def test_evidence_is_told_once_where_a_system_waits_for_a_decision() -> None:
    systems = {system.name: system for system in view(rich_result()).systems.shown}
    assert systems["support-bot"].decision == 1
    assert not systems["support-bot"].proof.shown
    assert systems["product-descriptions"].proof.shown


def test_a_bounded_view_says_how_much_more_there_is() -> None:
    report = view(large_result(systems=40, findings=400), Bounds(rows=5, evidence=2))
    assert (len(report.systems.shown), report.systems.total) == (5, 40)
    assert sum(len(group.decisions.shown) for group in report.groups) == 5
    assert sum(group.decisions.total for group in report.groups) == report.asks == 30
    assert all(len(decision.proof.shown) <= 2 for decision in report.decisions)


def test_providers_and_techniques_are_tallied_by_system() -> None:
    report = view(rich_result())
    assert [(one.name, one.count) for one in report.providers[:2]] == [("OpenAI", 4), ("Amazon Bedrock", 2)]
    assert (report.techniques[0].name, report.techniques[0].count) == ("generative", 9)


def test_entries_stand_as_their_most_urgent_verdict_says() -> None:
    entries = {entry.id: entry for entry in view(rich_result()).entries.shown}
    assert entries["support-bot"].status is Status.EXCLUSION_CONTRADICTED
    assert entries["store-cameras"].shown_by == ()
    assert entries["copy"].shown_by == ("product-descriptions",)


def test_without_a_scope_document_no_question_is_not_an_answer() -> None:
    assert not view(undeclared_result()).judged
    assert view(rich_result()).judged


def test_a_system_is_where_its_folder_is() -> None:
    result = rich_result()
    where = {system.name: system.where for system in view(result).systems.shown}
    assert where["support-bot"] == ("github.com/acme/support / services/bot",)
    assert where["apac-chat"] == ("github.com/acme-apac/chat",)
    alone = replace(result, scan=replace(result.scan, sources=("repo:github.com/acme/support",)))
    assert {system.name: system.where for system in view(alone).systems.shown}["support-bot"] == ("services/bot",)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("in", 'aimscope decide sys-1 in --because "…"'),
        ("not-ai", 'aimscope decide sys-1 not-ai --because "…"'),
        ("review", 'aimscope decide sys-1 out --because "…"'),
        ("reassess", 'aimscope decide sys-1 out --because "…"'),
        ("adopt", "aimscope decide --adopt gateway"),
        ("approve", "aimscope approve sys-1"),
        ("look", "aimscope explain sys-1"),
        ("cover", ""),
    ],
)
def test_the_command_answers_the_suggestion(decision: str, expected: str) -> None:
    reasons = (Reason(Status.CHANGED, "…"), Reason(Status.EXCLUDED, "…"))
    verdict = Verdict("sys-1", SubjectKind.SYSTEM, "x", Status.CHANGED, reasons, entry="gateway",
                      suggestion=Suggestion(decision, "…"))  # fmt: skip
    assert command_for(verdict) == expected


def test_the_command_cannot_be_left_by_an_id() -> None:
    verdict = Verdict(
        "x'; rm -rf ~ \x1b[2K #", SubjectKind.SYSTEM, "x", Status.UNDECLARED, (), suggestion=Suggestion("in", "")
    )
    assert command_for(verdict) == "aimscope decide 'x'\"'\"'; rm -rf ~ \\x1b[2K #' in --because \"…\""


def test_entries_and_the_document_have_no_command_that_needs_a_system() -> None:
    suggestion = Suggestion("bind", "…")
    assert not command_for(Verdict("e", SubjectKind.ENTRY, "x", Status.UNBOUND, (), suggestion=suggestion))
    assert not command_for(
        Verdict("document", SubjectKind.DOCUMENT, "x", Status.REVIEW_DUE, (), suggestion=Suggestion("review", ""))
    )


# Coverage


def test_the_headline_says_what_was_seen_and_how_much_of_the_scope_that_is() -> None:
    assert view(rich_result()).coverage.headline == (
        "12 of 14 sources were seen in full, 1 in part and 1 not at all; of the 3 boundaries that the scope names, "
        "1 was covered, 1 was covered in part and 1 has no source; no source is configured for 1 of the 3 places that it names."
    )
    assert view(empty_result()).coverage.headline == "The one source was seen in full."


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([Share.COVERED], "everything in the 1 place that the scope names was covered."),
        ([Share.PARTLY] * 2, "of the 2 places that the scope names, 2 were covered in part."),
        ([Share.NO_SOURCE, Share.COVERED], "of the 2 places that the scope names, 1 was covered and 1 has no source."),
    ],
)
def test_the_headline_counts_what_the_scope_names(shares: list[Share], said: str) -> None:
    parts = tuple(CoveredPart(PartKind.REPOSITORY, f"r{number}", share) for number, share in enumerate(shares))
    assert view(replace(empty_result(), denominator=parts)).coverage.headline.endswith(said)


@pytest.mark.parametrize(
    ("records", "seen"),
    [
        ([("", Outcome.COMPLETE)], Seen.FULLY),
        ([("", Outcome.COMPLETE), ("big.sql", Outcome.SKIPPED)], Seen.FULLY),
        ([("", Outcome.PARTIAL), ("a", Outcome.DENIED)], Seen.PARTLY),
        ([("", Outcome.COMPLETE), ("a", Outcome.FAILED)], Seen.PARTLY),
        ([("", Outcome.DENIED)], Seen.NOT),
        ([("", Outcome.SKIPPED)], Seen.NOT),
        ([], Seen.NOT),
    ],
)
def test_a_source_is_as_seen_as_its_records_say(records: list[tuple[str, Outcome]], seen: Seen) -> None:
    (source,) = empty_result().scan.sources
    coverage = tuple(Coverage(source, scope, outcome, "why") for scope, outcome in records)
    found = coverage_view(replace(empty_result(), coverage=coverage), 10)
    assert [one.seen for one in found.sources.shown] == [seen]


def test_a_gap_is_told_once_and_never_left_out() -> None:
    gaps = view(rich_result()).coverage.gaps
    assert [(gap.source, gap.scope) for gap in gaps.shown] == [
        ("github.com/acme/archive", ""),
        ("github.com/acme/data", "churn/export.yaml"),
        ("github.com/acme/data", "private"),
    ]


# Text


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_is_one_line_that_acts_on_nothing(text: str) -> None:
    assert plain(text).isprintable()
    assert len(plain(text)) <= 240


@given(st.text(alphabet=st.characters()), st.integers(1, 50))
def test_plain_text_is_bounded_and_idempotent(text: str, limit: int) -> None:
    once = plain(text, limit)
    assert len(once) <= limit
    assert once.isprintable()
    assert plain(once, limit) == once


def test_plain_text_keeps_what_people_write() -> None:
    assert plain("Zoë  naïve 模型 🤖") == "Zoë naïve 模型 🤖"
