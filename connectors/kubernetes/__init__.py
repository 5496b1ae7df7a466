"""Asks Kubernetes clusters what stands in them; read-only, and never for a Secret, a ConfigMap or a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.plugin import Plugin
from connectors.kubernetes.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.api.plugin import Documents, Make
    from connectors.kubernetes.rows import Service


def _engine() -> Make[Target, Service]:
    from connectors.kubernetes.connector import KubernetesConnector

    return KubernetesConnector


def _least() -> Callable[[Sequence[Service], Target | None], Documents]:
    from connectors.kubernetes.role import permissions

    return permissions


_PLUGIN = Plugin(_engine, _least)
connect, permissions, doctor = _PLUGIN.connect, _PLUGIN.permissions, _PLUGIN.doctor

__all__ = ["Target", "connect", "doctor", "permissions"]
