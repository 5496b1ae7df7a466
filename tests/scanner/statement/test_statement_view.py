"""The statement says what is declared, decided and observed, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.ledger import History
from inventory.scope.conditions import Truth
from inventory.scope.document import ScopeDocument, scope_hash
from inventory.scope.load import LoadedScope
from inventory.yaml_file import parse_yaml
from scanner.session import Session, SessionError
from scanner.statement.blocks import Document, Fields, Mark, Paragraph, Section, Table
from scanner.statement.model import EntryView, Statement
from scanner.statement.sections import document
from scanner.statement.view import statement

ORDER = [
    "What this statement rests on", "1 Document control", "2 Context and interested parties", "3 Scope statement",
    "4 Boundaries", "5 AI systems in scope", "6 Activities and life-cycle stages", "7 Data categories",
    "8 Interfaces and dependencies", "9 Exclusions", "10 Review triggers", "11 Revision history", "About this document",
]  # fmt: skip


def declaring(session: Session, written: dict[str, object]) -> Session:
    """The session, had the organisation written this."""
    scope = ScopeDocument.model_validate(written)
    loaded = LoadedScope(scope, parse_yaml(b"{}", "aims-scope.yaml"), scope_hash(scope))
    return Session(session.scanned, replace(session.declared, scope=loaded), session.today)


def entry(told: Statement, entry_id: str) -> EntryView:
    return next(one for one in (*told.in_scope, *told.excluded, *told.ended) if one.id == entry_id)


def section(shown: Document, title: str) -> Section:
    return next(one for section in shown.sections for one in (section, *section.parts) if one.title == title)


def notes(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Paragraph) and block.lead]


def words(section: Section) -> str:
    """All that a section says, its parts included."""
    said: list[str] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            said.append(block.text)
        elif isinstance(block, Fields):
            said += [f"{label}: {' / '.join(cell.shown)}" for label, cell in block.rows]
        else:
            said += [" | ".join(" / ".join(cell.shown) for cell in row) for row in block.rows]
    return "\n".join([*said, *map(words, section.parts)])


CONTEXT_SECTIONS = ("Context and interested parties", "Activities and life-cycle stages", "Interfaces and dependencies")


def test_the_sections_stand_in_the_order_that_an_auditor_expects(told: Statement) -> None:
    assert [one.heading for one in document(told).sections] == ORDER


def test_it_opens_with_what_was_covered_and_what_was_not(told: Statement) -> None:
    opening = document(told).sections[0]
    said = words(opening)
    assert "All 12 sources were seen in full; of the 3 boundaries that the scope names" in said
    assert "no source is configured for account:aws:111122223333" in said
    assert notes(opening)[0] == "What was not seen may hold AI systems that this statement does not know of."
    for identity in (told.basis.scan, told.basis.catalog, told.basis.scope, *told.basis.heads):
        assert identity in said


def test_the_hash_is_of_the_scope_as_it_is_stated(session: Session, ledger: History) -> None:
    now = session.declared.scope
    assert now is not None
    changed = now.document.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    changed["document"]["version"] = "8"
    basis = statement(declaring(session, changed), ledger).basis
    assert basis.scope_then == session.scanned.scan.scope != basis.scope
    said = words(document(statement(declaring(session, changed), ledger)).sections[0])
    assert f"changed since the scan, which knew {basis.scope_then}" in said


def test_context_parties_and_interfaces_stand_where_an_auditor_looks(told: Statement) -> None:
    context = section(document(told), "Context and interested parties")
    said = words(context)
    assert "Vendors switch on AI in products that we bought for something else." in said
    assert "The agreement of 2025-11-03" in said
    assert [note for part in (context, *context.parts) for note in notes(part)] == []
    interfaces = words(section(document(told), "Interfaces and dependencies"))
    assert "Claims come in; the clerk's decision goes out" in interfaces
    assert "Provision of the chat gateway to all teams" in words(
        section(document(told), "Activities and life-cycle stages")
    )


def test_where_they_are_missing_the_statement_says_so_with_the_key_to_write(session: Session, ledger: History) -> None:
    shown = document(statement(declaring(session, {"document": {"context": {"internal": ["One."]}}}), ledger))
    told = [section(shown, name) for name in CONTEXT_SECTIONS]
    missing = " ".join(note for one in told for part in (one, *one.parts) for note in notes(part))
    assert "names no external issues" in missing
    for key in ("context.external", "interested_parties", "activities", "interfaces"):
        assert f"`document.{key}`" in missing
    assert "`document.context.internal`" not in missing


def test_issues_that_a_record_holds_are_not_missing(session: Session, ledger: History) -> None:
    record = {"kind": "context", "title": "Context of the organisation"}
    shown = document(statement(declaring(session, {"records": [record]}), ledger))
    context = section(shown, "Context and interested parties")
    assert "the records below may" in words(context)
    assert [note for part in (context, *context.parts) for note in notes(part)] == []


def test_the_changes_that_ask_for_a_review_are_those_that_the_scope_document_sets(
    session: Session, ledger: History
) -> None:
    review = {"every": "6 months", "triggers": {"regions": False, "stage": True}, "owners": ["Ann", "Bob"]}
    said = words(section(document(statement(declaring(session, {"review": review}), ledger)), "Review triggers"))
    assert "182 days after the last look at most" in said
    assert "A change of regions, uses, geography, entity and unit asks for nothing." in said
    assert "the list of 2 owners" in said


def test_a_system_in_scope_is_told_whole(told: Statement) -> None:
    said = words(section(document(told), "Support assistant"))
    for line in (
        "Purpose: Drafts answers to questions of customers; a person sends them.",
        "Owner: @acme/support-platform",
        "Role of the organisation: develops",
        "Life-cycle stage: not known",
        "Providers: Anthropic, OpenAI",
        "Models: claude-sonnet-4-5 / text-embedding-3-small",
        "Acts without a person: human_in_the_loop (attested)",
        "Decided: in scope: maria.ops@example.org, 2026-03-02, until 2027-03-02",
    ):
        assert line in said.splitlines()


def test_what_nobody_decided_about_is_told_too(told: Statement) -> None:
    assert [one.where for one in told.undecided] == [
        "github.com/acme/parcel-eta / ParcelEta", "github.com/acme/platform", "github.com/acme/product-copy",
    ]  # fmt: skip
    assert "product-copy" in words(section(document(told), "Observed, and not decided"))


def test_an_entry_that_binds_several_systems_shows_each(told: Statement) -> None:
    assistants = entry(told, "coding-assistants")
    assert len(assistants.observed) == 2
    said = words(section(document(told), "Coding assistants"))
    assert all(one.id in said for one in assistants.observed)


def test_an_exclusion_shows_its_conditions_with_results(told: Statement) -> None:
    assert [(one.condition, one.truth) for one in entry(told, "recruiting-screen").conditions] == [
        ("deployed equals false", Truth.BROKEN),
        ("providers only openai", Truth.BROKEN),
    ]
    assert [one.truth for one in entry(told, "meeting-notes").conditions] == [Truth.HOLDS, Truth.HOLDS]
    exclusions = section(document(told), "Exclusions")
    assert notes(exclusions) == ["2 conditions are broken by what is known."]


def test_a_condition_that_nobody_can_tell_and_one_that_nothing_shows(session: Session, ledger: History) -> None:
    condition = {"fact": "personal_data", "op": "equals", "value": False}
    written = {"status": "excluded", "justification": "A trial.", "conditions": [condition]}
    scope = {
        "entries": [
            {"id": "seen", "bind": "repo:github.com/acme/product-copy", **written},
            {"id": "gone", "bind": "repo:github.com/acme/nowhere", **written},
            {
                "id": "loose",
                "status": "excluded",
                "justification": "A trial.",
                "bind": "repo:github.com/acme/price-index",
            },
        ]
    }
    told = statement(declaring(session, scope), ledger)
    (seen,), (gone,) = entry(told, "seen").conditions, entry(told, "gone").conditions
    assert (seen.truth, gone.truth) == (Truth.NOT_KNOWN, None)
    assert "attest `personal_data`" in seen.because
    shown = document(told)
    assert notes(section(shown, "Exclusions")) == ["1 condition is not known to hold."]
    assert notes(section(shown, "loose")) == ["The exclusion has no condition, so that no fact can contradict it."]


def test_an_exclusion_names_who_proposed_and_who_approved(told: Statement) -> None:
    (decided,) = entry(told, "recruiting-screen").decided
    assert decided == (
        "excluded: proposed by petra.people@example.org, 2026-02-09, approved by maria.ops@example.org, 2026-02-11, "
        "until 2027-02-09"
    )


def test_the_history_is_the_ledger_by_day(told: Statement, ledger: History) -> None:
    assert len(told.revisions) == len(ledger)
    assert [one.at for one in told.revisions] == sorted(event.at for event in ledger.order)
    refused = next(one for one in told.revisions if one.did.startswith("not approved"))
    proposal = next(one for one in told.revisions if one.id == refused.did.removeprefix("not approved "))
    assert (proposal.did, proposal.about) == ("proposed", refused.about)


def test_the_days_of_review_come_in_their_order_and_overdue_ones_say_so(told: Statement) -> None:
    (days,) = section(document(told), "Days").blocks
    assert isinstance(days, Table)
    due = [row[2] for row in days.rows]
    assert due[0].lines == ("2026-09-30, overdue",)
    assert due[0].mark is Mark.BAD
    dated = [cell.lines[0][:10] for cell in due if cell.lines != ("no day is set",)]
    assert dated == sorted(dated)


def test_what_the_scope_document_leaves_out_is_said(session: Session, ledger: History) -> None:
    shown = document(statement(declaring(session, {}), ledger))
    open_points = {one.title: notes(one) for one in shown.sections if notes(one)}
    assert {"Document control", "Scope statement", "Boundaries", "AI systems in scope"} <= set(open_points)
    assert "Write it under `document.statement`" in open_points["Scope statement"][0]
    assert "Approved by: not stated" in words(section(shown, "Document control"))
    assert words(section(shown, "Exclusions")) == "Nothing is excluded."


def test_records_stand_in_the_section_that_they_belong_to(session: Session, ledger: History) -> None:
    kinds = ["context", "interested_parties", "supplier", "policy"]
    records = [{"kind": kind, "title": f"The {kind}", "reference": "DMS-1"} for kind in kinds]
    shown = document(statement(declaring(session, {"records": records}), ledger))
    context, interfaces = (
        section(shown, "Context and interested parties"),
        section(shown, "Interfaces and dependencies"),
    )
    assert "The context" in words(context)
    assert "The interested_parties" in words(context)
    assert "The supplier" not in words(context)
    assert "The supplier" in words(interfaces)
    assert notes(context) == notes(interfaces) == []
    assert all(f"The {kind}" in words(section(shown, "Document control")) for kind in kinds)


def test_a_ledger_that_lost_the_head_of_the_approval_contradicts(session: Session, ledger: History) -> None:
    whole, lost = ledger.heads[0], "f" * 64
    for heads, contradicts in (([whole], False), ([whole, lost], True)):
        told = statement(declaring(session, {"document": {"ledger_head": heads}}), ledger)
        assert told.control.missing_heads == ((lost,) if contradicts else ())
        marks = [
            block.mark for block in section(document(told), "Document control").blocks if isinstance(block, Paragraph)
        ]
        assert (Mark.BAD in marks) is contradicts


def test_a_statement_needs_a_scope_document(session: Session, ledger: History) -> None:
    without = Session(session.scanned, replace(session.declared, scope=None), session.today)
    with pytest.raises(SessionError, match="aimscope init"):
        statement(without, ledger)


def test_paragraphs_of_the_scope_in_words_stay_apart(session: Session, ledger: History) -> None:
    written = "One,\nin two lines.\n\n \nTwo."
    told = statement(declaring(session, {"document": {"statement": written}}), ledger)
    assert told.text == ("One, in two lines.", "Two.")


def test_clauses_whose_text_was_not_read_are_called_practice(told: Statement) -> None:
    shown = document(told)
    assert all(one.clause.endswith("(practice)") for one in shown.sections if one.number)
    about = words(shown.sections[-1])
    assert "the standard's own text was not read" in about
    assert "https://" in about


def test_the_document_itself_may_be_overdue(session: Session, ledger: History) -> None:
    told = statement(declaring(session, {"document": {"approved_on": date(2025, 1, 31)}}), ledger)
    assert told.control.overdue
    assert "2026-01-31, overdue" in words(section(document(told), "Document control"))
