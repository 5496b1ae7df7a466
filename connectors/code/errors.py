"""How a source of code fails to be opened."""

from __future__ import annotations

from connectors.model import Outcome


class SourceError(Exception):
    """A source cannot be opened. The message says which, why, and the mend.

    Attributes:
        outcome: What that means for coverage: failed, or denied where only the permission is missing.
    """

    def __init__(self, message: str, outcome: Outcome = Outcome.FAILED) -> None:
        super().__init__(message)
        self.outcome = outcome
