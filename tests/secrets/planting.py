"""Plants canaries in JSON answers: in every text, and in fields that no row knows."""

from __future__ import annotations

import itertools
import re
from typing import Any

from tests.secrets.canaries import CONTENT, EMAIL, ENVIRONMENT, OPAQUE, PERSON, PROMPT, in_text

_PAGING = re.compile(r"next.?(?:page)?.?(?:token|link|marker)|\$skiptoken|continue|@odata\.nextLink", re.IGNORECASE)
"""Where the next page starts: opaque, and asked for as it stands."""


_SELDOM = 50


class Planter:
    """Plants; a turn for each text, so that sorts of secrets go round.

    Args:
        fixed: Keys whose values the fake, or whoever asks it, compares or joins by.
        values: Texts that rows compare.
    """

    def __init__(self, fixed: frozenset[str] = frozenset(), values: frozenset[str] = frozenset()) -> None:
        self._fixed = fixed
        self._values = values
        self._turns = itertools.count()
        self.planted = 0

    def __call__(self, value: Any) -> Any:
        """The same answer, planted."""
        if isinstance(value, dict):
            held = {name: self._field(name, inner) for name, inner in value.items()}
            return {**self._further(), **held}
        if isinstance(value, list):
            return [self(member) for member in value]
        return self.text(value) if isinstance(value, str) and value and value not in self._values else value

    def text(self, value: str) -> str:
        """A text with canaries behind it."""
        self.planted += 1
        return in_text(value, next(self._turns))

    def identifier(self, value: str) -> str:
        """What something is known by, with an address behind it, and seldom a secret."""
        self.planted += 1
        turn = next(self._turns)
        return in_text(value, turn) if turn % _SELDOM == 0 else f"{value}/{EMAIL}"

    def _field(self, name: str, value: Any) -> Any:
        """Who owns something is the exception that the design states."""
        return value if name in self._fixed or name == "owner" or _PAGING.fullmatch(name) else self(value)

    def _further(self) -> dict[str, Any]:
        """Fields that no vendor's description has, as customers' own and tomorrow's."""
        return {
            "description": self.text("A note"),
            "systemPrompt": CONTENT,
            "instructions": [CONTENT, PROMPT],
            "environmentVariables": {"PLANTED_MODE": ENVIRONMENT},
            "env": [{"name": "PLANTED_MODE", "value": ENVIRONMENT}],
            "clientSecret": OPAQUE,
            "credentials": {"one": OPAQUE, "two": [OPAQUE]},
            "createdBy": {"user": {"displayName": PERSON, "email": EMAIL}},
            self.text("a key"): self.text("a value"),
        }
