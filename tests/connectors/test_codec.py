"""What a stage hands on survives storage exactly, whatever a repository put into it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model import Context, Finding, Role, Strength, SystemKind, Technique
from connectors.codec import OBSERVED, CodecError, dumps, to_data
from connectors.model import Coverage, Location, Observation, ObservationKind, Outcome
from inventory.model import AISystem, Fact, Join, Origin
from inventory.scan import CODEC
from inventory.verdict import Reason, Status, SubjectKind, Suggestion, Verdict

ANY_TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["undecodable \udcff", "null \x00", "\ud800", ""])
TEXTS = st.lists(ANY_TEXT, max_size=3).map(tuple)
SCALARS = ANY_TEXT | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()

LOCATIONS = st.builds(Location, ANY_TEXT, ANY_TEXT, st.integers(0))
OBSERVATIONS = st.builds(
    Observation,
    kind=st.sampled_from(ObservationKind),
    name=ANY_TEXT,
    location=LOCATIONS,
    matchers=TEXTS,
    attributes=st.dictionaries(ANY_TEXT, SCALARS | TEXTS, max_size=3),
    snippet=ANY_TEXT,
    occurrences=st.integers(1),
)
COVERAGES = st.builds(
    Coverage,
    ANY_TEXT,
    ANY_TEXT,
    st.sampled_from(Outcome),
    ANY_TEXT,
    st.dictionaries(ANY_TEXT, st.integers(), max_size=3),
)
FINDINGS = st.builds(
    Finding,
    id=ANY_TEXT,
    role=st.sampled_from(Role),
    name=ANY_TEXT,
    location=LOCATIONS,
    context=st.sampled_from(Context),
    strength=st.sampled_from(Strength),
    confidence=st.floats(0, 1),
    rule=ANY_TEXT,
    observation=OBSERVATIONS,
    techniques=st.lists(st.sampled_from(Technique)).map(tuple),
    system_kind=st.sampled_from(SystemKind),
)
FACTS = st.builds(Fact, ANY_TEXT, ANY_TEXT | st.integers() | st.booleans() | TEXTS, st.sampled_from(Origin), TEXTS)
SYSTEMS = st.builds(
    AISystem,
    id=ANY_TEXT,
    anchors=TEXTS,
    name=ANY_TEXT,
    kind=st.sampled_from(SystemKind),
    sources=TEXTS,
    facts=st.dictionaries(ANY_TEXT, st.lists(FACTS, max_size=2).map(tuple), max_size=2),
    joins=st.lists(st.builds(Join, ANY_TEXT, ANY_TEXT), max_size=2).map(tuple),
)
VERDICTS = st.builds(
    Verdict,
    subject=ANY_TEXT,
    subject_kind=st.sampled_from(SubjectKind),
    name=ANY_TEXT,
    status=st.sampled_from(Status),
    reasons=st.lists(st.builds(Reason, st.sampled_from(Status), ANY_TEXT, ANY_TEXT, TEXTS), max_size=2).map(tuple),
    counted=st.booleans(),
    suggestion=st.none() | st.builds(Suggestion, ANY_TEXT, ANY_TEXT),
)


@settings(deadline=None)
@given(OBSERVATIONS | COVERAGES | FINDINGS | SYSTEMS | VERDICTS)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    stored = dumps(value)

    assert stored.isascii()
    assert CODEC.loads(type(value), stored) == value


@settings(deadline=None)
@given(OBSERVATIONS)
def test_types_come_back_too(observation: Observation) -> None:
    back = OBSERVED.loads(Observation, dumps(observation))

    assert {key: type(value) for key, value in back.attributes.items()} == {
        key: type(value) for key, value in observation.attributes.items()
    }
    assert type(back.kind) is ObservationKind


def test_a_field_at_its_default_takes_no_room() -> None:
    whole = Coverage("repo:a", "", Outcome.COMPLETE)

    assert to_data(whole) == {"source": "repo:a", "scope": "", "outcome": "complete"}
    assert OBSERVED.from_data(Coverage, to_data(whole)) == whole


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "expected a mapping"),
        ("{}", "outcome, scope, source missing"),
        ('{"source":"a","scope":"","outcome":"complete","extra":1}', "extra missing or not known"),
        ('{"source":1,"scope":"","outcome":"complete"}', "expected str, found int"),
        ('{"source":"a","scope":"","outcome":"splendid"}', "'splendid' is no Outcome"),
        ('{"source":"a","scope":"","outcome":"complete","counts":{"files":true}}', "expected int, found bool"),
        ('{"source":"a","scope":"","outcome":"complete","counts":[]}', "expected a mapping, found list"),
    ],
)
def test_damaged_data_is_refused_with_its_fault(stored: str, why: str) -> None:
    with pytest.raises(CodecError, match="Coverage") as refusal:
        OBSERVED.loads(Coverage, stored)

    assert why in str(refusal.value)


def test_a_list_stands_only_where_a_tuple_may() -> None:
    fact = {"name": "models", "value": {"no": "mapping"}, "origin": "observed"}

    with pytest.raises(CodecError, match="none of the types that may stand there"):
        CODEC.from_data(Fact, fact)
    with pytest.raises(CodecError, match="expected a list"):
        CODEC.from_data(Fact, {**fact, "value": "gpt-4o", "evidence": "f1"})


def test_only_types_of_the_stages_are_written() -> None:
    with pytest.raises(TypeError, match="object is not a type that stages hand on"):
        to_data(object())
