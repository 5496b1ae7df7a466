"""From a resource as Azure gives it to an observation, by the paths of its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jmespath

from connectors.api.asset import asset
from connectors.azure.ids import canonical, group_of, host_of, parent_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.api.signals import Signals
    from connectors.azure.rows import Row, Service
    from connectors.model import Observation, Scalar

_PUBLISHED: Final = re.compile(r"azureml://registries/[^/]+/models/([^/]+)", re.IGNORECASE)

_FACTS: Final = {
    "resource_kind": "kind",
    "sku": "sku.name",
    "status": "properties.provisioningState",
    "created": "systemData.createdAt",
    "updated": "systemData.lastModifiedAt",
}
"""Facts that stand in the same place in resources of every type; a row's own come before them."""

_IDENTITIES: Final = (
    "identity.principalId",
    "identity.userAssignedIdentities && keys(identity.userAssignedIdentities)",
    "identity.userAssignedIdentities && values(identity.userAssignedIdentities)[].principalId",
)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource, with what a path may need beside it.

    Attributes:
        id: Its canonical id.
        body: As Azure gave it.
        up: What it is nested in, as Azure gave it; empty where the row is no child.
        parent: Canonical id of what it is nested in.
    """

    id: str
    body: Mapping[str, Any]
    up: Mapping[str, Any]
    parent: str

    @classmethod
    def of(cls, body: Mapping[str, Any], up: Resource | None = None) -> Resource | None:
        """A resource of an answer; None where the answer gives it no id."""
        given = body.get("id")
        if not isinstance(given, str) or not given.startswith("/"):
            return None
        native_id = canonical(given)
        return cls(native_id, body, up.body if up else {}, up.id if up else parent_of(native_id))

    def at(self, path: str) -> Any:
        """What stands at a path; None where nothing does, or where it is of another shape than the path expects."""
        if not path:
            return None
        try:
            return _compiled(path).search({**self.body, "_up": self.up})
        except jmespath.exceptions.JMESPathError:
            return None

    @property
    def region(self) -> str:
        """Its location, or that of what it is nested in, in the short spelling."""
        return str(self.body.get("location") or self.up.get("location") or "").replace(" ", "").lower()

    @property
    def identities(self) -> frozenset[str]:
        """What it runs as: ids of principals and of managed identities, in lower case."""
        return frozenset(text.lower() for text in self.texts(_IDENTITIES))

    def texts(self, paths: Iterable[str]) -> Iterator[str]:
        """The texts at paths, lists opened."""
        for path in paths:
            yield from _texts(self.at(path))


def granted(row: Row, resource: Resource) -> frozenset[str]:
    """The identities that a row names, in lower case: for a grant, those that it is given to."""
    return frozenset(text.lower() for text in resource.texts(row.identities))


def keys_of(row: Row, resource: Resource, signals: Signals) -> frozenset[str]:
    """Keys of the signals that the names in a workload give."""
    if row.signs is None:
        return frozenset()
    images = (signals.of_image(image) for image in resource.texts(row.signs.images))
    variables = (signals.of_variable(name) for name in resource.texts(row.signs.variables))
    return frozenset().union(*images, *variables)


def observed(service: Service, row: Row, resource: Resource, source: str, keys: Iterable[str] = ()) -> Observation:
    """The observation of a resource, with the keys of the signals in it."""
    models = sorted({_model(text) for text in resource.texts(row.models)})
    hosts = sorted({host for text in resource.texts(row.hosts) if (host := host_of(text))})
    title = str(resource.at(row.title) or "")
    observation = asset(
        row.kind,
        service.row_id(row),
        resource.id,
        source=source,
        scope=service.scope,
        title=_named(row, title),
        tags=_tags(resource.at(row.tags)),
        parent=resource.parent,
        refs=_refs(row, resource),
        models=models,
        hosts=hosts,
        identities=resource.identities | granted(row, resource),
        snippet=" ".join((row.type, *models[:3], *hosts[:1])),
        **_facts(row, resource),
    )
    return replace(observation, matchers=(*observation.matchers, *sorted(keys)))


def _model(written: str) -> str:
    """A model as its publisher names it where it comes from a registry; else as written."""
    published = _PUBLISHED.match(written)
    return published[1] if published else written


def _refs(row: Row, resource: Resource) -> set[str]:
    found = set(resource.texts(["managedBy"]))
    for ref in row.refs:
        names = resource.texts([ref.path])
        found |= {f"{resource.parent}/{ref.below}/{name}" for name in names} if ref.below else set(names)
    return {canonical(text) for text in found} - {resource.id, ""}


def _facts(row: Row, resource: Resource) -> dict[str, Scalar]:
    paths = _FACTS | row.facts
    facts = {
        name: value for name, path in paths.items() if isinstance(value := resource.at(path), str | int | float | bool)
    }
    return {"group": group_of(resource.id), "region": resource.region, **facts}


def _named(row: Row, title: str) -> str:
    """The title, by the name that the row's list gives it where it has one."""
    names = {value.lower(): name for value, name in row.pick.names.items()} if row.pick else {}
    return names.get(title.lower(), title)


def _tags(given: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in given.items()} if isinstance(given, Mapping) else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


@cache
def _compiled(path: str) -> Any:
    return jmespath.compile(path)
