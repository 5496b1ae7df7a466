"""The catalog of products that embed AI, or are AI services: who makes them, what gives them away, what can be switched.

Rows stand in `catalog/products/*.yaml`, one file a theme. Every identifier and every feature carries the page that says
so and the day it was read; what no page says is `unstated`. A row without a sourced identifier or without a sourced
feature is known by name only, and can only ask for an attestation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from classifiers.compiled import BUNDLED, compiled, files_digest
from classifiers.errors import CatalogError
from classifiers.model import Technique
from classifiers.rows import Slug, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

PRODUCTS: Final = BUNDLED / "products"


class IdentifierKind(StrEnum):
    """What identifies a product to a machine. Names are no identifiers."""

    DOMAIN = "domains"
    CLIENT_ID = "client_ids"
    APP_ID = "app_ids"
    PUBLISHER_ID = "publisher_ids"
    OKTA_APP_NAME = "okta_app_names"
    EXTENSION_ID = "extension_ids"
    LICENCE_SKU = "licence_skus"
    BILLING_DESCRIPTOR = "billing_descriptors"


class DefaultState(StrEnum):
    """How a feature is before anybody decides: `licensed` is off until a licence is bought and assigned."""

    ON = "on"
    OFF = "off"
    OPT_IN = "opt_in"
    LICENSED = "licensed"
    UNSTATED = "unstated"


class Trains(StrEnum):
    """Whether a customer organisation's data trains models, by the vendor's words."""

    YES = "yes"
    NO = "no"
    OPT_OUT = "opt_out"
    UNSTATED = "unstated"


Url = Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class Sourced(Strict):
    """A statement with the page that makes it and the day it was read."""

    source: Url
    checked: date


class Signal(Sourced):
    """Identifiers that one page shows to belong to the product.

    Attributes:
        domains: Host names of the product, each with everything below it.
        client_ids: OAuth client ids, as Google and other identity providers show them.
        app_ids: Microsoft Entra application ids.
        publisher_ids: Verified publisher ids.
        okta_app_names: Names of the integration in Okta's catalogue (`name`, not `label`).
        extension_ids: Browser extensions, by their store's id.
        licence_skus: SKU ids or part numbers that a licence API shows.
        billing_descriptors: What stands on a card statement.
    """

    domains: tuple[Domain, ...] = ()
    client_ids: tuple[Text, ...] = ()
    app_ids: tuple[Text, ...] = ()
    publisher_ids: tuple[Text, ...] = ()
    okta_app_names: tuple[Text, ...] = ()
    extension_ids: tuple[Annotated[str, StringConstraints(pattern=r"^[a-p]{32}$")], ...] = ()
    licence_skus: tuple[Text, ...] = ()
    billing_descriptors: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _identifies(self) -> Self:
        if not any(getattr(self, kind.value) for kind in IdentifierKind):
            raise ValueError("a signal needs at least one identifier")
        return self


class Subprocessors(Sourced):
    """Makers or hosts of the models that a product passes data to, as its vendor names them."""

    names: tuple[Text, ...] = Field(min_length=1)


class Switch(Strict):
    """Who turns a feature on or off, and where."""

    who: Text
    where: Text


class FeatureRow(Sourced):
    """One AI feature of a product.

    Attributes:
        name: As the vendor calls it.
        technique: AI techniques.
        state: How it is by default.
        switch: Who turns it on or off, and where; none where no page says.
        read: How a machine reads the switch or the licence: an API path and field. None where no page says.
        skus: Licences that bring it, as the vendor names them.
        trains: Whether a customer organisation's data trains models.
    """

    name: Text
    technique: tuple[Technique, ...] = (Technique.GENERATIVE,)
    state: DefaultState = DefaultState.UNSTATED
    switch: Switch | None = None
    read: Text | None = None
    skus: tuple[Text, ...] = ()
    trains: Trains = Trains.UNSTATED


class ProductRow(Strict):
    """One product.

    Attributes:
        id: Stable catalog id, unique over all files.
        vendor: Who sells it.
        product: What its vendor calls it.
        ai: `native` where the product is itself an AI service, `embedded` where AI is a part of it.
        provider: Catalog id of the provider that a native service is.
        aliases: Other names, earlier ones too.
        whole: Those of its names that are ordinary words or other things too, and count only where they are the whole
            mention.
        never: Tempting mentions that are something else.
        identifiers: What gives it away to a machine.
        subprocessors: Whose models it uses.
        features: What in it is AI.
        notes: What a maintainer should know.
    """

    id: Slug
    vendor: Text
    product: Text
    ai: Literal["native", "embedded"]
    provider: Slug | None = None
    aliases: tuple[Text, ...] = ()
    whole: tuple[Text, ...] = ()
    never: tuple[Text, ...] = ()
    identifiers: tuple[Signal, ...] = ()
    subprocessors: Subprocessors | None = None
    features: tuple[FeatureRow, ...] = ()
    notes: str = ""

    @model_validator(mode="after")
    def _whole_names_are_its_names(self) -> Self:
        if odd := sorted(set(self.whole) - {self.product, *self.aliases}):
            raise ValueError(f"`whole` names what is neither `product` nor alias: {', '.join(odd)}")
        return self


class ProductTheme(Strict):
    """One file of products."""

    theme: Text
    products: tuple[ProductRow, ...] = Field(min_length=1)


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
    files = sorted(folder.glob("*.yaml"))
    kept = compiled("products", files_digest(files), (Path(__file__),), cache)
    if (stored := kept.recall()) is not None:
        try:
            return compile_products(map(ProductRow.model_validate, stored))
        except (ValueError, TypeError):
            pass  # A fault wrote it: the files are the truth.
    rows = [row for file in files for row in read_products(file).products]
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


def read_products(file: Path) -> ProductTheme:
    """Reads and validates one file.

    Raises:
        CatalogError: It cannot be read, is no YAML, or a row is wrong.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(file.read_text("utf-8"))
        return ProductTheme.model_validate(content)
    except OSError as error:
        raise CatalogError(f"{file}: {error.strerror}; name a readable file") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise CatalogError(
            "\n".join(f"{file}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
        ) from error


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
