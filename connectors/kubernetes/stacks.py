"""Which deployment an object belongs to, as the tools that deploy write it down in labels and annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGO_TRACKING: Final = "argocd.argoproj.io/tracking-id"
_MARKS: Final = (
    ("argocd", "argocd.argoproj.io/instance", ""),
    ("flux", "kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace"),
    ("flux", "helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/namespace"),
    ("helm", "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"),
    ("app", "app.kubernetes.io/part-of", ""),
    ("app", "app.kubernetes.io/instance", ""),
)
"""Tool, where it writes the deployment's name, and where its namespace; the surest first."""


def stack(namespace: str, labels: Mapping[str, str], annotations: Mapping[str, str]) -> str:
    """The deployment, as `helm:NAMESPACE/RELEASE`; nothing where no tool says so.

    Argo CD names an application for the whole cluster; a name that stands without a namespace elsewhere is one of the
    object's own.
    """
    if tracked := annotations.get(_ARGO_TRACKING, "").partition(":")[0]:
        return f"argocd:{tracked}"
    marks = {**labels, **annotations}
    for tool, name, place in _MARKS:
        if marks.get(name):
            inside = "" if tool == "argocd" else marks.get(place, namespace) + "/"
            return f"{tool}:{inside}{marks[name]}"
    return ""
