"""Name lists of other tools, out of their distributions on PyPI, each installed into an environment of its own."""

from __future__ import annotations

import json
import re
import subprocess
import venv
from typing import TYPE_CHECKING, Final, Protocol

from benchmarks.eval_code.environment import CACHE

if TYPE_CHECKING:
    from pathlib import Path

NEXUS: Final = "NexusShadowScan==0.1.4"
SNIFFER: Final = "shadow-sniffer==0.1.0"

# Both print JSON: their own code reads their own lists.
READ_NEXUS: Final = """
import json
from shadowscan.signatures.loader import load_signatures
print(json.dumps([p for s in load_signatures() for g in s.signals if g.type == "name" for p in g.patterns]))
"""
READ_SNIFFER: Final = """
import json
from shadow_sniffer.catalog import AI_SERVICE_CATALOG
print(json.dumps(sorted({service.name for service in AI_SERVICE_CATALOG})))
"""


class Peer(Protocol):
    """A name list that says whether it knows a mention."""

    name: str

    def knows(self, mention: str) -> bool:
        """Whether anything of the list matches."""


class Patterns:
    """NexusShadowScan: regular expressions for display names of applications."""

    name = NEXUS

    def __init__(self) -> None:
        self._patterns = [re.compile(pattern) for pattern in _read(NEXUS, READ_NEXUS)]

    def knows(self, mention: str) -> bool:
        """Whether a pattern of any signature matches."""
        return any(pattern.search(mention) for pattern in self._patterns)


class Names:
    """shadow-sniffer: names of services, looked for within the mention and the mention within them, without case."""

    name = SNIFFER

    def __init__(self) -> None:
        self._names = [name.casefold() for name in _read(SNIFFER, READ_SNIFFER)]

    def knows(self, mention: str) -> bool:
        """Whether a name stands in the mention, or the mention in a name."""
        text = " ".join(mention.casefold().split())
        return any(name in text or text in name for name in self._names)


def peers() -> list[Peer]:
    """All of them.

    Raises:
        subprocess.CalledProcessError: One cannot be installed or read.
    """
    return [Patterns(), Names()]


def _read(requirement: str, program: str) -> list[str]:
    python = _python(requirement)
    done = subprocess.run([str(python), "-c", program], check=True, capture_output=True, text=True)
    names: list[str] = json.loads(done.stdout)
    return names


def _python(requirement: str) -> Path:
    folder = CACHE / "tools" / requirement
    python = folder / "bin" / "python"
    if not (folder / ".installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", requirement], check=True)
        (folder / ".installed").touch()
    return python
