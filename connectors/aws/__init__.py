"""AWS: one engine that runs rows of list operations over accounts and Regions, read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.aws.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector
    from connectors.aws.rows import ServiceLike

__all__ = ["Target", "connect", "doctor", "permissions"]


def connect(
    target: Target,
    services: Sequence[ServiceLike],
    policy: Policy,
    archive: Archive,
    redact: Redactor,
    signals: Signals | None = None,
) -> Connector:
    """The connector of an estate. The SDK is imported here, not with the package.

    Args:
        target: What the user set.
        services: Services of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: What tells a workload that is wanted from the many that are not.

    Raises:
        RowError: A row of a service is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.aws.connector import AwsConnector

    return AwsConnector(target, services, policy, archive, redact, signals or Signals())


def permissions(services: Sequence[ServiceLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need: file names and texts of IAM policies.

    Raises:
        RowError: A row of a service is wrong.
    """
    from connectors.aws.least_privilege import policies

    return policies(services, target or Target())


def doctor(
    target: Target, services: Sequence[ServiceLike], policy: Policy, archive: Archive, redact: Redactor
) -> Iterator[tuple[str, bool | None, str]]:
    """What the present credentials can ask: what was checked, whether it is allowed, and the mend.

    Raises:
        RowError: A row of a service is wrong.
    """
    from connectors.api.signals import Signals
    from connectors.aws.connector import AwsConnector

    return AwsConnector(target, services, policy, archive, redact, Signals()).doctor()
