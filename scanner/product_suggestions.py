"""The catalog of products as imports ask it: which products a name in an export may mean."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from classifiers.product_names import ProductNames
from classifiers.product_rows import IdentifierKind
from classifiers.products import load_products
from connectors.imports.suggestions import Suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.products import Product, Products

_SAME: Final = 100.0


class ProductSuggestions:
    """Looks names up in a catalog of products.

    Args:
        products: The catalog; the one that ships where none is given.
    """

    def __init__(self, products: Products | None = None) -> None:
        self._products = products or load_products()

    @cached_property
    def _names(self) -> ProductNames:
        return ProductNames(self._products)  # a quarter of a second, for files that name products

    def suggest(self, name: str) -> Sequence[Suggestion]:
        """The products that a name is or contains; where it is none, those with a similar name and how similar it is."""
        if product := self._products.identified(IdentifierKind.BILLING_DESCRIPTOR, name):
            return (Suggestion(product.id, product.name, _SAME, name),)
        if named := self._names.identify(name):
            return tuple(_same(one.product) for one in named)
        return tuple(Suggestion(one.product.id, one.product.name, one.score) for one in self._names.suggest(name))


def _same(product: Product) -> Suggestion:
    return Suggestion(product.id, product.name, _SAME)
