"""What the organisation's own tags mean, and what else says whom a cloud resource belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.api.asset import TAG
from connectors.model import ObservationKind
from inventory.facts import FactType, definition
from inventory.model import Fact, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.model import Observation
    from inventory.model import FactValue

_ENVIRONMENTS: Final = {
    "prod": "production", "production": "production", "prd": "production", "live": "production",
    "stage": "staging", "staging": "staging", "stg": "staging", "preprod": "staging", "uat": "staging", "qa": "staging",
    "dev": "development", "development": "development", "test": "development", "sandbox": "development", "sbx": "development",
}  # fmt: skip


_STATED: Final = (
    "data_categories", "personal_data", "autonomy", "exposure", "uses", "stage", "geography", "entity", "unit",
)  # fmt: skip
"""Facts that tags state as they are written, by the keys of the same name."""

_YES_OR_NO: Final = {"true": True, "yes": True, "false": False, "no": False}
_PARTED: Final = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True)
class TagKeys:
    """Keys of tags and labels, lower case, the first that a resource carries counts.

    Attributes:
        system: Names the system that a resource is part of: resources with the same value in one account are one system.
        owner: Names who answers for it.
        environment: Names the environment.
        data_categories: Categories of data that it processes; commas, semicolons or spaces part several.
        personal_data: Whether it processes personal data: true, yes, false or no; anything else says nothing.
        autonomy: How far it acts without a person.
        exposure: Who meets its output.
        uses: What it is used for, as data_categories.
        stage: Its stage of the life cycle.
        geography: Countries or areas where it is used, as data_categories.
        entity: Legal entity that it belongs to.
        unit: Organisational unit that it belongs to.
    """

    system: tuple[str, ...] = ("ai-system", "aisystem", "ai_system", "system")
    owner: tuple[str, ...] = ("owner", "team", "owning-team", "owner-team", "service-owner", "contact", "product-owner")
    environment: tuple[str, ...] = ("environment", "env", "stage", "deployment-environment")
    data_categories: tuple[str, ...] = ("ai-data-categories",)
    personal_data: tuple[str, ...] = ("ai-personal-data",)
    autonomy: tuple[str, ...] = ("ai-autonomy",)
    exposure: tuple[str, ...] = ("ai-exposure",)
    uses: tuple[str, ...] = ("ai-uses",)
    stage: tuple[str, ...] = ("ai-stage",)
    geography: tuple[str, ...] = ("ai-geography",)
    entity: tuple[str, ...] = ("ai-entity",)
    unit: tuple[str, ...] = ("ai-unit",)


DEFAULT_KEYS: Final = TagKeys()


@dataclass(frozen=True, slots=True)
class Account:
    """A cloud account and what its estate says of it: tags, and the units, folders or groups above it."""

    title: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()


def accounts_of(observations: Iterable[Observation]) -> dict[str, Account]:
    """Accounts by source."""
    found = {}
    for observation in observations:
        if observation.kind is ObservationKind.ACCOUNT:
            units = observation.attributes.get("refs", ())
            title = str(observation.attributes.get("title", ""))
            found[observation.location.source] = Account(
                title, tags_of(observation), units if isinstance(units, tuple) else ()
            )
    return found


def tags_of(observation: Observation) -> dict[str, str]:
    """Tags of a resource, keys as written."""
    return {
        name.removeprefix(TAG): str(value) for name, value in observation.attributes.items() if name.startswith(TAG)
    }


def first_tag(tags: Mapping[str, str], keys: Iterable[str]) -> tuple[str, str]:
    """The key as written and the value of the first of some keys that is set; both empty where none is."""
    lowered = {key.lower(): (key, value) for key, value in tags.items() if value}
    return next((lowered[key] for key in keys if key in lowered), ("", ""))


def environment(value: str) -> str:
    """An environment's name in the terms of the facts: production, staging, development; else as written."""
    return _ENVIRONMENTS.get(value.strip().lower(), value.strip().lower())


def tag_facts(tags: Mapping[str, Iterable[str]], keys: TagKeys) -> dict[str, tuple[Fact, ...]]:
    """Facts that tags state: each tag under its own name, the environments that they name, and what else is stated.

    Args:
        tags: Tag key to the values that the resources of one system carry.
        keys: What the organisation's keys mean.
    """
    facts: dict[str, tuple[Fact, ...]] = {
        f"{TAG}{key}": (Fact(f"{TAG}{key}", tuple(sorted(set(values))), Origin.TAG),) for key, values in tags.items()
    }
    environments = {
        environment(value) for key, values in tags.items() if key.lower() in keys.environment for value in values
    }
    if environments:
        facts["environment"] = (Fact("environment", tuple(sorted(environments)), Origin.TAG),)
    for name in _STATED:
        written = [
            (key, value) for key, values in tags.items() if key.lower() in getattr(keys, name) for value in values
        ]
        stated = [
            Fact(name, value, Origin.TAG, (f"tag {key}",)) for key, text in written for value in _read(name, text)
        ]
        if stated:
            facts[name] = tuple(dict.fromkeys(stated))
    return facts


def _read(name: str, text: str) -> tuple[FactValue, ...]:
    """The value that a tag gives to a fact, or none where it says nothing of the sort."""
    row = definition(name)
    if row is not None and row.type is FactType.BOOLEAN:
        return tuple(_YES_OR_NO[word] for word in [text.strip().lower()] if word in _YES_OR_NO)
    if row is not None and row.type is FactType.SET:
        members = tuple(sorted({member for member in _PARTED.split(text) if member}))
        return (members,) if members else ()
    return (text.strip(),) if text.strip() else ()
