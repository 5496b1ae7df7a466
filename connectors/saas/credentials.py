"""Proof of who asks, made of what the user named: for the vendor's own hosts alone, never archived, never printed."""

from __future__ import annotations

import threading
import time
import uuid
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests

from connectors.api.errors import ApiError
from connectors.api.secrets import from_command, from_environment
from connectors.api.shapes import harmless
from connectors.model import Outcome
from connectors.saas.api import BasicAuth, ClientAuth, NoAuth, ServiceAccountAuth, TokenAuth
from connectors.saas.templates import fill, fill_path, names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connectors.api.policy import Policy
    from connectors.saas.api import Api, Auth
    from connectors.saas.target import Target

_EARLY_SECONDS: Final = 120
_ASSERTION_SECONDS: Final = 300
_DEFAULT_LIFE: Final = 1800
_SIGNED: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_GRANT_SIGNED: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Credentials:
    """The headers that prove who asks; safe in many threads.

    Args:
        api: How the vendor is asked.
        target: What the user set.
        policy: Bounds and manners.
        values: Values of placeholders.
        placed: Gives the address that is really asked instead of another.
    """

    def __init__(
        self, api: Api, target: Target, policy: Policy, values: Mapping[str, str], placed: Callable[[str], str]
    ) -> None:
        self._api = api
        self._target = target
        self._policy = policy
        self._values = values
        self._placed = placed
        self._auth: Auth | None = None
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def headers(self, needs: Sequence[str]) -> dict[str, str]:
        """The headers of a request that needs some permissions.

        Raises:
            ApiError: What the user named does not suffice, or gives no token.
        """
        auth = self._chosen()
        if isinstance(auth, NoAuth):
            return {}
        if isinstance(auth, TokenAuth):
            return {auth.header: f"{auth.prefix}{self._token()}"}
        if isinstance(auth, BasicAuth):
            pair = f"{fill(auth.user, {**self._values, 'username': self._target.username})}:{self._token()}"
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return {"Authorization": f"Bearer {self._given(auth, self._scope(auth, needs))}"}

    def renewed(self) -> bool:
        """Forgets tokens that were refused; whether there may now be new ones."""
        with self._lock:
            renewable = bool(self._tokens)
            self._tokens.clear()
            return renewable

    def _chosen(self) -> Auth:
        if self._auth is None:
            self._auth = choose(self._api, self._target)
        return self._auth

    def _token(self) -> str:
        """A token from the environment, or from a command, which is asked once and again where it was refused."""
        if self._target.token_env:
            return from_environment(self._target.token_env)
        with self._lock:
            if not self._tokens:
                self._tokens[""] = (from_command(self._target.token_command), float("inf"))
            return self._tokens[""][0]

    def _scope(self, auth: ClientAuth | ServiceAccountAuth, needs: Sequence[str]) -> str:
        """What a token for some permissions is asked for."""
        wanted = sorted(set(needs))
        if isinstance(auth, ServiceAccountAuth):
            return " ".join(auth.scope_prefix + need for need in wanted)
        return fill(auth.scope, {**self._values, "needs": " ".join(wanted)})

    def _given(self, auth: ClientAuth | ServiceAccountAuth, scope: str) -> str:
        """A token that the vendor gave for a scope."""
        with self._lock:
            token, expires = self._tokens.get(scope, ("", 0.0))
            if expires < time.time() + _EARLY_SECONDS:
                token, expires = self._ask(auth, scope)
                self._tokens[scope] = token, expires
            return token

    def _ask(self, auth: ClientAuth | ServiceAccountAuth, scope: str) -> tuple[str, float]:
        asked = fill_path(auth.token_url, self._values)
        basic = None
        if isinstance(auth, ServiceAccountAuth):
            form = {"grant_type": _GRANT_SIGNED, "assertion": self._service_account(asked, scope)}
        else:
            form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
            form |= {name: fill(value, self._values) for name, value in auth.form.items()}
            if auth.style == "private_key_jwt":
                form |= {"client_assertion_type": _SIGNED, "client_assertion": self._assertion(asked)}
            elif auth.sent_in == "header":
                basic = (self._target.client_id, from_environment(self._target.client_secret_env))
            else:
                secret = from_environment(self._target.client_secret_env)
                form |= {"client_id": self._target.client_id, "client_secret": secret}
        return _posted(self._placed(asked), form, basic, self._policy)

    def _service_account(self, audience: str, scope: str) -> str:
        key = _key_file(self._target.key_file_env)
        claims = {"iss": str(key.get("client_email", "")), "scope": scope}
        if self._target.subject:
            claims["sub"] = self._target.subject
        return _signed(claims, audience, key)

    def _assertion(self, audience: str) -> str:
        key = _key_file(self._target.key_file_env)
        claims = {"iss": self._target.client_id, "sub": self._target.client_id, "jti": uuid.uuid4().hex}
        return _signed(claims, audience, key)


def choose(api: Api, target: Target) -> Auth:
    """The first way to sign in that fits what the user named.

    Raises:
        ApiError: None fits; the reason says what each would need.
    """
    ways = [auth for auth in api.auth if target.auth in {"", auth.name}]
    for auth in ways:
        if not _lacks(auth, target):
            return auth
    needed = "; or ".join(f"{auth.name}: {', '.join(_lacks(auth, target))}" for auth in ways)
    mend = f"set {needed}" if needed else f"`auth` is one of {', '.join(auth.name for auth in api.auth)}"
    raise ApiError(Outcome.DENIED, f"no credentials are named for {target.vendor}; {mend}", expired=True)


def _lacks(auth: Auth, target: Target) -> list[str]:
    """The fields of a target that a way to sign in would need and that are empty."""
    token = "" if target.token_env or target.token_command else "`token_env` or `token_command`"
    if isinstance(auth, NoAuth):
        wanted = [] if target.auth == auth.name else [f"`auth: {auth.name}`"]
    elif isinstance(auth, TokenAuth):
        # A user name says that the token is a password.
        wanted = [token] if token or not target.username else ["no `username`"]
    elif isinstance(auth, BasicAuth):
        wanted = [token, "" if target.username or "username" not in names(auth.user) else "`username`"]
    elif isinstance(auth, ServiceAccountAuth):
        wanted = ["" if target.key_file_env else "`key_file_env`"]
    else:
        signed = auth.style == "private_key_jwt"
        secret = target.key_file_env if signed else target.client_secret_env
        named = "`key_file_env`" if signed else "`client_secret_env`"
        wanted = ["" if target.client_id else "`client_id`", "" if secret else named]
    return [field for field in wanted if field]


def _key_file(variable: str) -> dict[str, Any]:
    """A service account file, or the key of a PEM file."""
    import json

    file = Path(from_environment(variable))
    try:
        text = file.read_text("utf-8")
        content = {"private_key": text} if text.lstrip().startswith("-----BEGIN") else json.loads(text)
    except (OSError, ValueError) as error:
        raise ApiError(
            Outcome.DENIED, f"the file that {variable} names is no readable key ({type(error).__name__})", expired=True
        ) from error
    return content if isinstance(content, dict) else {}


def _signed(claims: Mapping[str, str], audience: str, key: Mapping[str, Any]) -> str:
    """A signed statement of who asks, good for a few minutes."""
    try:
        from google.auth import crypt, jwt
    except ImportError as error:
        raise ApiError(
            Outcome.FAILED, "google-auth is not installed; run `pip install 'aimscope[saas]'`", expired=True
        ) from error
    now = int(time.time())
    payload = {**claims, "aud": audience, "iat": now, "exp": now + _ASSERTION_SECONDS}
    try:
        signer = crypt.RSASigner.from_string(
            str(key.get("private_key", "")), str(key.get("private_key_id", "")) or None
        )  # type: ignore[no-untyped-call]  # the library has no types
        signed: bytes = jwt.encode(signer, payload)  # type: ignore[no-untyped-call]  # the library has no types
    except ValueError as error:
        raise ApiError(Outcome.DENIED, "the key file holds no RSA private key; make a new one", expired=True) from error
    return signed.decode()


def _posted(url: str, form: Mapping[str, str], basic: tuple[str, str] | None, policy: Policy) -> tuple[str, float]:
    """A token and when it runs out, in seconds since 1970."""
    host = urlsplit(url).netloc
    try:
        answer = requests.post(
            url, data=dict(form), auth=basic, headers={"Accept": "application/json"}, allow_redirects=False,
            timeout=(policy.connect_seconds, policy.read_seconds), verify=policy.ca_bundle or True,
        )  # fmt: skip
        body = answer.json() if answer.content else {}
    except requests.RequestException as error:
        raise ApiError(Outcome.FAILED, f"{host}: gave no token ({type(error).__name__}); check the network") from error
    token = body.get("access_token") if isinstance(body, dict) else None
    if answer.status_code != requests.codes.ok or not isinstance(token, str) or not token:
        code = harmless(str(body.get("error") or ""))[:80] if isinstance(body, dict) else ""
        reason = (
            f"{host}: gave no token ({answer.status_code} {code}".rstrip() + "); check the client and what it may ask"
        )
        refused = answer.status_code < requests.codes.server_error
        raise ApiError(Outcome.DENIED if refused else Outcome.FAILED, reason, code=code)
    life = body.get("expires_in")
    seconds = float(life) if isinstance(life, int | float | str) and str(life).isdigit() else _DEFAULT_LIFE
    return token, time.time() + max(seconds, _EARLY_SECONDS + 1)
