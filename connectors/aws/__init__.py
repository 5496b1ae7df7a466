"""AWS: one engine that runs rows of list operations over accounts and Regions, read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.plugin import Plugin
from connectors.aws.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.api.plugin import Documents, Make
    from connectors.aws.rows import ServiceLike


def _engine() -> Make[Target, ServiceLike]:
    from connectors.aws.connector import AwsConnector

    return AwsConnector


def _least() -> Callable[[Sequence[ServiceLike], Target | None], Documents]:
    from connectors.aws.least_privilege import policies

    return policies


_PLUGIN = Plugin(_engine, _least)
connect, permissions, doctor = _PLUGIN.connect, _PLUGIN.permissions, _PLUGIN.doctor

__all__ = ["Target", "connect", "doctor", "permissions"]
