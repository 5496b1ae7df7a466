"""Answers of which little is kept: what is not needed leaves before anything else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.api.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable


class Reduced(Redactor):
    """Redacts what a function leaves of an answer.

    Texts that hold JSON (events, policies) cannot be redacted as they are: they are cut at a length and their keys are
    not seen. So they are read first, and only what is evidence goes on to be redacted and archived.

    Args:
        redact: Redacts the rest.
        leave: Leaves of an answer what is needed.
    """

    def __init__(self, redact: Redactor, leave: Callable[[Any], Any]) -> None:
        self._redactor = redact
        self._leave = leave

    def __call__(self, value: Any) -> Any:
        """What is left of the answer, redacted."""
        return self._redactor(self._leave(value))

    def person(self, identifier: str) -> str:
        """What stands for a person, as the redactor of the rest has it."""
        return self._redactor.person(identifier)
