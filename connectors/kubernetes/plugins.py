"""Credential programs (client-go exec plugins): run only where the user has allowed that very command.

The protocol: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.kubernetes.kubeconfig import Access, Exec

_PATIENCE_SECONDS: Final = 60.0
_BEFORE_EXPIRY: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Given:
    """Credentials that a program gave.

    Attributes:
        token: Bearer token, or empty.
        certificate: Client certificate, PEM, or empty.
        key: Its key.
        until: When they expire; none where the program does not say.
    """

    token: str = field(default="", repr=False)
    certificate: str = ""
    key: str = field(default="", repr=False)
    until: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether they are of no use any more, or nearly."""
        return self.until is not None and datetime.now(UTC) > self.until - _BEFORE_EXPIRY


def run(access: Access, allowed: tuple[str, ...]) -> Given:
    """Runs the credential program of a context.

    Raises:
        ApiError: It is not allowed, needs a person, fails, or gives no credentials.
    """
    plugin = access.exec
    if plugin is None:
        return Given()
    if plugin.command not in allowed:
        raise _failed(access, f"signs in with the program {plugin.command!r}; allow it under `exec_commands`")
    if plugin.interactive:
        raise _failed(access, f"its credential program {plugin.command!r} needs a person at a terminal; use a token")
    try:
        done = subprocess.run(
            [_command(plugin), *plugin.arguments],
            env=_environment(access, plugin), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_PATIENCE_SECONDS, check=True,
        )  # fmt: skip
        return _given(json.loads(done.stdout)["status"])
    except FileNotFoundError as error:
        raise _failed(access, f"its credential program {plugin.command!r} is not installed; install it") from error
    except subprocess.TimeoutExpired as error:
        raise _failed(
            access, f"its credential program {plugin.command!r} did not end in time; sign in first"
        ) from error
    except (subprocess.CalledProcessError, OSError) as error:
        # What it says on the way out may hold a token.
        raise _failed(access, f"its credential program {plugin.command!r} failed; run it by hand to see why") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _failed(
            access, f"its credential program {plugin.command!r} gave no credentials; sign in first"
        ) from error


def _failed(access: Access, reason: str) -> ApiError:
    return ApiError(Outcome.FAILED, f"{access.context}: {reason}", expired=True)


def _command(plugin: Exec) -> str:
    return str(Path(plugin.folder) / plugin.command) if "/" in plugin.command else plugin.command


def _environment(access: Access, plugin: Exec) -> dict[str, str]:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.wants_cluster:
        authority = {"certificate-authority-data": base64.b64encode(access.authority.encode()).decode()}
        spec["cluster"] = {"server": access.server, **(authority if access.authority else {})}
    info = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
    return {**os.environ, **dict(plugin.environment), "KUBERNETES_EXEC_INFO": json.dumps(info)}


def _given(status: Mapping[str, Any]) -> Given:
    until = status.get("expirationTimestamp")
    given = Given(
        str(status.get("token") or ""),
        str(status.get("clientCertificateData") or ""),
        str(status.get("clientKeyData") or ""),
        datetime.fromisoformat(until) if until else None,
    )
    if not (given.token or given.certificate):
        raise ValueError("neither token nor certificate")
    return given
