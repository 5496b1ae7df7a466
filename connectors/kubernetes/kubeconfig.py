"""Kubeconfig files: which clusters they name, and how to sign in to each. Read, never written, and nothing is run."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_REFUSED: Final = {
    "auth-provider": "signs in with `auth-provider`, which Kubernetes has dropped; write it anew with an `exec` entry",
    "username": "signs in with a password, which Kubernetes has dropped; use a token or a certificate",
    "as": "impersonates another user; name a context that signs in as that user",
    "as-user-extra": "impersonates another user; name a context that signs in as that user",
}
_UNSAFE: Final = "does not check the server's certificate; set `certificate-authority-data` for it"
_PROXIED: Final = "asks through `proxy-url`; set the environment variable HTTPS_PROXY instead"


class KubeconfigError(Exception):
    """A kubeconfig, or a context of it, cannot be used; the message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Exec:
    """A program that gives credentials.

    Attributes:
        command: As written.
        arguments: Its arguments.
        environment: Variables that are set for it.
        api_version: Of the protocol that it speaks.
        wants_cluster: Whether it is told which cluster it is for.
        interactive: Whether it needs a person at a terminal.
        folder: Of the kubeconfig, from which a command with a slash is found.
    """

    command: str
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = field(repr=False)
    api_version: str
    wants_cluster: bool
    interactive: bool
    folder: str


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a cluster and sign in to it. Certificates and keys are PEM.

    Attributes:
        context: Name of the context.
        cluster: Name of the cluster.
        server: Base URL of its API.
        authority: Certificates to trust; empty for the usual.
        server_name: Name in the server's certificate, where it is not the host's.
        token: Bearer token.
        token_file: File that holds one, and may hold another later.
        certificate: Client certificate.
        key: Its key.
        exec: Program that gives credentials.
    """

    context: str
    cluster: str
    server: str
    authority: str = ""
    server_name: str = ""
    token: str = field(default="", repr=False)
    token_file: str = ""
    certificate: str = ""
    key: str = field(default="", repr=False)
    exec: Exec | None = None


def default_files(environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """The files that kubectl would read."""
    named = [Path(name) for name in environment.get("KUBECONFIG", "").split(os.pathsep) if name]
    return tuple(named) or (Path.home() / ".kube" / "config",)


class Kubeconfig:
    """What several files say together: of two entries with one name the first stands."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Reads the files; one that does not exist is left out where another does.

        Raises:
            KubeconfigError: None exists, or one cannot be read.
        """
        self.current = ""
        self._entries: dict[str, dict[str, tuple[Mapping[str, Any], Path]]] = {
            "contexts": {},
            "clusters": {},
            "users": {},
        }
        found = [file.expanduser() for file in files if file.expanduser().exists()]
        if not found:
            raise KubeconfigError(f"{', '.join(map(str, files))}: does not exist; name one under `kubeconfig`")
        for file in found:
            self._add(file, _read(file))

    def _add(self, file: Path, content: Mapping[str, Any]) -> None:
        current = content.get("current-context")
        self.current = self.current or (current if isinstance(current, str) else "")
        for section, entries in self._entries.items():
            for name, entry in _named(content.get(section), section.removesuffix("s")):
                entries.setdefault(name, (entry, file.parent))

    @property
    def contexts(self) -> tuple[str, ...]:
        """Names of all contexts, in order."""
        return tuple(sorted(self._entries["contexts"]))

    def cluster_of(self, context: str) -> str:
        """Name of a context's cluster.

        Raises:
            KubeconfigError: There is no such context.
        """
        return str(self._entry("contexts", context, context)[0].get("cluster") or "")

    def server_of(self, context: str) -> str:
        """Base URL of a context's cluster; empty where it has none.

        Raises:
            KubeconfigError: The context or its cluster is not there.
        """
        cluster, _ = self._entry("clusters", self.cluster_of(context), context)
        return _text(cluster, "server").rstrip("/")

    def access(self, context: str) -> Access:
        """How to reach a context's cluster and sign in.

        Raises:
            KubeconfigError: Something that it names is missing, or is refused here.
        """
        name = self.cluster_of(context)
        cluster, cluster_folder = self._entry("clusters", name, context)
        if cluster.get("insecure-skip-tls-verify"):
            raise KubeconfigError(f"{context}: {_UNSAFE}")
        if cluster.get("proxy-url"):
            raise KubeconfigError(f"{context}: {_PROXIED}")
        user: Mapping[str, Any] = {}
        user_folder = cluster_folder
        if user_name := _text(self._entry("contexts", context, context)[0], "user"):
            user, user_folder = self._entry("users", user_name, context)
        for key, refusal in _REFUSED.items():
            if user.get(key):
                raise KubeconfigError(f"{context}: {refusal}")
        token_file = _text(user, "tokenFile")
        return Access(
            context, name, self.server_of(context),
            authority=_pem(cluster, "certificate-authority", cluster_folder, context),
            server_name=_text(cluster, "tls-server-name"),
            token="" if token_file else _text(user, "token"),
            token_file=str(user_folder / token_file) if token_file else "",
            certificate=_pem(user, "client-certificate", user_folder, context),
            key=_pem(user, "client-key", user_folder, context),
            exec=_exec(user.get("exec"), user_folder),
        )  # fmt: skip

    def _entry(self, section: str, name: str, context: str) -> tuple[Mapping[str, Any], Path]:
        entry = self._entries[section].get(name)
        if entry is None:
            what = section.removesuffix("s")
            raise KubeconfigError(f"{context}: the kubeconfig has no {what} {name!r}; add it, or name another context")
        return entry


def _read(file: Path) -> Mapping[str, Any]:
    from ruamel.yaml.error import YAMLError

    from connectors import yaml_nodes

    try:
        content = yaml_nodes.load(file.read_text("utf-8"))
    except OSError as error:
        raise KubeconfigError(f"{file}: {error.strerror}; name a readable file under `kubeconfig`") from error
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        # The parser's own words may quote a line with a token in it.
        raise KubeconfigError(f"{file}: is not valid YAML; `kubectl config view` shows where") from error
    if not isinstance(content, dict):
        raise KubeconfigError(f"{file}: is no kubeconfig; name one under `kubeconfig`")
    return content


def _named(entries: Any, inner: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get(inner), dict) and entry.get("name"):
            yield str(entry["name"]), entry[inner]


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _pem(entry: Mapping[str, Any], key: str, folder: Path, context: str) -> str:
    """PEM text that an entry holds in base64, or whose file it names; data goes before a file, as for kubectl."""
    try:
        if data := _text(entry, f"{key}-data"):
            return base64.b64decode(data, validate=True).decode("ascii")
        if name := _text(entry, key):
            return (folder / name).expanduser().read_text("ascii")
    except (OSError, binascii.Error, UnicodeDecodeError) as error:
        raise KubeconfigError(f"{context}: its `{key}` cannot be read; write the context anew") from error
    return ""


def _exec(entry: Any, folder: Path) -> Exec | None:
    if not isinstance(entry, dict) or not _text(entry, "command"):
        return None
    environment: Iterable[Any] = entry.get("env") or ()
    return Exec(
        command=_text(entry, "command"),
        arguments=tuple(str(argument) for argument in entry.get("args") or ()),
        environment=tuple(
            (_text(pair, "name"), _text(pair, "value")) for pair in environment if isinstance(pair, dict)
        ),
        api_version=_text(entry, "apiVersion") or "client.authentication.k8s.io/v1",
        wants_cluster=bool(entry.get("provideClusterInfo")),
        interactive=_text(entry, "interactiveMode") == "Always",
        folder=str(folder),
    )  # fmt: skip
