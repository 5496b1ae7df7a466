"""Makes observations of what was read of objects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.model import ObservationKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.api.signals import Signals
    from connectors.kubernetes.discovery import Kind
    from connectors.kubernetes.rows import Row
    from connectors.model import Observation

_Shown = dict[str, dict[str, set[str]]]

_KINDS: Final = {
    "asset": ObservationKind.ASSET, "control": ObservationKind.CONTROL,
    "account": ObservationKind.ACCOUNT, "cluster": ObservationKind.ACCOUNT,
}  # fmt: skip


def native_id(cluster: str, group: str, kind: str, namespace: str, name: str) -> str:
    """The one spelling of an object's id: without version, which changes under an object that stays the same."""
    return "/".join(["k8s:/", cluster, group or "core", kind, *([namespace] if namespace else []), name])


def cluster_id(cluster: str) -> str:
    """The id of a cluster itself."""
    return f"k8s://{cluster}"


@dataclass(frozen=True, slots=True)
class Observer:
    """Observes the objects of one kind in one cluster.

    Attributes:
        cluster: Name of the cluster.
        scope: Scope that the observations stand in.
        kind: Their kind.
        rows: Rows for it, the first that fits takes an object.
        scopes: Kind (`group/Kind`) to whether its objects stand in namespaces, for those that the cluster has.
        makers: Kinds of workloads, as `group/Kind`: each stands for the workloads that it makes.
        signals: What tells a workload that is wanted.
    """

    cluster: str
    scope: str
    kind: Kind
    rows: Mapping[str, Row]
    scopes: Mapping[str, bool]
    makers: frozenset[str]
    signals: Signals

    def __call__(self, item: Mapping[str, Any]) -> Observation | None:
        """The observation of an object; None where no row takes it."""
        if "/".join(item["owner"][:2]) in self.makers and f"{self.kind.group}/{self.kind.kind}" in self.makers:
            return None
        in_containers = self._in_containers(item)
        for name, row in self.rows.items():
            read = item["rows"].get(name, {"left_out": True})
            if read.get("left_out"):
                continue
            shown = {**in_containers, **self._in_fields(item, read)}
            if not row.when or any(shown[signal] for signal in row.when):
                return self._observation(name, row, item, read, shown)
        return None

    def _in_containers(self, item: Mapping[str, Any]) -> _Shown:
        """By signal, what of an object's containers shows it, with the keys of the matchers that fit."""
        signals = self.signals
        return {
            "image": {image: keys for image in item["images"] if (keys := signals.of_image(image))},
            "command": {text: keys for text in item["commands"] if (keys := signals.of_command(text))},
            "env": {name: keys for name in item["variables_named"] if (keys := signals.of_variable(name))},
            "argument": {argument: set() for argument in item["arguments"]},
            "accelerator": {name: set() for name in item["accelerators"]},
        }

    def _in_fields(self, item: Mapping[str, Any], read: Mapping[str, Any]) -> _Shown:
        """The same of what a row reads."""
        models = [*item["arguments"], *read.get("models", ())]
        return {
            "model": {model: keys for model in models if (keys := self.signals.of_model(model))},
            "host": {host: keys for host in read.get("hosts", ()) if (keys := self.signals.of_host(host))},
        }

    def _observation(
        self, name: str, row: Row, item: Mapping[str, Any], read: Mapping[str, Any], shown: _Shown
    ) -> Observation:
        kind, namespace = self.kind, item["namespace"]
        accounts = {*item["accounts"], *read.get("accounts", ())}
        whole = row.gives == "cluster"
        keys = {key for found in shown.values() for keys in found.values() for key in keys}
        seen = asset(
            _KINDS[row.gives],
            name,
            cluster_id(self.cluster) if whole else self._id(kind.group, kind.kind, namespace, item["name"]),
            source=f"account:kubernetes:{self.cluster}",
            scope=self.scope,
            title=self.cluster if whole else item["name"],
            tags={} if whole else item["labels"],
            parent="" if whole else self._parent(row, item),
            refs=self._refs(read.get("refs", ()), namespace),
            models={*item["arguments"], *read.get("models", ())},
            hosts=read.get("hosts", ()),
            identities=(self._id("", "ServiceAccount", namespace, account) for account in accounts),
            snippet=_snippet(kind, shown),
            status="" if whole else item["status"],
            created="" if whole else item["created"],
            group=namespace,
            stack=item["stack"],
            resource=kind.resource,
            images=tuple(item["images"]),
            variables=tuple(sorted(shown["env"])),
            commands=tuple(sorted(shown["command"])),
            accelerators=tuple(f"{resource}={count}" for resource, count in item["accelerators"].items()),
            **{name.replace("-", "_"): value for name, value in read.get("facts", {}).items()},
        )
        return replace(seen, matchers=(name, *sorted(keys)))

    def _id(self, group: str, kind: str, namespace: str, name: str) -> str:
        return native_id(self.cluster, group, kind, namespace, name)

    def _parent(self, row: Row, item: Mapping[str, Any]) -> str:
        """What an object is a part of: what its labels name, else what controls it; a namespace of its cluster."""
        for label, written in row.parents.items():
            if named := item["labels"].get(label):
                group, _, kind = written.partition("/")
                return self._id("" if group == "core" else group, kind, item["namespace"], named)
        if item["owner"]:
            group, kind, name = item["owner"]
            namespaced = self.scopes.get(f"{group}/{kind}", True)
            return self._id(group, kind, item["namespace"] if namespaced else "", name)
        return cluster_id(self.cluster) if row.gives == "account" else ""

    def _refs(self, named: Sequence[Sequence[str]], namespace: str) -> set[str]:
        """Ids of what an object names, of kinds that the cluster has; a name may have its namespace before it."""
        refs: set[str] = set()
        for written, name in named:
            group, _, kind = written.partition("/")
            namespaced = self.scopes.get(written)
            if namespaced is None:
                continue
            place, _, bare = name.rpartition("/")
            refs.add(self._id(group, kind, (place or namespace) if namespaced else "", bare))
        return refs


def _snippet(kind: Kind, shown: _Shown) -> str:
    told = [f"{signal} {', '.join(sorted(found))}" for signal, found in shown.items() if found]
    return "; ".join([kind.kind, *told])
