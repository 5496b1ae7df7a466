"""Which systems an entry without a binding may be about: a score with its reasons, and never more than a suggestion."""

from __future__ import annotations

from dataclasses import replace

from inventory.matching import Matcher, compare
from inventory.model import Origin
from inventory.scope.document import Entry
from tests.inventory.builders import fact, system


def an_entry(name, **fields):
    return Entry.model_validate({"id": "app-1", "name": name, "status": "in_scope", **fields})


def named(name, number=0, *facts, **fields):
    return replace(system(f"repo:github.com/acme/s{number}", *facts, name=name, **fields), id=f"sys-{number}")


def suggested(entry, *systems):
    return [(match.system.id, match.score) for match in Matcher(systems).suggest(entry).matches]


def test_the_likest_name_comes_first_whatever_the_order_of_its_words():
    found = suggested(
        an_entry("Triage of Claims"), named("claims-triage", 1), named("claims-intake", 2), named("menu-planner", 3)
    )
    assert [system_id for system_id, _ in found] == ["sys-1", "sys-2"]


def test_a_name_alone_never_reaches_more_than_seventy():
    assert suggested(an_entry("Claims triage"), named("claims-triage")) == [("sys-0", 70)]


def test_vendor_owner_and_tags_each_add_and_are_named():
    entry = an_entry(
        "Claims triage", owner="claims@acme.example", purpose="Sorts claims with OpenAI.", baseline={"environment": "production"}
    )  # fmt: skip
    found = named(
        "claims-triage",
        0,
        fact("environment", ("production",), Origin.TAG),
        providers=("openai",),
        owner="@acme/claims",
    )
    match = compare(entry, found)
    assert match.score == 100
    assert match.agrees == (
        "words claims, triage (names 100 of 100 alike)",
        "vendor openai",
        "owner @acme/claims",
        "tags environment production",
    )


def test_a_tag_may_name_the_entry():
    tagged = named("triage", 0, fact("tag:application", ("APP-1",), Origin.TAG))
    assert compare(an_entry("Claims triage"), tagged).agrees[-1] == "tags application APP-1"


def test_what_is_declared_otherwise_than_seen_is_said():
    match = compare(an_entry("Chat", baseline={"providers": "anthropic"}), named("chat", providers=("openai",)))
    assert match.differs == ("providers: anthropic is declared, openai is seen",)


def test_words_that_are_common_alone_find_a_name_together():
    many = [named(f"{first}-{second}", 10 * n + m) for n, first in enumerate(("claims", "orders")) for m, second in enumerate(
        ("triage", "search", "summary", "forecast"))]  # fmt: skip
    crowd = [replace(one, id=f"{one.id}-{copy}", name=f"{one.name}-{copy}") for one in many for copy in range(60)]
    assert {one.rpartition("-")[0] for one, _ in suggested(an_entry("Orders forecast"), *crowd)} == {"sys-13"}


def test_names_that_share_nothing_are_not_suggested():
    assert suggested(an_entry("Menu planner"), named("claims-triage")) == []
    assert suggested(an_entry("…"), named("…")) == []
