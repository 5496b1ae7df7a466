"""Where AWS offers a service, from its own public parameters, with what was last known where they cannot be asked."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.aws.ask import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    from connectors.aws.ask import Asker
    from connectors.aws.place import Place

_QUESTION: Final = "where services are offered"
_FRESH: Final = timedelta(days=7)
_MAX_PAGES: Final = 20
_ROOT: Final = "/aws/service/global-infrastructure/services"
_NAMES: Final = {
    "agent-registry-control": "agent-registry",
    "bedrock-agent": "bedrock",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "devops-agent": "aws-devops-agent",
    "lex-models": "lex-runtime",
    "opensearch": "es",
    "qconnect": "wisdom",
    "sagemaker-a2i-runtime": "augmentedairuntime",
    "stepfunctions": "states",
}
"""Services that the public parameters know by another name, or only by that of a service that may be in more Regions."""


class Offered:
    """Where services are offered.

    Args:
        known: Gives the Regions by name of a service in the public parameters; called once, when first needed.
    """

    def __init__(self, known: Callable[[], Mapping[str, Iterable[str]]]) -> None:
        self._learn = known
        self._lock = threading.Lock()
        self._learnt: dict[str, frozenset[str]] | None = None

    def maybe(self, service: str, region: str) -> bool:
        """Whether a service is worth asking in a Region; one that nothing is known of is asked everywhere."""
        known = self._known().get(_NAMES.get(service, service))
        return not known or region in known

    def surely(self, service: str, region: str) -> bool:
        """Whether it is known to be there, so that an endpoint without a name is a fault of the network."""
        return region in self._known().get(service, ())

    def _known(self) -> Mapping[str, frozenset[str]]:
        with self._lock:
            if self._learnt is None:
                self._learnt = {name: frozenset(regions) for name, regions in self._learn().items()}
            return self._learnt


@lru_cache(maxsize=1)
def bundled() -> dict[str, tuple[str, ...]]:
    """What was known when this version was made."""
    return _read(files("connectors.aws").joinpath("regions.json").read_text("utf-8"))


def learnt(
    ask: Asker, place: Place, services: Iterable[str], helpers: Executor, today: Callable[[], date]
) -> dict[str, tuple[str, ...]]:
    """Where services are offered: as AWS says, a week old at most; else as it was last known.

    Args:
        ask: Asks.
        place: The caller's account, in a Region that has the public parameters.
        services: Names in botocore.
        helpers: Threads for requests that may go out together.
        today: Gives today's date.
    """
    names = sorted({name for service in services for name in (service, _NAMES.get(service, service))})

    def known() -> dict[str, tuple[str, ...]]:
        day = today()
        return _kept(day, names) or _asked(ask, place, names, helpers, day)

    try:
        told = ask.told(place.source, _QUESTION, known)
    except ApiError:
        return bundled()
    return {**bundled(), **{name: tuple(regions) for name, regions in told.items() if regions}}


def _asked(
    ask: Asker, place: Place, names: Sequence[str], helpers: Executor, today: date
) -> dict[str, tuple[str, ...]]:
    found = dict(zip(names, helpers.map(lambda name: _regions(ask, place, name), names), strict=True))
    if any(found.values()):
        _keep(found, today)
    return found


def _regions(ask: Asker, place: Place, name: str) -> tuple[str, ...]:
    """The Regions of one service; none where AWS says nothing of it, or may not be asked."""
    question = Question(
        "ssm", "GetParametersByPath", "ssm:GetParametersByPath", {"Path": f"{_ROOT}/{name}/regions"}, {}
    )
    found: list[str] = []
    try:
        for body, _ in ask.pages(place, question, limit=_MAX_PAGES):
            found += [str(one.get("Value", "")) for one in body.get("Parameters", ())]
    except ApiError:
        return ()
    return tuple(sorted(found))


def _file() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "aimscope" / "aws-regions.json"


def _kept(today: date, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What was asked on a day of the last week; empty where nothing or less was, or the file cannot be read."""
    try:
        held = json.loads(_file().read_text("utf-8"))
        fresh = timedelta(0) <= today - date.fromisoformat(held["asked"]) <= _FRESH
        known = _read(json.dumps(held["services"]))
        return {name: known[name] for name in names} if fresh else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _keep(told: Mapping[str, tuple[str, ...]], today: date) -> None:
    file = _file()
    # A cache that cannot be written is asked anew next time.
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"asked": today.isoformat(), "services": told}), "utf-8")
        fresh.replace(file)


def _read(text: str) -> dict[str, tuple[str, ...]]:
    return {str(name): tuple(map(str, regions)) for name, regions in json.loads(text).items()}
