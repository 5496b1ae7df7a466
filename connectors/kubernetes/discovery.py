"""Which kinds a cluster has: one request where it answers with aggregated discovery, else one for each group asked for.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.kubernetes.paths import mapping, mappings, strings
from connectors.kubernetes.rows import CORE, plural
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from connectors.api.http import Http

_AGGREGATED: Final = (
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
    "application/json"
)
_CLUSTER_SCOPED: Final = frozenset({"Namespace", "Node", "PersistentVolume"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that a cluster has.

    Attributes:
        group: API group; empty for the core.
        version: The version in which it is asked for.
        kind: Its name.
        plural: Its resource name in URLs and roles.
        namespaced: Whether its objects stand in namespaces.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str = "") -> str:
        """Path of the list of its objects."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        inside = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        return f"{root}{inside}/{self.plural}"

    @property
    def resource(self) -> str:
        """Its name as roles and people write it, as `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


@dataclass(slots=True)
class Discovered:
    """What discovery told.

    Attributes:
        kinds: Kinds that can be listed.
        unknown: Group to why its kinds are not known, though it is there.
    """

    kinds: list[Kind] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)


def discover(http: Http, source: str, server: str, groups: Collection[str]) -> Discovered:
    """The kinds of those groups that the cluster has.

    Raises:
        ApiError: The cluster does not answer, or not to these credentials.
    """
    wanted = set(groups) - {CORE}
    body = http.ask(
        source, "GET", f"{server}/apis", accept=_AGGREGATED, reduce=lambda body: read_groups(body, wanted)
    ).body  # fmt: skip
    found = Discovered()
    for group, versions in sorted(body["groups"].items()):
        resources = body["resources"].get(group)
        try:
            if resources is None:
                resources = [
                    entry for version in versions for entry in _of_version(http, source, server, group, version)
                ]
            found.kinds += _first(group, resources)
        except ApiError as error:
            if error.expired:
                raise
            found.unknown[group] = error.reason
        if group in body["stale"]:
            found.unknown[group] = f"the server behind {group} does not answer the cluster; mend it, and scan again"
    return found


def core(kind: str, plural_name: str = "") -> Kind:
    """A kind of the core, which every cluster has."""
    return Kind("", "v1", kind, plural_name or plural(kind), kind not in _CLUSTER_SCOPED)


def _first(group: str, resources: list[list[Any]]) -> Iterator[Kind]:
    """Every kind once, in the version that the cluster names first."""
    seen: set[str] = set()
    for version, kind, plural_name, namespaced in resources:
        if kind not in seen:
            seen.add(kind)
            yield Kind(group, version, kind, plural_name, namespaced)


def read_groups(body: Any, wanted: Collection[str]) -> dict[str, Any] | None:
    """Of a discovery answer of either form: versions by group, and where it tells them, resources by group.

    None where it is neither.
    """
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("groups"), list):
        named = {str(group.get("name")): _versions(group) for group in mappings(body["groups"])}
        return {
            "groups": {name: found for name, found in named.items() if name in wanted},
            "resources": {},
            "stale": [],
        }
    if not isinstance(body.get("items"), list):
        return None
    told: dict[str, Any] = {"groups": {}, "resources": {}, "stale": []}
    for group in mappings(body["items"]):
        name = str(mapping(group.get("metadata")).get("name") or "")
        if name in wanted:
            versions = mappings(group.get("versions"))
            told["groups"][name] = [str(version.get("version")) for version in versions]
            told["resources"][name] = [entry for version in versions for entry in _aggregated(version)]
            told["stale"] += [name] if any(version.get("freshness") == "Stale" for version in versions) else []
    return told


def _versions(group: Mapping[str, Any]) -> list[str]:
    """Versions of a group, the preferred first."""
    preferred = str(mapping(group.get("preferredVersion")).get("version") or "")
    names = [str(version.get("version")) for version in mappings(group.get("versions"))]
    return sorted(names, key=lambda name: name != preferred)


def _aggregated(version: Mapping[str, Any]) -> Iterator[list[Any]]:
    for resource in mappings(version.get("resources")):
        kind = mapping(resource.get("responseKind")).get("kind")
        if kind and "list" in strings(resource.get("verbs")):
            yield [
                str(version.get("version")),
                kind,
                str(resource.get("resource")),
                resource.get("scope") == "Namespaced",
            ]


def _of_version(http: Http, source: str, server: str, group: str, version: str) -> list[list[Any]]:
    def reduce(body: Any) -> list[list[Any]] | None:
        resources = mapping(body).get("resources")
        if not isinstance(resources, list):
            return None
        return [
            [version, str(resource.get("kind")), str(resource.get("name")), bool(resource.get("namespaced"))]
            for resource in mappings(resources)
            if "list" in strings(resource.get("verbs")) and "/" not in str(resource.get("name"))
        ]

    try:
        told: list[list[Any]] = http.ask(source, "GET", f"{server}/apis/{group}/{version}", reduce=reduce).body
    except ApiError as error:
        if error.outcome is Outcome.NOT_APPLICABLE:
            return []
        raise
    return told
