"""The types that stages hand on, as plain data that JSON can hold, and back; exactly, whatever the texts contain.

A type is read from its annotations, so that a field added to it needs nothing here. A field at its default is left out:
that keeps stored scans small, and lets them be read after a field with a default was added.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Decoder = Callable[[Any], Any]

_SCALARS: Final = (str, int, float, bool, NoneType)


class CodecError(ValueError):
    """The data is not what `dumps` writes for that type; the message says what is wrong."""


def dumps(value: object) -> str:
    """A value of a stage's type as JSON in plain ASCII, so that undecodable file names survive every store."""
    return json.dumps(to_data(value), separators=(",", ":"))


def loads(kind: type[Value], text: str) -> Value:
    """The value of this type that `dumps` wrote.

    Raises:
        CodecError: The text is not JSON, or not of this type.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"{kind.__name__}: not JSON") from error
    return from_data(kind, data)


def to_data(value: object) -> Any:
    """A value as scalars, lists and mappings."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, tuple | list):
        return [to_data(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_data(item) for key, item in value.items()}
    kind: Any = type(value)
    fields = ((name, getattr(value, name), default) for name, default in _defaults(kind))
    return {name: to_data(held) for name, held, default in fields if held != default}


def from_data(kind: type[Value], data: Any) -> Value:
    """The value of this type that `to_data` gave.

    Raises:
        CodecError: The data is not of this type.
    """
    annotation: Any = kind
    value: Value = _decoder(annotation)(data)
    return value


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """Fields and their defaults; a field without one has a default that equals nothing."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a type that stages hand on")
    return tuple((field.name, _default(field)) for field in dataclasses.fields(kind))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@cache
def _decoder(annotation: Any) -> Decoder:
    """What makes values of an annotated type; built once a type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return _union(arguments)
    if origin is tuple:
        return _tuple(_decoder(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    if dataclasses.is_dataclass(annotation):
        return _dataclass(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum(annotation)
    return _scalar(annotation)


def _scalar(kind: type) -> Decoder:
    def decode(data: Any) -> Any:
        if type(data) is kind or (kind is float and type(data) is int):
            return data
        raise CodecError(f"expected {kind.__name__}, found {type(data).__name__}")

    return decode


def _enum(kind: type[Enum]) -> Decoder:
    members = {member.value: member for member in kind}

    def decode(data: Any) -> Enum:
        if isinstance(data, str) and data in members:
            return members[data]
        raise CodecError(f"{data!r:.80} is no {kind.__name__}")

    return decode


def _tuple(item: Decoder) -> Decoder:
    def decode(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise CodecError(f"expected a list, found {type(data).__name__}")
        return tuple(map(item, data))

    return decode


def _mapping(item: Decoder) -> Decoder:
    def decode(data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise CodecError(f"expected a mapping, found {type(data).__name__}")
        return {key: item(value) for key, value in data.items()}

    return decode


def _union(members: tuple[Any, ...]) -> Decoder:
    """A union has scalars, at most one tuple and at most one dataclass, so that the data tells which it is."""
    scalars = frozenset(member for member in members if member in _SCALARS)
    by_shape: dict[type, Decoder] = {
        list if get_origin(member) is tuple else dict: _decoder(member) for member in members if member not in _SCALARS
    }

    def decode(data: Any) -> Any:
        if type(data) in scalars:
            return data
        if type(data) in by_shape:
            return by_shape[type(data)](data)
        raise CodecError(f"found {type(data).__name__}, which is none of the types that may stand there")

    return decode


def _dataclass(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {name: _decoder(hints[name]) for name, _ in _defaults(kind)}
    needed = {name for name, default in _defaults(kind) if default is dataclasses.MISSING}

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise CodecError(f"{kind.__name__}: expected a mapping, found {type(data).__name__}")
        if not needed <= data.keys() <= decoders.keys():
            odd = sorted((needed - data.keys()) | (data.keys() - decoders.keys()))
            raise CodecError(f"{kind.__name__}: {', '.join(odd)[:200]} missing or not known")
        try:
            return kind(**{name: decoders[name](value) for name, value in data.items()})
        except CodecError as error:
            raise CodecError(f"{kind.__name__}: {error}") from error

    return decode
