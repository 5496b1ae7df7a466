"""One HTTP client for every REST source: bounded, repeated with patience, archived, and speaking in coverage outcomes."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from connectors.api.errors import ApiError
from connectors.api.shapes import harmless
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3.response import BaseHTTPResponse

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor

_REPEATED: Final = (408, 429, 500, 502, 503, 504)
_SUCCESS: Final = range(200, 300)
_MAX_ANSWER: Final = 64 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_JSON: Final = "application/json"
_RESETS: Final = ("X-Rate-Limit-Reset", "X-RateLimit-Reset", "RateLimit-Reset")
"""Where Okta, GitHub and GitLab say when a limit is counted anew."""
_KEPT_HEADERS: Final = (
    "link",
    "retry-after",
    "x-ms-user-quota-remaining",
    "x-ms-user-quota-resets-after",
    "x-ms-tenant-subscription-limit-hit",
)
_OUTCOMES: Final = {
    401: (Outcome.DENIED, "the credentials are not accepted or have expired; sign in again"),
    403: (Outcome.DENIED, "access is denied"),
    404: (Outcome.NOT_APPLICABLE, "there is no such thing here"),
    410: (Outcome.NOT_APPLICABLE, "there is no such thing here any more"),
    429: (Outcome.FAILED, "throttled for longer than the retries; scan again with a lower `concurrency`"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, redacted.

    Attributes:
        status: HTTP status; only success gets here.
        body: Parsed JSON.
        headers: The headers that paging and quotas need, lower case.
    """

    status: int
    body: Any
    headers: Mapping[str, str]


class Http:
    """Asks REST sources.

    Args:
        policy: Bounds and manners.
        archive: Where answers are kept, or come from.
        redact: Redacts bodies before anybody sees them.
        authorise: Gives the headers that prove who asks, for a host; called before every request, never archived.
        adapter: Makes what speaks to hosts, from how patiently to repeat; for a source with certificates of its own.
    """

    def __init__(
        self,
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        authorise: Callable[[str], Mapping[str, str]] = lambda _host: {},
        adapter: Callable[[Retry], HTTPAdapter] = lambda patience: HTTPAdapter(max_retries=patience, pool_maxsize=2),
    ) -> None:
        self._policy = policy
        self._archive = archive
        self._redact = redact
        self._authorise = authorise
        self._adapter = adapter
        self._local = threading.local()
        self._gates: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(policy.per_host))
        self._lock = threading.Lock()

    def get(self, source: str, url: str, params: Mapping[str, str | list[str]] | None = None) -> Answer:
        """The answer to a GET.

        Raises:
            ApiError: Denied, absent, throttled for too long, failed, or no JSON.
        """
        return self.ask(source, "GET", url, params=params)

    def ask(
        self,
        source: str,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        body: Any = None,
        accept: str = _JSON,
        reduce: Callable[[Any], Any] | None = None,
        lane: str = "",
        authorise: Callable[[str], Mapping[str, str]] | None = None,
    ) -> Answer:
        """The answer to a request that changes nothing; POST is for queries that a source wants posted.

        Args:
            source: Identity of the source.
            method: HTTP method.
            url: What to ask.
            params: Query parameters.
            body: JSON to post.
            accept: The form of JSON that is wanted, where the source has several.
            reduce: Takes what may be kept out of the parsed body, before anything else sees it; None where the body
                is not what was asked for. In a replay the body has gone through it already.
            lane: Part of the host that has a ceiling of its own, where one host serves many accounts.
            authorise: Proves who asks this one question, where that is not the same for all.

        Raises:
            ApiError: Denied, absent, throttled for too long, failed, or no JSON.
        """
        asked = [method, url, dict(params or {}), body, *([] if accept == _JSON else [accept])]
        question = json.dumps(asked, sort_keys=True)
        kept = self._archive.ask(
            source,
            question,
            lambda: self._live(method, url, params, body, accept, reduce, lane, authorise or self._authorise),
        )
        return Answer(kept["status"], kept["body"], kept["headers"])

    def _live(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | list[str]] | None,
        body: Any,
        accept: str,
        reduce: Callable[[Any], Any] | None,
        lane: str,
        authorise: Callable[[str], Mapping[str, str]],
    ) -> dict[str, Any]:
        host = urlsplit(url).netloc
        with self._lock:
            gate = self._gates[f"{host} {lane}"]
        with gate:
            try:
                headers = {"Accept": accept, **authorise(host)}
                timeout = (self._policy.connect_seconds, self._policy.read_seconds)
                with self._session().request(
                    method,
                    url,
                    params=params,
                    json=body,
                    headers=headers,
                    auth=_as_given,
                    timeout=timeout,
                    stream=True,
                    allow_redirects=False,
                ) as response:
                    return self._answer(host, response, reduce)
            except requests.exceptions.RetryError as error:
                raise ApiError(Outcome.FAILED, f"{host}: {_throttled(error)}") from error
            except requests.exceptions.SSLError as error:
                raise ApiError(Outcome.FAILED, f"{host}: its certificate is not trusted; name a `ca_bundle`") from error
            except requests.exceptions.Timeout as error:
                raise ApiError(Outcome.FAILED, f"{host}: did not answer in time; scan again") from error
            except requests.exceptions.RequestException as error:
                raise ApiError(Outcome.FAILED, f"{host}: {_unreached(error)}") from error

    def _answer(self, host: str, response: requests.Response, reduce: Callable[[Any], Any] | None) -> dict[str, Any]:
        text = _bounded(host, response)
        if response.status_code not in _SUCCESS:
            raise self._refusal(host, response.status_code, text)
        try:
            body = json.loads(text) if text else None
        except (ValueError, RecursionError) as error:
            raise ApiError(Outcome.FAILED, f"{host}: answered with something that is not JSON; scan again") from error
        if reduce is not None and (body := reduce(body)) is None:
            raise ApiError(Outcome.FAILED, f"{host}: answered with JSON of another kind than asked for; scan again")
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        return {"status": response.status_code, "body": self._redact(body), "headers": headers}

    def _refusal(self, host: str, status: int, text: bytes) -> ApiError:
        outcome, reason = _OUTCOMES.get(status, (Outcome.FAILED, "the service failed; scan again"))
        code = _error_code(text)
        said = f"{status} {code}".strip()
        return ApiError(
            outcome,
            f"{host}: {reason} ({said})",
            expired=status == requests.codes.unauthorized,
            code=code or str(status),
        )

    def _session(self) -> requests.Session:
        """A session of this thread: requests does not promise that threads may share one."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = True
            if self._policy.ca_bundle:
                session.verify = self._policy.ca_bundle
            adapter = self._adapter(_Patience.of(self._policy))
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            self._local.session = session
        return session


class _Patience(Retry):
    """Repeats with backoff and jitter, honours `Retry-After`, and waits no longer than the policy allows."""

    @classmethod
    def of(cls, policy: Policy) -> _Patience:
        return cls(
            total=policy.retries, backoff_factor=0.4, backoff_jitter=0.4, backoff_max=policy.max_wait_seconds,
            status_forcelist=_REPEATED, allowed_methods=None, respect_retry_after_header=True, raise_on_status=False,
        )  # fmt: skip

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that the source asks for, at most those that the policy allows."""
        wanted = super().get_retry_after(response)
        if wanted is None and response.status == requests.codes.too_many_requests:
            wanted = _until_reset(response)
        return None if wanted is None else min(wanted, self.backoff_max)


def _until_reset(response: BaseHTTPResponse) -> float | None:
    """Seconds until a limit is counted anew, where the source says the instant in seconds since 1970 and no `Retry-After`."""
    said = next((response.headers[name] for name in _RESETS if name in response.headers), "")
    return max(0.0, int(said) - time.time()) if said.isdigit() else None


def _as_given(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Sends the credentials that were given: without this, requests takes those of a `.netrc` in their place."""
    return request


def _bounded(host: str, response: requests.Response) -> bytes:
    parts = bytearray()
    for chunk in response.iter_content(_CHUNK):
        parts += chunk
        if len(parts) > _MAX_ANSWER:
            raise ApiError(
                Outcome.FAILED, f"{host}: answered with more than {_MAX_ANSWER >> 20} MB; ask for smaller pages"
            )
    return bytes(parts)


def _error_code(text: bytes) -> str:
    """The code that the service gives its error, for a reader to look up; never its message, which may quote content."""
    try:
        body = json.loads(text[:65536])
    except (ValueError, RecursionError):
        return ""
    if isinstance(body, list):  # Salesforce answers with a list of errors
        body = body[0] if body else {}
    error = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(error, dict):
        return ""
    # Google writes the status once more as `code`; what tells is the reason in its details, or else the status' name.
    details = error.get("details")
    reasons = (
        [detail.get("reason") for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []
    )
    codes = (*reasons, error.get("code"), error.get("errorCode"), error.get("reason"), error.get("status"))
    words = [code for code in codes if isinstance(code, str) and code]
    numbers = [str(code) for code in codes if isinstance(code, int)]
    return harmless(next(iter([*words, *numbers]), ""))[:80]


def _unreached(error: Exception) -> str:
    # After the last repeat, requests gives a connection error for silence too.
    if "timed out" in str(error):
        return "did not answer in time; scan again"
    return f"cannot be reached ({type(error).__name__}); check the network"


def _throttled(error: Exception) -> str:
    said = "429" if "429" in str(error) else "errors"
    return f"still answered with {said} after all retries; scan again, with a lower `concurrency` where it throttles"
