"""A thing that AWS listed, and the observation that is made of it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from connectors.api.asset import asset
from connectors.api.shapes import HIDDEN
from connectors.aws.rows import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connectors.aws.place import Place
    from connectors.aws.rows import Ref, Row
    from connectors.model import Observation

_ROLE: Final = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/.+")
_OWNED: Final = re.compile(r"arn:[a-z-]+:(?!kms:|iam:|logs:|sns:)[a-z0-9-]+:[a-z0-9-]*:\d{12}:.+")
"""ARNs of resources in an account. Keys, logs and topics are shared by what has nothing else to do with one another."""

_STACKS: Final = ("aws:cloudformation:stack-id", "aws:cloudformation:stack-name")
_DEPTH: Final = 12


class Thing:
    """Its entry in the list, the parameters of the request and its details, read as one."""

    __slots__ = ("_fields", "arn", "detailed", "keys", "parent", "shown")

    def __init__(self, fields: dict[str, Any], parent: Thing | None) -> None:
        self._fields = fields
        self.parent = parent
        self.detailed = False
        self.arn = ""
        self.keys: tuple[str, ...] = ()
        self.shown: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: Any, params: Mapping[str, Any], parent: Thing | None) -> Thing:
        """A thing from an entry of a list; one that is a bare text is its `value`."""
        return cls({**params, **(item if isinstance(item, dict) else {"value": item})}, parent)

    def add(self, details: Any) -> None:
        """Takes in its details."""
        if isinstance(details, dict):
            self._fields |= {name: value for name, value in details.items() if value is not None}
            self.detailed = True

    def read(self, path: str) -> Any:
        """What stands at a JMESPath."""
        return read(path, self._fields)

    def text(self, path: str | None) -> str:
        """What stands at a path as text; empty where nothing does."""
        found = self.read(path) if path else None
        return str(found) if isinstance(found, str | int | float) else ""

    def texts(self, path: str) -> list[str]:
        """The texts that stand at a path."""
        found = self.read(path)
        return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str) and one]

    def strings(self) -> Iterator[str]:
        """All texts in it."""
        return _strings(self._fields, 0)

    def written(self, form: str, place: Place, value: str = "") -> str:
        """An ARN from its form; empty where a field is missing."""
        known = {"partition": place.partition, "region": place.region, "account": place.account, "value": value}
        text = ""
        for before, field, lowered in _parts(form):
            found = known.get(field) or self.text(field)
            if field and not found:
                return ""
            text += before + (found.lower() if lowered else found)
        return text


@lru_cache(maxsize=4096)
def _parts(form: str) -> tuple[tuple[str, str, bool], ...]:
    """Text, field behind it, and whether the field is written in lower case, as SageMaker writes names in its ARNs."""
    return tuple((before, field or "", spec == "lower") for before, field, spec, _ in Formatter().parse(form))


def _strings(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEPTH:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _strings(held, depth + 1)
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held, depth + 1)


def observed(
    row_id: str, row: Row, thing: Thing, place: Place, service: str, tags: Mapping[str, Mapping[str, str]]
) -> Observation:
    """The observation of a thing."""
    arn = thing.arn
    own = _tags(thing.read(row.tags)) if row.tags else {}
    known = {**tags.get(arn, {}), **own}
    named = {text for text in thing.strings() if text.startswith("arn:")}
    models = [text for path in row.models for text in thing.texts(path)]
    parent = _parent(row, thing, place)
    refs = {text for text in named if _OWNED.fullmatch(text)} | set(_referred(row.refs, thing, place))
    seen = asset(
        row.kind,
        row_id,
        arn,
        source=place.source,
        scope=f"{place.scope}/{service}",
        title=thing.text(row.name) or _last(arn),
        tags=known,
        parent=parent,
        refs=refs - {arn, parent},
        models=models,
        hosts=[host for path in row.hosts for text in thing.texts(path) if (host := host_of(text))],
        identities=[text for text in named if _ROLE.fullmatch(text)],
        snippet=" ".join((f"{row.client or service}:{row.operation}", *thing.shown)),
        region=place.scope,
        status=thing.text(row.status),
        created=thing.text(row.created),
        updated=thing.text(row.updated),
        stack=next((known[key] for key in _STACKS if key in known), ""),
        **{
            name: thing.read(path)
            for name, path in row.facts.items()
            if isinstance(thing.read(path), str | int | float)
        },
    )
    return replace(seen, matchers=(row_id, *thing.keys)) if thing.keys else seen


def native_id(row: Row, thing: Thing, place: Place) -> str:
    """The ARN of a thing; empty where the answer leaves out what makes it, or redaction took it."""
    found = thing.text(row.arn) or thing.written(row.arn_format or "", place)
    return "" if HIDDEN in found else found


def _parent(row: Row, thing: Thing, place: Place) -> str:
    if row.parent is not None:
        return next(iter(_referred((row.parent,), thing, place)), "")
    return thing.parent.arn if thing.parent is not None else ""


def _referred(refs: Iterable[Ref], thing: Thing, place: Place) -> Iterator[str]:
    for ref in refs:
        for value in thing.texts(ref.path):
            arn = value if value.startswith("arn:") else thing.written(ref.arn, place, value)
            if arn:
                yield arn


def _last(arn: str) -> str:
    return re.split(r"[/:]", arn)[-1]


def host_of(text: str) -> str:
    """The host name in a URL, or the text itself; empty where there is none."""
    return (urlsplit(text if "//" in text else f"//{text}").hostname or "").lower()


def _tags(found: Any) -> dict[str, str]:
    """Tags, as a mapping or as a list of keys and values."""
    if isinstance(found, dict):
        return {str(key): str(value) for key, value in found.items()}
    if not isinstance(found, list):
        return {}
    pairs = [tag for tag in found if isinstance(tag, dict)]
    return {
        str(tag.get("Key", tag.get("key"))): str(tag.get("Value", tag.get("value", "")))
        for tag in pairs
        if tag.get("Key", tag.get("key"))
    }
