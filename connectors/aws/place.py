"""Where AWS is asked: an account in a Region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ESTATE: Final = "aws"
"""What is asked before any account is known."""


@dataclass(frozen=True, slots=True)
class Place:
    """An account in a Region.

    Attributes:
        account: Its id.
        region: The Region whose endpoints are asked.
        partition: Partition of AWS, as `aws` or `aws-cn`.
        scope: The first part of the scope of coverage: the Region, or `global`.
    """

    account: str
    region: str
    partition: str
    scope: str

    @property
    def source(self) -> str:
        """Identity of the account as a source; of the estate where the account is not yet known."""
        return f"account:aws:{self.account}" if self.account else ESTATE
