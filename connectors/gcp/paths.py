"""Reads values out of JSON by a path: `displayName`, `deployedModels[].model`, `labels.*`, `containers[].env[].name`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def read(value: Any, path: str) -> list[Any]:
    """All values at a path, in order; what is not there gives nothing.

    Args:
        value: JSON data.
        path: Keys with dots between them; `[]` after a key goes into every item, `*` into every member, and `~` gives
            the names of members. Further paths may follow after `|`, each of which is asked only where the ones before
            gave nothing.
    """
    for alternative in path.split("|"):
        if found := [item for item in _read([value], alternative.strip()) if item not in (None, "")]:
            return found
    return []


def text(value: Any, path: str) -> str:
    """The first scalar at a path as text, or the empty string."""
    return next((str(item) for item in read(value, path) if isinstance(item, str | int | float)), "")


def texts(value: Any, path: str) -> list[str]:
    """The texts at a path."""
    return [item for item in read(value, path) if isinstance(item, str)]


def _read(values: list[Any], path: str) -> list[Any]:
    for step in path.split("."):
        key = step.removesuffix("[]")
        mappings = [value for value in values if isinstance(value, dict)]
        if key == "*":
            values = [member for value in mappings for member in value.values()]
        elif key == "~":
            values = [name for value in mappings for name in value]
        else:
            values = [value[key] for value in mappings if key in value]
        if step.endswith("[]"):
            values = [item for value in values if isinstance(value, list) for item in value]
    return values


class Shape:
    """What of an answer may be kept: the scalars at some paths, and nothing beside them.

    Answers hold prompts, environment values and instructions that nobody asked for. What a row does not name is dropped
    before anything is written down.

    Args:
        paths: Paths as `read` takes them.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        for path in paths:
            for alternative in path.split("|"):
                node = self._tree
                for step in alternative.strip().split("."):
                    node = node.setdefault(step.removesuffix("[]"), {})

    def __call__(self, value: Any) -> Any:
        """The value without what stands at no path."""
        return _kept(value, self._tree)


def _kept(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_kept(item, tree) for item in value if tree or not isinstance(item, dict | list)]
    if isinstance(value, dict):
        if "~" in tree:
            return dict.fromkeys(value)
        named = {key: tree.get(key, tree.get("*")) for key in value}
        return {key: _kept(value[key], below) for key, below in named.items() if below is not None}
    return value
