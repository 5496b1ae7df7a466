"""Plans and runs the asking of clusters: one task an API group, and before them one for the cluster itself."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.api.http import Http
from connectors.api.task import Plan, Task
from connectors.kubernetes import clusters
from connectors.kubernetes.asked import Asked
from connectors.kubernetes.clusters import Cluster
from connectors.kubernetes.credentials import Credentials
from connectors.kubernetes.discovery import Kind, core, discover
from connectors.kubernetes.lists import list_objects
from connectors.kubernetes.observe import Observer
from connectors.kubernetes.probe import checks
from connectors.kubernetes.reading import Reader
from connectors.kubernetes.rows import CORE, read_rows
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.plugin import Check
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.kubernetes.discovery import Discovered
    from connectors.kubernetes.rows import Service
    from connectors.kubernetes.target import Target

_GONE_SIGN_IN: Final = "the credentials ran out before this was asked; sign in again, and resume the scan"


class KubernetesConnector:
    """Asks clusters. See `connectors.kubernetes.connect`."""

    def __init__(
        self,
        target: Target,
        services: Sequence[Service],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        signals: Signals,
    ) -> None:
        """Reads the rows; asks nothing yet.

        Raises:
            ValueError: A row is wrong.
        """
        self._target = target
        self._rows = read_rows(services, target.services)
        self._policy = policy
        self._archive = archive
        self._redact = redact
        self._signals = signals
        self._makers = frozenset(kind for kind in self._rows.kinds if self._makes(kind))
        self._lock = threading.Lock()
        self._clients: dict[str, Http] = {}
        self._expired: set[str] = set()

    def plan(self) -> Plan:
        """The clusters, and a task for each of their API groups that a row wants and that is installed."""
        try:
            found = self._find()
        except ApiError as error:
            source = "account:kubernetes:kubeconfig"
            return Plan((source,), (), (Coverage(source, "", Outcome.FAILED, error.reason),))
        with ThreadPoolExecutor(max(1, min(self._policy.concurrency, len(found)))) as pool:
            plans = list(pool.map(self._plan, found))
        return Plan(
            sources=tuple(cluster.source for cluster in found),
            tasks=tuple(task for tasks, _ in plans for task in tasks),
            coverage=tuple(part for _, parts in plans for part in parts),
            titles=tuple((cluster.source, cluster.name) for cluster in found),
        )

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can ask."""
        try:
            found = self._find()
        except ApiError as error:
            yield "read the kubeconfig", False, error.reason
            return
        for cluster in found:
            yield from self._examine(cluster)

    def _examine(self, cluster: Cluster) -> Iterator[Check]:
        what = f"{cluster.source}: sign in"
        try:
            found = self._discover(cluster)
        except ApiError as error:
            yield what, False, error.reason
            return
        yield what, True, ""
        kinds = [kind for kinds in self._kinds(found).values() for kind in kinds]
        yield from checks(self.client(cluster), cluster, kinds, self._target.namespaces)

    def run(self, task: Task) -> Result:
        """Lists the kinds of a group."""
        if task.source in self._expired:
            return Result(coverage=[Coverage(task.source, task.scope, Outcome.FAILED, _GONE_SIGN_IN)])
        argument = json.loads(task.argument)
        cluster = Cluster(**argument["cluster"])
        kinds = [Kind(*kind) for kind in argument["kinds"]]
        asked = Asked(task.source, task.scope)
        for kind in kinds:
            self._list(cluster, kind, argument["namespace"], argument["scopes"], asked)
            if asked.expired:
                self._expired.add(task.source)
                break
        return asked.result()

    def _plan(self, cluster: Cluster) -> tuple[list[Task], list[Coverage]]:
        try:
            found = self._discover(cluster)
        except ApiError as error:
            return [], [_unasked(cluster, error)]
        kinds = self._kinds(found)
        unknown = [Coverage(cluster.source, group, Outcome.FAILED, why) for group, why in found.unknown.items()]
        absent = [
            Coverage(cluster.source, group, Outcome.NOT_APPLICABLE, f"{group} is not installed in this cluster")
            for group in self._rows.groups
            if group not in kinds and group not in found.unknown
        ]
        return list(self._tasks(cluster, kinds)), unknown + absent

    def _find(self) -> list[Cluster]:
        return clusters.find(self._target, self._archive, self._redact, self._policy.base_urls)

    def _discover(self, cluster: Cluster) -> Discovered:
        if cluster.problem:
            raise ApiError(Outcome.FAILED, cluster.problem)
        return discover(self.client(cluster), cluster.source, cluster.server, self._rows.groups)

    def _kinds(self, found: Discovered) -> dict[str, list[Kind]]:
        """By group as rows write it, the kinds that a row lists."""
        kinds = [*found.kinds]
        kinds += [core(name) for group, _, name in (kind.partition("/") for kind in self._rows.kinds) if group == CORE]
        grouped: dict[str, list[Kind]] = {}
        for kind in sorted(kinds, key=lambda kind: (kind.group, kind.kind)):
            if self._rows.of(kind.group, kind.kind):
                grouped.setdefault(kind.group or CORE, []).append(kind)
        return grouped

    def _tasks(self, cluster: Cluster, kinds: dict[str, list[Kind]]) -> Iterator[Task]:
        """The cluster itself first, then what is wanted whatever it holds, then what must show a signal."""
        scopes = {f"{kind.group or CORE}/{kind.kind}": kind.namespaced for found in kinds.values() for kind in found}

        def common(group: str) -> bool:
            return all(f"{kind.group or CORE}/{kind.kind}" in self._makers for kind in kinds[group])

        for group in sorted(kinds, key=lambda group: (group != CORE, common(group), group)):
            for namespace, inside in self._places(kinds[group]):
                scope = f"{namespace}/{group}" if namespace else group
                rows = tuple(sorted({row for kind in inside for row in self._rows.of(kind.group, kind.kind)}))
                argument = {
                    "cluster": asdict(cluster), "namespace": namespace, "scopes": scopes,
                    "kinds": [[kind.group, kind.version, kind.kind, kind.plural, kind.namespaced] for kind in inside],
                }  # fmt: skip
                key = f"{cluster.source} {scope} {' '.join(rows)}"
                yield Task(cluster.source, scope, rows, key, json.dumps(argument, sort_keys=True))

    def _places(self, kinds: list[Kind]) -> Iterator[tuple[str, list[Kind]]]:
        """Where kinds are listed: in the whole cluster, or in the namespaces that the user named."""
        everywhere = [kind for kind in kinds if not (kind.namespaced and self._target.namespaces)]
        if everywhere:
            yield "", everywhere
        for namespace in self._target.namespaces:
            if inside := [kind for kind in kinds if kind.namespaced]:
                yield namespace, inside

    def _makes(self, kind: str) -> bool:
        """Whether objects of a kind count by what they run: they stand for the workloads that they make."""
        group, _, name = kind.partition("/")
        return all(row.when for row in self._rows.of("" if group == CORE else group, name).values())

    def _list(self, cluster: Cluster, kind: Kind, namespace: str, scopes: dict[str, bool], asked: Asked) -> None:
        rows = self._rows.of(kind.group, kind.kind)
        whole = all(row.gives == "cluster" for row in rows.values())
        observe = Observer(cluster.name, asked.scope, kind, rows, scopes, self._makers, self._signals)
        try:
            listing = list_objects(
                self.client(cluster), cluster.source, cluster.server + kind.path(namespace),
                Reader(rows, self._rows, self._signals.commands.keys()),
                metadata_only=all(row.metadata_only for row in rows.values()),
                most=1 if whole else self._target.max_objects,
            )  # fmt: skip
        except ApiError as error:
            asked.refused(kind, error)
            return
        if whole:
            listing.gap = ""
        asked.listed(kind, listing, [seen for item in listing.items if (seen := observe(item)) is not None])

    def client(self, cluster: Cluster) -> Http:
        """The client of a cluster; it signs in when it first asks."""
        with self._lock:
            if cluster.source not in self._clients:
                sign_in = Credentials(
                    partial(clusters.access, self._target, self._redact, cluster.name),
                    self._target.exec_commands,
                    self._policy.ca_bundle,
                )
                self._clients[cluster.source] = Http(
                    self._policy, self._archive, self._redact, sign_in.headers, sign_in.adapter
                )
            return self._clients[cluster.source]


def _unasked(cluster: Cluster, error: ApiError) -> Coverage:
    """Why nothing of a cluster can be asked."""
    if error.outcome is Outcome.DENIED and not error.expired:
        reason = f"{error.reason}: may not read /apis; bind the ClusterRole system:discovery"
        return Coverage(cluster.source, "", Outcome.DENIED, reason)
    return Coverage(cluster.source, "", Outcome.FAILED, error.reason)
