"""The least that the rows need, as IAM policies under the size that AWS allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from connectors.aws.rows import read_services
from connectors.aws.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.aws.rows import ServiceLike

LARGEST: Final = 6144
"""Characters of a managed policy, white space not counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

EVERY_ACCOUNT: Final = ("ec2:DescribeRegions", "tag:GetResources")
"""What is asked of every account besides the rows."""

CALLER: Final = (
    "organizations:DescribeAccount",
    "organizations:DescribeOrganizationalUnit",
    "organizations:ListAccounts",
    "organizations:ListParents",
    "organizations:ListTagsForResource",
    "ssm:GetParametersByPath",
)
"""What is asked once, with the caller's own credentials."""


def policies(services: Sequence[ServiceLike], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """File names and texts: one or more policies for the role in each account, and one for who runs the scan.

    Raises:
        RowError: A row of a service is wrong.
    """
    target = target or Target()
    parts = _parts(sorted(_actions(services, target)))
    many = len(parts) > 1
    named = [
        (f"aimscope-scan-{number}.json" if many else "aimscope-scan.json", _document(part))
        for number, part in enumerate(parts, 1)
    ]
    return (*named, ("aimscope-caller.json", _document(CALLER, _role(target))))


def _actions(services: Sequence[ServiceLike], target: Target) -> set[str]:
    wanted = [one for one in read_services(services) if not target.services or one.name in target.services]
    needed = set(EVERY_ACCOUNT)
    for service in wanted:
        rows = [row for row in service.rows if row.tier in target.tiers]
        needed |= {action for row in service.with_parents(rows) for action in row.actions}
    return needed


def _role(target: Target) -> str:
    return f"arn:*:iam::*:role/{target.role or 'ROLE-NAME'}"


def _parts(actions: Iterable[str]) -> list[list[str]]:
    """Actions in as few policies as their size allows."""
    empty = len(_compact(_policy([])))
    parts: list[list[str]] = [[]]
    size = empty
    for action in actions:
        more = len(action) + len('"",')
        if size + more > LARGEST:
            parts.append([])
            size = empty
        parts[-1].append(action)
        size += more
    return parts


def _policy(actions: Iterable[str], role: str = "") -> dict[str, object]:
    statements: list[dict[str, object]] = [
        {"Sid": "Inventory", "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    ]
    if role:
        statements.append({"Sid": "Enter", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role})
    return {"Version": "2012-10-17", "Statement": statements}


def _document(actions: Iterable[str], role: str = "") -> str:
    return json.dumps(_policy(actions, role), indent=2) + "\n"


def _compact(policy: dict[str, object]) -> str:
    return json.dumps(policy, separators=(",", ":"))
