"""Asks Kubernetes clusters what stands in them; read-only, and never for a Secret, a ConfigMap or a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.kubernetes.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector
    from connectors.kubernetes.rows import Service

__all__ = ["Target", "connect", "doctor", "permissions"]


def connect(
    target: Target,
    services: Sequence[Service],
    policy: Policy,
    archive: Archive,
    redact: Redactor,
    signals: Signals | None = None,
) -> Connector:
    """The connector for clusters.

    Args:
        target: What the user set.
        services: Services of the knowledge base, with rows of `connectors.kubernetes.rows`.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not; without it, of workloads only those
            count that name a model or request accelerators.

    Raises:
        ValueError: A row is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.kubernetes.connector import KubernetesConnector

    return KubernetesConnector(target, services, policy, archive, redact, signals or Signals())


def permissions(services: Sequence[Service], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need: file name and text of a ClusterRole.

    Raises:
        ValueError: A row is wrong.
    """
    from connectors.kubernetes.role import permissions as least

    return least(services, target)


def doctor(
    target: Target, services: Sequence[Service], policy: Policy, archive: Archive, redact: Redactor
) -> Iterator[tuple[str, bool | None, str]]:
    """What the present credentials can ask: what was checked, whether it is allowed, and the mend.

    Raises:
        ValueError: A row is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.kubernetes.connector import KubernetesConnector

    return KubernetesConnector(target, services, policy, archive, redact, Signals()).doctor()
