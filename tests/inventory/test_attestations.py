from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.attestation import AttestationIndex
from inventory.attestations import AttestationError, load_attestations
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
    said = "Jane Doe (data protection officer) attested on 2027-01-31, having seen the register of processing"
    assert fact.evidence == (f"{said} [attestations.yaml:3]",)


@pytest.mark.parametrize(
    ("day", "counts"), [("2027-01-30", 0), ("2027-01-31", 1), ("2028-01-31", 1), ("2028-02-01", 0)]
)
def test_it_counts_from_its_day_to_the_day_it_expires(tmp_path, day, counts):
    path = tmp_path / "attestations.yaml"
    path.write_text(FILE)
    index = AttestationIndex(load_attestations(path), date.fromisoformat(day))
    assert len(index.facts(system())) == counts
    assert len(index.expired(system())) == 1 - counts
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
        (("2028-01-31", "soon"), ":10: attestations[0].expires: `soon` is not a date. Write a day of the calendar as 2027-01-31."),
    ],
)  # fmt: skip
def test_an_error_names_line_and_mend(tmp_path, edit, problem):
    path = tmp_path / "attestations.yaml"
    path.write_text(FILE.replace(*edit))
    with pytest.raises(AttestationError) as error:
        load_attestations(path)
    assert str(error.value) == f"{path}{problem}"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AttestationError, match="cannot be read"):
        load_attestations(tmp_path / "none.yaml")
