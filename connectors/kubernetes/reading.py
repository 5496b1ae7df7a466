"""Takes of every object of a list what may be kept, and nothing else, before anything else sees the answer.

What is read is plain JSON: it is what the evidence archive keeps, and what observations are made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from connectors.kubernetes import paths
from connectors.kubernetes.containers import Containers, read_containers
from connectors.kubernetes.stacks import stack

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from connectors.kubernetes.rows import Row, Rows

_STATES: Final = ("phase", "state", "serviceStatus", "jobDeploymentStatus")
"""Where a status says in a word how an object is."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the lists of one kind.

    Attributes:
        mine: Rows for the kind, by the id that observations carry.
        rows: All rows.
        commands: Commands that are asked for.
    """

    mine: Mapping[str, Row]
    rows: Rows
    commands: Collection[str]

    def __call__(self, body: Any) -> dict[str, Any] | None:
        """What may be kept of a page of a list; None where it is no list."""
        items = paths.mapping(body).get("items")
        if not isinstance(items, list):
            return None
        following = paths.mapping(body.get("metadata")).get("continue")
        return {
            "continue": following if isinstance(following, str) else "",
            "items": [self._read(item) for item in paths.mappings(items)],
        }

    def _read(self, item: Mapping[str, Any]) -> dict[str, Any]:
        containers = Containers()
        if any(row.pods for row in self.mine.values()):
            containers = read_containers(item, self.rows, self.commands)
        return {
            **_metadata(item),
            "status": _status(item.get("status")),
            "images": sorted(containers.images),
            "variables_named": sorted(containers.variables),
            "accounts": sorted(containers.accounts),
            "commands": sorted(containers.commands),
            "arguments": sorted(containers.models),
            "accelerators": dict(sorted(containers.accelerators.items())),
            "rows": {name: _by_row(item, row) for name, row in self.mine.items()},
        }


def _metadata(item: Mapping[str, Any]) -> dict[str, Any]:
    given = paths.mapping(item.get("metadata"))
    labels = _strings(given.get("labels"))
    return {
        "name": str(given.get("name") or ""),
        "namespace": str(given.get("namespace") or ""),
        "created": str(given.get("creationTimestamp") or ""),
        "labels": labels,
        "stack": stack(str(given.get("namespace") or ""), labels, _strings(given.get("annotations"))),
        "owner": _owner(given.get("ownerReferences")),
    }


def _strings(given: Any) -> dict[str, str]:
    return {name: value for name, value in paths.mapping(given).items() if isinstance(value, str)}


def _owner(references: Any) -> list[str]:
    """Group, kind and name of what controls an object."""
    for reference in paths.mappings(references):
        if reference.get("controller"):
            group = str(reference.get("apiVersion") or "").rpartition("/")[0]
            return [group, str(reference.get("kind") or ""), str(reference.get("name") or "")]
    return []


def _status(status: Any) -> str:
    given = paths.mapping(status)
    for key in _STATES:
        if isinstance(given.get(key), str) and given[key]:
            return str(given[key])
    for condition in paths.mappings(given.get("conditions")):
        if condition.get("type") in ("Ready", "Available"):
            return "Ready" if condition.get("status") == "True" else "NotReady"
    return ""


def _by_row(item: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """What a row reads; of an object that its `only` leaves out, just that."""
    if not all(_fits(item, path, globs) for path, globs in row.only.items()):
        return {"left_out": True}
    found = {
        "models": sorted({kept for path in row.models for text in paths.texts(item, path) if (kept := paths.model(text))}),
        "hosts": sorted({kept for path in row.hosts for text in paths.texts(item, path) if (kept := paths.host(text))}),
        "refs": sorted([kind, name] for kind, at in row.refs.items() for path in at for name in paths.texts(item, path)),
        "accounts": sorted({name for path in row.identities for name in paths.texts(item, path)}),
        "facts": {name: value for name, path in row.facts.items() for value in list(paths.values(item, path))[:1]},
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _fits(item: Mapping[str, Any], path: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(str(value), glob) for value in paths.values(item, path) for glob in globs)
