from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.attestation import AttestationIndex
from inventory.attestations import Attestation, AttestationError, load_attestations
from inventory.model import Origin
from tests.inventory.builders import CHAT, system

FILE = f"""
attestations:
  - system: "{CHAT}"
    fact: personal_data
    value: false
    by: Jane Doe
    role: data protection officer
    date: 2027-01-31
    seen: the register of processing
    expires: 2028-01-31
"""


def test_an_attestation_is_a_fact_that_says_who_saw_what(tmp_path):
    path = tmp_path / "attestations.yaml"
    path.write_text(FILE)
    (fact,) = AttestationIndex(load_attestations(path), date(2027, 6, 1)).facts(system())
    assert (fact.name, fact.value, fact.origin) == ("personal_data", False, Origin.ATTESTED)
    said = "Jane Doe (data protection officer) attested on 2027-01-31, having seen the register of processing, "
    assert fact.evidence == (f"{said}until 2028-01-31 [attestations.yaml:3]",)


@pytest.mark.parametrize(
    ("day", "counts", "expired"),
    [("2027-01-30", 0, 0), ("2027-01-31", 1, 0), ("2028-01-31", 1, 0), ("2028-02-01", 0, 1)],
)
def test_it_counts_from_its_day_to_the_day_it_expires(tmp_path, day, counts, expired):
    path = tmp_path / "attestations.yaml"
    path.write_text(FILE)
    index = AttestationIndex(load_attestations(path), date.fromisoformat(day))
    assert len(index.facts(system())) == counts
    assert len(index.expired(system())) == expired
    assert not index.facts(system("repo:github.com/acme/other"))


def test_the_latest_of_several_counts(tmp_path):
    path = tmp_path / "attestations.yaml"
    path.write_text(FILE)
    (old,) = load_attestations(path)
    new = replace(old, value=True, date=date(2027, 3, 1))
    (fact,) = AttestationIndex([new, old], date(2027, 6, 1)).facts(system())
    assert fact.value is True


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (("value: false", "value: perhaps"), ":3: attestations[0]: `personal_data` cannot be `perhaps`. Write true or false."),
        (("fact: personal_data", "fact: personnal_data"), ":4: attestations[0].fact: `personnal_data` is not a fact. Write `personal_data`."),
        (("fact: personal_data", "fact: kind"), ":3: attestations[0]: `kind` cannot be attested. Remove it, or attest another fact."),
        (("    by: Jane Doe\n", ""), ":3: attestations[0] has no `by`. Add `by: …`."),
        (("    seen: the register of processing\n", ""), ":3: attestations[0] has no `seen`. Add `seen: …`."),
        (("    expires: 2028-01-31\n", ""), ":3: attestations[0] has no `expires`. Add `expires: …`."),
        (("2028-01-31", "soon"), ":10: attestations[0].expires: `soon` is not a date. Write a day of the calendar as 2027-01-31."),
        (("2028-01-31", "2028-03-03"), ":3: attestations[0]: it lasts longer than 13 months, until 2028-03-03. Write a day until 2028-03-02, and attest again then."),
        (("2028-01-31", "2027-01-30"), ":3: attestations[0]: it expires on 2027-01-30, before its `date` 2027-01-31. Correct one of them."),
        (("    seen", "    since: 2027-02-01\n    seen"), ":3: attestations[0]: it is attested on 2027-01-31, before it is so (`since` 2027-02-01). Attest what was seen, on a later day."),
        (("    fact", "    product: notion\n    fact"), ":3: attestations[0]: both `system` and `product` stand there. Write the one that names what it is about."),
        (("    value: false\n", ""), ":3: attestations[0]: `fact` stands without `value`. Add `value: …`."),
        (("    seen", "    tenant: okta:acme\n    seen"), ":3: attestations[0]: `tenant` stands without `product`. Name the product, or remove `tenant`."),
        (("system: " + f'"{CHAT}"', "product: notoin"), ":3: attestations[0]: `notoin` is no product of the catalog. Write `notion`."),
        (("system: " + f'"{CHAT}"', "product: ChatGPT Enterprise"), ":3: attestations[0]: `ChatGPT Enterprise` is no product of the catalog. Write `chatgpt`."),
    ],
)  # fmt: skip
def test_an_error_names_line_and_mend(tmp_path, edit, problem):
    path = tmp_path / "attestations.yaml"
    assert edit[0] in FILE
    path.write_text(FILE.replace(*edit))
    with pytest.raises(AttestationError) as error:
        load_attestations(path)
    assert str(error.value) == f"{path}{problem}"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AttestationError, match="cannot be read"):
        load_attestations(tmp_path / "none.yaml")


FEATURE = """
  - product: notion
    feature: notion ai
    state: off
    since: 2027-01-10
    tenant: okta:acme
    by: Jo Roe
    role: head of IT
    date: 2027-02-01
    seen: Settings > Notion AI
    expires: 2028-02-01
"""


def test_a_feature_of_a_product_is_attested_as_the_catalog_calls_it(tmp_path):
    path = tmp_path / "attestations.yaml"
    path.write_text(f"attestations:{FEATURE}")
    (one,) = load_attestations(path)
    assert (one.system, one.product, one.feature, one.value) == ("product:notion", "notion", "Notion AI", "off")
    assert one.claim == "Notion AI is off in okta:acme since 2027-01-10"
    assert {"Notion AI", "Notion AI workspace switch"} <= one.others


NOTES = "product:notes"
TODAY = date(2027, 6, 1)


def of_feature(feature: str, state: str, others: str = "A B", **fields) -> Attestation:
    given = {"by": "Jo", "role": "IT", "date": date(2027, 1, 1), "expires": date(2028, 1, 1), "seen": "the screen"}
    return Attestation(
        NOTES, "feature_state", state, feature=feature, others=frozenset(others.split()), **{**given, **fields}
    )


def stated(*attestations: Attestation, sources: tuple[str, ...] = ()) -> dict[str, object]:
    about = replace(system(NOTES), sources=sources)
    return {fact.name: fact.value for fact in AttestationIndex(attestations, TODAY).facts(about)}


@pytest.mark.parametrize(
    ("attested", "facts"),
    [
        ([of_feature("A", "on"), of_feature("B", "off")], {"features": ("A",), "feature_state": "on"}),
        ([of_feature("A", "licensed"), of_feature("B", "off")], {"feature_state": "licensed"}),
        ([of_feature("A", "off")], {}),
        ([of_feature("A", "off"), of_feature("b", "off")], {"feature_state": "off"}),
        ([of_feature("A", "off", others="A")], {"feature_state": "off"}),
        ([of_feature("A", "off", others="")], {"feature_state": "off"}),
        ([of_feature("", "off")], {"feature_state": "off"}),
        ([of_feature("A", "on", date=date(2026, 1, 1)), of_feature("A", "off", others="A")], {"feature_state": "off"}),
        ([of_feature("A", "on", expires=date(2027, 5, 31))], {}),
    ],
)
def test_what_single_features_say_of_the_product(attested, facts):
    assert stated(*attested) == facts


def test_one_tenant_of_several_says_nothing_of_the_product():
    off = of_feature("A", "off", others="A", tenant="tenant:okta:acme")
    assert stated(off, sources=("tenant:okta:acme",)) == {"feature_state": "off"}
    assert stated(off, sources=("tenant:okta:acme", "tenant:okta:other")) == {}


@pytest.mark.parametrize(("day", "soon"), [("2027-12-01", False), ("2027-12-02", True), ("2028-01-02", False)])
def test_what_ends_soon(day, soon):
    assert of_feature("A", "on").ends_soon(date.fromisoformat(day)) is soon
