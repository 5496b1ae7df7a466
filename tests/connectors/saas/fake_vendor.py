"""A SaaS vendor on loopback: lists in the paging style of the vendor it stands for, faults, and what was asked of it."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from typing import Self

Json = dict[str, Any]
TOKEN = "a-token-that-must-never-be-written"


@dataclass
class Asked:
    """A request.

    Attributes:
        method: Its method.
        path: Its path.
        query: Its parameters.
        headers: Its headers, lower case.
        body: What was posted.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Fault:
    """What goes wrong for requests whose path holds a text.

    Attributes:
        where: The text.
        status: What is answered.
        body: With which body.
        headers: With which headers.
        times: How often; -1 for ever.
        after: How many requests go well before.
    """

    where: str
    status: int = 403
    body: Any = field(default_factory=lambda: {"error": {"code": "Refused", "message": "jo@example.com may not"}})
    headers: dict[str, str] = field(default_factory=dict)
    times: int = -1
    after: int = 0


class FakeVendor:
    """A vendor.

    Args:
        latency: Seconds before each answer.
    """

    def __init__(self, latency: float = 0.0) -> None:
        self.routes: dict[str, Callable[[Asked], Answer]] = {}
        self.otherwise: Callable[[Asked], Answer] = lambda _: (404, {"error": {"code": "NotFound"}}, {})
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.flying = 0
        self.most_flying = 0
        self.latency = latency
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                vendor._serve(self)

            def do_POST(self) -> None:
                vendor._serve(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(one.path for one in self.asked)

    # What stands in it

    def one(self, path: str, body: Any) -> None:
        """An answer that is always the same."""
        self.routes[path] = lambda _: (200, body, {})

    def linked(self, path: str, records: list[Any], page: int = 2) -> None:
        """A list whose next page stands in a `Link` header, as in Okta and GitHub."""

        def answer(asked: Asked) -> Answer:
            start = int(asked.query.get("after", 0))
            more = start + page < len(records)
            there = f"{self.url}{path}?{urlencode({**asked.query, 'after': start + page})}"
            links = f'<{self.url}{path}>; rel="self"' + (f', <{there}>; rel="next"' if more else "")
            return 200, records[start : start + page], {"Link": links}

        self.routes[path] = answer

    def chained(
        self, path: str, records: list[Any], at: str = "@odata.nextLink", items: str = "value", page: int = 2
    ) -> None:
        """A list whose next page's address stands in the body, as in Microsoft Graph."""

        def answer(asked: Asked) -> Answer:
            start = int(asked.query.get("skip", 0))
            body: Json = {items: records[start : start + page]}
            if start + page < len(records):
                body[at] = f"{self.url}{path}?{urlencode({**asked.query, 'skip': start + page})}"
            return 200, body, {}

        self.routes[path] = answer

    def cursored(
        self, path: str, records: list[Any], items: str, at: str, param: str, page: int = 2, *, more: str = ""
    ) -> None:
        """A list whose body holds what a parameter takes for the next page, as in Google, Slack and OpenAI."""

        def answer(asked: Asked) -> Answer:
            start = int(asked.query.get(param, "c0")[1:])
            going_on = start + page < len(records)
            body: Json = {"ok": True, items: records[start : start + page]}
            if more:
                body[more] = going_on
            if going_on or more:
                head, _, tail = at.partition(".")
                cursor = f"c{start + page}"
                body[head] = {tail: cursor} if tail else cursor
            return 200, body, {}

        self.routes[path] = answer

    def counted(
        self, path: str, records: list[Any], items: str, offset: str, page: int = 2, *, by_page: bool = False
    ) -> None:
        """A list that takes a number of items or of pages, as in ServiceNow and Zoom."""

        def answer(asked: Asked) -> Answer:
            given = int(asked.query.get(offset, 0))
            start = (given - 1) * page if by_page else given
            return 200, {items: records[start : start + page]}, {}

        self.routes[path] = answer

    # How it answers

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        text = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        headers = {name.lower(): value for name, value in handler.headers.items()}
        form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        body: Any = {name: values[0] for name, values in parse_qs(text).items()} if form else json.loads(text or "null")
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        asked = Asked(handler.command, unquote(parts.path), query, headers, body)
        with self._lock:
            self.asked.append(asked)
            self.flying += 1
            self.most_flying = max(self.most_flying, self.flying)
        if self.latency:
            time.sleep(self.latency)
        status, given, more = self._answer(asked)
        with self._lock:
            self.flying -= 1
        content = given.encode() if isinstance(given, str) else json.dumps(given).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **more, "Content-Length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _answer(self, asked: Asked) -> Answer:
        with self._lock:
            for fault in self.faults:
                if fault.where in asked.path and fault.times:
                    if fault.after:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    return fault.status, fault.body, fault.headers
        return self.routes.get(asked.path, self.otherwise)(asked)
