"""A network that is not there: sockets below urllib3 that wait a latency and then hold the answer.

Everything above the socket is what a scan runs: signing, urllib3 and `http.client`, parsing. TLS and the kernel are not.
"""

from __future__ import annotations

import io
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.awsrequest import AWSHTTPSConnection, AWSHTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Mapping

_END: Final = b"\r\n\r\n"


class Answering(Protocol):
    """Answers requests."""

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """The whole answer, head and body; None to keep silent for ever."""


@dataclass(slots=True)
class Sockets:
    """How many connections were opened, and how many were open at once at most."""

    opened: int = 0
    now: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self, by: int) -> None:
        """One was opened or closed."""
        with self.lock:
            self.opened += max(0, by)
            self.now += by
            self.most = max(self.most, self.now)


class _Socket:
    """What `http.client` needs of a socket."""

    def __init__(self, answering: Answering, latency: float, sockets: Sockets) -> None:
        self._answering = answering
        self._latency = latency
        self._sockets = sockets
        sockets.changed(1)
        self._sent: list[bytes] = []
        self._timeout: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds

    def sendall(self, data: bytes) -> None:
        self._sent.append(data)

    def makefile(self, *_mode: Any) -> io.BytesIO:
        """Waits for the answer."""
        due = time.perf_counter() + self._latency
        head, _, body = b"".join(self._sent).partition(_END)
        self._sent.clear()
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        answer = self._answering.answer(method, target, headers, body)
        if answer is None:
            time.sleep(self._timeout or 0)
            raise TimeoutError
        time.sleep(max(0.0, due - time.perf_counter()))
        return io.BytesIO(answer)

    def shutdown(self, _how: int = 0) -> None:
        """Nothing is open."""

    def close(self) -> None:
        self._sockets.changed(-1)


def simulate(answering: Answering, latency: float) -> Sockets:
    """Puts the network in place of HTTPS, for this process and for good: for aimscope and for the clients of botocore."""
    sockets = Sockets()

    class Ours(_Unconnected, HTTPSConnection):
        """For aimscope."""

    class Botocores(_Unconnected, AWSHTTPSConnection):
        """For the clients of botocore."""

    _Unconnected.socket = lambda _self: _Socket(answering, latency, sockets)  # type: ignore[method-assign]  # the socket is what is simulated
    HTTPSConnectionPool.ConnectionCls = Ours
    AWSHTTPSConnectionPool.ConnectionCls = Botocores
    return sockets


class _Unconnected:
    """A connection that connects to nobody."""

    def socket(self) -> _Socket:
        """What it sends through; set by `simulate`."""
        raise NotImplementedError

    @property
    def is_connected(self) -> bool:
        """Whether it can be used again: urllib3 would look at the real socket."""
        return getattr(self, "sock", None) is not None

    def connect(self) -> None:
        """Connects."""
        self.sock: Any = self.socket()
        self.is_verified = True
