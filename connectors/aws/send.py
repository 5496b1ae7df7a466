"""Sends signed requests: connections that all accounts share, and retries that slow down where a service throttles."""

from __future__ import annotations

import random
import ssl
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, prepare_request_dict
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from botocore.parsers import ResponseParserError
from urllib3.exceptions import ConnectTimeoutError as _ConnectTimeout
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, ProtocolError, ProxyError
from urllib3.exceptions import ReadTimeoutError as _ReadTimeout
from urllib3.exceptions import SSLError as _Tls

from connectors.aws.api import api
from connectors.aws.open_files import hosts_kept
from connectors.aws.silence import TIMEOUTS, Silences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.api.policy import Policy

_MAX_ANSWER: Final = 64 * 1024 * 1024
_AGENT: Final = "aimscope"
_THROTTLES: Final = frozenset({
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
    "RequestThrottled", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
})  # fmt: skip
"""As botocore's standard retries have them."""

_MOMENTARY: Final = frozenset({408, 500, 502, 503, 504})
_PASSING: Final = (ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError, ResponseParserError)
_FIRST_WAIT: Final = 0.4
_REFUSED: Final = 300


class Keys(Protocol):
    """Credentials that renew themselves, as botocore has them."""

    def get_frozen_credentials(self) -> Any:
        """The keys as they are now."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where.

    Attributes:
        account: The account, for the ceilings.
        region: The Region whose endpoint is asked.
        keys: The credentials.
    """

    account: str
    region: str
    keys: Keys


class Sender:
    """Sends requests in any number of threads.

    Args:
        policy: Bounds and manners; a base URL goes by the name of a service in botocore, or by `aws` for all.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._managers: dict[str, urllib3.PoolManager] = {}
        self._by_host: dict[str, urllib3.PoolManager] = {}
        self._lock = threading.Lock()
        self._all = threading.BoundedSemaphore(policy.concurrency)
        self._gates: defaultdict[tuple[str, str], threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(policy.per_host)
        )
        self._paces: defaultdict[tuple[str, str, str], _Pace] = defaultdict(_Pace)
        self._silences = Silences()
        self._timeout = urllib3.Timeout(connect=policy.connect_seconds, read=policy.read_seconds)

    def send(self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parsed answer.

        Raises:
            ClientError: The service refused, after the retries that the policy allows where that may pass.
            BotoCoreError: There was no answer.
            ResponseParserError: The answer is none that the service can give.
        """
        with self._lock:
            gate = self._gates[caller.account, caller.region]
            pace = self._paces[caller.account, caller.region, service]
        for attempt in range(self._policy.retries + 1):
            last = attempt == self._policy.retries
            pace.wait()
            # Before a place is taken: keys that have to be renewed ask for a place themselves.
            keys = caller.keys.get_frozen_credentials()
            try:
                with gate, self._all, self._silences.attempt(caller.region, service):
                    status, headers, parsed = self._once(keys, caller.region, service, operation, params)
            except _PASSING as error:
                if last or (isinstance(error, TIMEOUTS) and self._silences.any(caller.region, service)):
                    raise
                time.sleep(self._wait(attempt, {}))
                continue
            code = parsed.get("Error", {}).get("Code", "")
            throttled = status == 429 or code in _THROTTLES  # noqa: PLR2004 - HTTP's number
            pace.told(throttled=throttled)
            if status < _REFUSED:
                return parsed
            if last or not (throttled or status in _MOMENTARY):
                raise ClientError(cast("Any", parsed), operation)
            time.sleep(self._wait(attempt, headers))
        raise AssertionError  # the last attempt returns or raises

    def _wait(self, attempt: int, headers: Mapping[str, str]) -> float:
        asked = headers.get("retry-after", "")
        patience = float(asked) if asked.isdigit() else random.uniform(0.5, 1) * _FIRST_WAIT * 2**attempt  # noqa: S311
        return min(patience, self._policy.max_wait_seconds)

    def _once(
        self, keys: Any, region: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> tuple[int, Mapping[str, str], dict[str, Any]]:
        known = api(service)
        endpoint = known.endpoint(operation, region)
        base = self._policy.base_urls.get(service) or self._policy.base_urls.get("aws")
        request = known.request(operation, params)
        if base:
            request["host_prefix"] = None
        prepare_request_dict(request, base or endpoint.url, user_agent=_AGENT)
        signed = AWSRequest(
            method=request["method"], url=request["url"], data=request["body"], headers=request["headers"]
        )
        SigV4Auth(keys, endpoint.signing_name, endpoint.signing_region).add_auth(signed)
        ready = signed.prepare()
        status, headers, body = self._exchange(ready.method, ready.url, ready.headers, ready.body)
        return status, headers, known.parse(operation, status, headers, body)

    def _exchange(self, method: str, url: str, headers: Any, body: Any) -> tuple[int, Mapping[str, str], bytes]:
        manager = self._manager(url)
        texts = {key: value.decode() if isinstance(value, bytes) else value for key, value in headers.items()}
        try:
            response = manager.urlopen(
                method, url, body=body, headers=texts, timeout=self._timeout, retries=False, redirect=False,
                preload_content=False,
            )  # fmt: skip
            try:
                data = response.read(_MAX_ANSWER + 1)
            finally:
                response.release_conn()
        except HTTPError as error:
            raise _as_botocore(error, url) from error
        if len(data) > _MAX_ANSWER:
            raise ResponseParserError(f"is larger than {_MAX_ANSWER >> 20} MB")
        return response.status, response.headers, data

    def _manager(self, url: str) -> urllib3.PoolManager:
        """Connections, by the proxy that leads to a host. urllib3 keeps ten hosts by default; a scan asks a thousand."""
        parts = urlsplit(url)
        kept = self._by_host.get(parts.netloc)
        if kept is None:
            proxies = getproxies()
            proxy = "" if not proxies or proxy_bypass(parts.netloc) else proxies.get(parts.scheme, "")
            with self._lock:
                if proxy not in self._managers:
                    self._managers[proxy] = self._make_manager(proxy)
                kept = self._by_host[parts.netloc] = self._managers[proxy]
        return kept

    def _make_manager(self, proxy: str) -> urllib3.PoolManager:
        # One context for all: to read the certificates of authorities anew for each connection costs milliseconds.
        context = ssl.create_default_context(cafile=self._policy.ca_bundle or get_cert_path(True))
        kept: dict[str, Any] = {"num_pools": hosts_kept(), "maxsize": self._policy.concurrency, "ssl_context": context}
        return urllib3.ProxyManager(proxy, **kept) if proxy else urllib3.PoolManager(**kept)


class NoSuchHostError(EndpointConnectionError):
    """The name of an endpoint leads nowhere: the network is at fault, or the Region lacks the service."""


class _Pace:
    """Slows down one service of one account and Region when it throttles, and quickens again when it does not."""

    __slots__ = ("_apart", "_lock", "_next")

    _LONGEST: Final = 5.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._apart = 0.0
        self._next = 0.0

    def wait(self) -> None:
        if not self._apart:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._apart
        time.sleep(max(0.0, turn - now))

    def told(self, *, throttled: bool) -> None:
        if not throttled and not self._apart:
            return
        with self._lock:
            if throttled:
                self._apart = min(max(self._apart * 2, 0.05), self._LONGEST)
            else:
                self._apart = self._apart * 0.9 if self._apart > 0.01 else 0.0  # noqa: PLR2004 - nothing that is felt


def _as_botocore(error: HTTPError, url: str) -> BotoCoreError:
    for kind, meant in (
        (NameResolutionError, NoSuchHostError),
        (NewConnectionError, EndpointConnectionError),
        (_ConnectTimeout, ConnectTimeoutError),
        (_ReadTimeout, ReadTimeoutError),
        (_Tls, SSLError),
        (ProxyError, ProxyConnectionError),
        (ProtocolError, ConnectionClosedError),
    ):
        if isinstance(error, kind):
            return meant(endpoint_url=url, proxy_url="", error=error, request=None)
    return HTTPClientError(error=error)
