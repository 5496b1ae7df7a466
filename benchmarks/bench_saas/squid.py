"""A made-up Squid log: the same bytes every time, nobody in it, and as much of it wanted as in an office."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SEED: Final = 42001
_SITES: Final = 20_000
_CLIENTS: Final = 4_000
_TAILS: Final = 300_000
_START: Final = 1_767_225_600  # 2026-01-01
_WANTED: Final = 0.005
"""Share of lines that go to a host that is looked for."""

_WORDS: Final = (
    "shop", "api", "news", "cdn", "mail", "static", "img", "login", "files", "video", "docs", "media", "search", "portal", "data", "assets",
    "bank", "travel", "weather", "sport", "music", "cloud", "team", "store", "events", "maps", "forum", "blog", "press", "update", "sync", "edge",
)  # fmt: skip
_PATHS: Final = (
    "",
    "index.html",
    "v1/items",
    "assets/app.js",
    "images/logo.png",
    "search?q=terms",
    "feed.xml",
    "session/renew",
)


def write_log(file: Path, size: int, hosts: Sequence[str]) -> None:
    """Writes a log of about this size.

    Args:
        file: Where to.
        size: Bytes at least.
        hosts: Hosts that are looked for; one that starts with a dot gets tenants below it.
    """
    chance = random.Random(_SEED)
    tails = [_tail(chance, hosts) for _ in range(_TAILS)]
    clients = [f"10.{chance.randrange(8)}.{chance.randrange(250)}.{chance.randrange(1, 255)}" for _ in range(_CLIENTS)]
    part = file.with_suffix(".part")
    written, millis = 0, _START * 1000
    with part.open("wb") as stream:
        while written < size:
            lines = []
            for tail in chance.choices(tails, k=50_000):
                millis += 3
                lines.append(
                    f"{millis // 1000}.{millis % 1000:03d} {millis % 997:6d} {clients[millis * 7 % _CLIENTS]} {tail}\n"
                )
            written += stream.write("".join(lines).encode())
    part.replace(file)


def _tail(chance: random.Random, hosts: Sequence[str]) -> str:
    """A line from the action on. Most of today's traffic is tunnels; the rest shows whole addresses."""
    if chance.random() < _WANTED:
        host = chance.choice(hosts)
        host = f"tenant{chance.randrange(40)}{host}" if host.startswith(".") else host
    else:
        number = int(chance.paretovariate(0.6)) % _SITES  # few sites get most of the traffic
        host = f"{_WORDS[number % 32]}.{_WORDS[number * 7 % 31]}-{number}.example"
    size = int(chance.lognormvariate(8, 2))
    action = "TCP_DENIED/403" if chance.random() < 0.01 else "TCP_TUNNEL/200"
    if chance.random() < 0.85:
        return f"{action} {size} CONNECT {host}:443 - HIER_DIRECT/192.0.2.{number_of(host)} -"
    path = chance.choice(_PATHS)
    return f"TCP_MISS/200 {size} GET http://{host}/{path} - HIER_DIRECT/192.0.2.{number_of(host)} text/html"


def number_of(host: str) -> int:
    """The same small number for a host every time."""
    return sum(host.encode()) % 250
