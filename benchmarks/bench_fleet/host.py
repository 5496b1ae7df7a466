"""A code host on loopback: GitHub's and GitLab's lists in front of repositories that git itself serves.

`python -m benchmarks.bench_fleet.host FOLDER` serves what `host.json` in the folder names, and prints its address.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    import ssl
    from typing import Self

GROUP: Final = "acme"
_BACKEND: Final = ("git", "http-backend")


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository as the lists have it.

    Attributes:
        name: Its name.
        id: The host's own id of it.
        size: Its size in kilobytes; 0 for an empty one.
        renamed: Its name from the moment on at which the list was read; empty where it keeps its name.
        forbidden: Whether git refuses to serve it.
        elsewhere: Address of another host that git points to; empty where it serves it itself.
        busy: How often git is too busy to serve it.
        facts: Further fields of the lists, as GitHub calls them.
    """

    name: str
    id: int
    size: int = 1
    renamed: str = ""
    forbidden: bool = False
    elsewhere: str = ""
    busy: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


class CodeHost:
    """A code host.

    Args:
        folder: Where the bare repositories lie, as `acme/NAME.git`.
        repositories: What it lists.
        latency: Seconds before each answer.
        context: For an encrypted connection.
        proof: The only proof with which git lets anybody in; empty for everybody.
    """

    def __init__(
        self,
        folder: Path,
        repositories: list[Listed],
        latency: float = 0.0,
        context: ssl.SSLContext | None = None,
        proof: str = "",
    ) -> None:
        self.folder = folder
        self.repositories = repositories
        self.latency = latency
        self.context = context
        self.proof = proof
        self.asked: Counter[tuple[str, str]] = Counter()
        self.proofs: list[str] = []
        self.read = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                host._serve(self)

            def do_POST(self) -> None:
                host._serve(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A client that hung up is no matter."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if self.context:
            self._server.socket = self.context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http{'s' if self.context else ''}://127.0.0.1:{self._server.server_address[1]}"

    def clone_url(self, name: str) -> str:
        """Where git finds a repository."""
        return f"{self.url}/{GROUP}/{name}.git"

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = _body(handler)
        if self.latency:
            time.sleep(self.latency)
        if proof := handler.headers.get("Authorization"):
            self.proofs.append(proof)
        segments = parts.path.strip("/").split("/")
        if parts.path in {f"/orgs/{GROUP}/repos", f"/api/v4/groups/{GROUP}/projects"}:
            self._list(handler, parts.path, parse_qs(parts.query))
        elif segments[0] == GROUP and segments[1].endswith(".git"):
            self._git(handler, segments[1].removesuffix(".git"), parts.path, parts.query, body)
        else:
            _answer(handler, 404, b'{"message": "Not Found"}')

    def _list(self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]]) -> None:
        size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        shape = self._github if path.startswith("/orgs") else self._gitlab
        records = [shape(one) for one in self.repositories[(page - 1) * size : page * size]]
        link = {}
        if page * size < len(self.repositories):
            link = {"Link": f'<{self.url}{path}?per_page={size}&page={page + 1}>; rel="next"'}
        else:
            self.read = True
        self.asked["list", ""] += 1
        _answer(handler, 200, json.dumps(records).encode(), {"Content-Type": "application/json", **link})

    def _called(self, one: Listed) -> str:
        return one.renamed if one.renamed and self.read else one.name

    def _github(self, one: Listed) -> dict[str, Any]:
        name = self._called(one)
        plain = {"archived": False, "disabled": False, "fork": False, "default_branch": "main", "visibility": "private"}
        named = {"id": one.id, "name": name, "full_name": f"{GROUP}/{name}", "clone_url": self.clone_url(name)}
        return {**named, "size": one.size, "pushed_at": "2026-11-01T00:00:00Z", "topics": [], **plain, **one.facts}

    def _gitlab(self, one: Listed) -> dict[str, Any]:
        name = self._called(one)
        plain = {
            "archived": False,
            "default_branch": "main",
            "visibility": "private",
            "repository_access_level": "enabled",
        }
        named = {"id": one.id, "path_with_namespace": f"{GROUP}/{name}", "http_url_to_repo": self.clone_url(name)}
        more = {"empty_repo": not one.size, "last_activity_at": "2026-11-01T00:00:00Z", "topics": []}
        return {**named, **plain, **more, **one.facts}

    def _git(self, handler: BaseHTTPRequestHandler, name: str, path: str, query: str, body: bytes) -> None:
        with self._lock:
            self.asked[handler.command, name] += 1
            one = next((one for one in self.repositories if one.name == name), Listed(name, 0))
            busy = self.asked["GET", name] <= one.busy
        there = path.replace(f"/{name}.git", f"/{one.renamed}.git", 1) if one.renamed and self.read else ""
        if there or one.elsewhere:
            _answer(
                handler,
                301,
                b"",
                {"Location": f"{one.elsewhere or self.url}{there or path}{'?' if query else ''}{query}"},
            )
        elif self.proof and handler.headers.get("Authorization") != self.proof:
            _answer(handler, 401, b"", {"WWW-Authenticate": 'Basic realm="git"'})
        elif one.forbidden or busy:
            _answer(handler, 403 if one.forbidden else 429, b"")
        else:
            self._backend(handler, path, query, body)

    def _backend(self, handler: BaseHTTPRequestHandler, path: str, query: str, body: bytes) -> None:
        environment = {
            **os.environ, "GIT_PROJECT_ROOT": str(self.folder), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": handler.command, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": handler.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""), "GIT_CONFIG_GLOBAL": os.devnull,
        }  # fmt: skip
        ran = subprocess.run(
            _BACKEND, input=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=False
        )
        head, _, content = ran.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200 OK").split()[0])
        _answer(handler, status, content, headers)


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    chunks = []
    while size := int(handler.rfile.readline(), 16):
        chunks.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(chunks)


def _answer(
    handler: BaseHTTPRequestHandler, status: int, content: bytes, headers: dict[str, str] | None = None
) -> None:
    handler.send_response(status)
    for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def main() -> None:
    folder = Path(sys.argv[1])
    given = json.loads((folder / "host.json").read_text("utf-8"))
    with CodeHost(folder, [Listed(**one) for one in given["repositories"]], given["latency"]) as host:
        print(host.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
