"""Services and products name rows that are there."""

from __future__ import annotations

from dataclasses import replace

from classifiers.catalog import bundled_files, read_rows
from classifiers.check import check_named
from classifiers.products import load_products
from classifiers.services import load_services
from scanner.connect import ESTATES

PRODUCTS = load_products()
SERVICES = [service for connector in ESTATES for service in load_services(connector)]


def test_all_that_is_bundled_names_what_is_there() -> None:
    known = frozenset(row.id for row in read_rows(bundled_files()))
    assert list(check_named(SERVICES, PRODUCTS, known)) == []


def test_what_is_not_there_is_named() -> None:
    odd = replace(SERVICES[0], provider="nobody")
    told = list(check_named([odd], PRODUCTS, frozenset({"openai"})))
    assert f"{odd.id}: provider nobody is no row; add it or name another" in told
    assert any(line.startswith("product claude: provider anthropic is no row") for line in told)
