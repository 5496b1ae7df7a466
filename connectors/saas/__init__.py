"""SaaS tenants: one REST engine, asked by rows of the knowledge base, one file a vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.plugin import Plugin
from connectors.saas.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from connectors.api.plugin import Documents, Make
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.model import Coverage, Observation
    from connectors.saas.rows import VendorLike


def _engine() -> Make[Target, VendorLike]:
    from connectors.saas.connector import SaasConnector

    # A tenant's apps are all handed on: products tell them apart, not signals.
    return lambda target, vendors, policy, archive, redact, _signals: SaasConnector(
        target, vendors, policy, archive, redact
    )


def _least() -> Callable[[Sequence[VendorLike], Target | None], Documents]:
    from connectors.saas.checks import documents

    return documents


def try_row(file: Path, target: Target, policy: Policy, redact: Redactor) -> Iterator[Observation | Coverage]:
    """What the rows of a vendor's file that somebody writes find in a tenant.

    Raises:
        ValueError: The file cannot be read, or is wrong; the message names the row and the mend.
    """
    from connectors.saas.trial import try_row as tried

    return tried(file, target, policy, redact)


_PLUGIN = Plugin(_engine, _least)
connect, permissions, doctor = _PLUGIN.connect, _PLUGIN.permissions, _PLUGIN.doctor

__all__ = ["Target", "connect", "doctor", "permissions", "try_row"]
