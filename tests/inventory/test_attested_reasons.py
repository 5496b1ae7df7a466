"""What reconciling makes of attestations: contradicted, run out, about nothing that is there."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.attestation import Attestation
from inventory.verdict import Status, SubjectKind
from tests.inventory.builders import CHAT, REPO, TODAY, entry, fact, ledger, only, scope, system, verdicts

NOTES = "product:notes"
TENANT = "tenant:okta:acme"
MADE = date(2027, 5, 1)


def attested(value: Any, feature: str = "", fact_name: str = "feature_state", **fields: Any) -> Attestation:
    given: dict[str, Any] = {
        "system": NOTES, "by": "Jo", "role": "head of IT", "date": MADE, "seen": "Settings > AI", "expires": date(2028, 5, 1),
        "others": frozenset({"Writer", "Finder"}),
    }  # fmt: skip
    return Attestation(**{**given, **fields}, fact=fact_name, value=value, feature=feature)


def reasons(attestation: Attestation, *facts: Any, sources: tuple[str, ...] = (TENANT,)) -> list[str]:
    product = replace(system(NOTES, *facts, kind=SystemKind.EMBEDDED_AI), sources=sources)
    found = verdicts([product], scope(entry(bind=NOTES)), attested=(attestation,))
    return [
        reason.text
        for verdict in found
        for reason in verdict.reasons
        if reason.status is Status.ATTESTATION_CONTRADICTED
    ]


STATES = [
    ("off", "on", True),
    ("off", "preview", True),
    ("off", "in_use", True),
    ("off", "licensed", False),
    ("off", "off", False),
    ("on", "off", True),
    ("on", "licensed", False),
    ("on", "in_use", False),
    ("licensed", "off", False),
    ("licensed", "on", False),
]


@pytest.mark.parametrize(("claimed", "seen", "contradicted"), STATES)
def test_a_state_that_is_seen_against_one_that_is_attested(claimed: str, seen: str, *, contradicted: bool) -> None:
    found = reasons(attested(claimed), fact("feature_state", seen))
    assert bool(found) is contradicted
    if found:
        assert found[0] == (
            f"Jo (head of IT) attested on 2027-05-01 that feature_state is {claimed}, having seen Settings > AI, until "
            f"2028-05-01, but feature_state {seen} is observed."
        )


def test_a_licence_that_was_attested_and_of_which_there_is_none() -> None:
    assert reasons(attested("licensed"), fact("licence_count", 0))
    assert not reasons(attested("licensed"), fact("licence_count", 3))
    assert not reasons(attested("off"), fact("licence_count", 3), fact("feature_state", "licensed"))


def test_use_that_ended_before_it_was_switched_off_is_no_contradiction() -> None:
    off = attested("off", since=date(2027, 4, 10))
    used = fact("feature_state", "in_use")
    assert not reasons(off, used, fact("last_used", "2027-04-09"))
    assert reasons(off, used, fact("last_used", "2027-04-10"))


def test_one_feature_is_contradicted_by_its_name_alone() -> None:
    off = attested("off", "Writer")
    on = fact("feature_state", "on")
    assert not reasons(off, on, fact("features", ("Finder",)))
    (text,) = reasons(off, on, fact("features", ("Finder", "writer")))
    assert "that Writer is off" in text
    assert "but features Finder, writer is observed" in text
    assert not reasons(attested("on", "Writer"), fact("feature_state", "off"))
    assert not reasons(attested("on", "Writer"), on, fact("features", ("Finder",)))


def test_what_is_seen_in_another_tenant_contradicts_nothing() -> None:
    off, on = attested("off", tenant=TENANT), fact("feature_state", "on")
    assert reasons(off, on)
    assert not reasons(off, on, sources=(TENANT, "tenant:okta:other"))


def test_another_fact_of_a_product_is_held_against_what_is_seen_as_ever() -> None:
    assert reasons(attested(("openai",), fact_name="providers"), fact("providers", ("mistral",)))


class TestWhatNoSystemIs:
    def test_it_is_shown_with_what_is_similar_and_never_bound(self) -> None:
        slip = attested(True, fact_name="personal_data", system=CHAT.replace("chat", "chta"))
        declared = scope(entry(bind=CHAT, conditions=[{"fact": "personal_data", "op": "equals", "value": True}]))
        of_chat, of_slip = verdicts([system()], declared, ledger(), attested=(slip,))[::-1]
        if of_chat.subject_kind is not SubjectKind.SYSTEM:
            of_chat, of_slip = of_slip, of_chat
        assert Status.UNVERIFIED in {reason.status for reason in of_chat.reasons}
        assert (of_slip.subject, of_slip.subject_kind) == (slip.system, SubjectKind.ATTESTATION)
        assert of_slip.status is Status.UNBOUND
        assert f"Similar: `{CHAT}`" in of_slip.reasons[0].text
        assert "that personal_data is true" in of_slip.reasons[0].text
        assert of_slip.asks
        assert of_slip.counted

    def test_where_not_all_was_seen_it_says_so(self) -> None:
        missing = attested(True, fact_name="personal_data", system=CHAT)
        partly = (Coverage(REPO, "", Outcome.PARTIAL, "the clone broke off"),)
        verdict = only(verdicts([], None, covered=partly, attested=(missing,)))
        assert verdict.status is Status.UNVERIFIED
        assert "the clone broke off" in verdict.reasons[0].text

    def test_a_product_is_known_once_it_is_scanned_again(self) -> None:
        verdict = only(verdicts([], None, attested=(attested("off"),)))
        assert "scan again" in verdict.reasons[0].text

    def test_what_has_expired_is_not_asked_for(self) -> None:
        assert verdicts([], None, attested=(attested("off", expires=TODAY - timedelta(days=1)),)) == ()


def test_what_has_expired_asks_to_be_attested_again() -> None:
    ended = attested(False, fact_name="personal_data", system=CHAT, expires=TODAY - timedelta(days=1))
    verdict = only(verdicts([system()], scope(entry()), attested=(ended,)))
    (reason,) = [one for one in verdict.reasons if one.rule == "attestations.personal_data"]
    assert reason.text == "What Jo (head of IT) attested of personal_data expired on 2027-05-31."
    again = replace(ended, date=TODAY, expires=TODAY + timedelta(days=90))
    verdict = only(verdicts([system()], scope(entry()), attested=(ended, again)))
    assert not any(one.rule.startswith("attestations") for one in verdict.reasons)


def test_what_expires_soon_is_asked_about() -> None:
    ending = attested(False, fact_name="personal_data", system=CHAT, expires=TODAY + timedelta(days=30))
    verdict = only(verdicts([system()], scope(entry()), attested=(ending,)))
    assert "that personal_data is false" in verdict.questions[0]
    assert "That expires on 2027-07-01: is it still so?" in verdict.questions[0]
    later = replace(ending, expires=TODAY + timedelta(days=31))
    verdict = only(verdicts([system()], scope(entry()), attested=(later,)))
    assert not any("expires" in question for question in verdict.questions)


def test_where_nothing_tells_whether_the_ai_is_on_a_person_is_asked() -> None:
    notes = system(NOTES, kind=SystemKind.EMBEDDED_AI)
    (asked, *_) = only(verdicts([notes], scope())).questions
    assert asked.startswith("Is its AI on, off or only licensed?")
    (asked, *_) = only(verdicts([notes], scope(), attested=(attested("off", "Writer"),))).questions
    assert asked.startswith("Are its features Finder on, off or only licensed?")
    told = only(verdicts([notes], scope(), attested=(attested("off"),)))
    assert not any("Is its AI on" in question for question in told.questions)
    assert told.suggestion
    assert told.suggestion.decision == "out"
