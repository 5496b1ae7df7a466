"""What the user sets for clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

IN_CLUSTER: Final = "in-cluster"
"""Name of the cluster that the scanner itself runs in, where `names` gives it no other."""


@dataclass(frozen=True, slots=True)
class Target:
    """Clusters, and how much of them to ask for.

    Attributes:
        kubeconfig: Files, as in `KUBECONFIG`: of two entries with one name the first stands. Empty for that variable's
            files, else `~/.kube/config`.
        contexts: Names or globs of contexts; empty for the current one.
        in_cluster: Ask the cluster that the scanner runs in, as its service account, instead of any kubeconfig.
        service_account: Folder of that account's `token` and `ca.crt`.
        names: Context (or `in-cluster`) to the name that its cluster has in the inventory; else the name of the cluster
            in the kubeconfig, which is what the tools of the managed services make unique.
        namespaces: Only these; empty for all. Needed where the credentials may list in some namespaces only.
        services: Ids of services of the knowledge base, as `kserve`; empty for all.
        exec_commands: Credential programs that may be run, written as in the kubeconfig, as `aws` or
            `gke-gcloud-auth-plugin`. A kubeconfig can name any program, so none is run unless it stands here.
        max_objects: Most objects of a kind that are read in a cluster or namespace.
    """

    kubeconfig: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    in_cluster: bool = False
    service_account: str = "/var/run/secrets/kubernetes.io/serviceaccount"
    names: Mapping[str, str] = field(default_factory=dict)
    namespaces: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    exec_commands: tuple[str, ...] = ()
    max_objects: int = 100_000
