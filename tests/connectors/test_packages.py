"""What every connector that asks over a network offers, however often it is asked."""

from __future__ import annotations

from importlib import import_module

import pytest

from classifiers.services import load_services
from scanner.connect import NETWORK, permissions


@pytest.mark.parametrize("connector", NETWORK)
def test_permissions_are_printed_twice_the_same(connector: str) -> None:
    assert permissions(connector) == permissions(connector) != ()


@pytest.mark.parametrize("connector", NETWORK)
def test_no_module_takes_the_place_of_a_function(connector: str) -> None:
    package = import_module(f"connectors.{connector}")
    permissions(connector)
    assert all(callable(getattr(package, name)) for name in ("connect", "doctor", "permissions", "Target"))


@pytest.mark.parametrize("connector", NETWORK)
def test_every_row_means_something_and_names_its_source(connector: str) -> None:
    services = load_services(connector)
    assert services
    assert all(service.mean and service.collect for service in services)
