"""What asks for a review at once, what does not, and how the scope document says which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from classifiers.model import SystemKind
from inventory.attestation import Attestation
from inventory.decision import Answer
from inventory.decision_state import evidence_hash
from inventory.facts import FACTS, Trigger, definition
from inventory.model import Origin
from inventory.scope.load import ScopeError, parse_scope
from inventory.verdict import Status, SubjectKind
from tests.inventory.builders import (
    CHAT,
    entry,
    event,
    fact,
    ledger,
    only,
    scope,
    statuses,
    system,
    verdicts,
)  # fmt: skip

VENDOR = (Origin.DECLARED, "the vendor of notion: https://notion.example/terms, read 2027-05-30")

TRIGGERS = [
    # fact, decided on, news, no news
    ("models", ("gpt-4o",), ("gpt-5",), ("GPT-4o",)),
    ("providers", ("openai",), ("deepseek",), ("openai",)),
    ("regions", ("eu-west-1",), ("eu-west-1", "us-east-1"), ("eu-west-1",)),
    ("environment", ("development",), ("production",), ("development",)),
    ("deployed", False, True, False),
    ("data_categories", ("contact",), ("contact", "health"), ("contact",)),
    ("personal_data", False, True, False),
    ("autonomy", "assists", "autonomous", "assists"),
    ("exposure", "internal", "public", "internal"),
    ("owner", "@acme/shop", "@acme/platform", "@acme/shop"),
    ("features", ("summaries",), ("agents", "summaries"), ("summaries",)),
    ("feature_state", "off", "on", "off"),
    ("licence_count", 0, 12, 0),
    ("permissions", ("Mail.Read",), ("Mail.Read", "Mail.Send"), ("Mail.Read",)),
    ("data_use", ("does_not_train",), ("trains_unless_opted_out",), ("does_not_train",)),
    ("uses", ("drafting",), ("grading",), ("drafting",)),
    ("stage", "inception", "deployment", "inception"),
    ("geography", ("AT",), ("AT", "US"), ("AT",)),
    ("entity", "Acme", "Acme Inc", "Acme"),
    ("unit", "Shop", "Operations", "Shop"),
]
NARROWER = [
    ("features", ("agents", "summaries"), ("summaries",)),
    ("feature_state", "on", "off"),
    ("feature_state", "licensed", "on"),
    ("licence_count", 12, 0),
    ("licence_count", 12, 900),
    ("permissions", ("Mail.Read", "Mail.Send"), ("Mail.Read",)),
]


def changed(name: str, before: Any, now: Any, review: dict[str, Any] | None = None) -> list[str]:
    """What is said of a fact that was decided as `before` and is `now`; nothing where it asks for no review."""
    row = definition(name)
    assert row is not None
    origin = Origin.OBSERVED if Origin.OBSERVED in row.origins else Origin.ATTESTED
    seen = system(CHAT, *([] if now == () else [fact(name, now, origin)]))
    verdict = only(verdicts([seen], scope(entry(), review=review or {}), ledger(event(facts={name: before}))))
    return [reason.text for reason in verdict.reasons if reason.status is Status.CHANGED]


def test_every_material_fact_is_a_trigger_of_this_table():
    assert {name for name, *_ in TRIGGERS} == {row.name for row in FACTS if row.material}


@pytest.mark.parametrize(("name", "before", "now", "same"), TRIGGERS)
def test_a_change_asks_at_once_and_names_the_fact_before_and_after(name, before, now, same):
    (text,) = changed(name, before, now, {"triggers": {name: "on"}})
    assert text.startswith(f"{name} was ")
    assert "in the decision of jane@acme.example, 2027-01-10" in text
    for value in (before, now):
        shown = value[-1] if isinstance(value, tuple) else str(value).lower() if isinstance(value, bool) else str(value)
        assert shown in text
    assert changed(name, before, same, {"triggers": {name: "on"}}) == []


@pytest.mark.parametrize(("name", "before", "now"), [row[:3] for row in TRIGGERS])
def test_a_trigger_is_switched_off_in_the_scope_document(name, before, now):
    assert changed(name, before, now, {"triggers": {name: "off"}}) == []


@pytest.mark.parametrize(("name", "before", "now"), [row[:3] for row in TRIGGERS])
def test_an_empty_part_means_what_the_registry_says(name, before, now):
    row = definition(name)
    assert bool(changed(name, before, now)) is (row is not None and row.significant)


@pytest.mark.parametrize(("name", "before", "now"), NARROWER)
def test_what_grows_smaller_or_was_on_already_is_no_news(name, before, now):
    assert definition(name).trigger is not Trigger.ANY
    assert changed(name, before, now) == []


def test_what_somebody_wrote_into_a_baseline_is_watched_until_it_is_switched_off():
    seen = system(CHAT, fact("users", 0), fact("stage", "deployment", Origin.ATTESTED))
    by_hand = entry(baseline={"stage": "inception"})
    decided = ledger(event(facts={"models": ("gpt-4o",)}))
    assert only(verdicts([seen], scope(by_hand), decided)).status is Status.CHANGED
    off = scope(by_hand, review={"triggers": {"stage": False}})
    assert only(verdicts([seen], off, decided)).status is Status.IN_SCOPE


@pytest.mark.parametrize(
    ("name", "before", "now", "status"),
    [
        ("models", ("gpt-4o",), ("gpt-5",), Status.IN_SCOPE),
        ("providers", ("openai",), ("azure-openai",), Status.IN_SCOPE),
        ("permissions", ("Mail.Read",), ("Mail.Read", "Mail.Send"), Status.CHANGED),
        ("feature_state", "off", "on", Status.CHANGED),
        ("regions", ("eu-west-1",), ("us-east-1",), Status.CHANGED),
        ("owner", "@acme/shop", "@acme/platform", Status.CHANGED),
    ],
)
def test_a_newer_catalog_explains_only_what_a_catalog_reads(name, before, now, status):
    seen = system(CHAT, fact(name, now))
    decided = event(facts={name: before}, catalog="old", evidence=evidence_hash(seen))
    assert only(verdicts([seen], scope(entry()), ledger(decided))).status is status


class TestTermsOfAVendor:
    """The catalog carries what a vendor states: a newer one is news, not another reading of the same evidence."""

    def verdict(self, *facts, catalog="old"):
        seen = system(CHAT, *facts)
        decided = event(facts={"data_use": ("does_not_train",)}, catalog=catalog, evidence=evidence_hash(seen))
        return only(verdicts([seen], scope(entry()), ledger(decided)))

    def test_a_newer_catalog_carries_news_with_its_page(self):
        verdict = self.verdict(fact("data_use", ("trains",), *VENDOR))
        assert verdict.status is Status.CHANGED
        assert "data_use was does_not_train" in verdict.reasons[0].text
        assert "https://notion.example/terms, read 2027-05-30" in verdict.reasons[0].text

    def test_the_contract_of_the_organisation_goes_before_what_the_vendor_says_to_all(self):
        terms = fact("data_use", ("trains",), *VENDOR)
        signed = Attestation(
            CHAT, "data_use", ("does_not_train",), "Jo", "counsel", date(2027, 1, 1), seen="the contract"
        )
        condition = {"fact": "data_use", "op": "none_of", "value": ["trains"]}
        declared = scope(entry("excluded", conditions=[condition]))
        decided = ledger(event(Answer.OUT, facts={"data_use": ("does_not_train",)}))
        assert only(verdicts([system(CHAT, terms)], declared, decided)).status is Status.EXCLUSION_CONTRADICTED
        assert only(verdicts([system(CHAT, terms)], declared, decided, attested=(signed,))).status is Status.EXCLUDED


class TestOwner:
    OWNED = ledger(event(facts={"owner": "@acme/shop"}))

    def test_an_owner_whom_nothing_names_any_more_no_longer_resolves(self):
        verdict = only(verdicts([system()], scope(entry()), self.OWNED))
        assert verdict.status is Status.CHANGED
        assert "owner was @acme/shop" in verdict.reasons[0].text
        assert "nor a tag names one" in verdict.reasons[0].text

    def test_nothing_is_said_where_not_all_was_seen_or_none_was_named(self):
        assert only(verdicts([system()], scope(entry()), self.OWNED, ())).status is not Status.CHANGED
        assert only(verdicts([system()], scope(entry(owner="Ann")), ledger(event()))).status is Status.IN_SCOPE

    @pytest.mark.parametrize(
        ("owners", "status"),
        [
            ((), Status.IN_SCOPE),
            (["@acme/*", "ann"], Status.IN_SCOPE),
            (["@acme/*"], Status.CHANGED),
            (["Ann"], Status.CHANGED),
        ],
    )
    def test_the_list_of_owners_names_every_owner(self, owners, status):
        declared = scope(entry(owner="Ann"), review={"owners": owners})
        verdict = only(verdicts([system(owner="@acme/shop")], declared, self.OWNED))
        assert verdict.status is status
        if verdict.asks:
            assert "no longer resolves" in verdict.reasons[0].text

    def test_whoever_keeps_the_scope_document_is_an_owner_too(self):
        declared = scope(document={"owner": "Ann", "sponsor": "Lena"}, review={"owners": ["Ann"]})
        verdict = only(verdicts([], declared))
        assert verdict.subject_kind is SubjectKind.DOCUMENT
        assert [reason.text for reason in verdict.reasons if "Lena" in reason.text]

    def test_the_trigger_is_switched_off(self):
        declared = scope(entry(owner="Ann"), review={"owners": ["Bob"], "triggers": {"owner_resolves": "off"}})
        assert only(verdicts([system()], declared, self.OWNED)).status is Status.IN_SCOPE


class TestEvery:
    """Nothing holds longer than a year without a look, nor longer than the scope document says."""

    @pytest.mark.parametrize(
        ("every", "due"),
        [({}, False), ({"every": "6 months"}, False), ({"every": "90 days"}, True), ({"every": "20 weeks"}, True)],
    )
    def test_a_decision_is_reviewed_as_often_as_the_scope_document_says(self, every, due):
        declared = scope(entry(review_due="2028-06-01"), review=every)  # decided on 2027-01-10; today is 2027-06-01
        found = statuses(only(verdicts([system()], declared, ledger(event(until="2028-01-10")))))
        assert (Status.REVIEW_DUE in found) is due

    def test_no_date_in_the_document_outlasts_a_year(self):
        late = entry(review_due="2030-01-01")
        decided = ledger(event(at="2026-05-01T09:00:00Z"))
        assert Status.REVIEW_DUE in statuses(only(verdicts([system()], scope(late), decided)))
        head = {"approved_on": "2026-05-01", "review_due": "2030-01-01"}
        assert only(verdicts([], scope(document=head))).status is Status.REVIEW_DUE


class TestNewSystems:
    @pytest.mark.parametrize(
        ("kind", "review", "counted"),
        [
            ("ai_system", {}, True),
            ("candidate", {}, False),
            ("dev_assistant", {}, False),
            ("candidate", {"significant": ["ai_system", "candidate"]}, True),
            ("embedded_ai", {"significant": "ai_system"}, False),
        ],
    )
    def test_which_new_systems_count_is_set_and_all_are_shown(self, kind, review, counted):
        verdict = only(verdicts([system(kind=SystemKind(kind))], scope(review=review)))
        assert verdict.status is Status.UNDECLARED
        assert verdict.counted is counted


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("review: {every: 2 years}", "longer than a year"),
        ("review: {every: soon}", "no span of time"),
        ("review: {every: 90}", "Write it as `6 months`"),
        ("review: {triggers: {modells: on}}", "Write `models`"),
        ("review: {triggers: {users: on}}", "is no trigger"),
        ("review: {triggers: {exclusion_contradicted: off}}", "always asks for a review"),
        ("review: {triggers: {models: maybe}}", "models"),
        ("review: {significant: []}", "significant"),
        ("review: {significant: [robots]}", "ai_system"),
    ],
)
def test_a_review_part_that_means_nothing_is_refused_with_its_mend(written, said):
    with pytest.raises(ScopeError, match=r"aims-scope\.yaml:1") as refused:
        parse_scope(written.encode(), "aims-scope.yaml")
    assert said in str(refused.value)


def test_on_and_off_are_words_in_yaml():
    review = parse_scope(b"review: {triggers: {models: off, uses: on, owner: false}}", "s").document.review
    assert [review.asks(name) for name in ("models", "uses", "owner", "regions", "stage")] == [
        False, True, False, True, False,
    ]  # fmt: skip
