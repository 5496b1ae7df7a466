"""Rows of the catalog of products as its files hold them: themes in YAML with sources, lists in CSV of names alone.

Every identifier and every feature of a row carries the page that says so and the day it was read; what no page says is
`unstated`. A product of which no page was read is one line of a list.
"""

from __future__ import annotations

import csv
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from classifiers.errors import CatalogError
from classifiers.model import Technique
from classifiers.rows import Slug, Strict, Text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

_PARTED: Final = "|"
"""What parts the names in a cell of a list."""
_NAMES: Final = ("aliases", "whole", "never")


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


def read_products(file: Path) -> ProductTheme:
    """Reads and validates one theme.

    Raises:
        CatalogError: It cannot be read, is no YAML, or a row is wrong.
    """
    from ruamel.yaml.error import YAMLError

    from connectors import yaml_nodes

    try:
        content = yaml_nodes.load(file.read_text("utf-8"))
        return ProductTheme.model_validate(content)
    except OSError as error:
        raise CatalogError(f"{file}: {error.strerror}; name a readable file") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise CatalogError(_problems(str(file), error)) from error


def read_names(file: Path) -> tuple[ProductRow, ...]:
    """Reads and validates one list: a product a line, its names in one cell parted by `|`.

    Raises:
        CatalogError: It cannot be read, or a line is wrong.
    """
    rows: list[ProductRow] = []
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, restkey="more cells than columns")
            for line in reader:
                try:
                    rows.append(ProductRow.model_validate(_row(line)))
                except ValidationError as error:
                    raise CatalogError(_problems(f"{file}:{reader.line_num}", error)) from error
    except OSError as error:
        raise CatalogError(f"{file}: {error.strerror}; name a readable file") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not valid CSV: {error}") from error
    return tuple(rows)


def _row(line: dict[str, str]) -> dict[str, object]:
    cells: dict[str, object] = {column: cell for column, cell in line.items() if column not in _NAMES}
    return cells | {column: [name for name in (line.get(column) or "").split(_PARTED) if name] for column in _NAMES}


def _problems(place: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    return "\n".join(f"{place}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
