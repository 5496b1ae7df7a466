"""Signs in to a cluster: the headers and the TLS context of its client. Made when first needed, never in a replay."""

from __future__ import annotations

import ssl
import tempfile
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from requests.adapters import HTTPAdapter

from connectors.api.errors import ApiError
from connectors.kubernetes.plugins import Given, run
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests
    from urllib3.util.retry import Retry

    from connectors.kubernetes.kubeconfig import Access


class Credentials:
    """What proves who asks a cluster.

    Args:
        read: Reads how to sign in.
        allowed: Credential programs that may be run.
        ca_bundle: Certificates to trust where the cluster names none; the usual ones where this is empty too.
    """

    def __init__(self, read: Callable[[], Access], allowed: tuple[str, ...], ca_bundle: str = "") -> None:
        self._read = read
        self._allowed = allowed
        self._ca_bundle = ca_bundle
        self._lock = threading.Lock()
        self._given: Given | None = None

    @cached_property
    def _access(self) -> Access:
        return self._read()

    def headers(self, _host: str) -> Mapping[str, str]:
        """The header with the token, where there is one.

        Raises:
            ApiError: There is a token, and it cannot be had.
        """
        token = self._token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    def adapter(self, patience: Retry) -> HTTPAdapter:
        """What speaks to the cluster, and trusts its certificate and no other's.

        Raises:
            ApiError: A certificate or key is wrong.
        """
        return _ClusterAdapter(self._tls(), self._access.server_name, patience)

    def _token(self) -> str:
        if self._access.token_file:
            try:
                return Path(self._access.token_file).read_text("ascii").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise self._failed(f"its token file {self._access.token_file} cannot be read; sign in again") from error
        return self._access.token or self._from_program().token

    def _from_program(self) -> Given:
        if self._access.exec is None:
            return Given()
        with self._lock:
            if self._given is None or self._given.expired:
                self._given = run(self._access, self._allowed)
            return self._given

    def _tls(self) -> ssl.SSLContext:
        given = Given() if self._access.certificate or self._access.token else self._from_program()
        certificate, key = self._access.certificate or given.certificate, self._access.key or given.key
        try:
            context = ssl.create_default_context(
                cafile=None if self._access.authority else self._ca_bundle or None,
                cadata=self._access.authority or None,
            )
            if certificate:
                _load(context, certificate, key)
        except (ssl.SSLError, OSError, ValueError) as error:
            raise self._failed(
                "a certificate or key of it is wrong; sign in again, or write the context anew"
            ) from error
        return context

    def _failed(self, reason: str) -> ApiError:
        return ApiError(Outcome.FAILED, f"{self._access.context}: {reason}")


def _load(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Loads a client certificate. OpenSSL takes it from a file only: one that nobody else may read, gone at once."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".pem") as file:
        file.write(f"{certificate}\n{key}\n")
        file.flush()
        context.load_cert_chain(file.name)


class _ClusterAdapter(HTTPAdapter):
    """Speaks TLS with a context of its own, whatever certificates requests or the environment would trust."""

    def __init__(self, context: ssl.SSLContext, server_name: str, patience: Retry) -> None:
        self._tls: Final = {"ssl_context": context, **({"server_hostname": server_name} if server_name else {})}
        super().__init__(max_retries=patience, pool_maxsize=2)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block=block, **pool_kwargs, **self._tls)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **proxy_kwargs, **self._tls)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leaves the context as it is: it verifies, with the cluster's own authority."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {}
