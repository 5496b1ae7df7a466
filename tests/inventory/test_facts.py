from __future__ import annotations

from inventory.facts import FACTS, definition, facts_of, known_value, material_values
from inventory.model import Fact, Origin
from tests.inventory.builders import CHAT, fact, system


def test_material_facts_are_those_that_a_decision_rests_on():
    material = {row.name for row in FACTS if row.material}
    assert material == {
        "providers", "models", "regions", "environment", "deployed", "data_categories", "personal_data", "autonomy",
        "exposure", "owner", "features", "feature_state", "licence_count", "permissions", "data_use", "uses", "stage",
        "geography", "entity", "unit",
    }  # fmt: skip


def test_a_tag_is_a_fact_whatever_its_key():
    assert definition("tag:cost-center") is not None
    assert definition("tag:") is None
    assert definition("colour") is None


def test_what_a_system_says_of_itself_is_a_fact_unless_it_is_stated_better():
    facts = facts_of(system(CHAT, fact("owner", "Ann", Origin.TAG), models=("gpt-5",), owner="team"))
    assert [one.value for one in facts["owner"]] == ["Ann"]
    assert facts["models"][0].value == ("gpt-5",)
    assert "regions" not in facts


def test_the_strongest_origin_says_what_is_known_and_its_statements_add_up():
    assert known_value([]) is None
    assert known_value([fact("owner", "Ann", Origin.TAG), fact("owner", "Bob")]) == "Bob"
    assert known_value([fact("models", ("b",)), fact("models", ("a",)), fact("models", ("c",), Origin.TAG)]) == (
        "a",
        "b",
    )
    assert known_value([fact("deployed", False), fact("deployed", True)]) is True
    assert known_value([fact("owner", "Bob"), fact("owner", "Ann")]) == ("Ann", "Bob")


def test_a_decision_is_made_on_the_material_facts_that_are_known():
    attested = Fact("personal_data", False, Origin.ATTESTED)
    facts = facts_of(system(CHAT, fact("kind", "ai_system"), models=("gpt-5",)), attested)
    assert material_values(facts) == {"models": ("gpt-5",), "personal_data": False}
