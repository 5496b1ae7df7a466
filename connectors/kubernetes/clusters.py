"""Which clusters are asked: those of the contexts that the user names, or the one that the scanner runs in."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.api.errors import ApiError
from connectors.kubernetes.kubeconfig import Access, Kubeconfig, KubeconfigError, default_files
from connectors.kubernetes.target import IN_CLUSTER
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.api.archive import Archive
    from connectors.api.redact import Redactor
    from connectors.kubernetes.target import Target


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster to ask.

    Attributes:
        name: Its name in the inventory.
        server: Base URL of its API; empty where it cannot be asked.
        problem: Why it cannot be asked, and the mend.
    """

    name: str
    server: str = ""
    problem: str = ""

    @property
    def source(self) -> str:
        """Identity of the source."""
        return f"account:kubernetes:{self.name}"


@dataclass(frozen=True, slots=True)
class _Reached:
    """A cluster and the context that reaches it, which leaves this module only in messages: it may name a person."""

    cluster: Cluster
    context: str


def find(target: Target, archive: Archive, redact: Redactor, base_urls: Mapping[str, str]) -> list[Cluster]:
    """The clusters of a target, by name; those too that cannot be asked. In a replay, those that were recorded.

    Raises:
        ApiError: There is no kubeconfig, or it cannot be read.
    """
    question = json.dumps(["clusters", target.in_cluster, target.kubeconfig, target.contexts])

    def live() -> Any:
        return redact([asdict(_settled(reached, base_urls)) for reached in _live(target, redact)])

    return [Cluster(**cluster) for cluster in archive.ask("kubernetes", question, live)]


def access(target: Target, redact: Redactor, name: str) -> Access:
    """How to reach a cluster; its `context` is fit for messages.

    Raises:
        ApiError: The cluster cannot be asked.
    """
    reached = next((one for one in _live(target, redact) if redact(one.cluster.name) == name), None)
    if reached is None:
        raise ApiError(Outcome.FAILED, f"{name}: no context reaches it any more; scan again")
    try:
        found = _in_cluster(target) if target.in_cluster else _kubeconfig(target).access(reached.context)
    except KubeconfigError as error:
        raise _failed(error, redact) from error
    return replace(found, context=redact(found.context))


def _live(target: Target, redact: Redactor) -> list[_Reached]:
    try:
        found = _of_service_account(target) if target.in_cluster else _of_contexts(target)
        best: dict[str, _Reached] = {}
        for reached in found:
            # Two contexts of one cluster differ in user or namespace: one source, asked as the first that can be.
            name = reached.cluster.name
            if name not in best or (best[name].cluster.problem and not reached.cluster.problem):
                best[name] = reached
    except KubeconfigError as error:
        raise _failed(error, redact) from error
    return [best[name] for name in sorted(best)]


def _failed(error: KubeconfigError, redact: Redactor) -> ApiError:
    return ApiError(Outcome.FAILED, redact(str(error)))


def _settled(reached: _Reached, base_urls: Mapping[str, str]) -> Cluster:
    cluster = reached.cluster
    server = base_urls.get(cluster.name, cluster.server).rstrip("/")
    problem = cluster.problem or _unsafe(reached.context, server)
    return Cluster(cluster.name, "" if problem else server, problem)


def _unsafe(context: str, server: str) -> str:
    """Why a token must not be sent there: in clear text it may go no further than this machine."""
    parts = urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return f"{context}: its server is no https:// URL; set one"
    return f"{context}: its server holds a password; use a token" if "@" in parts.netloc else ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _of_contexts(target: Target) -> Iterator[_Reached]:
    kubeconfig = _kubeconfig(target)
    wanted = target.contexts or (kubeconfig.current,)
    for pattern in wanted:
        names = [name for name in kubeconfig.contexts if name == pattern or fnmatchcase(name, pattern)]
        if not names:
            missing = pattern or "(current)"
            problem = f"{missing}: the kubeconfig has no such context; `kubectl config get-contexts` lists them"
            yield _Reached(Cluster(target.names.get(pattern, missing), problem=problem), pattern)
        for name in names:
            yield _of_context(target, kubeconfig, name)


def _of_context(target: Target, kubeconfig: Kubeconfig, context: str) -> _Reached:
    try:
        name = target.names.get(context) or kubeconfig.cluster_of(context) or context
        kubeconfig.access(context)
        return _Reached(Cluster(name, kubeconfig.server_of(context)), context)
    except KubeconfigError as error:
        return _Reached(Cluster(target.names.get(context, context), problem=str(error)), context)


def _kubeconfig(target: Target) -> Kubeconfig:
    return Kubeconfig([Path(file) for file in target.kubeconfig] or default_files())


def _of_service_account(target: Target) -> Iterator[_Reached]:
    name = target.names.get(IN_CLUSTER, IN_CLUSTER)
    try:
        yield _Reached(Cluster(name, _in_cluster(target).server), IN_CLUSTER)
    except KubeconfigError as error:
        yield _Reached(Cluster(name, problem=str(error)), IN_CLUSTER)


def _in_cluster(target: Target, environment: Mapping[str, Any] = os.environ) -> Access:
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise KubeconfigError("in-cluster: the scanner runs in no cluster; name a `kubeconfig` instead")
    folder = Path(target.service_account)
    try:
        authority = (folder / "ca.crt").read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KubeconfigError(f"in-cluster: {folder} has no `ca.crt`; mount the service account's token") from error
    bracketed = f"[{host}]" if ":" in host else host
    return Access(IN_CLUSTER, IN_CLUSTER, f"https://{bracketed}:{port}", authority, token_file=str(folder / "token"))
