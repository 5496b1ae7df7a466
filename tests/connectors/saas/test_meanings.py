"""What rows mean: apps are quiet until a product is identified in them, and a switch that is off proves nothing."""

from __future__ import annotations

from functools import cache

from classifiers.catalog import load
from classifiers.model import Finding, Strength
from classifiers.products import load_products
from classifiers.resources import ResourceMeanings
from tests.connectors.saas import estates
from tests.connectors.saas.fake_vendor import FakeVendor
from tests.connectors.saas.scanning import Scan, scan, vendors
from tests.connectors.saas.test_answers import VENDORS, answers, scanned


@cache
def meanings() -> ResourceMeanings:
    return ResourceMeanings(vendors(), load(()))


def found(given: Scan) -> dict[str, Finding]:
    return {finding.name: finding for finding in meanings().classify(given.observations)}


def test_an_app_is_no_finding_by_itself(fake: FakeVendor) -> None:
    estates.okta(fake)

    assert not found(scan(fake, "okta"))


def test_a_switch_that_is_off_is_a_hint(fake: FakeVendor) -> None:
    features = found(scanned(fake, VENDORS["zoom"], answers("zoom")))

    assert features["Zoom AI Companion meeting summary"].strength is Strength.ENABLED
    assert features["Zoom AI Companion meeting questions"].strength is Strength.HINT


def test_use_names_the_models(fake: FakeVendor) -> None:
    use = found(scanned(fake, VENDORS["anthropic"], answers("anthropic")))

    assert use["claude-sonnet-4-20250514"].model_family
    assert use["Anthropic workspace Shop"].provider == "anthropic"


def test_every_product_is_in_the_catalog() -> None:
    known = set(load_products().by_id)

    named = {mean.product for vendor in vendors() for mean in vendor.mean.values()} - {None}

    assert named
    assert named <= known


def test_every_provider_is_in_the_catalog() -> None:
    known = {meaning.provider for meaning in load(()).meanings.values()}

    for vendor in vendors():
        named = {vendor.provider, *(mean.provider or "" for mean in vendor.mean.values())} - {""}
        assert named <= known, vendor.id
