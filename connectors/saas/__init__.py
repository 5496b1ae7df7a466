"""SaaS tenants: one REST engine, asked by rows of the knowledge base, one file a vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.saas.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector
    from connectors.model import Coverage, Observation
    from connectors.saas.rows import VendorLike


def connect(
    target: Target,
    services: Sequence[VendorLike],
    policy: Policy,
    archive: Archive,
    redact: Redactor,
    signals: Signals | None = None,  # noqa: ARG001 - every connector is made alike; apps are told apart by their products
) -> Connector:
    """A connector for a tenant.

    Args:
        target: What the user set.
        services: Vendors of the knowledge base.
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts answers.
        signals: Not used: a tenant's apps are all handed on.

    Raises:
        ValueError: There is no such vendor, or its file is wrong.
    """
    from connectors.saas.connector import SaasConnector

    return SaasConnector(target, services, policy, archive, redact)


def permissions(services: Sequence[VendorLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """The least that the rows need: file names and texts, one a vendor.

    Raises:
        ValueError: A vendor's file is wrong.
    """
    from connectors.saas.checks import documents

    return documents(services, target)


def doctor(
    target: Target, services: Sequence[VendorLike], policy: Policy, archive: Archive, redact: Redactor
) -> Iterator[tuple[str, bool | None, str]]:
    """What the present credentials can ask: what was checked, whether it is allowed, and the mend.

    Raises:
        ValueError: There is no such vendor, or its file is wrong.
    """
    from connectors.saas.connector import SaasConnector

    return SaasConnector(target, services, policy, archive, redact).doctor()


def try_row(file: Path, target: Target, policy: Policy, redact: Redactor) -> Iterator[Observation | Coverage]:
    """What the rows of a vendor's file that somebody writes find in a tenant.

    Raises:
        ValueError: The file cannot be read, or is wrong; the message names the row and the mend.
    """
    from connectors.saas.trial import try_row as tried

    return tried(file, target, policy, redact)


__all__ = ["Target", "connect", "doctor", "permissions", "try_row"]
