"""What marks a part of a repository as a unit of its own: manifests, and files that deploy something."""

from __future__ import annotations

import re
from typing import Final

from connectors.model import Location, Observation, ObservationKind

_DEPLOYS: Final = frozenset({
    "dockerfile", "containerfile", "procfile", "serverless.yml", "serverless.yaml", "serverless.ts", "fly.toml",
    "vercel.json", "netlify.toml", "render.yaml", "railway.json", "railway.toml", "app.yaml", "chart.yaml", "cdk.json",
    "skaffold.yaml", "wrangler.toml", "wrangler.json", "wrangler.jsonc", "samconfig.toml", "host.json", "apprunner.yaml",
    "azure.yaml", "firebase.json", "function.json", "modal.toml", "bentofile.yaml", "cog.yaml", "langgraph.json",
    "template.yaml", "pulumi.yaml", "kustomization.yaml", "amplify.yml", "cloudbuild.yaml",
})  # fmt: skip
_COMPOSE: Final = re.compile(r"(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml\Z")
_BUILD: Final = re.compile(
    rb"^(\s+)(?:build:\s*[\"']?(\.[\w./-]*|[\w-][\w./-]*)[\"']?\s*$|context:\s*[\"']?([\w./-]+))", re.MULTILINE
)
_WORKLOAD: Final = re.compile(
    rb"^kind:\s*[\"']?(?:Deployment|StatefulSet|DaemonSet|CronJob|Job|Rollout)\b", re.MULTILINE
)
_OWNER_FILES: Final = frozenset({"CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"})
_CATALOG_OWNER: Final = re.compile(r"^\s{2,}owner:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


def marks_unit(path: str) -> bool:
    """Whether a file's name says that its folder is deployed."""
    name = path.rpartition("/")[2].lower()
    return name in _DEPLOYS or name.startswith("dockerfile.") or _COMPOSE.match(name) is not None


def deployed_units(source: str, path: str, content: bytes) -> list[Observation]:
    """The folder of a deployment file or Kubernetes workload, and for a compose file the folders that it builds."""
    folder, _, name = path.rpartition("/")
    if name.endswith((".yaml", ".yml")) and not marks_unit(path):
        workload = _WORKLOAD.search(content)
        return [_unit(source, path, folder, content.count(b"\n", 0, workload.start()) + 1)] if workload else []
    if not _COMPOSE.match(name.lower()):
        return [_unit(source, path, folder, 1)]
    found = []
    for build in _BUILD.finditer(content):
        target = _join(folder, (build[2] or build[3]).decode())
        if target is not None:
            found.append(_unit(source, path, target, content.count(b"\n", 0, build.start(2 if build[2] else 3)) + 1))
    return found


def owners(source: str, path: str, content: bytes) -> list[Observation]:
    """Owners that CODEOWNERS or a Backstage catalog-info.yaml names, each with the pattern or folder that they own."""
    if path in _OWNER_FILES:
        text = content.decode("utf-8", "replace")
        rows = []
        for number, line in enumerate(text.splitlines(), 1):
            pattern, _, names = line.partition("#")[0].strip().partition(" ")
            if pattern and names.strip():
                rows.append((number, pattern, names.split()[0]))
        return [_owner(source, path, number, pattern, owner) for number, pattern, owner in rows]
    folder, _, name = path.rpartition("/")
    if name != "catalog-info.yaml":
        return []
    text = content.decode("utf-8", "replace")
    if found := _CATALOG_OWNER.search(text):
        return [
            _owner(source, path, text.count("\n", 0, found.start(1)) + 1, f"/{folder}/" if folder else "*", found[1])
        ]
    return []


def _owner(source: str, path: str, line: int, pattern: str, owner: str) -> Observation:
    return Observation(ObservationKind.OWNER, owner, Location(source, path, line), attributes={"pattern": pattern})


def _unit(source: str, path: str, folder: str, line: int) -> Observation:
    return Observation(
        ObservationKind.UNIT, folder, Location(source, path, line), attributes={"folder": folder, "deploys": True}
    )


def _join(folder: str, relative: str) -> str | None:
    """A path below the root, or none where it leaves it."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)
