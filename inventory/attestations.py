"""Reads attestations from the YAML file that people write.

```yaml
attestations:
  - system: repo:github.com/acme/shop#services/chat   # an anchor, or the system's id
    fact: personal_data
    value: false
    by: Jane Doe
    role: data protection officer
    date: 2027-01-31
    seen: the record of processing activities, version 4
    expires: 2028-01-31
  - product: notion                                   # a product of the catalog of embedded AI
    feature: Notion AI
    state: off
    since: 2027-01-10
    …
```
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import model_validator

from inventory.attestation import LICENSED, OFF, ON, PRODUCT, STATE, Attestation
from inventory.fact_values import FactName, fact_value
from inventory.facts import definition
from inventory.model import Origin
from inventory.validation import Day, Strict, Text, closest, show_input, validate
from inventory.yaml_file import InputError, parse_yaml, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

    from classifiers.products import Product, Products
    from inventory.model import FactValue
    from inventory.yaml_file import YamlFile

__all__ = [
    "Attestation",
    "AttestationError",
    "AttestationRow",
    "FeatureState",
    "load_attestations",
    "parse_attestations",
]

LONGEST: Final = timedelta(days=396)
"""How far ahead an attestation may last: what people see is looked at yearly, by practice, and a month to do it in."""


class AttestationError(InputError):
    """The file of attestations cannot be used; `problems` says where and why, and the mend."""


class FeatureState(StrEnum):
    """What a person can say of a product's AI feature. `licensed`: it was bought, and whether it is on is not said."""

    ON = ON
    OFF = OFF
    LICENSED = LICENSED


class AttestationRow(Strict):
    """One attestation as people write it.

    Attributes:
        system: Anchor or id of the system that it is about.
        product: Or the catalog id of a product, also where no source shows it.
        tenant: The one tenant of the product that it is about, as `okta:acme`; else the whole organisation.
        fact: What is attested, by the name of a fact,
        value: and its value.
        feature: Or an AI feature of the product, as its vendor calls it,
        state: and whether it is on, off, or licensed.
        since: The day from which it is so.
        by: Who attests.
        role: In which role.
        date: When.
        seen: What they have looked at: a screen, a record, a contract. Without it there is no evidence.
        expires: The last day on which it counts, 13 months after `date` at most.
    """

    system: Text | None = None
    product: Text | None = None
    tenant: Text | None = None
    fact: FactName | None = None
    value: Any = None
    feature: Text | None = None
    state: FeatureState | None = None
    since: Day | None = None
    by: Text
    role: Text
    date: Day
    seen: Text
    expires: Day

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        _require_one_of(data, ("system", "product"), "names what it is about")
        _require_one_of(data, ("fact", "feature"), "names what is attested")
        for name, beside in (("fact", "value"), ("value", "fact"), ("feature", "state"), ("state", "feature")):
            if data.get(name) is not None and data.get(beside) is None:
                raise ValueError(f"`{name}` stands without `{beside}`. Add `{beside}: …`")
        if data.get("tenant") is not None and data.get("product") is None:
            raise ValueError("`tenant` stands without `product`. Name the product, or remove `tenant`")
        return {**data, "value": _value(data)} if isinstance(data.get("fact"), str) else data

    @model_validator(mode="after")
    def _days_fit(self) -> Self:
        if self.since and self.since > self.date:
            raise ValueError(
                f"it is attested on {self.date}, before it is so (`since` {self.since}). Attest what was seen, on a later day"
            )
        if self.expires < self.date:
            raise ValueError(f"it expires on {self.expires}, before its `date` {self.date}. Correct one of them")
        if self.expires > self.date + LONGEST:
            raise ValueError(
                f"it lasts longer than 13 months, until {self.expires}. Write a day until {self.date + LONGEST}, and attest again then"
            )
        if self.product:
            _product(self.product)
        return self

    def attestation(self, place: str) -> Attestation:
        """The same, ready for use.

        Args:
            place: File and line.
        """
        product = _product(self.product) if self.product else None
        return Attestation(
            system=f"{PRODUCT}{product.id}" if product else str(self.system),
            fact=self.fact or STATE,
            value=self.state.value if self.state else self.value,
            by=self.by,
            role=self.role,
            date=self.date,
            seen=self.seen,
            expires=self.expires,
            place=place,
            since=self.since,
            feature=_feature(self.feature, product) if self.feature else "",
            others=frozenset(one.name for one in product.features) if product else frozenset(),
            tenant=f"tenant:{self.tenant.removeprefix('tenant:')}" if self.tenant else "",
        )


class _File(Strict):
    attestations: tuple[AttestationRow, ...] = ()


def load_attestations(path: Path) -> tuple[Attestation, ...]:
    """Reads a file of attestations.

    Raises:
        AttestationError: It cannot be read, or does not hold attestations.
        classifiers.errors.CatalogError: A product is named, and the catalog of products cannot be read.
    """
    try:
        return _attestations(read_yaml(path), path)
    except InputError as error:
        raise AttestationError(error.problems) from error


def parse_attestations(content: bytes, path: Path) -> tuple[Attestation, ...]:
    """Reads the content of a file of attestations.

    Raises:
        AttestationError: It does not hold attestations.
        classifiers.errors.CatalogError: See `load_attestations`.
    """
    try:
        return _attestations(parse_yaml(content, str(path)), path)
    except InputError as error:
        raise AttestationError(error.problems) from error


def _attestations(file: YamlFile, path: Path) -> tuple[Attestation, ...]:
    if file.value is None:
        return ()
    rows = validate(_File, file).attestations
    return tuple(row.attestation(f"{path.name}:{file.line(('attestations', index))}") for index, row in enumerate(rows))


def _require_one_of(data: Mapping[str, Any], names: tuple[str, str], what: str) -> None:
    written = [name for name in names if data.get(name) is not None]
    if len(written) != 1:
        both = "both `{}` and `{}` stand".format(*names) if written else "neither `{}` nor `{}` stands".format(*names)
        raise ValueError(f"{both} there. Write the one that {what}")


def _value(data: Mapping[str, Any]) -> FactValue | Any:
    row = definition(data["fact"])
    if row is None:
        return data["value"]
    if Origin.ATTESTED not in row.origins:
        raise ValueError(f"`{row.name}` cannot be attested. Remove it, or attest another fact")
    return fact_value(row, data["value"])


def _product(named: str) -> Product:
    """The product of the catalog.

    Raises:
        ValueError: There is none of this id; the nearest is named and never taken.
    """
    known = _products().by_id
    if product := known.get(named):
        return product
    called = next((one.id for one in known.values() if named.casefold() in map(str.casefold, one.names)), None)
    meant = called or closest(named, list(known))
    mend = f"Write `{meant}`" if meant else "See docs/attest.md; name a `system` where it is none"
    raise ValueError(f"{show_input(named)} is no product of the catalog. {mend}")


def _feature(named: str, product: Product | None) -> str:
    """As the catalog writes it where it knows the feature; vendors rename what is new, so another is none the worse."""
    features = product.features if product else ()
    return next((one.name for one in features if one.name.casefold() == named.casefold()), named)


@cache
def _products() -> Products:
    from classifiers.products import load_products  # thousands of rows, for files that name products

    return load_products()
