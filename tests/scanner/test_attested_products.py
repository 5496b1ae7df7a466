"""Products and their AI through a whole scan: each state that it can have, by what is seen and by what is attested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classifiers.model import SystemKind
from classifiers.products import IdentifierKind, load_products
from inventory.facts import known_value
from inventory.model import AISystem, Origin
from inventory.verdict import Status
from scanner.explanation import explain
from scanner.explanation_text import sections
from scanner.result import ScanResult
from scanner.run import run
from scanner.session import open_session, read_ledger
from scanner.subject import find
from scanner.workspace import Workspace, from_settings

PRODUCTS = load_products()
BY_NAME_ONLY = [one for one in PRODUCTS.by_id.values() if not one.identifiers and not one.native][:3]
ATTESTED = {
    "by": "olga@acme.example", "role": "head of IT", "date": "2026-11-02", "expires": "2027-11-02",
    "seen": "Settings > AI, shown by bob@acme.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794798000")  # 2026-11-16


def workspace(folder: Path, *attested: dict[str, Any], **files: str) -> Workspace:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "attestations.yaml").write_text(json.dumps({"attestations": [{**ATTESTED, **one} for one in attested]}))
    (folder / "aims-scope.yaml").write_text('document: {version: "1", organisation: Acme}\n')
    sources = [{"imports": {"file": f"{name}.csv"}} for name in files]
    (folder / "aimscope.yaml").write_text(json.dumps({"sources": sources, "attestations": "attestations.yaml"}))
    return from_settings(folder / "aimscope.yaml")


def scanned(folder: Path, *attested: dict[str, Any], **files: str) -> ScanResult:
    return run(workspace(folder, *attested, **files))


def of_product(result: ScanResult, product: str) -> AISystem:
    return next(one for one in result.systems if f"product:{product}" in one.anchors)


def apps(product: str) -> str:
    """An export with an application of a product, by a domain of it."""
    return f"App name,Website,Users\nanything,https://{domain_of(product)}/,5\n"


def domain_of(product: str) -> str:
    return PRODUCTS.by_id[product].identifiers[IdentifierKind.DOMAIN][0]


def test_a_product_that_nothing_else_shows_is_there_because_somebody_attests_it(tmp_path: Path) -> None:
    said = list(zip(BY_NAME_ONLY, ("on", "off", "licensed"), strict=True))
    place = workspace(tmp_path, *({"product": one.id, "fact": "feature_state", "value": value} for one, value in said))
    result = run(place)
    session = open_session(place)
    assert len(result.systems) == 3
    for product, value in said:
        system = of_product(result, product.id)
        assert (system.kind, system.name) == (SystemKind.EMBEDDED_AI, product.name)
        assert system.sources == ("import:attestations",)
        assert "feature_state" not in system.facts  # nobody has observed it
        (fact,) = session.view(system.id).known.of("feature_state")
        assert (fact.value, fact.origin) == (value, Origin.ATTESTED)


def test_its_evidence_tells_who_in_which_role_when_what_was_seen_and_until_when(tmp_path: Path) -> None:
    attested = {"product": "notion", "feature": "Notion AI", "state": "off", "since": "2026-10-01"}
    place = workspace(tmp_path, attested, export=apps("notion"))
    (system,) = run(place).systems
    assert system.sources == ("import:attestations", "import:export.csv")  # one system with what else shows it
    session = open_session(place)
    explained = explain(find("product:notion", session), session, read_ledger(place))
    told = dict(sections(explained, session.scanned.names))
    said, by, seen = told["Attested"]
    assert said == "in force: Notion AI is off since 2026-10-01"
    assert by.strip() == "by olga@acme.example (head of IT) on 2026-11-02, until 2027-11-02"
    assert seen.strip().startswith("seen: Settings > AI, shown by person-")
    evidence = told["Why it counts as: AI inside a product"]
    assert any("attestation about Notion at import:attestations attestations.yaml:1" in line for line in evidence)
    assert "bob@" not in repr((system, told))


def test_one_that_has_expired_is_a_hint_and_one_that_is_not_made_yet_is_nothing(tmp_path: Path) -> None:
    expired = {"product": "notion", "fact": "feature_state", "value": "off", "expires": "2026-11-15"}
    later = {"product": "zoom", "fact": "feature_state", "value": "off", "date": "2026-11-17"}
    result = scanned(tmp_path, expired, later)
    (system,) = result.systems
    assert (system.name, system.kind) == ("Notion", SystemKind.CANDIDATE)
    verdict = next(one for one in result.verdicts if one.subject == system.id)
    assert Status.UNVERIFIED in {reason.status for reason in verdict.reasons}
    assert any("expired on 2026-11-15" in question for question in verdict.questions)


def test_an_app_alone_leaves_the_state_unknown_and_asks_for_it(tmp_path: Path) -> None:
    place = workspace(tmp_path, export=apps("notion"))
    result = run(place)
    (system,) = result.systems
    assert system.kind is SystemKind.EMBEDDED_AI
    assert open_session(place).view(system.id).known.of("feature_state") == ()
    (verdict,) = result.verdicts
    assert verdict.questions[0].startswith("Is its AI on, off or only licensed? No source tells: ask the vendor")
    assert not any(part.source == "import:attestations" for part in result.coverage)


PROXY = """\
1700000000.123    200 10.1.2.3 TCP_TUNNEL/200 5120 CONNECT {host}:443 - HIER_DIRECT/203.0.113.9 -
"""


def test_use_of_a_provider_is_use_of_its_ai_and_traffic_to_a_product_with_ai_inside_is_not(tmp_path: Path) -> None:
    native = next(one for one in PRODUCTS.by_id.values() if one.provider and IdentifierKind.DOMAIN in one.identifiers)
    hosts = [domain_of(native.id), domain_of("notion")]
    off = {"product": native.id, "fact": "feature_state", "value": "off", "since": "2023-11-01"}
    result = scanned(tmp_path, off, proxy="".join(PROXY.format(host=host) for host in hosts))
    system = of_product(result, native.id)
    (fact,) = system.facts["feature_state"]
    assert (fact.value, fact.origin) == ("in_use", Origin.OBSERVED)
    verdict = next(one for one in result.verdicts if one.subject == system.id)
    assert verdict.status is Status.ATTESTATION_CONTRADICTED
    assert "that feature_state is off since 2023-11-01" in verdict.reasons[0].text
    assert "but feature_state in_use is observed" in verdict.reasons[0].text
    assert "feature_state" not in of_product(result, "notion").facts


def test_an_invoice_says_licensed_and_does_not_contradict_that_it_is_off(tmp_path: Path) -> None:
    product = next(one for one in PRODUCTS.by_id.values() if IdentifierKind.BILLING_DESCRIPTOR in one.identifiers)
    descriptor = product.identifiers[IdentifierKind.BILLING_DESCRIPTOR][0]
    off = {"product": product.id, "fact": "feature_state", "value": "off"}
    result = scanned(tmp_path, off, expenses=f"Merchant,Amount,Date\n{descriptor},20.00,2026-11-01\n")
    (system,) = result.systems
    assert known_value(system.facts["feature_state"]) == "licensed"
    reasons = [reason for verdict in result.verdicts for reason in verdict.reasons]
    assert not any(reason.status is Status.ATTESTATION_CONTRADICTED for reason in reasons)
