"""What the present credentials may do in a subscription, as Azure itself reckons it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.azure.arm import Arm

PERMISSIONS_READ = "Microsoft.Authorization/permissions/read"


@dataclass(frozen=True, slots=True)
class Access:
    """Grants at a subscription: each allows its patterns but for those that it takes out again.

    Attributes:
        grants: Patterns of actions and of exceptions, one pair a role.
    """

    grants: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def allows(self, action: str) -> bool:
        """Whether some role allows an action; an exception of one role does not bind another.

        Source: https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions.
        """
        return any(_matches(action, yes) and not _matches(action, no) for yes, no in self.grants)

    def missing(self, actions: Iterable[str]) -> tuple[str, ...]:
        """Those of the actions that nothing allows, in order."""
        return tuple(sorted({action for action in actions if not self.allows(action)}))


def read_access(arm: Arm, source: str, subscription: str) -> Access:
    """What the present credentials may do at a subscription.

    Raises:
        ApiError: It was not answered.
    """
    path = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions"
    given = arm.listed(source, path, "2022-04-01").items
    return Access(tuple((_patterns(item.get("actions")), _patterns(item.get("notActions"))) for item in given))


def _patterns(given: Any) -> tuple[str, ...]:
    return tuple(pattern for pattern in given if isinstance(pattern, str)) if isinstance(given, list) else ()


def _matches(action: str, patterns: tuple[str, ...]) -> bool:
    return any(_expression(pattern).fullmatch(action) for pattern in patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.IGNORECASE)
