"""The catalog of products that embed AI, or are AI services: who makes them, what gives them away, what can be switched.

Rows stand in `catalog/products`, as `classifiers.product_rows` says. A row without a sourced identifier or without a sourced
feature is known by name only, and can only ask for an attestation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifiers import product_rows
from classifiers.compiled import BUNDLED, compiled, files_digest
from classifiers.errors import CatalogError
from classifiers.product_rows import (
    DefaultState,
    FeatureRow,
    IdentifierKind,
    ProductRow,
    Trains,
    read_names,
    read_products,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from classifiers.model import Technique

PRODUCTS: Final = BUNDLED / "products"


@dataclass(frozen=True, slots=True)
class Feature:
    """An AI feature of a product; see `FeatureRow`. `who` and `where` are empty where no page says."""

    name: str
    techniques: tuple[Technique, ...]
    state: DefaultState
    who: str
    where: str
    read: str
    skus: tuple[str, ...]
    trains: Trains
    source: str
    checked: date

    @property
    def says_something(self) -> bool:
        """Whether default state, switch or data use is known."""
        return self.state is not DefaultState.UNSTATED or bool(self.where) or self.trains is not Trains.UNSTATED


@dataclass(frozen=True, slots=True)
class Product:
    """A product, ready for use.

    Attributes:
        id: Catalog id.
        vendor: Who sells it.
        name: What its vendor calls it.
        aliases: Other names.
        whole: Names that count only as a whole mention.
        never: Tempting mentions that are something else.
        native: Whether it is itself an AI service.
        provider: Catalog id of the provider, empty where it is none.
        identifiers: Identifiers by kind.
        subprocessors: Whose models it uses, as its vendor names them.
        features: What in it is AI.
    """

    id: str
    vendor: str
    name: str
    aliases: tuple[str, ...]
    whole: frozenset[str]
    never: tuple[str, ...]
    native: bool
    provider: str
    identifiers: Mapping[IdentifierKind, tuple[str, ...]]
    subprocessors: tuple[str, ...]
    features: tuple[Feature, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the vendor's first."""
        return (self.name, *self.aliases)

    @property
    def attest(self) -> bool:
        """Whether only an attestation can tell its state: no sourced identifier, or no feature of which anything is known."""
        return not (self.identifiers and any(feature.says_something for feature in self.features))


@dataclass(frozen=True, slots=True)
class Products:
    """The catalog of products.

    Attributes:
        by_id: Catalog id to product.
        owners: Identifier, as kind and lower-case value, to the id of the product that it belongs to.
    """

    by_id: Mapping[str, Product]
    owners: Mapping[tuple[IdentifierKind, str], str]

    def identified(self, kind: IdentifierKind, value: str) -> Product | None:
        """The product that an identifier belongs to; a domain counts for everything below it, the longest first."""
        value = value.lower()
        while value:
            if owner := self.owners.get((kind, value)):
                return self.by_id[owner]
            value = value.partition(".")[2] if kind is IdentifierKind.DOMAIN else ""
        return None


def load_products(folder: Path = PRODUCTS, cache: Path | None = None) -> Products:
    """Reads every product file of a folder, from the cache where nothing has changed: reading the YAML takes seconds.

    Args:
        folder: Where the files are.
        cache: Folder of the cache; the user's by default.

    Raises:
        CatalogError: A file cannot be read, a row is wrong, or two rows share an id or an identifier.
    """
    themes, lists = sorted(folder.glob("*.yaml")), sorted(folder.glob("*.csv"))
    made_by = (Path(__file__), Path(product_rows.__file__))
    kept = compiled("products", files_digest([*themes, *lists]), made_by, cache)
    if (stored := kept.recall()) is not None:
        try:
            return compile_products(map(ProductRow.model_validate, stored))
        except (ValueError, TypeError):
            pass  # A fault wrote it: the files are the truth.
    rows = [row for file in themes for row in read_products(file).products]
    rows += [row for file in lists for row in read_names(file)]
    kept.keep([row.model_dump(mode="json", exclude_defaults=True) for row in rows])
    return compile_products(rows)


def compile_products(rows: Iterable[ProductRow]) -> Products:
    """Makes the catalog of rows.

    Raises:
        CatalogError: Two rows share an id or an identifier.
    """
    by_id: dict[str, Product] = {}
    owners: dict[tuple[IdentifierKind, str], str] = {}
    for row in rows:
        if row.id in by_id:
            raise CatalogError(f"product {row.id} stands twice; give one another id or remove it")
        by_id[row.id] = product = _product(row)
        for kind, values in product.identifiers.items():
            for value in values:
                if (owner := owners.setdefault((kind, value.lower()), row.id)) != row.id:
                    raise CatalogError(f"products {owner} and {row.id} share the identifier {value}; leave it to one")
    return Products(by_id, owners)


def _product(row: ProductRow) -> Product:
    identifiers = {
        kind: values
        for kind in IdentifierKind
        if (values := tuple(value for signal in row.identifiers for value in getattr(signal, kind.value)))
    }
    return Product(
        row.id,
        row.vendor,
        row.product,
        row.aliases,
        frozenset(row.whole),
        row.never,
        row.ai == "native",
        row.provider or "",
        identifiers,
        row.subprocessors.names if row.subprocessors else (),
        tuple(map(_feature, row.features)),
    )


def _feature(row: FeatureRow) -> Feature:
    return Feature(
        row.name,
        row.technique,
        row.state,
        row.switch.who if row.switch else "",
        row.switch.where if row.switch else "",
        row.read or "",
        row.skus,
        row.trains,
        row.source,
        row.checked,
    )
