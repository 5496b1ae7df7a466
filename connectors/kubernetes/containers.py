"""What the containers in an object say, wherever in it they stand: custom resources embed pods in many ways.

Of an environment variable the name is read, never its value nor where that comes from; of arguments, only models.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from connectors.kubernetes import programs
from connectors.kubernetes.paths import mapping, mappings, strings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from connectors.kubernetes.rows import Rows

_NOT_READ: Final = frozenset({
    "metadata", "status", "volumes", "volumeClaimTemplates", "env", "envFrom", "args", "command", "resources",
})  # fmt: skip
_VARIABLE: Final = re.compile(r"[A-Za-z_][\w.-]{0,127}\Z")
_IMAGE: Final = re.compile(r"[A-Za-z0-9][\w.:/@-]{0,500}\Z")
_QUANTITY: Final = re.compile(r"\d{1,6}\Z")
_MAX_DEPTH: Final = 24


@dataclass(slots=True)
class Containers:
    """What all containers of an object say together.

    Attributes:
        images: References of images.
        variables: Names of environment variables.
        accounts: Names of service accounts.
        commands: Commands that were asked for and are run.
        models: Models that arguments name.
        accelerators: Resource name of an accelerator to how many all containers together request.
    """

    images: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    accelerators: dict[str, int] = field(default_factory=dict)


def read_containers(item: Mapping[str, Any], rows: Rows, commands: Collection[str]) -> Containers:
    """Reads the containers of an object.

    Args:
        item: The object.
        rows: Tell which flags name models, and which resources are accelerators.
        commands: Commands that are asked for.
    """
    found = Containers()
    for part in _parts(item):
        if image := _image(part.get("image")):
            found.images.add(image)
        found.variables.update(_variables(part.get("env")))
        account = part.get("serviceAccountName")
        if isinstance(account, str) and account:
            found.accounts.add(account)
        if words := _words(part):
            run = programs.statements(words)
            found.commands |= programs.commands(run, commands)
            found.models |= programs.models(run, rows.arguments, rows.positional)
        for name, count in _requests(part.get("resources")).items():
            if any(fnmatchcase(name, wanted) for wanted in rows.accelerators):
                found.accelerators[name] = found.accelerators.get(name, 0) + count
    return found


def _parts(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every mapping in an object where a container or a pod may be described."""
    waiting: list[tuple[Any, int]] = [(item, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, list):
            waiting += [(member, depth + 1) for member in value]
        elif isinstance(value, dict):
            yield value
            waiting += [(member, depth + 1) for key, member in value.items() if key not in _NOT_READ]


def _image(written: Any) -> str:
    """An image, written as a reference or as repository and tag."""
    if isinstance(written, dict) and isinstance(written.get("repository"), str):
        tag = written.get("tag")
        written = f"{written['repository']}:{tag}" if isinstance(tag, str) and tag else written["repository"]
    return written if isinstance(written, str) and _IMAGE.match(written) else ""


def _variables(env: Any) -> set[str]:
    names: list[Any] = list(env) if isinstance(env, dict) else [entry.get("name") for entry in mappings(env)]
    return {name for name in names if isinstance(name, str) and _VARIABLE.match(name)}


def _words(part: Mapping[str, Any]) -> list[str]:
    return [word for key in ("command", "entrypoint", "args") for word in strings(part.get(key))]


def _requests(resources: Any) -> dict[str, int]:
    """Whole numbers of resources that are requested; of an extended resource, request and limit are the same."""
    requested: dict[str, int] = {}
    for key in ("requests", "limits"):
        for name, quantity in mapping(mapping(resources).get(key)).items():
            if _QUANTITY.match(str(quantity)):
                requested[name] = int(quantity)
    return requested
