"""Azure: Resource Graph, Resource Manager and Azure Monitor, asked by rows of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.plugin import Plugin
from connectors.azure.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.api.plugin import Documents, Make
    from connectors.azure.rows import ServiceLike


def _engine() -> Make[Target, ServiceLike]:
    from connectors.azure.connector import AzureConnector

    return AzureConnector


def _least() -> Callable[[Sequence[ServiceLike], Target | None], Documents]:
    from connectors.azure.role import roles

    return roles


_PLUGIN = Plugin(_engine, _least)
connect, permissions, doctor = _PLUGIN.connect, _PLUGIN.permissions, _PLUGIN.doctor

__all__ = ["Target", "connect", "doctor", "permissions"]
