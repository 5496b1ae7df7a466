"""Google Cloud: Cloud Asset Inventory, the lists of APIs, and Cloud Monitoring, asked by rows of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.gcp.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector
    from connectors.gcp.rows import ServiceLike


def connect(
    target: Target,
    services: Sequence[ServiceLike],
    policy: Policy,
    archive: Archive,
    redact: Redactor,
    signals: Signals | None = None,
) -> Connector:
    """A connector for Google Cloud.

    Args:
        target: What the user set.
        services: Services of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not; without it, only those count that ask
            for accelerators.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.gcp.connector import GcpConnector

    return GcpConnector(target, services, policy, archive, redact, signals or Signals())


def permissions(services: Sequence[ServiceLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need: file names and texts of custom roles.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from connectors.gcp.role import roles

    return roles(services, target or Target())


def doctor(
    target: Target, services: Sequence[ServiceLike], policy: Policy, archive: Archive, redact: Redactor
) -> Iterator[tuple[str, bool | None, str]]:
    """What the present credentials can ask: what was checked, whether it is allowed, and the mend.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.gcp.connector import GcpConnector

    return GcpConnector(target, services, policy, archive, redact, Signals()).doctor()


__all__ = ["Target", "connect", "doctor", "permissions"]
