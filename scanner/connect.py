"""The connectors that ask over a network: how each is made from what the user set."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from classifiers.services import Service
    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector

NETWORK: Final = ("aws", "azure", "gcp", "kubernetes")
"""Connectors by the key under which settings name them; the package is `connectors.<key>`."""

_NARROWS: Final = ("regions", "locations", "namespaces", "services")
"""Fields of targets that leave out a part of an account."""

PEOPLE_KEY: Final = "AIMSCOPE_PEOPLE_KEY"
"""Environment variable with the secret of the hashes that stand for people's addresses."""


@dataclass(frozen=True, slots=True)
class CloudSpec:
    """An estate that the user names.

    Attributes:
        connector: One of `NETWORK`.
        target: The connector's own `Target`.
    """

    connector: str
    target: Any

    @property
    def narrowed(self) -> bool:
        """Whether only a part of each account is asked for."""
        return any(getattr(self.target, name, ()) for name in _NARROWS)


@dataclass(frozen=True, slots=True)
class Common:
    """What every connector is given.

    Attributes:
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not.
    """

    policy: Policy
    archive: Archive
    redact: Redactor
    signals: Signals


def connect(spec: CloudSpec, services: tuple[Service, ...], common: Common) -> Connector:
    """The connector of an estate. Nothing is asked before its plan."""
    module = import_module(f"connectors.{spec.connector}")
    made: Connector = module.connect(
        spec.target, services, common.policy, common.archive, common.redact, common.signals
    )
    return made


def redactor(organisation: str) -> Redactor:
    """Redacts with the key that the environment holds.

    Without one it is derived from the organisation's name: the same in every scan, and guessable by who tries addresses.
    """
    from connectors.api.redact import Redactor

    secret = os.environ.get(PEOPLE_KEY) or f"aimscope\0{organisation}"
    return Redactor(hashlib.sha256(secret.encode()).digest())
