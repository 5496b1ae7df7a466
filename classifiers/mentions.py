"""What only mentions a model or an endpoint: pick lists, tables, lists of endpoints, names to hold others against.

A file that names many of them offers a choice or knows about them; what a key or call sets there is use all the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from classifiers.meaning import Meaning
    from connectors.model import Observation

_MENTIONED_MODELS: Final = 12
"""So many different models of several providers in one file of data are a list to choose from."""
_MENTIONED_PROVIDERS: Final = 4
_MENTIONED_HOSTS: Final = 8
"""So many hosts in one file are a list of endpoints, whosever they are; a program's own base addresses are not."""
_CROWD: Final = 8
_NEAR: Final = 12
"""A model with more than so many within so many lines stands in a list; so many as keys in one file are a table."""
_DATA: Final = frozenset({"json", "yaml", "toml"})
_SETTERS: Final = ("model", "default", "engine", "deployment")
_COMPARISONS: Final = frozenset({
    "startswith", "endswith", "includes", "contains", "hasprefix", "hassuffix", "starts_with", "ends_with", "start_with",
    "end_with", "str_starts_with", "str_contains", "indexof", "strpos", "equals", "equalsignorecase", "ismatch",
})  # fmt: skip
"""Functions, in lower case, that hold a name against what they are given."""


class Mentions:
    """The models and endpoints of one source that are mentioned and not used."""

    def __init__(self, meant: Iterable[tuple[Observation, Meaning]]) -> None:
        models: defaultdict[str, dict[str, int]] = defaultdict(dict)
        keys: defaultdict[str, set[str]] = defaultdict(set)
        hosts: defaultdict[str, set[str]] = defaultdict(set)
        providers: defaultdict[str, set[str]] = defaultdict(set)
        for observation, meaning in meant:
            path = observation.location.path
            if meaning.evidence == "model":
                models[path].setdefault(observation.name, observation.location.line)
                if observation.attributes.get("is_key"):
                    keys[path].add(observation.name)
            if meaning.evidence == "host":
                hosts[path].add(str(observation.attributes.get("host")))
            if observation.attributes.get("language") in _DATA and meaning.evidence in {"model", "host"}:
                providers[path] |= {meaning.provider} - {""}
        self._files = {path for path, found in hosts.items() if len(found) >= _MENTIONED_HOSTS}
        self._files |= {
            path
            for path, found in providers.items()
            if len(found) >= _MENTIONED_PROVIDERS and len(models[path]) >= _MENTIONED_MODELS
        }
        self._models = {(path, name) for path, found in models.items() for name in _crowded(found)}
        self._models |= {(path, name) for path, names in keys.items() if len(names) > _CROWD for name in names}

    def mentioned(self, observation: Observation, meaning: Meaning) -> bool:
        """Whether a model or host is only mentioned where it stands."""
        path = observation.location.path
        if meaning.evidence == "host":
            return path in self._files and not _is_base_address(observation)
        if meaning.evidence != "model" or _is_default(observation):
            return False
        if _is_compared(observation):
            return True
        return path in self._files or ((path, observation.name) in self._models and not _is_set(observation))


def _crowded(lines: Mapping[str, int]) -> Iterator[str]:
    """Models that have many others near them."""
    ordered = sorted(lines.values())
    for name, line in lines.items():
        near = bisect_right(ordered, line + _NEAR) - bisect_left(ordered, line - _NEAR)
        if near > _CROWD:
            yield name


def _is_base_address(observation: Observation) -> bool:
    """Whether a program, rather than a file of data, holds the host as a whole address: it is there to be called."""
    return observation.attributes.get("language") not in _DATA and "://" in observation.name


def _is_default(observation: Observation) -> bool:
    """Whether a key says that the model is taken where nobody chooses one."""
    return not observation.attributes.get("is_key") and "default" in str(observation.attributes.get("key", "")).lower()


def _is_compared(observation: Observation) -> bool:
    """Whether a name is only held against the model."""
    return str(observation.attributes.get("call", "")).lower() in _COMPARISONS


def _is_set(observation: Observation) -> bool:
    """Whether a key or call sets the model, rather than a list or table name it."""
    around = f"{observation.attributes.get('key', '')} {observation.attributes.get('call', '')}".lower()
    return not observation.attributes.get("is_key") and any(word in around for word in _SETTERS)
