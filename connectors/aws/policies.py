"""IAM policies: which of some actions they allow. An approximation that leaves out conditions and the organisation's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy, as far as it is about actions that are looked for.

    Attributes:
        allows: Whether it allows, rather than denies.
        actions: Patterns of actions.
        but: Whether it is about all actions but these.
        resources: Patterns of resources; empty for all but some.
        conditional: Whether it holds under conditions only.
    """

    allows: bool
    actions: tuple[str, ...]
    but: bool
    resources: tuple[str, ...]
    conditional: bool

    @classmethod
    def of(cls, plain: Sequence[Any]) -> Statement:
        """A statement from plain data, as `plain` gives it."""
        allows, actions, but, resources, conditional = plain
        return cls(bool(allows), tuple(actions), bool(but), tuple(resources), bool(conditional))

    @property
    def plain(self) -> list[Any]:
        """The statement as plain data."""
        return [self.allows, list(self.actions), self.but, list(self.resources), self.conditional]

    @property
    def broad(self) -> bool:
        """Whether it is about everything rather than about what is looked for."""
        return self.but or EVERYTHING in self.actions

    def matches(self, action: str) -> bool:
        """Whether it is about an action."""
        return any(_pattern(pattern).fullmatch(action) is not None for pattern in self.actions) != self.but


@dataclass(frozen=True, slots=True)
class Allowed:
    """What policies allow of some actions.

    Attributes:
        actions: The actions that a statement names.
        resources: On which resources.
        everything: Whether the actions are allowed only with everything else.
    """

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    everything: bool = False


@dataclass(slots=True)
class Policies:
    """Policies that hold together for one principal.

    Attributes:
        statements: Their statements.
        boundary: Statements of the permissions boundary; None where there is none, or it is not known.
    """

    statements: list[Statement] = field(default_factory=list)
    boundary: Sequence[Statement] | None = None

    def allowed(self, actions: Iterable[str]) -> Allowed:
        """What they allow of some actions."""
        named: list[str] = []
        resources: set[str] = set()
        everything = False
        for action in actions:
            allowing = [one for one in self.statements if one.allows and one.matches(action)]
            if not allowing or self._kept_from(action):
                continue
            specific = [one for one in allowing if not one.broad]
            everything = everything or not specific
            if specific:
                named.append(action)
                resources.update(resource for one in specific for resource in one.resources)
        return Allowed(tuple(named), tuple(sorted(resources)), everything and not named)

    def _kept_from(self, action: str) -> bool:
        denied = any(
            not one.allows and not one.conditional and EVERYTHING in one.resources and one.matches(action)
            for one in self.statements
        )
        outside = self.boundary is not None and not any(one.allows and one.matches(action) for one in self.boundary)
        return denied or outside


def statements_of(document: Any, actions: Iterable[str]) -> list[Statement]:
    """The statements of a policy that are about some actions.

    Args:
        document: The policy, as IAM writes it: JSON, with its special characters escaped as in a URL.
        actions: The actions.

    Raises:
        ValueError: It is no policy.
    """
    try:
        told = json.loads(unquote(document)) if isinstance(document, str) else document
        given = told["Statement"]
        read = [_statement(one) for one in (given if isinstance(given, list) else [given])]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no policy") from error
    wanted = tuple(actions)
    return [one for one in read if any(one.matches(action) for action in wanted)]


def _statement(given: Any) -> Statement:
    but = "NotAction" in given
    return Statement(
        given["Effect"] == "Allow",
        _texts(given["NotAction" if but else "Action"]),
        but,
        _texts(given.get("Resource", ())),
        bool(given.get("Condition")),
    )


def _texts(given: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in ([given] if isinstance(given, str) else given))


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.IGNORECASE)
