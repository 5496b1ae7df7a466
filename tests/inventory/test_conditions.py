from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from inventory.facts import KnownFacts, definition
from inventory.model import Fact, Origin
from inventory.scope.conditions import Truth, evaluate
from inventory.scope.document import Condition
from inventory.scope.op import Op

HOLDS, BROKEN, NOT_KNOWN = Truth.HOLDS, Truth.BROKEN, Truth.NOT_KNOWN


EVERYWHERE = ("account:aws:111122223333", "repo:github.com/acme/shop", "tenant:m365:acme")


def judge(fact, op, value, *stated, covered=True, sources=EVERYWHERE):
    facts = {fact: tuple(Fact(fact, one, origin, ("f1",)) for one, origin in stated)} if stated else {}
    known = KnownFacts(facts, covered=covered, gaps=() if covered else ("repo:x was denied",), sources=sources)
    return evaluate(Condition.model_validate({"fact": fact, "op": op, "value": value}), known)


def seen(value):
    return value, Origin.OBSERVED


def attested(value):
    return value, Origin.ATTESTED


@pytest.mark.parametrize(
    ("asked", "stated", "covered", "uncovered"),
    [
        (("environment", "none_of", ["production"]), [], HOLDS, NOT_KNOWN),
        (("environment", "none_of", ["production"]), [seen(("staging",))], HOLDS, NOT_KNOWN),
        (("environment", "none_of", ["production"]), [seen(("production", "staging"))], BROKEN, BROKEN),
        (("environment", "none_of", ["production"]), [attested(("staging",))], HOLDS, HOLDS),
        (("environment", "none_of", ["production"]), [attested(("staging",)), seen(("production",))], BROKEN, BROKEN),
        (("regions", "only", ["eu-*"]), [seen(("eu-west-1",))], HOLDS, NOT_KNOWN),
        (("regions", "only", ["eu-*"]), [seen(("EU-WEST-1", "us-east-1"))], BROKEN, BROKEN),
        (("regions", "only", ["eu-*"]), [], NOT_KNOWN, NOT_KNOWN),
        (("models", "any_of", ["gpt-4o"]), [seen(("gpt-4o", "gpt-5"))], HOLDS, HOLDS),
        (("models", "any_of", ["gpt-4o"]), [seen(("gpt-5",))], BROKEN, NOT_KNOWN),
        (("models", "any_of", ["gpt-4o"]), [], NOT_KNOWN, NOT_KNOWN),
        (("models", "equals", ["a", "b"]), [seen(("a", "b"))], HOLDS, NOT_KNOWN),
        (("models", "equals", ["a", "b"]), [seen(("a",))], BROKEN, NOT_KNOWN),
        (("models", "equals", ["a", "b"]), [seen(("a", "b", "c"))], BROKEN, BROKEN),
        (("models", "not_equals", ["a"]), [seen(("a",))], BROKEN, NOT_KNOWN),
        (("models", "not_equals", ["a"]), [seen(("a", "b"))], HOLDS, HOLDS),
        (("models", "exists", None), [seen(("a",))], HOLDS, HOLDS),
        (("models", "exists", None), [], BROKEN, NOT_KNOWN),
        (("models", "absent", None), [], HOLDS, NOT_KNOWN),
        (("models", "absent", None), [seen(("a",))], BROKEN, BROKEN),
        (("deployed", "equals", False), [], HOLDS, NOT_KNOWN),
        (("deployed", "equals", False), [seen(False)], HOLDS, NOT_KNOWN),
        (("deployed", "equals", False), [seen(True)], BROKEN, BROKEN),
        (("deployed", "equals", False), [attested(False)], HOLDS, HOLDS),
        (("deployed", "equals", False), [attested(False), seen(True)], BROKEN, BROKEN),
        (("deployed", "equals", True), [seen(True)], HOLDS, HOLDS),
        (("deployed", "equals", True), [seen(False)], BROKEN, NOT_KNOWN),
        (("deployed", "not_equals", True), [], HOLDS, NOT_KNOWN),
        (("feature_state", "equals", "off"), [seen("off")], HOLDS, HOLDS),
        (("feature_state", "equals", "off"), [seen("on")], BROKEN, BROKEN),
        (("feature_state", "equals", "off"), [], NOT_KNOWN, NOT_KNOWN),
        (("feature_state", "not_equals", "on"), [], HOLDS, NOT_KNOWN),
        (("feature_state", "none_of", ["on"]), [seen("off")], HOLDS, HOLDS),
        (("users", "at_most", 10), [seen(11)], BROKEN, BROKEN),
        (("users", "at_most", 10), [seen(10)], HOLDS, NOT_KNOWN),
        (("users", "at_least", 10), [seen(10)], HOLDS, HOLDS),
        (("users", "at_least", 10), [seen(9)], BROKEN, NOT_KNOWN),
        (("users", "at_most", 10), [], NOT_KNOWN, NOT_KNOWN),
        (("personal_data", "equals", False), [], NOT_KNOWN, NOT_KNOWN),
        (("personal_data", "equals", False), [(False, Origin.TAG)], HOLDS, HOLDS),
        (("data_categories", "none_of", ["health"]), [], NOT_KNOWN, NOT_KNOWN),
        (("data_categories", "none_of", ["health"]), [attested(("contact",))], HOLDS, HOLDS),
        (("tag:team", "any_of", ["ml"]), [(("ml",), Origin.TAG)], HOLDS, HOLDS),
    ],
)
def test_the_three_answers(asked, stated, covered, uncovered):
    assert judge(*asked, *stated).truth is covered
    assert judge(*asked, *stated, covered=False).truth is uncovered


def test_a_broken_condition_names_the_findings_and_the_value():
    judgement = judge("models", "only", ["gpt-*"], seen(("claude-4", "gpt-5")), attested(("llama",)))
    assert judgement.findings == ("f1",)
    assert "claude-4 (observed)" in judgement.text
    assert "llama (attested)" in judgement.text
    assert "gpt-5" not in judgement.text


def test_what_is_not_known_says_what_would_have_to_be_seen_or_attested():
    assert "repo:x was denied" in judge("models", "absent", None, covered=False).text
    unseen = judge("personal_data", "equals", False, covered=False).text
    assert "attest `personal_data`" in unseen
    assert "repo:x" not in unseen


@pytest.mark.parametrize(
    ("fact", "op", "value"),
    [
        ("nonsense", "equals", "x"),
        ("models", "at_most", 3),
        ("deployed", "exists", None),
        ("deployed", "equals", "no"),
        ("users", "at_most", "many"),
        ("users", "at_most", True),
        ("models", "only", []),
        ("models", "only", None),
        ("models", "absent", "x"),
        ("models", "is", "x"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(fact, op, value):
    with pytest.raises(ValidationError):
        Condition.model_validate({"fact": fact, "op": op, "value": value})


words = st.sampled_from(["a", "b", "c"])
sets = st.sets(words, min_size=1).map(lambda found: tuple(sorted(found)))
origins = st.sampled_from(Origin)
cases = st.one_of(
    st.tuples(st.just("models"), sets, sets),
    st.tuples(st.just("exposure"), words, words),
    st.tuples(st.just("deployed"), st.booleans(), st.booleans()),
    st.tuples(st.just("users"), st.integers(0, 3), st.integers(0, 3)),
)
OPPOSITES = [("equals", "not_equals"), ("any_of", "none_of"), ("exists", "absent")]


@given(cases, origins, st.booleans(), st.sampled_from(OPPOSITES))
def test_a_condition_and_its_opposite_never_agree(case, origin, covered, opposites):
    name, value, expected = case
    if definition(name).type not in Op(opposites[0]).types:
        return
    expected = expected if Op(opposites[0]).takes_value else None
    truths = {judge(name, op, expected, (value, origin), covered=covered).truth for op in opposites}
    assert truths in ({HOLDS, BROKEN}, {NOT_KNOWN})


@given(cases, st.sampled_from(Op), st.lists(origins, max_size=3))
def test_seeing_more_never_turns_an_answer_round(case, op, stated):
    """Coverage may make known what was not; it never makes broken what held, or the other way round."""
    name, value, expected = case
    if definition(name).type not in op.types:
        return
    facts = [(value, origin) for origin in stated]
    expected = expected if op.takes_value else None
    blind = judge(name, op, expected, *facts, covered=False).truth
    assert blind in {NOT_KNOWN, judge(name, op, expected, *facts, covered=True).truth}


@pytest.mark.parametrize("fact", ["regions", "environment"])
def test_a_repository_says_nothing_of_where_its_code_runs(fact):
    assert judge(fact, "none_of", ["production"], sources=("repo:github.com/acme/shop",)).truth is NOT_KNOWN
    assert judge(fact, "none_of", ["production"], sources=("account:aws:111122223333",)).truth is HOLDS
