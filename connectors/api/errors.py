"""How a question to a network source fails, in the words of coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.shapes import harmless

if TYPE_CHECKING:
    from connectors.model import Outcome


class ApiError(Exception):
    """A question that was not answered.

    Attributes:
        outcome: What that means for coverage: denied, failed, or not applicable where the place lacks the service.
        reason: Why, and the mend, in a sentence without secrets.
        expired: Whether the credentials ran out, so that further questions are in vain.
        code: What the service calls its error, as `AuthorizationFailed`; the HTTP status where it said nothing.
    """

    def __init__(self, outcome: Outcome, reason: str, *, expired: bool = False, code: str = "") -> None:
        self.outcome = outcome
        self.reason = harmless(reason)
        self.expired = expired
        self.code = harmless(code)
        super().__init__(self.reason)
