"""What the organisation's own tags mean, and what else says whom a cloud resource belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.api.asset import TAG
from connectors.model import ObservationKind
from inventory.model import Fact, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.model import Observation

_ENVIRONMENTS: Final = {
    "prod": "production", "production": "production", "prd": "production", "live": "production",
    "stage": "staging", "staging": "staging", "stg": "staging", "preprod": "staging", "uat": "staging", "qa": "staging",
    "dev": "development", "development": "development", "test": "development", "sandbox": "development", "sbx": "development",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TagKeys:
    """Keys of tags and labels, lower case, the first that a resource carries counts.

    Attributes:
        system: Names the system that a resource is part of: resources with the same value in one account are one system.
        owner: Names who answers for it.
        environment: Names the environment.
    """

    system: tuple[str, ...] = ("ai-system", "aisystem", "ai_system", "system")
    owner: tuple[str, ...] = ("owner", "team", "owning-team", "owner-team", "service-owner", "contact", "product-owner")
    environment: tuple[str, ...] = ("environment", "env", "stage", "deployment-environment")


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
    """Facts that tags state: each tag under its own name, and the environments and owners that they name.

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
    return facts
