from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model import Coverage, Outcome
from inventory.coverage import CoverageIndex, Place, place_of
from inventory.denominator import PartKind, Share, covered_parts
from tests.inventory.builders import REPO, entry, scope


@pytest.mark.parametrize(
    ("anchor", "place"),
    [
        (REPO, Place(REPO)),
        (f"{REPO}#services/chat", Place(REPO, "services/chat")),
        (f"{REPO}#services/*", Place(REPO)),
        (f"{REPO}!npm/@acme/chat", Place(REPO)),
        (f"{REPO}*", None),
        ("repo:github.com/*/shop", None),
        ("tenant:okta:acme/app:0oa1", Place("tenant:okta:acme")),
        ("tenant:okta:*", None),
        ("arn:aws:bedrock:eu-west-1:123456789012:agent/A", Place("account:aws:123456789012", "eu-west-1")),
        ("arn:aws:bedrock:eu-west-1:*:agent/A", None),
        ("/subscriptions/0000-1/resourceGroups/rg/x", Place("account:azure:0000-1")),
        ("//aiplatform.googleapis.com/projects/p1/locations/eu", Place("account:gcp:p1")),
        ("Chat", None),
    ],
)
def test_where_a_thing_with_an_anchor_would_be_seen(anchor, place):
    assert place_of(anchor) == place


def test_a_gap_says_what_was_not_seen_and_why():
    index = CoverageIndex([Coverage(REPO, "", Outcome.COMPLETE), Coverage(REPO, "a/b.py", Outcome.FAILED, "not UTF-8")])
    assert index.gaps(Place(REPO)) == (f"a/b.py of {REPO} was not read (not UTF-8)",)
    assert index.fully(Place(REPO, "c"))
    assert not index.fully(Place(REPO, "a"))
    assert index.gaps(Place("repo:other")) == ("repo:other was not scanned",)


def test_what_a_region_lacks_and_what_is_skipped_inside_is_no_gap():
    index = CoverageIndex([Coverage(REPO, "", Outcome.NOT_APPLICABLE), Coverage(REPO, "vendor", Outcome.SKIPPED)])
    assert index.fully(Place(REPO))
    assert not index.fully(Place(REPO, "vendor/x"))


def test_a_part_alone_does_not_cover_the_whole():
    index = CoverageIndex([Coverage(REPO, "services", Outcome.COMPLETE)])
    assert not index.fully(Place(REPO))
    assert index.fully(Place(REPO, "services/chat"))


def test_the_denominator_holds_everything_that_the_scope_names():
    declared = scope(
        entry(bind=["repo:github.com/lab/x#a", "tenant:okta:acme/app:1"]),
        boundaries=[
            {"id": "shop", "match": {"repositories": ["github.com/acme/*"], "accounts": "aws:1"}},
            {"id": "all", "match": {"repositories": ["github.com/acme/*"]}},
            {"id": "words", "unit": "Retail"},
        ],
    )
    coverage = [Coverage(REPO, "", Outcome.COMPLETE), Coverage("tenant:okta:acme", "", Outcome.DENIED, "no scope")]
    parts = covered_parts(declared, coverage)
    assert [(part.kind, part.name, part.share) for part in parts] == [
        (PartKind.BOUNDARY, "all", Share.COVERED),
        (PartKind.BOUNDARY, "shop", Share.PARTLY),
        (PartKind.BOUNDARY, "words", Share.NO_SOURCE),
        (PartKind.ACCOUNT, "account:aws:1", Share.NO_SOURCE),
        (PartKind.REPOSITORY, "repo:github.com/acme/*", Share.COVERED),
        (PartKind.REPOSITORY, "repo:github.com/lab/x", Share.NO_SOURCE),
        (PartKind.TENANT, "tenant:okta:acme", Share.PARTLY),
    ]
    assert "no scope" in parts[-1].gaps[0]


def test_a_part_of_the_scope_has_the_sources_that_its_pattern_names_and_no_others():
    names = [
        "repo:github.com/acme/a",
        "repo:github.com/acme/b",
        "repo:github.com/other/a",
        "account:aws:1",
        "account:aws:12",
    ]
    match = {
        "repositories": ["github.com/acme/*", "github.com/acme/a", "*/a", "github.com/acme/a#x"],
        "accounts": ["1", "aws:*"],
    }
    parts = covered_parts(
        scope(boundaries=[{"id": "b", "match": match}]), [Coverage(name, "", Outcome.COMPLETE) for name in names]
    )
    named = {part.name: part.sources for part in parts if part.kind is not PartKind.BOUNDARY}
    assert named == {
        "account:*:1": ("account:aws:1",),
        "account:aws:*": ("account:aws:1", "account:aws:12"),
        "repo:*/a": ("repo:github.com/acme/a", "repo:github.com/other/a"),
        "repo:github.com/acme/*": ("repo:github.com/acme/a", "repo:github.com/acme/b"),
        "repo:github.com/acme/a": ("repo:github.com/acme/a",),
        "repo:github.com/acme/a#x": ("repo:github.com/acme/a",),
    }


SCOPES = st.lists(st.sampled_from(["a", "b", "ab", "a.b", "a0", "a-b"]), max_size=3).map("/".join)


@given(st.lists(st.tuples(SCOPES, st.sampled_from(Outcome)), max_size=12), SCOPES)
def test_the_gaps_of_a_place_are_those_of_what_contains_it_and_of_what_is_in_it(asked, path):
    def contains(folder, inner):
        return not folder or inner == folder or inner.startswith(f"{folder}/")

    records = [Coverage(REPO, scope, outcome, f"r{number}") for number, (scope, outcome) in enumerate(asked)]
    touching = [one for one in records if contains(one.scope, path) or contains(path, one.scope)]
    gaps = {
        one.reason
        for one in touching
        if one.outcome.incomplete or (one.outcome is Outcome.SKIPPED and contains(one.scope, path))
    }
    told = CoverageIndex(records).gaps(Place(REPO, path))
    assert {reason for reason in (one.reason for one in records) if any(f"({reason})" in gap for gap in told)} == gaps
