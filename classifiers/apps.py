"""Which product an app, a grant, a licence or a host belongs to: by identifiers, never by name.

An identity provider lists thousands of apps. One is AI only where an identifier of the catalog of products stands in it:
an application id, a client id, a licence's SKU, an extension id, a domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from classifiers.product_rows import IdentifierKind, Trains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifiers.products import Product, Products
    from connectors.model import Observation

HOST_KEY: Final = "product/"
"""What stands before a product's id in the key of a matcher that looks for its domains."""

_STRICTEST_FIRST: Final = (
    IdentifierKind.APP_ID, IdentifierKind.CLIENT_ID, IdentifierKind.EXTENSION_ID, IdentifierKind.LICENCE_SKU,
    IdentifierKind.OKTA_APP_NAME, IdentifierKind.BILLING_DESCRIPTOR, IdentifierKind.PUBLISHER_ID,
)  # fmt: skip

_DATA_USE: Final = {
    Trains.NO: "does_not_train", Trains.OPT_OUT: "trains_unless_opted_out", Trains.YES: "trains",
}  # fmt: skip
"""The values of the fact `data_use`."""


class Apps:
    """Products by what is observed of them.

    Args:
        products: The catalog of products.
    """

    def __init__(self, products: Products) -> None:
        self._products = products

    @property
    def names(self) -> dict[str, str]:
        """Product id to name."""
        return {product.id: product.name for product in self._products.by_id.values()}

    @property
    def data_use(self) -> dict[str, dict[str, str]]:
        """Product id to what its vendor states of the use of data, each with the page that says so and the day it was read.

        What no page states says nothing.
        """
        return {
            product.id: {
                _DATA_USE[feature.trains]: f"{feature.source}, read {feature.checked}"
                for feature in product.features
                if feature.trains in _DATA_USE
            }
            for product in self._products.by_id.values()
        }

    def host_keys(self) -> Iterator[tuple[str, str]]:
        """Domains of products, each with the key that its observations shall carry."""
        for product in self._products.by_id.values():
            for domain in product.identifiers.get(IdentifierKind.DOMAIN, ()):
                yield domain, HOST_KEY + product.id

    def identify(self, observations: Sequence[Observation], named: Mapping[str, str]) -> dict[int, Product]:
        """Place of an observation to its product, where one can be told.

        What carries no identifier of its own belongs to the product of the app that it refers to, or is a part of.

        Args:
            observations: Observations of all sources.
            named: Row id to the product that all its things belong to.
        """
        found: dict[int, Product] = {}
        by_thing: dict[tuple[str, str], Product] = {}
        for place, one in enumerate(observations):
            product = self._named(one, named) or self._of(one)
            if product is not None:
                found[place] = product
                by_thing.setdefault((one.location.source, one.name), product)
        for place, one in enumerate(observations):
            for target in _targets(one) if place not in found else ():
                if product := by_thing.get((one.location.source, target)):
                    found[place] = product
                    break
        return found

    def _named(self, observation: Observation, named: Mapping[str, str]) -> Product | None:
        for key in observation.matchers:
            product = key.removeprefix(HOST_KEY) if key.startswith(HOST_KEY) else named.get(key, "")
            if product:
                return self._products.by_id.get(product)
        return None

    def _of(self, observation: Observation) -> Product | None:
        for kind in _STRICTEST_FIRST:
            for value in _texts(observation.attributes.get(kind.value)):
                if product := self._products.identified(kind, value):
                    return product
        hosts = [*_texts(observation.attributes.get("hosts")), *_texts(observation.attributes.get("domains"))]
        return next((one for host in hosts if (one := self._products.identified(IdentifierKind.DOMAIN, host))), None)


def _targets(observation: Observation) -> Iterable[str]:
    return (*_texts(observation.attributes.get("refs")), *_texts(observation.attributes.get("parent")))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
