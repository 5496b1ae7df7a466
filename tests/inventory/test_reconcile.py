from __future__ import annotations

from datetime import date

import pytest

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.attestation import Attestation
from inventory.decision import Answer, EventKind
from inventory.decision_state import evidence_hash
from inventory.model import Origin
from inventory.verdict import Status, SubjectKind
from tests.inventory.builders import (
    CATALOG,
    CHAT,
    REPO,
    SEEN,
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

RECORDED = ledger(event())
EXCLUDED = ledger(event(Answer.OUT))
PARTLY = (Coverage(REPO, "", Outcome.COMPLETE), Coverage(REPO, "deploy/chat.yaml", Outcome.FAILED, "not YAML"))
NO_PRODUCTION = {"fact": "environment", "op": "none_of", "value": ["production"]}
NOT_DEPLOYED = {"fact": "deployed", "op": "equals", "value": False}
NO_PERSONAL_DATA = {"fact": "personal_data", "op": "equals", "value": False}


def attestation(fact_name: str, value: object, **fields: object) -> Attestation:
    given = {"by": "Jo", "role": "data protection officer", "date": date(2027, 3, 1), "seen": "the register"}
    return Attestation(CHAT, fact_name, value, **{**given, **fields})  # type: ignore[arg-type]  # test values


class TestSettled:
    def test_in_scope_asks_nothing(self):
        verdict = only(verdicts([system()], scope(entry(owner="Ann")), RECORDED))
        assert verdict.status is Status.IN_SCOPE
        assert not verdict.asks
        assert verdict.suggestion is None
        assert (verdict.entry, verdict.owner, verdict.questions) == ("chat", "Ann", ())

    def test_excluded_with_holding_conditions_asks_nothing(self):
        declared = scope(entry("excluded", conditions=[NOT_DEPLOYED]))
        assert only(verdicts([system()], declared, EXCLUDED)).status is Status.EXCLUDED

    def test_not_ai_is_dismissed_until_its_evidence_changes(self):
        dismissed = ledger(event(Answer.NOT_AI, evidence=evidence_hash(system())))
        declared = scope(entry("not_ai"))
        assert only(verdicts([system()], declared, dismissed)).status is Status.DISMISSED
        again = only(verdicts([system(findings=("f1", "f2"))], declared, dismissed))
        assert again.status is Status.CHANGED
        assert Status.DISMISSED in statuses(again)

    def test_dismissal_needs_no_entry(self):
        decided = ledger(event(Answer.NOT_AI, entry=""))
        assert only(verdicts([system()], scope(), decided)).status is Status.DISMISSED

    @pytest.mark.parametrize(("until", "status"), [("2027-06-01", Status.DEFERRED), ("2027-05-31", Status.UNDECLARED)])
    def test_a_deferral_ends_after_its_last_day(self, until, status):
        decided = ledger(event(Answer.DEFER, entry="", until=until))
        assert only(verdicts([system()], scope(), decided)).status is status

    @pytest.mark.parametrize("status", ["excluded", "decommissioned", "rejected", "not_ai"])
    def test_what_is_out_and_not_observed_asks_nothing(self, status):
        verdict = only(verdicts([], scope(entry(status, review_due="2020-01-01")), covered=()))
        assert verdict.subject_kind is SubjectKind.ENTRY
        assert not verdict.asks


class TestContradictions:
    def test_exclusion_contradicted_names_the_finding(self):
        declared = scope(entry("excluded", conditions=[NO_PRODUCTION]))
        seen = system(CHAT, fact("environment", ("production",), Origin.OBSERVED, "f7"))
        verdict = only(verdicts([seen], declared, EXCLUDED))
        assert verdict.status is Status.EXCLUSION_CONTRADICTED
        assert verdict.reasons[0].rule == "entries.chat.conditions[0]"
        assert verdict.reasons[0].findings == ("f7",)
        assert "production" in verdict.reasons[0].text

    def test_a_baseline_does_not_prove_a_condition(self):
        declared = scope(entry("excluded", conditions=[NO_PERSONAL_DATA], baseline={"personal_data": False}))
        assert only(verdicts([system()], declared, EXCLUDED)).status is Status.UNVERIFIED

    def test_a_broken_condition_of_what_is_in_scope_asks_to_assess_again(self):
        declared = scope(entry(conditions=[NO_PRODUCTION]))
        seen = system(CHAT, fact("environment", ("production",)))
        assert only(verdicts([seen], declared, RECORDED)).status is Status.CHANGED

    def test_attestation_contradicted_by_what_is_seen(self):
        seen = system(CHAT, fact("models", ("gpt-4o",)))
        verdict = only(verdicts([seen], scope(entry()), RECORDED, attested=(attestation("models", ("llama-3",)),)))
        assert verdict.status is Status.ATTESTATION_CONTRADICTED
        assert "Jo (data protection officer)" in verdict.reasons[0].text

    def test_not_having_seen_something_contradicts_an_attestation_only_when_all_was_seen(self):
        seen, attested = system(CHAT, fact("deployed", False)), (attestation("deployed", True),)
        assert only(verdicts([seen], scope(entry()), RECORDED, PARTLY, attested)).status is Status.IN_SCOPE
        contradicted = only(verdicts([seen], scope(entry()), RECORDED, SEEN, attested))
        assert contradicted.status is Status.ATTESTATION_CONTRADICTED

    @pytest.mark.parametrize("status", ["decommissioned", "rejected"])
    def test_still_running(self, status):
        assert only(verdicts([system()], scope(entry(status)))).status is Status.STILL_RUNNING

    def test_what_only_hints_speak_for_does_not_run(self):
        rest = system(kind=SystemKind.CANDIDATE)
        assert only(verdicts([rest], scope(entry("decommissioned")))).status is Status.EXCLUDED


class TestPolicy:
    def test_forbidden_everywhere(self):
        policy = [{"forbid": {"provider": "openai"}, "because": "No contract."}]
        seen = system(CHAT, fact("providers", ("anthropic", "openai"), Origin.OBSERVED, "f2"))
        verdict = only(verdicts([seen], scope(entry(), policy=policy), RECORDED))
        assert verdict.status is Status.POLICY_BROKEN
        assert verdict.reasons[0].rule == "policy[0]"
        assert verdict.reasons[0].findings == ("f2",)
        assert "anthropic" not in verdict.reasons[0].text

    def test_forbidden_in_another_boundary(self):
        policy = [{"forbid": {"provider": "*"}, "in": "bank", "because": "Regulator."}]
        bank = [{"id": "bank", "match": {"repositories": "github.com/bank/*"}}]
        seen = system(providers=("openai",))
        verdict = only(verdicts([seen], scope(entry(), policy=policy, boundaries=bank), RECORDED))
        assert verdict.status is Status.IN_SCOPE

    def test_allow_lifts_what_is_forbidden(self):
        policy = [
            {"forbid": {"model": "gpt-*"}, "because": "No."},
            {"allow": {"model": "GPT-4o*"}, "because": "Assessed."},
        ]
        allowed = only(verdicts([system(models=("gpt-4o-mini", "claude-4"))], scope(entry(), policy=policy), RECORDED))
        assert allowed.status is Status.IN_SCOPE
        broken = only(verdicts([system(models=("gpt-5",))], scope(entry(), policy=policy), RECORDED))
        assert broken.status is Status.POLICY_BROKEN

    def test_allow_alone_means_only_these(self):
        policy = [{"allow": {"provider": ["anthropic"]}, "because": "Approved list."}]
        broken = only(verdicts([system(providers=("openai",))], scope(entry(), policy=policy), RECORDED))
        assert broken.status is Status.POLICY_BROKEN
        assert "not among what is allowed" in broken.reasons[0].text

    def test_use_is_told_by_a_tag_or_an_attestation(self):
        policy = [{"forbid": {"use": "emotion recognition"}, "because": "Prohibited."}]
        attested = (attestation("uses", ("Emotion recognition",)),)
        verdict = only(verdicts([system()], scope(entry(), policy=policy), RECORDED, attested=attested))
        assert verdict.status is Status.POLICY_BROKEN


class TestDeclaration:
    def test_undeclared_asks_in_or_out_with_open_questions(self):
        verdict = only(verdicts([system(owner="team-chat")], scope()))
        assert verdict.status is Status.UNDECLARED
        assert verdict.suggestion is not None
        assert verdict.suggestion.decision == Answer.IN
        assert verdict.owner == "team-chat"
        assert "Does it process personal data?" in verdict.questions
        assert "Who answers for it?" not in verdict.questions

    def test_never_undeclared_without_a_scope_document(self):
        assert verdicts([system()], None) == ()

    def test_without_a_scope_document_the_ledger_speaks(self):
        assert only(verdicts([system()], None, RECORDED)).status is Status.IN_SCOPE
        assert only(verdicts([system()], None, ledger(event(Answer.DECOMMISSIONED)))).status is Status.STILL_RUNNING

    def test_a_standing_rule_suggests_first(self):
        rules = [
            {"when": {"environment": "production"}, "suggest": "in_scope", "because": "Production is in."},
            {"when": {"anchors": "repo:github.com/acme/*"}, "suggest": "excluded", "because": "Laboratory."},
        ]
        suggestion = only(verdicts([system()], scope(rules=rules))).suggestion
        assert suggestion is not None
        assert (suggestion.decision, suggestion.because) == (Answer.OUT, "Laboratory. (rules[1])")

    @pytest.mark.parametrize("kind", [SystemKind.CANDIDATE, SystemKind.DEV_ASSISTANT])
    def test_candidates_and_assistants_count_only_once_declared(self, kind):
        assert not only(verdicts([system(kind=kind)], scope())).counted
        assert only(verdicts([system(kind=kind)], scope(entry()))).counted

    def test_a_similar_name_is_a_question_and_binds_nothing(self):
        declared = scope(entry(bind="repo:github.com/acme/gone", name="Acme Chat Assistant"))
        by_subject = {verdict.subject: verdict for verdict in verdicts([system(name="chat assistant acme")], declared)}
        verdict = by_subject[f"id-of-{CHAT}"]
        assert verdict.status is Status.UNDECLARED
        assert "`chat`" in verdict.questions[0]

    def test_ambiguous_when_two_entries_bind_it(self):
        declared = scope(entry(), entry("excluded", bind=f"{REPO}#*", id="rest"))
        verdict = only(verdicts([system()], declared))
        assert verdict.status is Status.AMBIGUOUS
        assert verdict.entry == ""

    def test_ambiguous_when_merged_systems_were_decided_differently(self):
        merged = system(aliases=("id-of-old",))
        decided = ledger(event(), event(Answer.OUT, "old", anchors=("repo:old",)))
        assert only(verdicts([merged], scope(entry()), decided)).status is Status.AMBIGUOUS

    def test_outside_boundary_comes_before_undeclared(self):
        boundaries = [{"id": "de", "entity": "Acme GmbH", "match": {"repositories": "github.com/acme-de/*"}}]
        seen = system(CHAT, fact("entity", "Acme Inc", Origin.TAG))
        verdict = only(verdicts([seen], scope(boundaries=boundaries)))
        assert verdict.status is Status.OUTSIDE_BOUNDARY
        assert Status.UNDECLARED in statuses(verdict)

    def test_a_named_entity_is_not_outside(self):
        boundaries = [{"id": "de", "entity": "Acme GmbH"}]
        seen = system(CHAT, fact("entity", "acme gmbh", Origin.TAG), fact("geography", ("FR",), Origin.TAG))
        assert only(verdicts([seen], scope(boundaries=boundaries))).status is Status.UNDECLARED

    def test_a_decision_that_no_entry_carries_any_more_asks_for_a_binding(self):
        verdict = only(verdicts([system()], scope(), RECORDED))
        assert verdict.status is Status.UNBOUND
        assert Status.UNDECLARED not in statuses(verdict)

    def test_a_proposal_asks_for_approval(self):
        waiting = ledger(pending=(event(Answer.OUT, kind=EventKind.PROPOSED),))
        verdict = only(verdicts([system()], scope(), waiting))
        assert verdict.status is Status.UNDECLARED
        assert verdict.suggestion is not None
        assert verdict.suggestion.decision == "approve"


class TestChange:
    def test_changed_against_the_ledger(self):
        decided = ledger(event(facts={"models": ("gpt-4o",)}))
        verdict = only(verdicts([system(models=("gpt-5",))], scope(entry()), decided))
        assert verdict.status is Status.CHANGED
        assert "gpt-4o" in verdict.reasons[0].text
        assert "gpt-5" in verdict.reasons[0].text

    def test_the_ledger_goes_before_the_baseline(self):
        declared = scope(entry(baseline={"models": ["gpt-4"], "exposure": "internal"}))
        decided = ledger(event(facts={"models": ("gpt-4o",)}))
        seen = system(CHAT, fact("exposure", "public", Origin.TAG), models=("gpt-4o",))
        verdict = only(verdicts([seen], declared, decided))
        assert [reason.rule for reason in verdict.reasons if reason.status is Status.CHANGED] == [
            "entries.chat.baseline.exposure"
        ]

    def test_unknown_to_known_and_back_is_no_change(self):
        decided = ledger(event(facts={"models": ("gpt-4o",)}))
        assert only(verdicts([system(providers=("openai",))], scope(entry()), decided)).status is Status.IN_SCOPE

    @pytest.mark.parametrize(("covered", "status"), [(SEEN, Status.CHANGED), (PARTLY, Status.IN_SCOPE)])
    def test_that_a_model_is_gone_shows_only_where_all_was_seen(self, covered, status):
        decided = ledger(event(facts={"models": ("gpt-4o", "gpt-5")}))
        assert only(verdicts([system(models=("gpt-5",))], scope(entry()), decided, covered)).status is status

    def test_the_same_evidence_under_a_newer_catalog_is_reclassified(self):
        seen = system(models=("gpt-5",))
        decided = ledger(event(facts={"models": ("gpt-4o",)}, catalog="old", evidence=evidence_hash(seen)))
        verdict = only(verdicts([seen], scope(entry()), decided))
        assert verdict.status is Status.IN_SCOPE
        assert "reclassified" in [reason.rule for reason in verdict.reasons]
        same_catalog = ledger(event(facts={"models": ("gpt-4o",)}, catalog=CATALOG, evidence=evidence_hash(seen)))
        assert only(verdicts([seen], scope(entry()), same_catalog)).status is Status.CHANGED

    def test_a_tag_that_changed_is_no_matter_of_the_catalog(self):
        seen = system(CHAT, fact("exposure", "public", Origin.TAG))
        decided = ledger(event(facts={"exposure": "internal"}, catalog="old", evidence=evidence_hash(seen)))
        assert only(verdicts([seen], scope(entry()), decided)).status is Status.CHANGED


class TestCoverage:
    def test_not_observed_when_everything_was_seen(self):
        verdict = only(verdicts([], scope(entry(name="The chat")), RECORDED))
        assert verdict.status is Status.NOT_OBSERVED
        assert (verdict.subject, verdict.subject_kind, verdict.name) == ("chat", SubjectKind.ENTRY, "The chat")

    @pytest.mark.parametrize(
        "covered",
        [
            (),
            (Coverage("repo:github.com/acme/other", "", Outcome.COMPLETE),),
            (Coverage(REPO, "", Outcome.DENIED, "no token"),),
            (Coverage(REPO, "", Outcome.SKIPPED, "not asked for"),),
            (*SEEN, Coverage(REPO, "services/chat/app.py", Outcome.FAILED)),
            (*SEEN, Coverage(REPO, "services", Outcome.PARTIAL)),
        ],
    )
    def test_unverified_when_it_may_have_stayed_unseen(self, covered):
        assert only(verdicts([], scope(entry()), RECORDED, covered)).status is Status.UNVERIFIED

    def test_what_was_not_read_elsewhere_in_the_repository_does_not_matter(self):
        covered = (*SEEN, Coverage(REPO, "docs/x.md", Outcome.FAILED))
        assert only(verdicts([], scope(entry()), RECORDED, covered)).status is Status.NOT_OBSERVED

    def test_a_pattern_over_sources_can_never_be_seen_whole(self):
        declared = scope(entry(bind="repo:github.com/acme/*"))
        assert only(verdicts([], declared, RECORDED)).status is Status.UNVERIFIED

    def test_unverified_when_a_condition_is_not_known(self):
        declared = scope(entry("excluded", conditions=[NOT_DEPLOYED]))
        verdict = only(verdicts([system()], declared, EXCLUDED, PARTLY))
        assert verdict.status is Status.UNVERIFIED
        assert "deploy/chat.yaml" in verdict.reasons[0].text
        assert verdict.suggestion is not None
        assert verdict.suggestion.decision == "cover"

    def test_an_attestation_answers_what_no_scan_can_see(self):
        declared = scope(entry("excluded", conditions=[NO_PERSONAL_DATA]))
        unknown = only(verdicts([system()], declared, EXCLUDED))
        assert unknown.status is Status.UNVERIFIED
        assert unknown.suggestion is not None
        assert unknown.suggestion.decision == "attest"
        attested = (attestation("personal_data", False),)
        assert only(verdicts([system()], declared, EXCLUDED, attested=attested)).status is Status.EXCLUDED

    def test_an_expired_attestation_does_not_count_and_is_named(self):
        declared = scope(entry("excluded", conditions=[NO_PERSONAL_DATA]))
        attested = (attestation("personal_data", False, expires=date(2027, 5, 31)),)
        verdict = only(verdicts([system()], declared, EXCLUDED, attested=attested))
        assert verdict.status is Status.UNVERIFIED
        assert "expired on 2027-05-31" in verdict.questions[0]


class TestUpkeep:
    def test_unbound(self):
        assert only(verdicts([], scope(entry(bind=[])), RECORDED)).status is Status.UNBOUND

    def test_an_exclusion_without_a_binding_asks_for_one(self):
        assert only(verdicts([], scope(entry("excluded", bind=[])), EXCLUDED)).status is Status.UNBOUND

    def test_unrecorded(self):
        verdict = only(verdicts([system()], scope(entry())))
        assert verdict.status is Status.UNRECORDED
        assert verdict.suggestion is not None
        assert verdict.suggestion.decision == "adopt"

    def test_unrecorded_when_the_ledger_says_otherwise(self):
        verdict = only(verdicts([system()], scope(entry("excluded")), RECORDED))
        assert verdict.status is Status.UNRECORDED
        assert "`in`" in verdict.reasons[0].text

    def test_unrecorded_while_a_proposal_waits(self):
        waiting = ledger(pending=(event(kind=EventKind.PROPOSED),))
        verdict = only(verdicts([system()], scope(entry()), waiting))
        assert verdict.status is Status.UNRECORDED
        assert verdict.suggestion is not None
        assert verdict.suggestion.decision == "approve"

    @pytest.mark.parametrize(("due", "status"), [("2027-06-01", Status.IN_SCOPE), ("2027-05-31", Status.REVIEW_DUE)])
    def test_review_due(self, due, status):
        assert only(verdicts([system()], scope(entry(review_due=due)), RECORDED)).status is status

    def test_a_decision_is_reviewed_after_a_year_at_the_latest(self):
        decided = ledger(event(at="2026-05-01T00:00:00Z"))
        assert only(verdicts([system()], scope(entry()), decided)).status is Status.REVIEW_DUE

    def test_an_entry_that_binds_several_systems_asks_once(self):
        found = verdicts([system(), system(f"{REPO}#jobs")], scope(entry(bind=f"{REPO}#*")))
        assert [(verdict.subject_kind, verdict.status) for verdict in found] == [
            (SubjectKind.ENTRY, Status.UNRECORDED),
            (SubjectKind.SYSTEM, Status.IN_SCOPE),
            (SubjectKind.SYSTEM, Status.IN_SCOPE),
        ]

    def test_the_document_and_its_records_are_reviewed(self):
        declared = scope(
            document={"organisation": "Acme", "approved_on": "2026-01-01"},
            records=[{"title": "AI policy", "next_due": "2027-05-01"}, {"title": "Audit", "next_due": "2028-01-01"}],
        )
        verdict = only(verdicts([], declared))
        assert (verdict.subject, verdict.subject_kind) == ("document", SubjectKind.DOCUMENT)
        assert [reason.rule for reason in verdict.reasons] == ["document.review_due", "records[0].next_due"]


def test_the_first_status_that_holds_is_the_status_and_all_reasons_are_kept():
    declared = scope(
        entry("excluded", conditions=[NO_PRODUCTION, NO_PERSONAL_DATA], review_due="2027-01-01"),
        policy=[{"forbid": {"provider": "openai"}, "because": "No contract."}],
    )
    seen = system(CHAT, fact("environment", ("production",)), providers=("openai",))
    verdict = only(verdicts([seen], declared))
    assert verdict.status is Status.EXCLUSION_CONTRADICTED
    assert statuses(verdict) == [
        Status.EXCLUSION_CONTRADICTED,
        Status.POLICY_BROKEN,
        Status.UNRECORDED,
        Status.REVIEW_DUE,
        Status.UNVERIFIED,
        Status.EXCLUDED,
    ]
