"""The connectors that ask over a network: how each is made from what the user set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from classifiers.services import Service
    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector

NETWORK: Final = ("aws", "azure", "gcp", "kubernetes", "saas")
"""Connectors that ask over a network, by the key under which settings name them; the package is `connectors.<key>`."""

ESTATES: Final = (*NETWORK, "imports")
"""All connectors whose sources are no repositories: files that people exported are read alike."""

_PATHS: Final = ("file", "kubeconfig")
"""Fields of targets that name files, relative to the settings file."""

_NARROWS: Final = ("regions", "locations", "namespaces", "services")
"""Fields of targets that leave out a part of an account."""


_NEEDS: Final = {"aws": "boto3", "azure": "azure.identity", "gcp": "google.cloud.asset_v1"}
"""Connector to the package that its extra installs."""


class ConnectError(Exception):
    """A connector cannot be made; the message says which and the mend."""


@dataclass(frozen=True, slots=True)
class CloudSpec:
    """An estate that the user names.

    Attributes:
        connector: One of `NETWORK`.
        target: The connector's own `Target`.
    """

    connector: str
    target: Any

    def below(self, base: Path) -> CloudSpec:
        """The same, with its files below a folder where they are not named whole."""
        placed = {name: _below(base, named) for name in _PATHS if (named := getattr(self.target, name, ()))}
        return replace(self, target=replace(self.target, **placed)) if placed else self

    @property
    def narrowed(self) -> bool:
        """Whether only a part of each account is asked for."""
        return any(getattr(self.target, name, ()) for name in _NARROWS)


def _below(base: Path, named: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return str(base / named) if isinstance(named, str) else tuple(str(base / one) for one in named)


@dataclass(frozen=True, slots=True)
class Common:
    """What every connector is given.

    Attributes:
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not.
        further: What single connectors ask for beside, by the name of their parameter.
    """

    policy: Policy
    archive: Archive
    redact: Redactor
    signals: Signals
    further: Mapping[str, Any]


def connect(spec: CloudSpec, services: tuple[Service, ...], common: Common) -> Connector:
    """The connector of an estate. Nothing is asked before its plan.

    Raises:
        ConnectError: Its extra is not installed.
    """
    module = _module(spec.connector)
    taken = signature(module.connect).parameters
    further = {name: value for name, value in common.further.items() if name in taken}
    made: Connector = module.connect(
        spec.target, services, common.policy, common.archive, common.redact, common.signals, **further
    )
    return made


def _module(connector: str) -> ModuleType:
    try:
        missing = connector in _NEEDS and find_spec(_NEEDS[connector]) is None
    except ModuleNotFoundError:
        missing = True
    if missing:
        raise ConnectError(f"{connector}: its SDK is not installed; run `pip install 'aimscope[{connector}]'`")
    return import_module(f"connectors.{connector}")


def permissions(connector: str, target: Any | None = None) -> tuple[tuple[str, str], ...]:
    """The least that a connector needs: file names and texts of policies or roles."""
    from classifiers.services import load_services

    module = import_module(f"connectors.{connector}")
    documents: tuple[tuple[str, str], ...] = module.permissions(load_services(connector), target)
    return documents


def checks(spec: CloudSpec, policy: Policy) -> Iterator[tuple[str, bool | None, str]]:
    """What the present credentials can ask: what was checked, whether it is allowed, and the mend."""
    from classifiers.services import load_services
    from connectors.api.archive import Archive
    from connectors.api.redact import redactor

    module = _module(spec.connector)
    yield from module.doctor(spec.target, load_services(spec.connector), policy, Archive.live(), redactor(""))
