"""What the present credentials may list, asked of the cluster itself: a review is posted, and creates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.api.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.api.http import Http
    from connectors.api.plugin import Check
    from connectors.kubernetes.clusters import Cluster
    from connectors.kubernetes.discovery import Kind


def checks(http: Http, cluster: Cluster, kinds: Sequence[Kind], namespaces: Sequence[str]) -> Iterator[Check]:
    """One check for each kind that the cluster has, and for each namespace where the user named some."""
    for kind in kinds:
        for namespace in namespaces if kind.namespaced and namespaces else ("",):
            where = f" in {namespace}" if namespace else ""
            what = f"{cluster.source}: list {kind.resource}{where}"
            try:
                allowed = _allowed(http, cluster, kind, namespace)
            except ApiError as error:
                yield what, None, error.reason
                if error.expired:
                    return
                continue
            yield what, allowed, "" if allowed else f"grant the verb `list` on {kind.resource}{where}"


def _allowed(http: Http, cluster: Cluster, kind: Kind, namespace: str) -> bool:
    attributes = {"group": kind.group, "resource": kind.plural, "verb": "list", "namespace": namespace}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    url = f"{cluster.server}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    return bool(http.ask(cluster.source, "POST", url, body=review, reduce=_answer).body["allowed"])


def _answer(body: Any) -> dict[str, bool] | None:
    status = body.get("status") if isinstance(body, dict) else None
    return {"allowed": bool(status.get("allowed"))} if isinstance(status, dict) else None
