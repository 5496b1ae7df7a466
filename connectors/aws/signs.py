"""Which workloads are wanted: those that show a signal of what is looked for, in an image, a name or a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connectors.aws.things import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.api.signals import Signals
    from connectors.aws.rows import Signs
    from connectors.aws.things import Thing

_BETWEEN: Final = re.compile(r"[^A-Za-z0-9]+")


def wanted_workloads(signs: Signs, things: Iterable[Thing], signals: Signals) -> list[Thing]:
    """Those of some workloads that are wanted, with the keys of what they show."""
    found = []
    for thing in things:
        shown = {text: keys for text, keys in _shown(signs, thing, signals) if keys}
        thing.keys = tuple(sorted({key for keys in shown.values() for key in keys}))
        thing.shown = tuple(sorted(shown))
        if shown or (signs.always is not None and thing.read(signs.always)):
            found.append(thing)
    return found


def _shown(signs: Signs, thing: Thing, signals: Signals) -> Iterator[tuple[str, set[str]]]:
    for paths, keys in (
        (signs.images, signals.of_image),
        (signs.variables, signals.of_variable),
        (signs.models, signals.of_model),
    ):
        yield from ((text, keys(text)) for path in paths for text in thing.texts(path))
    yield from ((text, signals.of_host(host_of(text))) for path in signs.hosts for text in thing.texts(path))
    for path in signs.names:
        for text in thing.texts(path):
            yield text, {key for form in _as_variables(text) for key in signals.of_variable(form)}


def _as_variables(name: str) -> Iterator[str]:
    """The ends of a name, written as variables are: `prod/openai-api-key` ends in OPENAI_API_KEY."""
    words = [word.upper() for word in _BETWEEN.split(name) if word]
    return ("_".join(words[start:]) for start in range(len(words)))
