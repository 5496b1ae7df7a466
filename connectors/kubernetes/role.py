"""What the enabled rows need, as a ClusterRole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from connectors.kubernetes.rows import CORE, plural, read_rows
from connectors.kubernetes.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.kubernetes.rows import Rows, Service

_HEAD: Final = """\
# Lets aimscope list what its rows ask for, and nothing else: no Secret, no ConfigMap, no log, no change.
# Kinds that a cluster has not installed do no harm here. Discovery is open to everybody who signs in.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: aimscope
rules:
"""


def permissions(services: Sequence[Service], target: Target | None = None) -> tuple[tuple[str, str], ...]:
    """File name and text of the ClusterRole that the rows need.

    Args:
        services: Services of the knowledge base.
        target: Narrows to services.

    Raises:
        ValueError: A row is wrong.
    """
    rows = read_rows(services, (target or Target()).services)
    rules = [_rule(group, resources) for group, resources in sorted(_resources(rows).items())]
    return (("aimscope-cluster-role.yaml", _HEAD + "".join(rules)),)


def _resources(rows: Rows) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows.by_id.values():
        for written in row.kinds:
            group, _, kind = written.partition("/")
            found[group].add("*" if kind == "*" else row.plurals.get(written) or plural(kind))
    return found


def _rule(group: str, resources: set[str]) -> str:
    listed = "".join(f'      - "{name}"\n' for name in sorted({"*"} if "*" in resources else resources))
    return f'  - apiGroups: ["{"" if group == CORE else group}"]\n    resources:\n{listed}    verbs: ["list"]\n'
