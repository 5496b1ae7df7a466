"""Proof of who asks: any credential of azure-identity, or an access token in an environment variable."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from connectors.api.errors import ApiError
from connectors.azure.target import CLOUDS
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connectors.azure.target import Target

_EARLY_SECONDS: Final = 300


class Token(Protocol):
    """An access token."""

    @property
    def token(self) -> str:
        """What is sent."""

    @property
    def expires_on(self) -> int:
        """When it runs out, in seconds since 1970."""


class Credential(Protocol):
    """Any credential of azure-identity."""

    def get_token(self, *scopes: str) -> Token:
        """A token for these scopes."""


class Bearer:
    """The header that proves who asks, for Resource Manager's host alone; safe in many threads.

    Args:
        target: Says which cloud and which credential.
        manager: Address of Resource Manager, or of what stands in for it.
        credential: Makes the credential; without it, azure-identity is asked.
    """

    def __init__(self, target: Target, manager: str, credential: Callable[[], Credential] | None = None) -> None:
        self._target = target
        self._host = urlsplit(manager).netloc
        self._make = credential or self._default
        self._credential: Credential | None = None
        self._token: Token | None = None
        self._lock = threading.Lock()

    def __call__(self, host: str) -> Mapping[str, str]:
        """The headers for a host.

        Raises:
            ApiError: There is no credential, or it gives no token.
        """
        if host != self._host:
            return {}
        if name := self._target.token_env:
            return {"Authorization": f"Bearer {_from_environment(name)}"}
        with self._lock:
            if self._token is None or self._token.expires_on < time.time() + _EARLY_SECONDS:
                self._token = self._fresh()
            return {"Authorization": f"Bearer {self._token.token}"}

    def _fresh(self) -> Token:
        try:
            self._credential = self._credential or self._make()
            return self._credential.get_token(f"{CLOUDS[self._target.cloud].manager}/.default")
        except ApiError:
            raise
        except Exception as error:  # azure-identity raises errors of many libraries, and its messages may hold secrets
            raise ApiError(
                Outcome.DENIED,
                f"no Azure credential gives a token ({type(error).__name__}); run `az login`, or set AZURE_CLIENT_ID, "
                "AZURE_TENANT_ID and a secret, certificate or federated token",
                expired=True,
            ) from error

    def _default(self) -> Credential:
        try:
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            raise ApiError(
                Outcome.FAILED, "azure-identity is not installed; run `pip install 'aimscope[azure]'`", expired=True
            ) from error
        cloud = CLOUDS[self._target.cloud]
        tenant = {"additionally_allowed_tenants": [self._target.tenant]} if self._target.tenant else {}
        given: Credential = DefaultAzureCredential(authority=cloud.authority, **tenant)
        return _InTenant(given, self._target.tenant) if self._target.tenant else given


class _InTenant:
    """A credential that asks for tokens of one tenant."""

    def __init__(self, credential: Credential, tenant: str) -> None:
        self._credential = credential
        self._tenant = tenant

    def get_token(self, *scopes: str) -> Token:
        named: dict[str, str] = {"tenant_id": self._tenant}
        return self._credential.get_token(*scopes, **named)


def _from_environment(name: str) -> str:
    if token := os.environ.get(name, "").strip():
        return token
    raise ApiError(Outcome.DENIED, f"the environment variable {name} holds no token; set it", expired=True)
