from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.binding import BoundaryIndex, EntryIndex
from inventory.facts import facts_of
from inventory.model import Origin
from inventory.patterns import Glob, PatternIndex
from inventory.scope.document import Boundary, Entry
from inventory.similar import SimilarNames
from tests.inventory.builders import CHAT, REPO, entry, fact, system

patterns = st.text("ab#*", max_size=6)


@given(patterns, st.text("ab#", max_size=8))
def test_a_star_stands_for_any_run_of_characters(pattern, text):
    expected = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
    assert Glob.of(pattern).matches(text) is expected


@given(st.lists(patterns, max_size=60), st.text("ab#", max_size=8))
def test_the_index_finds_what_trying_each_finds(found, text):
    index = PatternIndex((pattern, number) for number, pattern in enumerate(found))
    assert set(index.find(text)) == {n for n, pattern in enumerate(found) if Glob.of(pattern).matches(text)}


def bound(bind, anchor):
    return bool(EntryIndex([Entry.model_validate(entry(bind=bind))]).of(system(anchor)))


@pytest.mark.parametrize(
    ("bind", "anchor", "binds"),
    [
        (REPO, REPO, True),
        (REPO, CHAT, False),
        (f"{REPO}#*", CHAT, True),
        (f"{REPO}#*", REPO, False),
        ("repo:github.com/acme/*", CHAT, True),
        ("repo:github.com/acme/sho", REPO, False),
        (f"{REPO}!npm/@acme/chat", f"{REPO}!npm/@acme/chat", True),
        ("arn:aws:bedrock:*:123456789012:agent/*", "arn:aws:bedrock:eu-west-1:123456789012:agent/A", True),
        ("Chat", CHAT, False),
    ],
)
def test_an_entry_binds_by_anchor_and_never_by_name(bind, anchor, binds):
    assert bound(bind, anchor) is binds


def test_an_entry_binds_a_system_by_its_id_and_by_what_was_merged_into_it():
    merged = system(aliases=("id-of-old",))
    assert EntryIndex([Entry.model_validate(entry(bind="id-of-old"))]).of(merged)
    assert EntryIndex([Entry.model_validate(entry(bind=merged.id))]).of(merged)


@pytest.mark.parametrize(
    ("boundary", "inside"),
    [
        ({"match": {"repositories": "github.com/acme/*"}}, True),
        ({"match": {"repositories": "github.com/acme/shop"}}, True),
        ({"match": {"repositories": "github.com/acme/shop#services/*"}}, True),
        ({"match": {"repositories": "github.com/acme/shop#jobs/*"}}, False),
        ({"match": {"repositories": "github.com/other/*"}}, False),
        ({"match": {"tags": {"team": ["ML", "data"]}}}, True),
        ({"match": {"tags": {"team": "ml", "stage": "prod"}}}, False),
        ({"match": {"repositories": "github.com/other/*", "tags": {"team": "ml"}}}, True),
        ({"unit": "Retail"}, True),
        ({"unit": "Retail", "entity": "Acme"}, False),
        ({}, False),
    ],
)
def test_boundaries_by_source_tag_and_description(boundary, inside):
    one = system(CHAT, fact("tag:team", ("ml",), Origin.TAG), fact("unit", "retail", Origin.TAG))
    index = BoundaryIndex([Boundary.model_validate({"id": "b", **boundary})])
    assert bool(index.of(one, facts_of(one))) is inside


def test_boundaries_by_account_and_tenant():
    arn = "arn:aws:sagemaker:eu-west-1:012345678901:endpoint/x"
    in_account = replace(system(arn), sources=())
    in_tenant = replace(system("tenant:okta:acme/app:0oa1"), sources=())
    for match in ({"accounts": "012345678901"}, {"accounts": "aws:*"}):
        index = BoundaryIndex([Boundary.model_validate({"id": "b", "match": match})])
        assert index.of(in_account, {})
        assert not index.of(in_tenant, {})
    assert BoundaryIndex([Boundary.model_validate({"id": "b", "match": {"tenants": "okta:acme"}})]).of(in_tenant, {})


def test_a_similar_name_is_found_by_an_uncommon_word():
    entries = [Entry.model_validate(entry(id=f"e{n}", name=f"Service {n}")) for n in range(100)]
    entries.append(Entry.model_validate(entry(id="fraud", name="Fraud scoring service")))
    names = SimilarNames(entries)
    nearest = names.nearest("fraud-scoring_service")
    assert nearest is not None
    assert nearest.id == "fraud"
    assert names.nearest("service") is None
    assert names.nearest("") is None
